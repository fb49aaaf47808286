"""The Python versions a project promises to run on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.documents import line_of, table, text
from doctrine.model.observation import Evidence
from doctrine.model.project import Target, TomlFile

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

EXISTING_MINORS = tuple(range(15))
"""Python 3 minor versions that have been released (the last by PEP 745)."""

_NEVER = 200
"""More patch releases than any minor version will have."""

_AT_LEAST = re.compile(r"^ *>= *3\.(0|[1-9]\d?)(?:\.0)? *$", re.ASCII)
"""What most projects promise: a first minor version and no last one."""
_CARET = re.compile(r"^\^\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?$")
_BARE = re.compile(r"^\d+(?:\.\d+)*(?:\.\*)?$")
_TILDE = re.compile(r"^~\s*(\d+(?:\.\d+)*)$")
_SETUP_CFG = re.compile(r"^[ \t]*python_requires[ \t]*=[ \t]*(?P<value>[^\n#;]+)", re.MULTILINE)
_SETUP_PY = re.compile(r"""\bpython_requires\s*=\s*(?P<quote>["'])(?P<value>[^"'\n]*)(?P=quote)""")


class _Promise(Struct, frozen=True, kw_only=True):
    written: str
    specifiers: tuple[str, ...]
    place: Evidence


def read_target(
    pyproject: TomlFile | None, texts: Mapping[str, str], members: tuple[TomlFile, ...] = ()
) -> Target:
    """Find out what the project promises.

    ``requires-python`` decides; without it poetry's constraint, flit's, then what ``setup.cfg`` and
    ``setup.py`` say in plain text. An interpreter that happens to run, ``.python-version`` or a
    tool's own target are no promise. Where the root promises nothing, what its members promise
    together does: the code has to run wherever one of them may be installed.

    Args:
        pyproject: The project's ``pyproject.toml``.
        texts: Content of ``setup.cfg`` and ``setup.py`` by name, where they exist.
        members: The ``pyproject.toml`` of each project below the root.
    """
    promise = _of_table(pyproject) or _setuptools(texts)
    promises = (promise,) if promise else tuple(filter(None, map(_of_table, members)))
    if not promises:
        return Target(floor=None, minors=(), specifier="")
    admitted = [_admitted(one.specifiers) for one in promises]
    minors = tuple(sorted({minor for found, _ in admitted for minor in found}))
    problems = (problem for _, problem in admitted)
    return Target(
        floor=(3, minors[0]) if minors else None,
        minors=minors,
        specifier=" or ".join(dict.fromkeys(one.written for one in promises)),
        evidence=tuple(map(_with_problem, promises, problems)),
    )


def _of_table(pyproject: TomlFile | None) -> _Promise | None:
    return _standard(pyproject) or _poetry(pyproject) or _flit(pyproject)


def _with_problem(promise: _Promise, problem: str) -> Evidence:
    detail = promise.place.detail + (f": {problem}" if problem else "")
    return Evidence(path=promise.place.path, line=promise.place.line, detail=detail)


def _standard(pyproject: TomlFile | None) -> _Promise | None:
    keys = ("project", "requires-python")
    if pyproject is None or "requires-python" not in table(pyproject.data, "project"):
        return None
    value = table(pyproject.data, "project")["requires-python"]
    written = text(value)
    detail = f'requires-python = "{written}"'
    if not isinstance(value, str):
        detail, written = "requires-python is not a string", "?"
    place = Evidence(path=pyproject.path, line=line_of(pyproject, keys), detail=detail)
    return _Promise(written=written, specifiers=(written,), place=place)


def _flit(pyproject: TomlFile | None) -> _Promise | None:
    """Return what flit's own table promises, which it reads where there is no ``[project]``."""
    keys = ("tool", "flit", "metadata", "requires-python")
    written = text(table(pyproject.data, *keys[:-1]).get(keys[-1])) if pyproject else ""
    if pyproject is None or not written:
        return None
    detail = f'requires-python = "{written}" among flit\'s metadata'
    place = Evidence(path=pyproject.path, line=line_of(pyproject, keys), detail=detail)
    return _Promise(written=written, specifiers=(written,), place=place)


def _poetry(pyproject: TomlFile | None) -> _Promise | None:
    keys = ("tool", "poetry", "dependencies", "python")
    if pyproject is None:
        return None
    value = table(pyproject.data, *keys[:-1]).get("python")
    written = text(value) or text(table(value).get("version"))
    if not written:
        return None
    place = Evidence(
        path=pyproject.path,
        line=line_of(pyproject, keys),
        detail=f'python = "{written}" among poetry\'s dependencies',
    )
    return _Promise(written=written, specifiers=poetry_specifiers(written), place=place)


def _setuptools(texts: Mapping[str, str]) -> _Promise | None:
    for name, pattern in (("setup.cfg", _SETUP_CFG), ("setup.py", _SETUP_PY)):
        content = texts.get(name, "")
        if found := pattern.search(content):
            written = found["value"].strip()
            line = content.count("\n", 0, found.start("value")) + 1
            place = Evidence(path=name, line=line, detail=f"python_requires = {written}")
            return _Promise(written=written, specifiers=(written,), place=place)
    return None


def poetry_specifiers(written: str) -> tuple[str, ...]:
    """Translate a constraint of poetry into standard specifiers, one per alternative.

    Args:
        written: A constraint such as ``^3.9``, ``~3.10``, ``>=3.9,<4.0`` or ``^3.8 || ^3.10``.
    """
    alternatives = re.split(r" ?\|\|? ?", " ".join(written.split()))
    return tuple(
        ",".join(_poetry_part(part.strip()) for part in re.split(r"\s*,\s*|\s+(?=[<>=!^~])", each))
        for each in alternatives
    )


def _poetry_part(part: str) -> str:
    if part in {"*", ""}:
        return ""
    if caret := _CARET.match(part):
        return _caret(tuple(int(number or 0) for number in caret.groups()), caret.group(0))
    if tilde := _TILDE.match(part):
        numbers = [int(number) for number in tilde[1].split(".")]
        kept = numbers[:2]
        return f">={tilde[1]},<{'.'.join(map(str, [*kept[:-1], kept[-1] + 1]))}"
    if _BARE.match(part):
        return f"=={part}"
    return part


def _caret(numbers: tuple[int, ...], written: str) -> str:
    """A caret admits what leaves the first number that is not zero unchanged."""
    given = written.count(".") + 1
    place = next((place for place, number in enumerate(numbers) if number), given - 1)
    upper = [*numbers[:place], numbers[place] + 1]
    return f">={written.lstrip('^ ')},<{'.'.join(map(str, upper))}"


def _admitted(specifiers: tuple[str, ...]) -> tuple[tuple[int, ...], str]:
    """Return the admitted minor versions, and what is wrong when there are none."""
    if not any(specifiers):
        return (), "it admits every version"
    try:
        minors = _plainly_admitted(specifiers) or _admitted_one_by_one(specifiers)
    except ValueError:  # InvalidSpecifier, and numbers of thousands of digits
        return (), "not a valid version specifier"
    return minors, "" if minors else "no existing Python 3 version satisfies it"


def _plainly_admitted(specifiers: tuple[str, ...]) -> tuple[int, ...]:
    """Return the minor versions that a single plain bound admits; none where it is not as plain.

    The library that understands all others costs a tenth of the time until the first tool starts.
    """
    plain = _AT_LEAST.match(specifiers[0]) if len(specifiers) == 1 else None
    return tuple(minor for minor in EXISTING_MINORS if minor >= int(plain[1])) if plain else ()


def _admitted_one_by_one(specifiers: tuple[str, ...]) -> tuple[int, ...]:
    from packaging.specifiers import SpecifierSet

    sets = tuple(SpecifierSet(specifier) for specifier in specifiers)
    return tuple(minor for minor in EXISTING_MINORS if any(_admits(each, minor) for each in sets))


def _admits(specifiers: SpecifierSet, minor: int) -> bool:
    """Whether some release of a minor version satisfies the specifiers.

    Besides plain patch numbers, the bounds written down are tried: ``==3.11.4`` and
    ``>3.11.0,<3.11.2`` admit 3.11 by these alone.
    """
    from packaging.version import Version

    return any(
        specifiers.contains(Version(f"3.{minor}.{patch}"), prereleases=True)
        for patch in _patches(specifiers, minor)
    )


def _patches(specifiers: SpecifierSet, minor: int) -> tuple[int, ...]:
    patches = {0, _NEVER}
    for specifier in specifiers:
        major, written, patch, *_ = *re.findall(r"\d+", specifier.version), "", "", ""
        if major == "3" and written == str(minor) and patch:
            bound = min(int(patch), _NEVER)
            patches |= {max(bound - 1, 0), bound, bound + 1}
    return tuple(sorted(patches))
