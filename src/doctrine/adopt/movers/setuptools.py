"""What ``setup.py`` and ``setup.cfg`` say of a project: ``[project]`` and ``[tool.setuptools]``.

setuptools stays what builds the project. ``setup.py`` is read and never run: what has to be computed
stays in it, and ``[project]`` calls it dynamic, so that no value is given twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._build_system import build_system
from doctrine.adopt.movers._built import BUILT, TOOL
from doctrine.adopt.movers._described import PARTS, PROJECT, Part, Result, checked
from doctrine.adopt.movers._ini import Ini, Note, read_ini
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Mover, Old, at, left, mentions
from doctrine.adopt.movers._said import CannotCarryError, Said, lines_in
from doctrine.adopt.movers._setup_cfg import FILE as CFG
from doctrine.adopt.movers._setup_cfg import (
    Cannot,
    UnknownSectionError,
    described_in,
    sections_of,
    spans,
)
from doctrine.adopt.setup_script.remains import STUB, Remains, remains
from doctrine.adopt.setup_script.script import Argument, Script, Unknown, script_of
from doctrine.adopt.setup_script.values import Lines, Text
from doctrine.documents import table

SCRIPT = "setup.py"
_STAYS = frozenset(
    {
        "cffi_modules", "cmdclass", "command_options", "distclass", "ext_modules", "ext_package",
        "headers", "include_dirs", "libraries", "namespace_packages", "options", "rust_extensions",
        "setup_requires",
    }
)  # fmt: skip
"""What ``setup`` takes and ``pyproject.toml`` cannot say."""
_IDLE = {
    "convert_2to3_doctests": "nothing reads it since setuptools 58",
    "dependency_links": "pip does not follow them",
    "eager_resources": "nothing reads them",
    "test_loader": "`setup.py test` is gone since setuptools 72",
    "test_suite": "`setup.py test` is gone since setuptools 72",
    "use_2to3": "nothing reads it since setuptools 58",
}
"""What ``setup`` takes and no build does anything with."""
_GROUP = "test"


class _Plan(Struct, kw_only=True):
    """What is found while the tables are made.

    Attributes:
        result: The tables.
        kept: What stays in ``setup.py``, and why.
        stays: What stays in ``setup.cfg``.
        obstacles: Why nothing moves.
        idle: What goes, since nothing reads it.
        requires: What the build asks for beyond the usual.
    """

    result: Result
    kept: dict[str, str] = field(default_factory=dict[str, str])
    stays: dict[str, Cannot] = field(default_factory=dict[str, Cannot])
    obstacles: list[Left] = field(default_factory=list[Left])
    idle: list[Left] = field(default_factory=list[Left])
    requires: tuple[str, ...] = ()


def _moves(old: Old) -> Iterable[Move | Left]:
    ini = read_ini(old.texts.get(CFG, ""))
    described = not isinstance(ini, str) and bool(sections_of(ini))
    if not (SCRIPT in old.texts or described) or table(old.data, "project"):
        return
    if any(table(old.data, "tool", one) for one in ("poetry", "flit", "pdm")):
        return
    if isinstance(ini, str):
        if re.search(r"^\s*\[(?:metadata|options)", old.texts[CFG], re.MULTILINE):
            yield left(f"{CFG} is not moved: {ini}", f"mend it, {AGAIN}")
            return
        ini = Ini(sections=())
    yield from _moved(old, ini)


def _moved(old: Old, ini: Ini) -> Iterator[Move | Left]:
    written = old.texts.get(SCRIPT)
    script = None if written is None else script_of(written.replace("\r\n", "\n"), old.read)
    if isinstance(script, Unknown):
        yield _obstacle(SCRIPT, script.line, script.why)
        return
    try:
        described = described_in(ini)
    except UnknownSectionError as error:
        yield _obstacle(CFG, error.line, str(error))
        return
    said = described.said
    plan = _Plan(result=Result(read=old.read))
    unknown = _merged(said, script)
    unknown |= _unread(described.unread, {*said, *unknown}, plan)
    _look(said, unknown, plan)
    _write(said, unknown, plan)
    _around(old, said, unknown, plan)
    rest = remains(script, plan.kept) if script is not None else None
    if script is not None and rest is None:
        why = f"what is left of it ({', '.join(sorted(plan.kept))}) cannot be told from the rest"
        plan.obstacles.append(_obstacle(SCRIPT, 1, why))
    if plan.obstacles:
        yield from plan.obstacles
    else:
        yield _move(old, ini, plan, rest)


def _obstacle(path: str, line: int, why: str) -> Left:
    return at(path, line, f"{path} is not moved: {why}", f"change that, {AGAIN}")


def _unread(
    unread: Mapping[str, Cannot], others: Collection[str], plan: _Plan
) -> dict[str, Unknown]:
    """Note what of ``setup.cfg`` nobody can read; what ``setup.py`` says as well comes from there."""
    plan.stays = {name: one for name, one in unread.items() if name not in others}
    return {name: Unknown(why=one.why, line=one.line) for name, one in plan.stays.items()}


def _merged(said: dict[str, Said], script: Script | None) -> dict[str, Unknown]:
    """Put what ``setup.py`` says over what ``setup.cfg`` does, as setuptools has it."""
    unknown: dict[str, Unknown] = {}
    for one in script.arguments if script is not None else ():
        if isinstance(one.value, Unknown):
            unknown[one.name] = one.value
            said.pop(one.name, None)
        elif not _is_nothing(one):
            notes, between = _comments(script, one)
            said[one.name] = Said(
                name=one.name, path=SCRIPT, line=one.line, value=one.value, notes=notes,
                between=between,
            )  # fmt: skip
    return unknown


def _is_nothing(one: Argument) -> bool:
    return one.value is None or (isinstance(one.value, list | dict | str) and not one.value)


def _comments(
    script: Script | None, one: Argument
) -> tuple[tuple[Note, ...], Mapping[int, tuple[Note, ...]]]:
    if script is None:
        return (), {}
    above, between = script.comments(one)
    return (
        tuple(Note(text=text, line=line) for line, text in above),
        {at_: tuple(Note(text=text, line=line) for line, text in these)
         for at_, these in between.items()},
    )  # fmt: skip


def _look(said: dict[str, Said], unknown: Mapping[str, Unknown], plan: _Plan) -> None:
    """Note what has no place in ``pyproject.toml``, and what nothing reads."""
    known = {name for part in (*PARTS, *BUILT) for name in part.names} | {"tests_require"}
    for name, one in [*said.items()]:
        if name in _IDLE:
            plan.idle.append(at(one.path, one.line, f"`{name}` goes: {_IDLE[name]}"))
            del said[name]
        elif name in _STAYS - known - {"setup_requires"}:
            _stay(name, one, "pyproject.toml cannot say it", plan)
        elif name not in known | _STAYS and one.path == CFG:
            plan.idle.append(at(CFG, one.line, f"`{name}` goes: setuptools does not know it"))
        elif name not in known | {"setup_requires"}:
            plan.obstacles.append(_obstacle(one.path, one.line, f"`{name}` is not understood"))
    _look_at_unknown(unknown, known, plan)


def _stay(name: str, one: Said, why: str, plan: _Plan) -> None:
    """Note that something stays in the file that says it."""
    if one.path == SCRIPT:
        plan.kept.setdefault(name, why)
    else:
        plan.stays[name] = Cannot(line=one.line, why=why)


def _look_at_unknown(unknown: Mapping[str, Unknown], known: Collection[str], plan: _Plan) -> None:
    """Note what stays in the script, and what nobody knows."""
    for name, reason in unknown.items():
        if name in plan.stays:
            continue
        if name in _IDLE or name == "tests_require":
            plan.kept[name] = reason.why
        elif name not in known:
            if name in _STAYS:
                plan.kept[name] = reason.why
            else:
                said = f"`{name}` is not understood: {reason.why}"
                plan.obstacles.append(_obstacle(SCRIPT, reason.line, said))


def _write(said: Mapping[str, Said], unknown: Mapping[str, Unknown], plan: _Plan) -> None:
    """Make the tables."""
    every = {*said, *unknown}
    for part in (*PARTS, *BUILT):
        names = [one for one in part.names if one in every]
        reasons = [unknown[one].why for one in names if one in unknown]
        if names and not reasons:
            reasons = _written(part, said, plan.result)
        if reasons:
            _keep(part, names, said, reasons[0], plan)
    _demand(every, plan)


def _demand(every: Collection[str], plan: _Plan) -> None:
    """Note what ``[project]`` cannot do without."""
    if "name" not in every:
        plan.obstacles.append(
            left("setup.py is not moved: nothing says what the project is called")
        )
    if not {"version", "use_scm_version"}.intersection(every):
        plan.obstacles.append(left("setup.py is not moved: nothing says which version it is"))


def _written(part: Part, said: Mapping[str, Said], result: Result) -> list[str]:
    """Write some fields; return why that cannot be, nothing if it can."""
    before = {table_: len(rows) for table_, rows in result.rows.items()}
    count = len(result.dynamic)
    try:
        part.write(said, result)
    except CannotCarryError as error:
        _undo(result, before, count)
        return [str(error)]
    return []


def _undo(result: Result, before: Mapping[tuple[str, ...], int], count: int) -> None:
    for name in [*result.rows]:
        del result.rows[name][before.get(name, 0) :]
        if not result.rows[name] and name not in before:
            del result.rows[name]
    del result.dynamic[count:]


def _keep(
    part: Part, names: Sequence[str], said: Mapping[str, Said], why: str, plan: _Plan
) -> None:
    """Leave fields in the file that says them, or note that they cannot stay there."""
    text = any(name in plan.stays or _is_text(said.get(name)) for name in names)
    if part.dynamic is None or (part.tabled and text):
        path, line = _place(names, said, plan)
        plan.obstacles.append(_obstacle(path, line, f"`{names[0]}` cannot be carried: {why}"))
        return
    plan.result.dynamic.extend(part.dynamic)
    for name in names:
        if name in said:
            _stay(name, said[name], why, plan)
        elif name not in plan.stays:
            plan.kept[name] = why


def _is_text(one: Said | None) -> bool:
    return one is not None and isinstance(one.value, str | Text)


def _place(names: Sequence[str], said: Mapping[str, Said], plan: _Plan) -> tuple[str, int]:
    """Return where the first of some fields stands that it is known of."""
    for name in names:
        if name in plan.stays:
            return CFG, plan.stays[name].line
        if name in said:
            return said[name].path, said[name].line
    return SCRIPT, 1


def _around(
    old: Old, said: Mapping[str, Said], unknown: Mapping[str, Unknown], plan: _Plan
) -> None:
    """Make what the build needs, and the group of the tests."""
    every = {*said, *unknown}
    if "include_package_data" not in every:
        plan.result.put(TOOL, "include-package-data", False)
    if "ext_modules" in every and not {"packages", "py_modules"} & every:
        plan.result.put(TOOL, "packages", [])
        plan.result.put(TOOL, "py-modules", [])
    scm = ("tool", "setuptools_scm")
    if table(old.data, *scm) and plan.result.rows.get(scm) == []:
        del plan.result.rows[scm]
    if "tests_require" in said:
        _tests(old, said["tests_require"], plan)
    if "setup_requires" in said:
        one = said["setup_requires"]
        try:
            plan.requires = tuple(checked(lines_in(one.value)))
        except CannotCarryError as error:
            if one.path == CFG:
                _stay("setup_requires", one, str(error), plan)
                return
            plan.obstacles.append(_obstacle(one.path, one.line, f"`setup_requires`: {error}"))


def _tests(old: Old, one: Said, plan: _Plan) -> None:
    value = one.value
    if isinstance(value, Lines):
        value = old.read(value.path) or ""
    try:
        items = checked(lines_in(value))
    except CannotCarryError as error:
        text = f"`tests_require` goes, since nothing reads it since setuptools 72: {error}"
        plan.idle.append(at(one.path, one.line, text, "`uv add --dev` what the tests need"))
        return
    if _GROUP in table(old.data, "dependency-groups"):
        text_ = f"`tests_require` goes, since there is a group `{_GROUP}` already"
        plan.idle.append(at(one.path, one.line, f"{text_}: {', '.join(items)}"))
    else:
        plan.result.put(("dependency-groups",), _GROUP, items, one)


def _move(old: Old, ini: Ini, plan: _Plan, rest: Remains | None) -> Move | Left:
    built = build_system(old, plan.requires, old_backend=rest is not None and rest.imports_own)
    if isinstance(built, Left):
        return built
    block, sets = built
    sections = sections_of(ini)
    part = "part of " if plan.stays else ""
    names = [
        *([SCRIPT] if rest is not None else []),
        *([f"{part}[metadata] and [options] of {CFG}"] if sections else []),
    ]
    lines = {one.line for one in plan.stays.values()}
    cuts = [Cut(path=CFG, first=a, last=b) for a, b in spans(ini, plan.stays, lines)]
    blocks = (*block, *_blocks(plan.result))
    later = [*plan.idle, *map(left, plan.result.remarks), *_staying(plan)]
    if rest is not None:
        kept, more = _script(old, plan, rest, blocks)
        cuts.append(Cut(path=SCRIPT, rest=kept))
        later += more
    return Move(
        what=" and ".join(names), blocks=blocks, cuts=tuple(cuts), left=tuple(later), sets=sets
    )


def _staying(plan: _Plan) -> Iterator[Left]:
    """Yield what stays in ``setup.cfg``, which setuptools goes on reading."""
    for name, one in plan.stays.items():
        text = f"`{name}` stays in {CFG}, where setuptools goes on reading it: {one.why}"
        yield at(CFG, one.line, text)


def _blocks(result: Result) -> Iterator[Block]:
    """Yield the tables, what describes the project first."""
    if result.dynamic:
        dynamic = [*dict.fromkeys(result.dynamic)]
        names = [row.keys[0] for row in result.rows[PROJECT]]
        where = 1 if names[:1] == ["name"] else 0
        result.rows[PROJECT].insert(where, Row(keys=("dynamic",), value=dynamic))
    found = [*result.blocks()]
    yield from sorted(found, key=lambda one: (_ORDER.index(one.table[0]), one.table[:2] != TOOL))


_ORDER = ("project", "dependency-groups", "tool")


def _script(
    old: Old, plan: _Plan, rest: Remains, blocks: Sequence[Block]
) -> tuple[str | None, list[Left]]:
    """Return what ``setup.py`` holds then, and what a person should know of that."""
    later = [
        at(SCRIPT, _line(old, name), f"`{name}` stays in setup.py: {why}")
        for name, why in plan.kept.items()
    ]
    later += [
        at(SCRIPT, line, "this stays in setup.py, since it does more than describe the project")
        for line in rest.acts
    ]
    later += [
        at(SCRIPT, line, f"this comment is not carried over: {comment}")
        for line, comment in _together(_lost(rest, blocks))
    ]
    if rest.text is not None:
        return rest.text, later
    user = next(mentions(old.situation.project.texts, SCRIPT), None)
    if user is None:
        return None, later
    later.append(
        at(user[0], user[1], "it names setup.py, of which a bare call of `setup` stays therefore",
           "remove setup.py once nothing names it")
    )  # fmt: skip
    return STUB, later


def _lost(rest: Remains, blocks: Sequence[Block]) -> Iterator[tuple[int, str]]:
    """Yield the comments that no table has, but for those that speak to editors."""
    carried = {
        note.text
        for block in blocks
        for notes in (block.notes, block.below, *block.inner())
        for note in notes
    }
    for line, comment in rest.comments:
        if comment not in carried and not re.match(r"#.*(?:coding[:=]|vim?:)", comment):
            yield line, comment


def _together(comments: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield comments, those on lines right below each other as one."""
    first, last, text = 0, -1, ""
    for line, comment in comments:
        if line == last + 1:
            last, text = line, f"{text} {comment}"
            continue
        if text:
            yield first, text
        first, last, text = line, line, comment
    if text:
        yield first, text


def _line(old: Old, name: str) -> int:
    lines = enumerate(old.texts[SCRIPT].splitlines(), start=1)
    found = (number for number, one in lines if re.search(rf"\b{re.escape(name)}\s*=", one))
    return next(found, 1)


MOVER = Mover(name="setuptools", order=55, moves=_moves)
