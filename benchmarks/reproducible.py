"""Whether the same tree gives the same reports, whatever Python doctrine itself runs on.

doctrine's wheel is built and installed, with the locked packages, for each Python that is named, and
judges a small project in every format; so does this checkout. The reports have to be equal but for
times. pip's registry or uv's cache has to have the packages. The rest of what must not matter (the
order of files, locale, time zone, jobs, hash seed) is a test: ``tests/binary/test_reproducible.py``.

Usage: ``python -m benchmarks.reproducible PYTHON …``, where a Python is what uv takes for one, such
as ``3.13`` or a path

It exits 1 where anything differs, and prints what; 2 where it could not be found out.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from doctrine.reports.discovery import formats

_TOP = Path(__file__).parent.parent
_SHOWN = 20
"""Lines of a difference that are printed."""
_PATIENCE = 600.0
_CANNOT = 2
FILES: Mapping[str, str] = {
    "pyproject.toml": '[project]\nname = "sample"\nversion = "1"\nrequires-python = ">=3.11"\n'
    '[tool.mypy]\nstrict = true\n[tool.ruff.lint]\nselect = ["ALL"]\n',
    "README.md": "# Sample\n",
    "src/sample/__init__.py": '"""Sample."""\n',
    **{
        f"src/sample/{name}.py": f"import os, random\nfrom sample import {other}\n\n\ndef {name}(a, b=[]):\n"
        f'    """Straße {name}."""\n    try:\n        return random.choice([a, {other}.x])\n'
        "    except Exception:\n        pass\n"
        for name, other in (("beta", "alpha"), ("alpha", "Gamma"), ("Gamma", "umlaut_ä"), ("umlaut_ä", "beta"))
    },
    "tests/test_a.py": "def test_a():\n    assert 1\n",
}  # fmt: skip
"""A project with something for each tool to find, and names that sort differently by locale."""
_TIMES = (
    (re.compile(r'"seconds": ?[0-9.e-]+'), '"seconds": 0'),
    (re.compile(r"\b\d+(\.\d+)? s\b"), "0 s"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d| UTC)?"), "NOW"),
    (re.compile(r"\d{4}-\d\d-\d\d at \d\d:\d\d UTC"), "NOW"),
    (re.compile(r'\btime="[0-9.]+"'), 'time="0"'),
    (re.compile(r'"duration": ?[0-9.]+'), '"duration": 0'),
)
_TABLES = frozenset({"github-summary", "html", "markdown", "terminal"})
"""Formats with columns of seconds: no fraction is compared there, as all of them are in the others."""
_FRACTION = re.compile(r"\b\d+\.\d+\b")
_BLANK = re.compile(r"[ \u2500]+")
_FAILS = 1
"""What the project deserves."""

Reports = Mapping[str, str]
"""The text of each format by its name, without times."""


class UnfitError(Exception):
    """doctrine could not be installed, or did not judge the project."""


def reports(
    command: Sequence[str], root: Path, *options: str, env: Mapping[str, str] | None = None
) -> Reports:
    """Judge a project, and return every report on it without times.

    Args:
        command: Starts doctrine.
        root: The project; reports are written beside it, and taken away.
        options: For ``doctrine check``.
        env: Variables that differ from those of this process.

    Raises:
        UnfitError: It ended otherwise than with a project that fails.
    """
    out = root.parent / "out"
    kinds = [name for name in formats() if name != "terminal"]
    asked = [word for kind in kinds for word in ("--output", f"{kind}={out / kind}")]
    done = subprocess.run(
        [*command, "check", str(root), "--no-cache", *options, *asked],
        cwd=root.parent,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode != _FAILS or "Traceback" in said:
        message = f"{command[0]} exited with {done.returncode}: {said[-2_000:]}"
        raise UnfitError(message)
    texts = {kind: (out / kind).read_text("utf-8") for kind in kinds}
    texts["terminal"] = done.stdout.decode("utf-8")
    shutil.rmtree(out)
    return {kind: _timeless(kind, text) for kind, text in texts.items()}


def _timeless(kind: str, text: str) -> str:
    """Take out of a report all that times change, the widths of their columns included."""
    for pattern, instead in _TIMES:
        text = pattern.sub(instead, text)
    return _BLANK.sub(" ", _FRACTION.sub("0", text)) if kind in _TABLES else text


def make(root: Path, names: Iterable[str] = FILES) -> None:
    """Write the project anew.

    Args:
        root: Its folder; what it held is gone.
        names: The order in which files are made.
    """
    shutil.rmtree(root, ignore_errors=True)
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[name], "utf-8")


def differing(one: Reports, other: Reports) -> Iterator[str]:
    """Yield the first lines of how two sets of reports differ, format by format."""
    for kind in sorted(one.keys() | other.keys()):
        pair = one.get(kind, "").splitlines(), other.get(kind, "").splitlines()
        changes = list(difflib.unified_diff(*pair, lineterm="", n=0))
        if changes:
            yield f"{kind}: {len(changes)} lines"
            yield from (line[:200] for line in changes[:_SHOWN])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reproducible", description=__doc__)
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="reproducible-") as folder:
            return int(_compared(options.pythons, Path(folder)))
    except UnfitError as error:
        sys.stderr.write(f"error: {error}\n")
        return _CANNOT


def _compared(pythons: Sequence[str], top: Path) -> bool:
    """Print what differs from the reports of this checkout, and return whether anything does."""
    root = top / "work/project"
    make(root)
    own = _judged((sys.executable, "-m", "doctrine"), root)
    _built(top)
    differ = False
    for number, python in enumerate(pythons):
        changes = list(differing(own, _judged(_installed(python, top, f"env-{number}"), root)))
        told = "differs" if changes else "the same"
        print(f"{python}: {told}", *changes, sep="\n  ", flush=True)
        differ = differ or bool(changes)
    return differ


def _judged(command: Sequence[str], root: Path) -> Reports:
    # What each remembers of its last check is its own.
    with tempfile.TemporaryDirectory(prefix="reproducible-") as cache:
        return reports(command, root, env={"DOCTRINE_CACHE_DIR": cache, "XDG_CACHE_HOME": cache})


def _built(top: Path) -> None:
    _uv("build", "--wheel", "--out-dir", str(top / "dist"), str(_TOP))
    wanted = ("--locked", "--no-dev", "--no-emit-project", "--output-file", str(top / "locked.txt"))
    _uv("export", *wanted)


def _installed(python: str, top: Path, name: str) -> tuple[str, ...]:
    folder = top / name
    _uv("venv", "--python", python, str(folder))
    (wheel,) = (top / "dist").glob("*.whl")
    (interpreter,) = (one for one in _places(folder) if one.exists())
    _uv("pip", "install", "--python", str(interpreter), "-r", str(top / "locked.txt"), str(wheel))
    return str(interpreter), "-m", "doctrine"


def _places(folder: Path) -> tuple[Path, ...]:
    return folder / "bin/python", folder / "Scripts/python.exe"


def _uv(*words: str) -> None:
    from uv import find_uv_bin

    done = subprocess.run(
        [find_uv_bin(), *words, "--quiet"],
        cwd=_TOP,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        message = f"uv {words[0]}: {done.stderr.decode('utf-8', 'replace')}"
        raise UnfitError(message)


if __name__ == "__main__":
    sys.exit(main())
