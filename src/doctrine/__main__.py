"""``python -m doctrine``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Python has put the current folder first, which may be the judged one: a module of its own
    # would be taken for one of ours, or of the standard library.
    if not sys.flags.safe_path:
        del sys.path[:1]
    from doctrine.cli.main import main

    main()
