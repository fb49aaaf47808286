"""Configuration that a tool never reads, because it reads another file first. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, table
from doctrine.model.diagnosis import Symptom, Weight
from doctrine.model.observation import Evidence
from doctrine.model.project import Project, TomlFile

_PYPROJECT = "pyproject.toml"


class _Order(Struct, frozen=True, kw_only=True):
    """The files a tool looks for, the first that counts winning.

    Attributes:
        tool: The tool.
        files: File name with what has to be in it to count: a table of ``pyproject.toml``, a
            section of an INI file, or nothing where the file counts by being there.
        source: Where the tool documents it.
    """

    tool: str
    files: tuple[tuple[str, str], ...]
    source: str


_ORDERS = (
    _Order(
        tool="ruff",
        files=((".ruff.toml", ""), ("ruff.toml", ""), (_PYPROJECT, "ruff")),
        source="https://docs.astral.sh/ruff/configuration/#config-file-discovery",
    ),
    _Order(
        tool="mypy",
        files=(("mypy.ini", ""), (".mypy.ini", ""), (_PYPROJECT, "mypy"), ("setup.cfg", "mypy")),
        source="https://mypy.readthedocs.io/en/stable/config_file.html",
    ),
    _Order(
        tool="pyright",
        files=(("pyrightconfig.json", ""), (_PYPROJECT, "pyright")),
        source="https://microsoft.github.io/pyright/#/configuration",
    ),
    _Order(
        tool="pytest",
        files=(
            ("pytest.toml", ""), (".pytest.toml", ""), ("pytest.ini", ""), (".pytest.ini", ""),
            (_PYPROJECT, "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"),
        ),
        source="https://docs.pytest.org/en/stable/reference/customize.html",
    ),
    _Order(
        tool="coverage",
        files=(
            (".coveragerc", ""), ("setup.cfg", "coverage:"), ("tox.ini", "coverage:"),
            (_PYPROJECT, "coverage"),
        ),
        source="https://coverage.readthedocs.io/en/latest/config.html",
    ),
)  # fmt: skip


def shadowed(project: Project) -> Iterator[Symptom]:
    """Yield configuration at the root of a project that its tool passes over.

    Args:
        project: Its files and their texts.
    """
    layout = project.layout
    present = {*layout.others, *layout.ignored, *layout.texts, *project.texts}
    texts = {**project.texts, **layout.texts}
    for order in _ORDERS:
        found = [
            place
            for name, needed in order.files
            if (place := _counts(name, needed, present, texts, layout.pyproject)) is not None
        ]
        for place in found[1:]:
            yield Symptom(
                topic="configuration",
                weight=Weight.TROUBLE,
                message=f"{order.tool} never reads its settings in {place.path}: "
                f"{found[0].path} comes first ({order.source})",
                remedy=f"move what is still meant into {_better(found[0].path)}, and delete the "
                "other",
                places=(place, found[0]),
            )


def _better(winner: str) -> str:
    return winner if winner == _PYPROJECT else f"{_PYPROJECT} or {winner}"


def _counts(
    name: str,
    needed: str,
    present: Collection[str],
    texts: Mapping[str, str],
    pyproject: TomlFile | None,
) -> Evidence | None:
    if name == _PYPROJECT:
        if pyproject is None or needed not in table(pyproject.data, "tool"):
            return None
        line = line_of(pyproject, ("tool", needed))
        return Evidence(path=name, line=line, detail=f"[tool.{needed}]")
    if name not in present:
        return None
    if not needed:
        return Evidence(path=name, line=0, detail=name)
    for number, written in enumerate(texts.get(name, "").splitlines(), start=1):
        section = re.match(r"\[([^\]]+)\]", written.strip())
        if section and _is_for(section[1].strip(), needed):
            return Evidence(path=name, line=number, detail=f"[{section[1].strip()}]")
    return None


def _is_for(section: str, needed: str) -> bool:
    """Whether a section is meant; ``coverage:`` is the beginning of all of coverage's."""
    return section.startswith(needed) if needed.endswith(":") else section == needed
