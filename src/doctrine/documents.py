"""TOML documents: parsing with a place for every mistake, typed access, and where a key is."""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections.abc import Mapping
from typing import cast

from msgspec import Struct, field

from doctrine.errors import ConfigError
from doctrine.model.project import TomlFile

Keys = tuple[str, ...]

_PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|[^)]*)\)$")

_SWITCHES = {
    "1": True, "on": True, "true": True, "yes": True,
    "0": False, "off": False, "false": False, "no": False,
}  # fmt: skip
"""The words of the standard library's ``configparser``, which mypy takes in TOML as well."""

_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)

_TOKEN = re.compile(
    r'''(?P<long>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5})'''
    r"""|(?P<short>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
    r"""|(?P<comment>\#[^\n]*)"""
    r"""|(?P<newline>\n)"""
    r"""|(?P<mark>[\[\]{}=,])"""
    r"""|(?P<bare>[^\s\[\]{}=,\#"']+)""",
    re.DOTALL,
)


def parse_toml(path: str, text: str) -> TomlFile:
    """Parse TOML.

    Args:
        path: How the file is named in errors.
        text: Its content; a byte order mark is ignored.

    Raises:
        ConfigError: The text is not TOML.
    """
    text = text.removeprefix("\ufeff")
    try:
        data: dict[str, object] = tomllib.loads(text)
    except RecursionError as error:
        message = "the file is not usable TOML: its values are nested too deeply"
        raise ConfigError(message, path=path) from error
    except ValueError as error:  # TOMLDecodeError, and int() on thousands of digits
        raise _not_toml(path, text, str(error)) from error
    return TomlFile(path=path, data=data, text=text)


def _not_toml(path: str, text: str, said: str) -> ConfigError:
    place = _PLACE.match(said)
    if place is None:
        return ConfigError(f"the file is not valid TOML: {said}", path=path)
    message = f"the file is not valid TOML: {place['what']}"
    if place["line"] is None:
        lines = text.split("\n")
        return ConfigError(message, path=path, line=len(lines), column=len(lines[-1]) + 1)
    return ConfigError(message, path=path, line=int(place["line"]), column=int(place["column"]))


def parse_jsonc(source: str | None) -> Mapping[str, object] | None:
    """Return the object in a JSON file with comments and trailing commas, None if it is none."""
    if source is None:
        return None
    try:
        value: object = json.loads(_COMMENT.sub(lambda found: found[1] or "", source))
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def table(data: object, *keys: str) -> Mapping[str, object]:
    """Return the table at a dotted key, or an empty one when there is none."""
    for key in keys:
        if not isinstance(data, dict):
            return {}
        data = cast("dict[str, object]", data).get(key)
    return cast("dict[str, object]", data) if isinstance(data, dict) else {}


def tables(value: object) -> tuple[Mapping[str, object], ...]:
    """Return the tables in an array, leaving out whatever else it holds."""
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(cast("dict[str, object]", item) for item in items if isinstance(item, dict))


def strings(value: object) -> tuple[str, ...]:
    """Return the strings in an array; a lone string counts as an array of one."""
    if isinstance(value, str):
        return (value,)
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str))


def text(value: object) -> str:
    """Return the value if it is a string, else an empty string."""
    return value if isinstance(value, str) else ""


def switch(value: object) -> bool | None:
    """Return what a switch says, in the words of TOML or of an INI file; None for anything else."""
    return _SWITCHES.get(str(value).strip().lower()) if isinstance(value, str | int) else None


def line_of(file: TomlFile, keys: Keys, value: str = "") -> int:
    """Return the 1-based line of a key, or of a value under it; 0 if unknown.

    Args:
        file: The parsed file.
        keys: The dotted key. A number in it picks an item of an array, and may be left out,
            which finds the first: ``("tool", "mypy", "overrides", "1", "module")``.
        value: An item of the array, or the scalar, that the key holds, strings unquoted. When it
            is not found there, the line of the key is returned.
    """
    places = _places(file.text)
    if value and (line := places.values.get((keys, value))):
        return line
    return places.written.get(keys) or places.implied.get(keys, 0)


class _Path(Struct, frozen=True, kw_only=True):
    """A dotted key in both spellings: with the positions in arrays, and without."""

    plain: Keys = ()
    exact: Keys = ()

    def key(self, name: str) -> _Path:
        return _Path(plain=(*self.plain, name), exact=(*self.exact, name))

    def item(self, index: int) -> _Path:
        return _Path(plain=self.plain, exact=(*self.exact, str(index)))


class _Places(Struct, frozen=True):
    written: dict[Keys, int] = field(default_factory=dict[Keys, int])
    implied: dict[Keys, int] = field(default_factory=dict[Keys, int])
    values: dict[tuple[Keys, str], int] = field(default_factory=dict[tuple[Keys, str], int])


class _Open(Struct):
    """An array or inline table that is not closed yet; ``index`` is None for a table."""

    path: _Path
    index: int | None = None


@functools.lru_cache(maxsize=4)
def _places(source: str) -> _Places:
    return _Scanner().scan(source)


class _Scanner:
    """Walks over the tokens of a valid document; it keeps its own stack, so depth is no matter."""

    def __init__(self) -> None:
        self._places = _Places()
        self._line = 1
        self._table = _Path()
        self._current = _Path()
        self._open: list[_Open] = []
        self._repeated: dict[Keys, int] = {}
        self._key: list[str] = []
        self._in_key = True
        self._brackets = 0

    def scan(self, source: str) -> _Places:
        for token in _TOKEN.finditer(source):
            word = token.group()
            if token.lastgroup == "mark":
                self._mark(word)
            elif token.lastgroup == "newline":
                self._newline()
            elif token.lastgroup != "comment":
                self._word(word, quoted=token.lastgroup != "bare")
                self._line += word.count("\n")
        return self._places

    def _newline(self) -> None:
        self._line += 1
        if not self._open:
            self._in_key, self._brackets = True, 0
            self._key.clear()

    def _word(self, word: str, *, quoted: bool) -> None:
        if not self._in_key:
            value = _unquote(word) if quoted else word
            for keys in (self._current.plain, self._current.exact):
                self._places.values.setdefault((keys, value), self._line)
        elif quoted:
            self._key.append(_unquote(word))
        else:
            self._key.extend(part for part in word.split(".") if part)

    def _mark(self, mark: str) -> None:
        if mark == "=":
            self._assign()
        elif mark == ",":
            self._comma()
        elif mark in "]}":
            self._close()
        elif self._in_key and not self._open:
            self._brackets += 1
        else:
            self._open.append(_Open(path=self._current, index=0 if mark == "[" else None))
            self._enter()

    def _assign(self) -> None:
        base = self._open[-1].path if self._open else self._table
        self._current = self._record(base)
        self._in_key = False

    def _comma(self) -> None:
        if self._open and self._open[-1].index is not None:
            self._open[-1].index += 1
        self._enter()

    def _enter(self) -> None:
        """Get ready for the next item of the innermost array or table."""
        if not self._open:
            return
        innermost = self._open[-1]
        self._in_key = innermost.index is None
        if innermost.index is not None:
            self._current = innermost.path.item(innermost.index)

    def _close(self) -> None:
        if self._open:
            self._current = self._open.pop().path
            self._in_key = False
        elif self._brackets and self._key:
            self._header()

    def _header(self) -> None:
        path = self._record(_Path(), repeated=self._brackets > 1)
        self._table = path
        self._in_key = False

    def _record(self, base: _Path, *, repeated: bool = False) -> _Path:
        """Note the line of the collected key below a table, and of the tables it implies."""
        path = base
        for position, name in enumerate(self._key, start=1):
            path = path.key(name)
            last = position == len(self._key)
            known = self._places.written if last else self._places.implied
            known.setdefault(path.plain, self._line)
            if last and repeated:
                self._repeated[path.exact] = self._repeated.get(path.exact, -1) + 1
            if path.exact in self._repeated:
                path = path.item(self._repeated[path.exact])
            known.setdefault(path.exact, self._line)
        self._key.clear()
        return path


def _unquote(word: str) -> str:
    if "\\" not in word and word[1] != word[0]:
        return word[1:-1]
    try:
        return text(tomllib.loads(f"value = {word}").get("value"))
    except ValueError:  # the document was valid, so this is no string of it
        return word
