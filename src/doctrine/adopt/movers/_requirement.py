"""Requirements of poetry and pipenv as PEP 508 has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from msgspec import Struct
from packaging.requirements import InvalidRequirement, Requirement

from doctrine.adopt.movers._poetry_versions import python_marker, specifier
from doctrine.documents import strings, text

_KNOWN = frozenset(
    {
        "version", "extras", "optional", "markers", "python", "platform", "git", "branch", "tag",
        "rev", "ref", "subdirectory", "url", "file", "sys_platform", "python_version", "platform_system",
        "os_name", "platform_machine", "implementation_name", "python_full_version",
    }
)  # fmt: skip
_MARKERS = (
    "sys_platform", "python_version", "python_full_version", "platform_system", "os_name",
    "platform_machine", "implementation_name",
)  # fmt: skip


class CannotSayError(Exception):
    """A requirement has no form in PEP 508; the message says what stands in the way."""


class Needed(Struct, frozen=True, kw_only=True):
    """A requirement.

    Attributes:
        name: As it is written.
        raw: As PEP 508 has it.
        optional: Whether only an extra installs it.
    """

    name: str
    raw: str
    optional: bool = False


def requirements(
    name: str, value: object, translate: Callable[[str], str | None] = specifier
) -> Iterator[Needed]:
    """Yield what one entry of a table of requirements asks for.

    Args:
        name: The distribution.
        value: A constraint, a table, or an array of tables.
        translate: Makes a constraint PEP 440's.

    Raises:
        CannotSayError: It has no form in PEP 508.
    """
    several = cast("list[object]", value) if isinstance(value, list) else [value]
    for one in several:
        if isinstance(one, str):
            yield Needed(name=name, raw=_checked(f"{name}{_version(name, one, translate)}"))
        elif isinstance(one, dict):
            yield _of_table(name, cast("dict[str, object]", one), translate)
        else:
            raise CannotSayError(f"`{name}` is neither a constraint nor a table")


def _version(name: str, written: str, translate: Callable[[str], str | None]) -> str:
    found = translate(written)
    if found is None:
        raise CannotSayError(f"`{name} = {written!r}` is no version that PEP 440 can say")
    return found


def _of_table(
    name: str, entry: Mapping[str, object], translate: Callable[[str], str | None]
) -> Needed:
    strange = sorted(set(entry) - _KNOWN)
    if strange:
        raise CannotSayError(f"`{strange[0]}` of `{name}` has no form in a requirement")
    extras = ",".join(strings(entry.get("extras")))
    head = f"{name}[{extras}]" if extras else name
    where = _location(name, entry)
    body = f" @ {where}" if where else _version(name, text(entry.get("version")) or "*", translate)
    markers = " and ".join(_markers(name, entry))
    tail = f"{' ' * bool(where)}; {markers}" if markers else ""
    return Needed(
        name=name, raw=_checked(f"{head}{body}{tail}"), optional=entry.get("optional") is True
    )


def _location(name: str, entry: Mapping[str, object]) -> str:
    if git := text(entry.get("git")):
        pins = [text(entry.get(key)) for key in ("rev", "tag", "branch", "ref") if key in entry]
        address = re.sub(r"^git@([^:/]+):", r"ssh://git@\1/", git)
        address = address if address.startswith("git+") else f"git+{address}"
        folder = text(entry.get("subdirectory"))
        pin = f"@{pins[0]}" if pins else ""
        return f"{address}{pin}{f'#subdirectory={folder}' if folder else ''}"
    url = text(entry.get("url")) or text(entry.get("file"))
    if url and "://" not in url:
        raise CannotSayError(f"`{name}` comes from {url}, which no requirement can name")
    return url


def _markers(name: str, entry: Mapping[str, object]) -> Iterator[str]:
    if python := text(entry.get("python")):
        marker = python_marker(python)
        if marker is None:
            raise CannotSayError(
                f"`python = {python!r}` of `{name}` is nothing that a marker can say"
            )
        yield from [marker] if marker else []
    if platform := text(entry.get("platform")):
        yield f'sys_platform == "{platform}"'
    for key in _MARKERS:
        if said := text(entry.get(key)):
            yield f"{key} {said}"
    if markers := text(entry.get("markers")):
        yield f"({markers})" if " or " in markers else markers


def _checked(raw: str) -> str:
    try:
        Requirement(raw)
    except InvalidRequirement as error:
        raise CannotSayError(f"`{raw}` is no requirement") from error
    return raw
