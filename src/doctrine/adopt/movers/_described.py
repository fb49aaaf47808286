"""``[project]`` made of what ``setup.py`` and ``setup.cfg`` say, one field at a time."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from doctrine.adopt.movers._block import Block, Cell, Row
from doctrine.adopt.movers._entry_points import entry_points
from doctrine.adopt.movers._said import CannotCarryError, Said, lines_in, text_in
from doctrine.adopt.setup_script.modules import Read, dotted_name
from doctrine.adopt.setup_script.values import Attr, Foreign, Lines, Text
from doctrine.model.replacing import replace

Table = tuple[str, ...]
PROJECT: Table = ("project",)
_DYNAMIC: Table = ("tool", "setuptools", "dynamic")
# Looked for from the beginning of a word only: from every character of a long one would take for ever.
_EMAIL = re.compile(r"(?<![^@\s,<>])[^@\s,<>]+@(?:[^@\s,<>]+\.[^@\s,<>]+|localhost)")
_TYPES = {".md": "text/markdown", ".rst": "text/x-rst", ".txt": "text/plain"}
_USUAL = "text/x-rst"
"""What a description counts as whose type nobody names."""


class Result(Struct, kw_only=True):
    """What the tables are to hold.

    Attributes:
        rows: Rows by table.
        dynamic: Fields of ``[project]`` whose value is found when the project is built.
        remarks: What a person should know.
        read: Reads a file of the project.
    """

    read: Read
    rows: dict[Table, list[Row]] = field(default_factory=dict[Table, list[Row]])
    dynamic: list[str] = field(default_factory=list[str])
    remarks: list[str] = field(default_factory=list[str])

    def put(self, table: Table, key: str, value: Cell, said: Said | None = None) -> None:
        """Note a row.

        Args:
            table: The table.
            key: The key.
            value: What it holds.
            said: Where its comments come from.
        """
        notes = said.notes if said is not None else ()
        row = Row(keys=(key,), value=value, notes=notes)
        if said is not None and isinstance(value, list):
            row = Row(keys=(key,), value=value, notes=notes, between=said.between)
        self.rows.setdefault(table, []).append(row)

    def blocks(self) -> Iterator[Block]:
        """Yield the tables that hold something."""
        for table, rows in self.rows.items():
            yield Block(table=table, rows=tuple(rows))


def _name(said: Mapping[str, Said], result: Result) -> None:
    name = said["name"].text.strip()
    if re.fullmatch(r"[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]", name) is None:
        raise CannotCarryError(f"`{name}` is no name that [project] takes")
    result.put(PROJECT, "name", name, said["name"])


def _version(said: Mapping[str, Said], result: Result) -> None:
    one = said["version"]
    value = one.value
    if isinstance(value, Attr):
        source = {"attr": f"{dotted_name(value.path)}.{value.name}"}
    elif isinstance(value, Foreign):
        source = {"attr": value.dotted}
    elif isinstance(value, Text):
        source = {"file": _one_file(value)}
        value = (result.read(value.paths[0]) or "").strip()
    else:
        source = None
    if not isinstance(value, Foreign):
        try:
            Version(text_in(value).strip())
        except InvalidVersion as error:
            raise CannotCarryError(str(error)) from error
    if source is None:
        result.put(PROJECT, "version", text_in(value).strip(), one)
        return
    result.dynamic.append("version")
    result.put(_DYNAMIC, "version", source, one)


def _one_file(value: Text) -> str:
    if len(value.paths) != 1:
        raise CannotCarryError("it is made of several files")
    return value.paths[0]


def _description(said: Mapping[str, Said], result: Result) -> None:
    text = said["description"].text.strip()
    if "\n" in text:
        raise CannotCarryError("it has more than one line")
    result.put(PROJECT, "description", text, said["description"])


def _readme(said: Mapping[str, Said], result: Result) -> None:
    type_ = (
        said["long_description_content_type"].text
        if "long_description_content_type" in said
        else ""
    )
    one = said.get("long_description")
    if one is None:
        raise CannotCarryError("it is the type of nothing")
    if isinstance(one.value, Text):
        _readme_files(one, one.value, type_, result)
    else:
        result.put(PROJECT, "readme", {"text": one.text, "content-type": type_ or _USUAL}, one)


def _readme_files(one: Said, text: Text, type_: str, result: Result) -> None:
    path = next(iter(text.paths), "")
    if any(result.read(each) is None for each in (path, *text.paths)):
        raise CannotCarryError("a file that it is made of is no text of the project")
    usual = _TYPES.get(posixpath.splitext(path.lower())[1], "")
    if len(text.paths) > 1:
        result.dynamic.append("readme")
        cell = {"file": [*text.paths], "content-type": type_ or usual or _USUAL}
        result.put(_DYNAMIC, "readme", cell, one)
        result.remarks.append("the parts of the long description are joined by a line feed")
    else:
        _readme_file(one, path, type_, usual, result)


def _readme_file(one: Said, path: str, type_: str, usual: str, result: Result) -> None:
    if usual and (not type_ or type_ == usual):
        result.put(PROJECT, "readme", path, one)
    else:
        result.put(PROJECT, "readme", {"file": path, "content-type": type_ or _USUAL}, one)
    if not type_ and usual not in {"", _USUAL}:
        result.remarks.append(f"the long description is said to be {usual} now, as {path} is")


def _python(said: Mapping[str, Said], result: Result) -> None:
    text = said["python_requires"].text.strip()
    try:
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise CannotCarryError(f"`{text}` is no constraint of versions") from error
    result.put(PROJECT, "requires-python", text, said["python_requires"])


def _license(said: Mapping[str, Said], result: Result) -> None:
    result.put(PROJECT, "license", {"text": said["license"].text}, said["license"])


def _license_files(said: Mapping[str, Said], result: Result) -> None:
    one = said.get("license_files") or said["license_file"]
    result.put(("tool", "setuptools"), "license-files", one.texts, one)


def _people(kind: str) -> Callable[[Mapping[str, Said], Result], None]:
    def write(said: Mapping[str, Said], result: Result) -> None:
        names = said[kind].text.strip() if kind in said else ""
        mails = said[f"{kind}_email"].text.strip() if f"{kind}_email" in said else ""
        people = _persons(names, mails)
        source = said.get(kind) or said[f"{kind}_email"]
        result.put(PROJECT, f"{kind}s", people, source)

    return write


def _persons(names: str, mails: str) -> list[Cell]:
    """Return people; names and addresses that do not pair stay apart."""
    addresses, single = _by_comma(mails), _by_comma(names)
    if bad := [one for one in addresses if _EMAIL.fullmatch(one) is None]:
        raise CannotCarryError(f"`{bad[0]}` is no address")
    if len(single) == len(addresses):
        pairs = zip(single, addresses, strict=True)
        return [{"name": name, "email": mail} for name, mail in pairs]
    return [*({"name": one} for one in single), *({"email": one} for one in addresses)]


def _by_comma(text: str) -> list[str]:
    return [bare for one in text.split(",") if (bare := one.strip())]


def _keywords(said: Mapping[str, Said], result: Result) -> None:
    one = said["keywords"]
    words = one.texts if isinstance(one.value, list) else _by_comma(one.text)
    result.put(PROJECT, "keywords", [bare for word in words if (bare := word.strip())], one)


def _classifiers(said: Mapping[str, Said], result: Result) -> None:
    one = said["classifiers"]
    result.put(PROJECT, "classifiers", lines_in(one.value), one)


def _urls(said: Mapping[str, Said], result: Result) -> None:
    links = {"url": "Homepage", "download_url": "Download"}
    found = {label: said[name].text.strip() for name, label in links.items() if name in said}
    more = said["project_urls"].table if "project_urls" in said else {}
    texts = {label: text_in(value).strip() for label, value in more.items()}
    for label, address in {**found, **texts}.items():
        if texts.get(label, address) == found.get(label, address) or label not in texts:
            result.put((*PROJECT, "urls"), label, address)
        else:
            raise CannotCarryError(f"there are two addresses for `{label}`")


def _dependencies(said: Mapping[str, Said], result: Result) -> None:
    one = said["install_requires"]
    if isinstance(one.value, Lines | Text):
        path = one.value.path if isinstance(one.value, Lines) else _one_file(one.value)
        checked(lines_in(result.read(path) or ""))
        result.dynamic.append("dependencies")
        result.put(_DYNAMIC, "dependencies", {"file": [path]}, one)
        return
    result.put(PROJECT, "dependencies", checked(lines_in(one.value)), one)


def checked(requirements: list[str]) -> list[str]:
    """Return requirements without the comments behind them.

    Args:
        requirements: The requirements.

    Raises:
        CannotCarryError: One of them is none.
    """
    bare = [one.partition(" #")[0].strip() for one in requirements]
    for one in bare:
        try:
            Requirement(one)
        except InvalidRequirement as error:
            raise CannotCarryError(f"`{one}` is no requirement") from error
    return bare


def _extras(said: Mapping[str, Said], result: Result) -> None:
    one = said["extras_require"]
    found: dict[str, list[str]] = {}
    for name, value in one.table.items():
        extra, _, marker = name.partition(":")
        if isinstance(value, Lines | Text):
            raise CannotCarryError(f"the extra `{extra}` is read from a file")
        items = [_marked(each, marker) for each in checked(lines_in(value))]
        found.setdefault(extra.strip(), []).extend(items)
    always = found.pop("", [])
    if always:
        rows = result.rows.get(PROJECT, [])
        if any(row.keys == ("dependencies",) for row in rows) or "dependencies" in result.dynamic:
            raise CannotCarryError("it has requirements that come with the project itself")
        result.put(PROJECT, "dependencies", always)
    for extra, items in found.items():
        result.put((*PROJECT, "optional-dependencies"), extra, items)


def _marked(requirement: str, marker: str) -> str:
    """Return a requirement under one more condition."""
    if not marker:
        return requirement
    parsed = Requirement(requirement)
    own = f" and ({parsed.marker})" if parsed.marker else ""
    bare = (
        requirement.partition(";")[0].strip()
        if parsed.url is None
        else f"{parsed.name} @ {parsed.url} "
    )
    return checked([f"{bare}; ({marker.strip()}){own}" if own else f"{bare}; {marker.strip()}"])[0]


_POINTS = ("entry-points", "scripts", "gui-scripts")


def _points(said: Mapping[str, Said], result: Result) -> None:
    one = said["entry_points"]
    if isinstance(one.value, Text):
        path = _one_file(one.value)
        if (content := result.read(path)) is None:
            raise CannotCarryError(f"{path} is no text of the project")
        entry_points(replace(one, value=content))  # setuptools reads it then as it did before
        result.dynamic.extend(_POINTS)
        result.put(_DYNAMIC, "entry-points", {"file": path}, one)
        return
    own = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}
    for group, points in entry_points(one).items():
        table = (*PROJECT, own[group]) if group in own else (*PROJECT, "entry-points", group)
        for name, target in points.items():
            result.put(table, name, target)


def _scm(said: Mapping[str, Said], result: Result) -> None:
    value = said["use_scm_version"].value
    table = ("tool", "setuptools_scm")
    if value is not True and not isinstance(value, dict):
        raise CannotCarryError("it is computed")
    result.dynamic.append("version")
    result.rows.setdefault(table, [])
    for key, one in (value if isinstance(value, dict) else {}).items():
        if not isinstance(one, str | bool):
            raise CannotCarryError(f"`{key}` is no plain value")
        result.put(table, key, one)


class Part(Struct, frozen=True, kw_only=True):
    """Fields of ``setup`` that only together become something.

    Attributes:
        names: The fields.
        write: Writes them.
        dynamic: What of ``[project]`` is dynamic while they stay where they are; None where they
            cannot stay there.
        tabled: Whether setuptools stops, beside ``[project]``, at a text of them that stays.
    """

    names: tuple[str, ...]
    write: Callable[[Mapping[str, Said], Result], None]
    dynamic: tuple[str, ...] | None
    tabled: bool = False


PARTS = (
    Part(names=("name",), write=_name, dynamic=None),
    Part(names=("version",), write=_version, dynamic=("version",)),
    Part(names=("use_scm_version",), write=_scm, dynamic=("version",)),
    Part(names=("description",), write=_description, dynamic=("description",)),
    Part(
        names=("long_description", "long_description_content_type"),
        write=_readme,
        dynamic=("readme",),
    ),
    Part(names=("python_requires",), write=_python, dynamic=("requires-python",)),
    Part(names=("license",), write=_license, dynamic=("license",)),
    Part(names=("author", "author_email"), write=_people("author"), dynamic=("authors",)),
    Part(
        names=("maintainer", "maintainer_email"),
        write=_people("maintainer"),
        dynamic=("maintainers",),
    ),
    Part(names=("keywords",), write=_keywords, dynamic=("keywords",)),
    Part(names=("classifiers",), write=_classifiers, dynamic=("classifiers",)),
    Part(names=("install_requires",), write=_dependencies, dynamic=("dependencies",)),
    Part(names=("url", "download_url", "project_urls"), write=_urls, dynamic=("urls",)),
    Part(names=("extras_require",), write=_extras, dynamic=("optional-dependencies",)),
    Part(
        names=("entry_points",),
        write=_points,
        dynamic=_POINTS,
        tabled=True,
    ),
    Part(names=("license_files", "license_file"), write=_license_files, dynamic=()),
)
"""What describes a project, in the order in which it is written."""
