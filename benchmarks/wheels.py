"""Compare the wheel that a project makes with the one it makes once ``doctrine init`` moved its metadata.

    python -m benchmarks.wheels FOLDER…

Each project is copied twice. In the second copy ``doctrine init --only move --yes`` runs. Both are built
with ``pip wheel``, which runs the project's own ``setup.py``: give it projects that you trust. A backend
that no longer takes the old tables is held back with ``PIP_CONSTRAINT`` (``flit_core<4``). What differs in METADATA, the entry points and the list of files is printed, with what ``init`` said of it; the exit code is 1 if anything differs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from email.parser import Parser
from email.utils import getaddresses
from pathlib import Path

from packaging.specifiers import SpecifierSet

_ELSEWHERE = {"Home-page": "Homepage", "Download-URL": "Download"}
"""Fields that core metadata calls obsolete, and the labels that PEP 753 has for them."""
_LEFT_OUT = ("*.egg-info", "build", "dist", ".venv", ".tox", "__pycache__", "node_modules")


def main(folders: Iterable[str]) -> int:
    """Compare the wheels of some projects.

    Args:
        folders: The projects.

    Returns:
        1 if any of them differ, or cannot be built; else 0.
    """
    different = 0
    for folder in folders:
        with tempfile.TemporaryDirectory() as temporary:
            lines = list(_differences(Path(folder).resolve(), Path(temporary)))
        different += _verdict(lines) != "equal"
        sys.stdout.write(f"{folder}: {_verdict(lines)}\n")
        sys.stdout.write("".join(f"    {line}\n" for line in lines))
        sys.stdout.flush()
    return min(different, 1)


def _verdict(lines: Iterable[str]) -> str:
    return "differs" if any(not line.startswith("#") for line in lines) else "equal"


def _differences(project: Path, work: Path) -> Iterator[str]:
    wheels: list[Path] = []
    for name in ("before", "after"):
        copy = work / name / project.name
        shutil.copytree(project, copy, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        if name == "after":
            command = ("doctrine", "init", "--only", "move", "--yes", str(copy))
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            yield from (f"# {line}" for line in done.stderr.splitlines() if "not done" in line)
            if "pyproject.toml" not in done.stderr:
                yield "nothing was moved"
                return
        wheel = _built(copy, work / f"{name}-wheel")
        if isinstance(wheel, str):
            yield f"{name}: {wheel}"
            return
        wheels.append(wheel)
    before, after = (set(_facts(one)) for one in wheels)
    yield from sorted(f"- {fact}" for fact in before - after)
    yield from sorted(f"+ {fact}" for fact in after - before)


def _built(project: Path, folder: Path) -> Path | str:
    """Return the wheel of a project, or why there is none."""
    command = (sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(folder), ".")
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    found = sorted(folder.glob("*.whl"))
    return found[0] if done.returncode == 0 and found else done.stderr[-2000:]


def _facts(wheel: Path) -> Iterator[str]:
    """Yield what a wheel says and holds, one a line."""
    yield f"wheel {wheel.name}"
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            if not name.partition("/")[0].endswith(".dist-info"):
                yield f"file {name}"
            elif name.endswith("/METADATA"):
                yield from _metadata(text)
            elif not name.endswith("/RECORD"):
                inner = name.partition("/")[2]
                yield from (
                    f"{inner}: {line.strip()}" for line in text.splitlines() if line.strip()
                )


def _metadata(text: str) -> Iterator[str]:
    message = Parser().parsestr(text)
    fields = [(name, str(value)) for name, value in message.items()]
    people = {
        name.removesuffix("-email"): value for name, value in fields if name.endswith("-email")
    }
    for name, value in fields:
        if name == "Dynamic":
            continue  # what is written in [project] is no longer dynamic
        if name in _ELSEWHERE:
            yield f"Project-URL: {_ELSEWHERE[name]}, {value}"
        elif name in {"Author", "Maintainer"} and name in people:
            continue
        elif name == "Requires-Python":
            yield f"{name}: {SpecifierSet(value)}"
        elif name in {"Author-email", "Maintainer-email"}:
            yield f"{name}: {_person(name, value, dict(fields))}"
        else:
            yield f"{name}: {' '.join(value.split())}"
    if "Description-Content-Type" not in message:
        yield "Description-Content-Type: text/x-rst"  # what counts where none is named
    yield f"description: {' '.join(str(message.get_payload()).split())!r}"


def _person(name: str, value: str, fields: dict[str, str]) -> str:
    """Return a name with its address, wherever they stand."""
    alone = fields.get(name.removesuffix("-email"), "")
    found = getaddresses([f'"{alone}" <{value}>' if alone and "<" not in value else value])
    return ", ".join(f"{person} <{address}>" for person, address in found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
