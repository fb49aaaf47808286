"""From the old configuration files to what each of them and ``pyproject.toml`` are to hold."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from msgspec import Struct, field

from doctrine.adopt._toml import changed
from doctrine.adopt._toml_lines import Entry, entries, without_entries
from doctrine.adopt.changes import Change
from doctrine.adopt.edits import PYPROJECT, Edit, Files, Left, Reason, Section
from doctrine.adopt.movers._block import with_blocks
from doctrine.adopt.movers._ini import read_ini, without
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Old, at, left, mentions
from doctrine.adopt.movers.discovery import movers
from doctrine.adopt.setup_script.modules import Read
from doctrine.adopt.situation import Situation
from doctrine.documents import table

_PATTERNS = re.compile(
    r"setup\.cfg|setup\.py|\.?mypy\.ini|\.?pytest\.ini|\.coveragerc|tox\.ini|\.flake8|\.isort\.cfg"
    r"|\.?ruff\.toml|pyrightconfig\.json|Pipfile|Pipfile\.lock|(?:[\w.-]+/)?[\w.-]*requirements[\w.-]*\.(?:txt|in)"
    r"|requirements/[\w.-]+\.(?:txt|in)"
)


class Moved(Struct, frozen=True, kw_only=True):
    """What becomes of the files.

    Attributes:
        edits: The files that change, those that go with no content.
        left: What was not moved.
    """

    edits: tuple[Edit, ...] = ()
    left: tuple[Left, ...] = ()


def is_old(path: str) -> bool:
    """Return whether a mover may ask for a file.

    Args:
        path: Path relative to the project root.
    """
    return _PATTERNS.fullmatch(path) is not None


def moved(situation: Situation, files: Files, read: Read) -> Moved:
    """Return what becomes of the files once old configuration is moved to ``pyproject.toml``.

    Args:
        situation: The project.
        files: Content of ``pyproject.toml`` and of the old files, where they exist.
        read: Returns the text of any file of the project, None where there is none.
    """
    texts = {path: content.decode("utf-8") for path, content in files.items()}
    text = texts.pop(PYPROJECT, "")
    draft = _Draft(situation=situation, before=files, text=text, texts=texts, read=read)
    for mover in movers():
        for one in mover.moves(draft.old()):
            if isinstance(one, Left):
                draft.left.append(one)
            else:
                draft.carry(one)
    return Moved(edits=tuple(draft.edits()), left=tuple(draft.left))


class _Draft(Struct, kw_only=True):
    """The files while they are being changed."""

    situation: Situation
    before: Files
    text: str
    texts: dict[str, str]
    read: Read
    left: list[Left] = field(default_factory=list[Left])
    reasons: dict[str, list[Reason]] = field(default_factory=dict[str, list[Reason]])

    def old(self) -> Old:
        data = tomllib.loads(self.text.removeprefix("\ufeff"))
        return Old(
            situation=self.situation,
            texts=dict(self.texts),
            data=data,
            pyproject=self.text,
            read=self.read,
        )

    def carry(self, move: Move) -> None:
        """Make a move, or note why it cannot be made."""
        after = self._after(move)
        obstacle = self._obstacle(move, after)
        if obstacle is not None:
            self.left.append(obstacle)
            return
        new = self._written(move)
        if new is None:
            self.left.append(_defied(move))
            return
        self.left += move.left
        self.text = new
        self._note(PYPROJECT, f"what {move.what} says")
        for path, rest in after.items():
            self._take(move, path, rest)

    def _after(self, move: Move) -> dict[str, str | None]:
        """Return what is left of the old files; None for one that goes."""
        return {
            path: _cut(self.texts[path], [one for one in move.cuts if one.path == path])
            for path in dict.fromkeys(cut.path for cut in move.cuts)
        }

    def _obstacle(self, move: Move, after: Mapping[str, str | None]) -> Left | None:
        """Return who needs a file that would be gone; one that is written anew is still there."""
        rewritten = {cut.path for cut in move.cuts if cut.rest is not None}
        asked = (path for path in after if path not in rewritten)
        return next((one for path in asked for one in self._needed(path, after)), None)

    def _take(self, move: Move, path: str, text: str | None) -> None:
        """Let an old file be what is left of it."""
        self._note(path, f"{move.what} is in {PYPROJECT} now")
        if text is None:
            self.left += _stray(path, self.texts[path], move)
            del self.texts[path]
        else:
            self.texts[path] = text

    def _note(self, path: str, text: str) -> None:
        clauses = ("CFG001",) if path == PYPROJECT else ("CFG001", _clause(path))
        reason = Reason(section=Section.MOVE, text=text, clauses=clauses)
        self.reasons.setdefault(path, []).append(reason)

    def _written(self, move: Move) -> str | None:
        """Return ``pyproject.toml`` with the tables of a move."""
        text: str | None = self.text
        if move.drops is not None:
            text = _dropped(self.text, move.drops)
        for keys, value in move.sets.items():
            if text is not None:
                text = changed(text, Change(section=Section.MOVE, keys=keys, value=value))
        return text if text is None or not move.blocks else with_blocks(text, move.blocks)

    def _needed(self, path: str, after: Mapping[str, str | None]) -> Iterator[Left]:
        """Yield where a file is named that would be gone, or hold nothing for who names it."""
        for user, line, words in mentions(self.situation.project.texts, path):
            if user in self.before and after.get(user, self.texts.get(user)) is None:
                continue  # gone itself, now or before
            if after[path] is None or "conf" in words or "rcfile" in words:
                text = f"it names {path}, which is not moved therefore"
                yield at(user, line, text, f"take the name out, {AGAIN}")

    def edits(self) -> Iterator[Edit]:
        """Yield what changed."""
        for path, reasons in self.reasons.items():
            text = self.text if path == PYPROJECT else self.texts.get(path)
            after = None if text is None else text.encode("utf-8")
            if after != self.before.get(path, b""):
                before = self.before.get(path)
                once = tuple(one for at, one in enumerate(reasons) if one not in reasons[:at])
                yield Edit(path=path, before=before, after=after, reasons=once)


def _dropped(text: str, gone: Callable[[Entry], bool]) -> str | None:
    """Return a document without some keys; None where it would lose more than them."""
    windows = "\r\n" in text and text.count("\n") == text.count("\r\n")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    unix = text.removeprefix("\ufeff").replace("\r\n", "\n")
    every = entries(unix) or ()
    new = without_entries(unix, gone)
    paths = [one.path for one in every if not one.header and gone(one)]
    if new is None or not _holds(new, _without(tomllib.loads(unix), paths)):
        return None
    return mark + (new.replace("\n", "\r\n") if windows else new)


def _holds(text: str, wanted: Mapping[str, object]) -> bool:
    try:
        return _solid(tomllib.loads(text)) == _solid(wanted)
    except ValueError:
        return False


def _without(data: Mapping[str, object], paths: Iterable[tuple[str, ...]]) -> Mapping[str, object]:
    """Return tables without some keys."""
    rest = copy.deepcopy(dict(data))
    for path in paths:
        holder = table(rest, *path[:-1])
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
    return rest


def _solid(data: object) -> object:
    """Return tables without those that hold nothing."""
    if not isinstance(data, dict):
        return data
    inner = {name: _solid(one) for name, one in cast("dict[str, object]", data).items()}
    return {name: one for name, one in inner.items() if one != {}}


def _clause(path: str) -> str:
    """Return the clause that asks for an old file to go."""
    return "CFG002" if path.startswith("setup.") or "requirements" in path else "CFG003"


def _cut(text: str, cuts: Iterable[Cut]) -> str | None:
    """Return what is left of an old file; None where that is nothing that anybody reads."""
    cuts = tuple(cuts)
    gone = {cut.first: cut.last for cut in cuts}
    if 0 in gone:
        return next((cut.rest for cut in cuts), None)
    rest = without(text, gone)
    ini = read_ini(rest)
    return None if not isinstance(ini, str) and not ini.sections else rest


def _stray(path: str, text: str, move: Move) -> Iterator[Left]:
    """Yield the comments of a file that goes which no table has; a mover looks after a script's."""
    if path.endswith(".py"):
        return
    carried = {
        note.text
        for block in move.blocks
        for notes in (block.notes, block.below, *block.inner())
        for note in notes
    }
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if path.endswith(".json") and bare.startswith("//"):
            bare = f"# {bare.lstrip('/').strip()}"
        if bare[:1] in {"#", ";"} and bare not in carried:
            yield at(path, number, f"this comment is not carried over: {bare}")


def _defied(move: Move) -> Left:
    tables = ", ".join(sorted({".".join(block.table) for block in move.blocks}))
    text = f"{move.what} is not moved: {PYPROJECT} is built in a way that defies [{tables}]"
    return left(text, f"move it yourself, {AGAIN}")
