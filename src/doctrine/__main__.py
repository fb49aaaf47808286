"""``python -m doctrine``."""

from __future__ import annotations

from doctrine.cli.main import main

if __name__ == "__main__":
    main()
