"""Poetry's version constraints as PEP 440 has them, or nothing where PEP 440 has nothing like one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_PART = re.compile(
    r"(?P<sign>\^|~=|~|===?|!=|<=|>=|<|>|=)?\s*"
    r"v?(?P<version>[0-9][A-Za-z0-9.+!_-]*?(?:\.\*)?|\*)(?:\s+|(?=,)|$)"
)
_RELEASE = re.compile(r"(?P<release>\d+(?:\.\d+)*)(?P<rest>[.A-Za-z0-9+_-]*)$")


def specifier(written: str) -> str | None:
    """Return a constraint as PEP 440 has it; empty for any version.

    Args:
        written: As poetry reads it, such as ``^1.2``, ``~2.0.1``, ``1.*`` or ``>=1,<2``.

    Returns:
        None for what PEP 440 cannot say (alternatives, ``||``) or nobody understands.
    """
    text = written.strip()
    found: list[str] = []
    while text:
        match = _PART.match(text)
        part = tuple(_part(match["sign"] or "", match["version"])) if match else ()
        if match is None or part == (None,):
            return None
        found += [one for one in part if one is not None]
        text = text[match.end() :]
        text = text.removeprefix(",").lstrip()
    joined = ",".join(found)
    try:
        SpecifierSet(joined)
    except InvalidSpecifier:
        return None
    return joined


def _part(sign: str, version: str) -> Iterator[str | None]:
    """Yield the clauses that one constraint is made of; None for one that is not understood."""
    if version == "*":
        yield from () if sign in {"", "=", "=="} else (None,)
    elif version.endswith(".*"):
        yield (
            f"{sign if sign == '!=' else '=='}{version}" if sign in {"", "=", "==", "!="} else None
        )
    elif sign in {"^", "~"}:
        above = _above(sign, version)
        yield from (None,) if above is None else (f">={version}", f"<{above}")
    else:
        yield f"{'==' if sign in {'', '='} else sign}{version}"


def _above(sign: str, version: str) -> str | None:
    """Return the first version that a caret or tilde does not admit."""
    match = _RELEASE.match(version)
    if match is None or "+" in version or "!" in version or "dev" in version:
        return None
    numbers = [int(one) for one in match["release"].split(".")]
    if sign == "~":
        index = 1 if len(numbers) > 1 else 0
    else:
        index = next((at for at, one in enumerate(numbers) if one), len(numbers) - 1)
    raised = [*numbers[:index], numbers[index] + 1]
    return ".".join(map(str, (*raised, *([0] * (len(numbers) - len(raised))))))


def python_marker(written: str) -> str | None:
    """Return a constraint of Python as a marker; None for what no marker says.

    Args:
        written: As poetry reads it.
    """
    found = specifier(written)
    if found is None:
        return None
    clauses = [re.fullmatch(r"(~=|===?|!=|<=|>=|<|>)(.+)", one) for one in found.split(",") if one]
    return " and ".join(_marker(one[1], one[2]) for one in clauses if one)


def _marker(sign: str, version: str) -> str:
    """Return one clause: two numbers are a minor version, three a patch."""
    name = (
        "python_full_version" if version.count(".") > 1 and "*" not in version else "python_version"
    )
    if sign == "==" and version.count(".") == 1 and version.endswith(".*"):
        return f'python_version >= "{version[:-2]}" and python_version < "{int(version[:-2]) + 1}"'
    return f'{name} {sign} "{version.removesuffix(".*")}"'
