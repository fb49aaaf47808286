"""Requirements in ``setup.cfg``, ``setup.py``, ``tox.ini`` and ``noxfile.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.model.project import Dependency, DependencyKind
from doctrine.project.requirements import Origin
from doctrine.project.scripts import session_installs, setup_arguments

_COMMENT = re.compile(r"(?:^|\s)[#;].*$")
_SECTION = re.compile(r"^\[(?P<name>[^\]\n]+)\]")
_OPTION = re.compile(r"^(?P<name>[^\s=:#;\[][^=:\n]*)[=:](?P<value>.*)$")
_FACTOR = re.compile(r"^[\w.,!{}-]+:\s+(?P<rest>\S.*)$")
_SETUP_ARGUMENTS = frozenset(
    {"install_requires", "setup_requires", "tests_require", "extras_require"}
)


class _Item(Struct, frozen=True, kw_only=True):
    """One line of an option's value in an INI file."""

    section: str
    option: str
    text: str
    line: int


def _items(text: str) -> Iterator[_Item]:
    """Yield the lines of every option's value.

    The standard parser does not tell lines, and refuses whole files over one bad line.
    """
    section, option = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = _COMMENT.sub("", line).strip()
        if header := _SECTION.match(line):
            section, option = header["name"].strip(), ""
        elif found := None if line[:1].isspace() else _OPTION.match(line):
            option = found["name"].strip().lower()
            stripped = _COMMENT.sub("", found["value"]).strip()
            if stripped:
                yield _Item(section=section, option=option, text=stripped, line=number)
        elif stripped and option and line[:1].isspace():
            yield _Item(section=section, option=option, text=stripped, line=number)


def ini_dependencies(texts: Mapping[str, str]) -> Iterator[Dependency]:
    """Yield the requirements of ``setup.cfg`` and ``tox.ini`` in the root.

    Args:
        texts: Content of configuration files by path.
    """
    for path in ("setup.cfg", "tox.ini"):
        for item in _items(texts.get(path, "")):
            group = _group(item)
            if group is None or item.text.startswith(("-r", "-c", "{", "file:", "--")):
                continue
            origin = Origin(path=path, kind=DependencyKind.FOREIGN, group=group)
            factor = _FACTOR.match(item.text) if group.startswith("tox:") else None
            raw = factor["rest"] if factor else item.text
            if not raw.startswith(("-r", "-c", "{")):
                yield from origin.line(raw, item.line)


def _group(item: _Item) -> str | None:
    """Return the group of an option that lists requirements, None for other options."""
    if item.section == "options":
        groups = {"install_requires": "", "setup_requires": "setup", "tests_require": "tests"}
        return groups.get(item.option)
    if item.section == "options.extras_require":
        return item.option
    if item.section.startswith("testenv") and item.option == "deps":
        return f"tox:{item.section.partition(':')[2] or 'testenv'}"
    if item.section in {"tox", "tox:tox"} and item.option == "requires":
        return "tox:tox"
    return None


def script_dependencies(texts: Mapping[str, str]) -> Iterator[Dependency]:
    """Yield the requirements of ``setup.py`` and ``noxfile.py`` in the root.

    Args:
        texts: Content of configuration files by path.
    """
    groups = {"install_requires": "", "setup_requires": "setup", "tests_require": "tests"}
    for asked in setup_arguments(texts.get("setup.py", ""), _SETUP_ARGUMENTS):
        group = groups.get(asked.what, "extras")
        origin = Origin(path="setup.py", kind=DependencyKind.FOREIGN, group=group)
        if asked.text:
            for raw in _split(asked.text):
                yield from origin.line(raw.strip(), asked.line)
        else:
            yield origin.dependency(asked.what, asked.line, problem="built by code, so not read")
    for asked in session_installs(texts.get("noxfile.py", "")):
        origin = Origin(path="noxfile.py", kind=DependencyKind.FOREIGN, group=f"nox:{asked.what}")
        if not asked.text.startswith("-"):
            yield from origin.line(asked.text, asked.line)


def _split(text: str) -> list[str]:
    """Split a string that holds one requirement a line, which setuptools accepts."""
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
