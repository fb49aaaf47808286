"""``python -m tests.fuzz TARGET``: look with atheris for inputs that break a decoder.

atheris is no dependency: it has no wheels for every Python that doctrine runs on. It is installed
into an environment beside (``pip install atheris``), and instruments doctrine as it is imported.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; libFuzzer ends the process with its own exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, required=True, help="folder for what is found")
    parser.add_argument(
        "--keep", action="store_true", help="fuzz no more, and keep the shortest of what was found"
    )
    options = parser.parse_args(argv)
    if options.keep:
        return _keep(options.target, options.corpus)
    try:
        # Not by name: type checkers need not have it.
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.stderr.write("error: atheris is not installed: pip install atheris\n")
        return 2
    with atheris.instrument_imports(include=["doctrine", "yaml", "tomllib", "packaging"]):
        from tests.fuzz.targets import TARGETS, kept

        target = TARGETS.get(options.target)
        if target is None:
            sys.stderr.write(f"error: no such target; there are: {', '.join(TARGETS)}\n")
            return 2
        # What is imported only when it is needed would be left without instruments: it is needed now.
        for data in target.seeds():
            target.check(data)
    folder = options.corpus / options.target
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate((*target.seeds(), *kept(options.target))):
        (folder / f"seed-{number}").write_bytes(data)
    flags = [f"-max_total_time={options.seconds}", "-max_len=8192", "-timeout=30"]
    flags += [f"-artifact_prefix={folder}.", "-print_final_stats=1", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], *flags, str(folder)], target.check)
    atheris.Fuzz()
    return 0


def _keep(name: str, corpus: Path) -> int:
    from tests.fuzz.targets import keep

    count = keep(name, (path.read_bytes() for path in (corpus / name).iterdir()))
    sys.stdout.write(f"{name}: {count} inputs are kept\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
