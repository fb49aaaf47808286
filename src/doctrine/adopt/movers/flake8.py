"""flake8's INI files: what ruff has of it becomes ``[tool.ruff.lint]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Cell, Row
from doctrine.adopt.movers._ini import Note, Option
from doctrine.adopt.movers._move import Found, Move, Mover, Old, Place, at, only_place
from doctrine.adopt.movers._ruff import RUFF, first_block, is_configured, runs
from doctrine.adopt.movers._ruff_codes import known, previewed
from doctrine.adopt.movers._values import UnmovableError, truth, whole
from doctrine.adopt.ruff import black_length
from doctrine.model.replacing import replace

_LINT = (*RUFF, "lint")
_PLACES = (
    Place(path="setup.cfg", sections=("flake8",)),
    Place(path="tox.ini", sections=("flake8",)),
    Place(path=".flake8", sections=("flake8",), own=True),
)
_CODE = re.compile(r"[A-Z]{1,4}[0-9]{0,4}")
_SHOWN = frozenset(
    {
        "benchmark", "color", "count", "doctests", "exit-zero", "filename", "format", "hang-closing",
        "indent-size", "jobs", "output-file", "quiet", "show-source", "statistics", "tee", "verbose",
    }
)  # fmt: skip
"""What says how flake8 works and prints, and nothing about the code."""
_EXCLUDED = frozenset(
    {
        ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints",
        ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache",
        ".svn", ".tox", ".venv", ".vscode", "CVS", "__pycache__", "__pypackages__", "_build", "buck-out",
        "dist", "node_modules", "site-packages", "venv", "*.egg", "*.pyc", "*.egg-info",
    }
)  # fmt: skip
"""What ruff leaves out unasked, or has no Python in it."""
_DEFAULT_IGNORES = frozenset(
    {"E121", "E123", "E126", "E226", "E24", "E704", "W503", "W504", "E203"}
)
"""Layout that a formatter decides: without a rule in ruff there is nothing to ignore."""
_IGNORE = ("lint", "ignore")
_SELECT = ("lint", "select")
_TOO_LONG = "E501"
_LENGTH = 79
"""Characters of a line that flake8 admits where nobody says another number."""
_EXTEND = ("lint", "extend-select")
_SELECTED = ("E", "F", "W", "C90")
"""What flake8 selects where nobody chooses."""


def _moves(old: Old) -> Iterable[Move | Left]:
    found = only_place(old, "flake8", _PLACES, ("tool", "flake8"))
    if found is None:
        return
    if isinstance(found, Left):
        yield found
        return
    user = runs(old, "flake8")
    if is_configured(old):
        hint = "remove it once nothing runs flake8" if user else "remove it"
        why = f"{user} runs flake8" if user else "nothing is known to run flake8"
        text = f"{found.what} stays beside [tool.ruff], which is there already: {why}"
        yield at(found.path, _line(found), text, hint)
        return
    notes = _Notes(path=found.path)
    blocks = tuple(_blocks(old, found, notes))
    if user:
        text = f"{found.what} stays beside [tool.ruff] as long as {user} runs flake8"
        hint = "let `ruff check` take its place there, then remove it"
        notes.left.append(at(found.path, _line(found), text, hint))
    cuts = () if user else found.cuts()
    yield Move(what=found.what, blocks=blocks, cuts=cuts, left=tuple(notes.left))


def _line(found: Found) -> int:
    return found.sections[0].line if found.sections else 1


class _Notes(Struct):
    """What cannot be carried, as it is met."""

    path: str
    left: list[Left] = field(default_factory=list[Left])

    def add(self, option: Option, text: str) -> None:
        """Note something about an option."""
        self.left.append(at(self.path, option.line, text))


_Rows = Iterator[tuple[tuple[str, ...], Cell]]


def _blocks(old: Old, found: Found, notes: _Notes) -> Iterator[Block]:
    """Yield ruff's tables, each comment above what it speaks of."""
    rows: list[Row] = []
    above: tuple[Note, ...] = found.ini.notes if found.place.own else ()
    for section in found.sections:
        above += section.notes
        for option in section.options:
            made = _rows(option, notes)
            rows += made
            above += () if made else _notes_of(option)
        above += section.below
    limited = _long_lines(_held(_merged(rows), old))
    merged = _as_black_has_it(_with_defaults(limited), old)
    yield from first_block(old, *(row for row in merged if row.keys[0] != "lint"))
    lint = _below(merged, "lint")
    if lint or above:
        yield Block(table=_LINT, rows=lint, notes=above)


def _held(rows: tuple[Row, ...], old: Old) -> tuple[Row, ...]:
    """Return the rows with flake8's own length of a line, where it holds the lines to that."""
    named = {row.keys: row.value for row in rows}
    ignored, selected = named.get(_IGNORE, ()), named.get(_SELECT, _SELECTED)
    asked = _covers(selected, _TOO_LONG) and not _covers(ignored, _TOO_LONG)
    if ("line-length",) in named or not asked or black_length(old.data, old.situation) is not None:
        return rows
    return (*rows, Row(keys=("line-length",), value=_LENGTH))


def _covers(codes: Cell, code: str) -> bool:
    """Return whether one of some codes and prefixes stands for a code."""
    each = codes if isinstance(codes, list | tuple) else ()
    return any(isinstance(one, str) and code.startswith(one) for one in each)


def _long_lines(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows with an empty `ignore` where lines have a limit and nothing is ignored.

    flake8 holds lines to it, and `doctrine init` would leave that to the formatter.
    """
    known = {row.keys for row in rows}
    limited = ("line-length",) in known and _IGNORE not in known
    return (*rows, Row(keys=_IGNORE, value=[])) if limited else rows


def _below(rows: Iterable[Row], name: str) -> tuple[Row, ...]:
    """Return the rows of one table in another, with keys as they are in it."""
    return tuple(replace(row, keys=row.keys[1:]) for row in rows if row.keys[0] == name)


def _rows(option: Option, notes: _Notes) -> list[Row]:
    """Return what an option becomes, with its comments above the first of it."""
    rows = [Row(keys=keys, value=value) for keys, value in _translated(option, notes)]
    return [replace(row, notes=_notes_of(option)) for row in rows[:1]] + rows[1:]


def _notes_of(option: Option) -> tuple[Note, ...]:
    return (*option.notes, *(note for part in option.parts for note in part.notes))


def _with_defaults(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows with what flake8 selects unasked, where more is selected beside that."""
    known = {row.keys: row for row in rows}
    more = known.pop(_EXTEND, None)
    if more is None or not isinstance(more.value, list):
        return rows
    first = known.pop(_SELECT, Row(keys=_SELECT, value=[*_SELECTED]))
    old = first.value if isinstance(first.value, list) else [*_SELECTED]
    items = [*old, *(one for one in more.value if one not in old)]
    return (Row(keys=_SELECT, value=items, notes=(*first.notes, *more.notes)), *known.values())


def _as_black_has_it(rows: tuple[Row, ...], old: Old) -> tuple[Row, ...]:
    """Return the rows with a length for the linter alone, where black lays lines out otherwise."""
    length = black_length(old.data, old.situation)
    if length is None:
        return rows
    return tuple(
        replace(row, keys=("lint", "pycodestyle", "max-line-length"))
        if row.keys == ("line-length",)
        else row
        for row in rows
        if row.keys != ("line-length",) or row.value != length
    )


def _merged(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows with those of one key as one: `ignore` and `extend-ignore` are one to ruff."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        first = found.get(row.keys)
        if first is None or not isinstance(row.value, list) or not isinstance(first.value, list):
            found[row.keys] = row
            continue
        items = [*first.value, *(one for one in row.value if one not in first.value)]
        found[row.keys] = Row(keys=row.keys, value=items, notes=(*first.notes, *row.notes))
    return tuple(found.values())


def _translated(option: Option, notes: _Notes) -> _Rows:
    name = option.name.lower().replace("_", "-")
    translate = _OPTIONS.get(name)
    if translate is None:
        if name not in _SHOWN:
            notes.add(option, f"ruff has nothing like flake8's `{name}`")
        return
    try:
        yield from translate(option, notes)
    except UnmovableError as error:
        notes.add(option, f"{error}, so it is not carried over")


def _codes(key: str) -> Callable[[Option, _Notes], _Rows]:
    def translate(option: Option, notes: _Notes) -> _Rows:
        codes = _known(re.split(r"[,\s]+", option.value), option, notes)
        if codes:
            yield ("lint", key), codes

    return translate


def _known(words: Iterable[str], option: Option, notes: _Notes) -> list[str]:
    """Return the codes that ruff has, and note the others."""
    codes = list(dict.fromkeys(filter(None, words)))
    kept = [one for one in codes if _CODE.fullmatch(one) and known(one)]
    _note_lost([one for one in codes if one not in {*kept, *_DEFAULT_IGNORES}], option, notes)
    return kept


def _note_lost(codes: Sequence[str], option: Option, notes: _Notes) -> None:
    early = [one for one in codes if _CODE.fullmatch(one) and previewed(one)]
    never = [one for one in codes if one not in early]
    end = f": left out of `{option.name}`"
    if never:
        notes.add(option, f"ruff has no rule {', '.join(never)}{end}")
    if early:
        notes.add(option, f"ruff checks {', '.join(early)} only with `preview = true`{end}")


def _length(option: Option, notes: _Notes) -> _Rows:
    yield ("line-length",), whole(option)


def _number(*keys: str) -> Callable[[Option, _Notes], _Rows]:
    def translate(option: Option, notes: _Notes) -> _Rows:
        yield keys, whole(option)

    return translate


def _complexity(option: Option, notes: _Notes) -> _Rows:
    if (most := whole(option)) >= 0:  # a negative number turns it off
        yield ("lint", "mccabe", "max-complexity"), most


def _exclude(option: Option, notes: _Notes) -> _Rows:
    items = [one for one in re.split(r"[,\s]+", option.value) if one]
    kept = [one.removeprefix("./").rstrip("/") for one in items]
    kept = [one for one in kept if one and one not in _EXCLUDED]
    if kept:
        yield ("extend-exclude",), kept


def _per_file(option: Option, notes: _Notes) -> _Rows:
    found: dict[str, list[str]] = {}
    files: list[str] = []
    fresh = True
    for word, colon in re.findall(r"([^\s,:]+)\s*(:?)", option.value):
        if colon or not _CODE.fullmatch(word):
            files = [word] if fresh else [*files, word]
            fresh = bool(colon)
            for path in files if colon else ():
                found.setdefault(path.removeprefix("./"), [])
        else:
            fresh = True
            for path in files:
                found[path.removeprefix("./")].append(word)
    for path, words in found.items():
        if codes := _known(words, option, notes):
            yield ("lint", "per-file-ignores", path), codes


def _words(*keys: str) -> Callable[[Option, _Notes], _Rows]:
    def translate(option: Option, notes: _Notes) -> _Rows:
        yield keys, [one for one in re.split(r"[,\s]+", option.value) if one]

    return translate


def _choice(choices: Mapping[str, str], *keys: str) -> Callable[[Option, _Notes], _Rows]:
    def translate(option: Option, notes: _Notes) -> _Rows:
        value = choices.get(option.value.strip().lower())
        if value is None:
            notes.add(option, f"ruff has nothing like `{option.name} = {option.value}`")
        else:
            yield keys, value

    return translate


def _relative(option: Option, notes: _Notes) -> _Rows:
    if truth(option):
        yield ("lint", "flake8-tidy-imports", "ban-relative-imports"), "all"


_QUOTES = {"'": "single", "single": "single", '"': "double", "double": "double"}
_LONG_QUOTES = {**_QUOTES, "'''": "single", '"""': "double"}
_STYLES = {"google": "google", "numpy": "numpy", "pep257": "pep257"}
_OPTIONS: Mapping[str, Callable[[Option, _Notes], _Rows]] = {
    "ban-relative-imports": _relative,
    "builtins": _words("builtins"),
    "docstring-convention": _choice(_STYLES, "lint", "pydocstyle", "convention"),
    "docstring-quotes": _choice(_LONG_QUOTES, "lint", "flake8-quotes", "docstring-quotes"),
    "exclude": _exclude,
    "extend-exclude": _exclude,
    "extend-ignore": _codes("ignore"),
    "extend-select": _codes("extend-select"),
    "ignore": _codes("ignore"),
    "inline-quotes": _choice(_QUOTES, "lint", "flake8-quotes", "inline-quotes"),
    "max-complexity": _complexity,
    "max-doc-length": _number("lint", "pycodestyle", "max-doc-length"),
    "max-line-length": _length,
    "multiline-quotes": _choice(_LONG_QUOTES, "lint", "flake8-quotes", "multiline-quotes"),
    "per-file-ignores": _per_file,
    "select": _codes("select"),
    "application-import-names": _words("lint", "isort", "known-first-party"),
}

MOVER = Mover(name="flake8", order=40, moves=_moves)
