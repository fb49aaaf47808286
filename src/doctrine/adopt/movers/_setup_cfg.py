"""``[metadata]`` and ``[options…]`` of ``setup.cfg`` as setuptools reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec import Struct, field

from doctrine.adopt.movers._ini import Ini, Note, Option, Section
from doctrine.adopt.movers._said import CannotCarryError, Said
from doctrine.adopt.setup_script.values import Foreign, Found, Text, Value

FILE = "setup.cfg"
_ALIASES = {
    "home_page": "url",
    "summary": "description",
    "classifier": "classifiers",
    "platform": "platforms",
}
_TABLES = {
    "options.data_files": "data_files",
    "options.entry_points": "entry_points",
    "options.exclude_package_data": "exclude_package_data",
    "options.extras_require": "extras_require",
    "options.package_data": "package_data",
}
_FIND = "options.packages.find"
_BY_SEMICOLON = frozenset({"options.extras_require", "options.entry_points"})


def sections_of(ini: Ini) -> tuple[Section, ...]:
    """Return the sections that describe the project."""
    return tuple(
        one for one in ini.sections if one.name.partition(".")[0] in {"metadata", "options"}
    )


class Cannot(Struct, frozen=True, kw_only=True):
    """Something that cannot be read as setuptools reads it.

    Attributes:
        line: Its 1-based line.
        why: Why.
    """

    line: int
    why: str


class Described(Struct, frozen=True, kw_only=True):
    """What a file says of a project, by the names that ``setup`` has for it.

    Attributes:
        said: What can be read.
        unread: What cannot, and so has to stay where it is.
    """

    said: dict[str, Said] = field(default_factory=dict[str, Said])
    unread: dict[str, Cannot] = field(default_factory=dict[str, Cannot])


def described_in(ini: Ini) -> Described:
    """Return what a file says of a project.

    Args:
        ini: The file.

    Raises:
        UnknownSectionError: A section of it is none of setuptools'.
    """
    found = Described()
    finding = next(ini.named(_FIND), None)
    for section in sections_of(ini):
        if section.name in {"metadata", "options"}:
            _plain(section, finding, found)
        elif section.name in _TABLES:
            name = _TABLES[section.name]
            one = _tabled(section, name)
            if isinstance(one, Cannot):
                found.unread[name] = one
            else:
                found.said[name] = one
        elif section.name != _FIND:
            raise UnknownSectionError(section)
    return found


class UnknownSectionError(Exception):
    """A section that stops setuptools.

    Attributes:
        line: Its 1-based line.
    """

    def __init__(self, section: Section) -> None:
        super().__init__(f"[{section.name}] is no section of setuptools")
        self.line = section.line


def spans(ini: Ini, staying: Collection[str], lines: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the 1-based first and last lines of what describes the project and does not stay.

    Args:
        ini: The file.
        staying: Names of what stays.
        lines: Lines that it stands on: of an option, or of a section that is one thing.
    """
    for section in sections_of(ini):
        if section.line in lines or (section.name == _FIND and "packages" in staying):
            continue
        if any(one.line in lines for one in section.options):
            yield from (_span(one) for one in section.options if one.line not in lines)
        else:
            yield section.first, section.last


def _span(option: Option) -> tuple[int, int]:
    """Return the lines of an option, the comments above it included."""
    first = option.notes[0].line if option.notes else option.line
    return first, max((option.line, *(part.line for part in option.parts)))


def _plain(section: Section, finding: Section | None, found: Described) -> None:
    """Note the options of a section."""
    for option in section.options:
        name = option.name.lower().replace("-", "_")
        name = _ALIASES.get(name, name) if section.name == "metadata" else name
        try:
            value = _value(name, option, finding)
        except CannotCarryError as error:
            found.unread[name] = Cannot(line=option.line, why=str(error))
            continue
        many = isinstance(value, list)
        inner = tuple(note for part in option.parts for note in part.notes)
        above = section.notes if option is section.options[0] else ()
        found.said[name] = Said(
            name=name,
            path=FILE,
            line=option.line,
            value=value,
            notes=(*above, *option.notes, *(() if many else inner)),
            between=dict(_between(option)) if many else {},
        )


def _between(option: Option) -> Iterator[tuple[int, tuple[Note, ...]]]:
    for index, part in enumerate(option.parts):
        if part.notes:
            yield index, part.notes


def _value(name: str, option: Option, finding: Section | None) -> Value:
    full = option.full
    if name == "packages" and full.strip() in {"find:", "find_namespace:"}:
        return _found(finding, namespaces=full.strip() == "find_namespace:")
    if name == "version":
        return _version(full.strip())
    if name in _READERS:
        return _READERS[name](full)
    return _file(full) if full.startswith("file:") else full.strip()


def _version(text: str) -> Value:
    if text.startswith("attr:"):
        return Foreign(text.removeprefix("attr:").strip())
    return _file(text)


def _file(text: str) -> Value:
    if not text.startswith("file:"):
        return text
    paths = tuple(one.strip() for one in text.removeprefix("file:").split(",") if one.strip())
    if not paths or any(one.startswith(("/", "..")) for one in paths):
        raise CannotCarryError("it names no file of the project")
    return Text(paths=paths)


def _found(section: Section | None, *, namespaces: bool) -> Found:
    options = {one.name.lower(): one for one in section.options} if section is not None else {}
    if unknown := options.keys() - {"where", "include", "exclude"}:
        raise CannotCarryError(f"`{min(unknown)}` in [{_FIND}] is not understood")
    where = options["where"].full.strip() if "where" in options else "."
    return Found(
        where=where,
        include=tuple(_texts(options["include"].full, ",")) if "include" in options else (),
        exclude=tuple(_texts(options["exclude"].full, ",")) if "exclude" in options else (),
        namespaces=namespaces,
    )


def _texts(full: str, separator: str) -> list[str]:
    parts = full.splitlines() if "\n" in full else full.split(separator)
    return [bare for one in parts if (bare := one.strip())]


def _commas(full: str) -> Value:
    return [*_texts(full, ",")]


def _semicolons(full: str) -> Value:
    file = _file(full)
    return file if isinstance(file, Text) else [*_texts(full, ";")]


def _lines_or_file(full: str) -> Value:
    file = _file(full)
    return file if isinstance(file, Text) else [*_texts(full, ",")]


def _pairs(full: str) -> Value:
    found: dict[str, Value] = {}
    for one in _texts(full, ","):
        key, sep, value = one.partition("=")
        if not sep:
            raise CannotCarryError(f"`{one}` is no pair")
        found[key.strip()] = value.strip()
    return found


def _truth(full: str) -> Value:
    return full.strip().lower() in {"1", "true", "yes"}


_READERS: Mapping[str, Callable[[str], Value]] = {
    "classifiers": _lines_or_file,
    "cmdclass": _pairs,
    "include_package_data": _truth,
    "install_requires": _semicolons,
    "keywords": _commas,
    "license_files": _commas,
    "namespace_packages": _commas,
    "obsoletes": _commas,
    "package_dir": _pairs,
    "packages": _commas,
    "platforms": _commas,
    "project_urls": _pairs,
    "provides": _commas,
    "py_modules": _commas,
    "scripts": _commas,
    "setup_requires": _semicolons,
    "tests_require": _semicolons,
    "zip_safe": _truth,
}


def _tabled(section: Section, name: str) -> Said | Cannot:
    separator = ";" if section.name in _BY_SEMICOLON else ","
    table: dict[str, Value] = {}
    for one in section.options:
        try:
            file = _file(one.full.strip())
        except CannotCarryError as error:
            return Cannot(line=section.line, why=str(error))
        if isinstance(file, Text):
            return Cannot(line=section.line, why=f"`{one.name}` is read from a file")
        table[one.name] = [*_texts(one.full, separator)]
    if name == "package_data" and "*" in table:
        table[""] = table.pop("*")
    return Said(name=name, path=FILE, line=section.line, value=table, notes=section.notes)
