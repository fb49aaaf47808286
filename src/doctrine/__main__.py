"""``doctrine`` and ``python -m doctrine``: first of all, be ready to be interrupted."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process and exit."""
    try:
        from doctrine.interruption import end_at_once

        end_at_once()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from doctrine.streams import ensure_streams

        ensure_streams()
    from doctrine.cli.main import main as command_line

    command_line()


if __name__ == "__main__":
    # Python has put the current folder first, which may be the judged one: a module of its own
    # would be taken for one of ours, or of the standard library.
    if not sys.flags.safe_path:
        del sys.path[:1]
    main()
