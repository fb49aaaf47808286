"""What ``hatch`` runs: scripts of its environments, its tests, its formatter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from msgspec import Struct, field

from doctrine.documents import strings, table, tables, text
from doctrine.model.project import TomlFile
from doctrine.model.replacing import replace
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._tasks import Tasks, follow_task, referred, toml_at
from doctrine.project.automation._walk import Frame, Walk

_TALK = frozenset({"-v", "-q", "--verbose", "--quiet"})
_TEST = frozenset({"--cover", "-c", "--parallel", "-p", "--randomize", "-r", "--all", "-a",
                   "--cover-quiet", "--show", "-s"})  # fmt: skip
_MOST = 20
"""Overrides of one environment that are looked at."""
_PYTHON = "python"
_SHORT = {"py": _PYTHON}


class _Asked(Struct, frozen=True, kw_only=True):
    """What ``hatch run`` is asked to run.

    Attributes:
        words: The script, or program, with its arguments.
        only: The values of variables of the matrix that were asked for, by variable.
        without: Those that were left out.
    """

    words: Argv
    only: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    without: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


class _Override(Struct, frozen=True, kw_only=True):
    """A script that some environments of a matrix have instead of another.

    Attributes:
        name: The script.
        value: What it is there.
        whole: Whether every environment that was asked for has it.
    """

    name: str
    value: object
    whole: bool


def follow_hatch(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``hatch run [ENV:]SCRIPT``, ``hatch test`` and ``hatch fmt``."""
    words = tuple(word for word in argv[1:] if word not in _TALK)
    env = "default"
    if words[:1] == ("-e",) and words[2:]:
        env, words = words[1], words[2:]
    if words[:1] == ("test",):
        return _test(walk, words[1:], frame)
    if words[:1] in {("fmt",), ("format",)}:
        return _format(walk, words[1:], frame)
    asked = _asked(words)
    return _run(walk, env, asked, frame) if asked.words else False


def _asked(words: Argv) -> _Asked:
    """Return what ``hatch run`` or ``hatch env run`` is asked to run; nothing for other verbs."""
    if words[:2] == ("env", "run"):
        words = words[1:]
    words = words[1:] if words[:1] == ("run",) else ()
    chosen: dict[str, dict[str, frozenset[str]]] = {"+": {}, "-": {}}
    while words and words[0].startswith(("-", "+")):
        variable, equals, values = words[0][1:].partition("=")
        if equals and not variable.startswith("-"):
            named = _SHORT.get(variable, variable)
            chosen[words[0][0]][named] = frozenset(values.split(","))
        words = words[2:] if words[0] in {"-e", "--env"} else words[1:]
    return _Asked(words=words, only=chosen["+"], without=chosen["-"])


def _run(walk: Walk, env: str, asked: _Asked, frame: Frame) -> bool:
    """Follow a script of an environment; what is none is a program if the environment is named."""
    chosen, colon, script = asked.words[0].partition(":")
    env, name = (chosen, script) if colon else (env, chosen)
    rest = asked.words[1:]
    for file, keys in _tables(walk, env, frame):
        tasks = Tasks(file=file, keys=keys, runner=f"hatch run {env}:".replace(" default:", ""))
        followed = [
            follow_task(walk, one, name, rest, frame) for one in _variants(tasks, name, asked)
        ]
        if any(followed):
            return True
    if colon:
        walk.run((script, *rest), frame)
    return bool(colon)


def _tables(walk: Walk, env: str, frame: Frame) -> Iterator[tuple[TomlFile, tuple[str, ...]]]:
    for name, prefix in (("pyproject.toml", ("tool", "hatch", "envs")), ("hatch.toml", ("envs",))):
        file = toml_at(walk, frame, name)
        if file is not None:
            template = text(table(file.data, *prefix, env).get("template")) or "default"
            for one in dict.fromkeys((env, template)):
                yield file, (*prefix, one, "scripts")


def _variants(tasks: Tasks, name: str, asked: _Asked) -> Iterator[Tasks]:
    """Yield the tables of scripts of the environments that are asked for, as far as they differ."""
    reached = referred(tasks, name)
    env = table(tasks.file.data, *tasks.keys[:-1])
    overrides = [one for one in _overrides(env, asked) if one.name in reached]
    if not any(one.whole for one in overrides):
        yield tasks
    for one in overrides[:_MOST]:
        yield replace(tasks, instead={one.name: one.value})


def _overrides(env: Mapping[str, object], asked: _Asked) -> Iterator[_Override]:
    for variable, options in table(env, "overrides", "matrix").items():
        values = _values(env, variable, asked)
        for entry in tables(_listed(table({"": options}, "").get("scripts"))):
            wanted = frozenset(strings(entry.get("if"))) or values
            if values & wanted and "value" in entry:
                yield _Override(
                    name=text(entry.get("key")), value=entry["value"], whole=values <= wanted
                )


def _values(env: Mapping[str, object], variable: str, asked: _Asked) -> frozenset[str]:
    """Return the values of a variable of the matrix in the environments that are asked for."""
    known = frozenset(
        value for product in tables(env.get("matrix")) for value in strings(product.get(variable))
    )
    named = _SHORT.get(variable, variable)
    return (known & asked.only.get(named, known)) - asked.without.get(named, frozenset())


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _test(walk: Walk, words: Argv, frame: Frame) -> bool:
    parallel = ("-n", "logical") if {"--parallel", "-p"} & set(words) else ()
    rest = tuple(word for word in words if word not in _TEST and word != "--")
    if {"--cover", "-c", "--cover-quiet"} & set(words):
        walk.run(("coverage", "run", "-m", "pytest", *parallel, *rest), replace(frame, brings=True))
    else:
        walk.run(("pytest", *parallel, *rest), replace(frame, brings=True))
    return True


def _format(walk: Walk, words: Argv, frame: Frame) -> bool:
    check = "--check" in words
    brought = replace(frame, brings=True)
    if not {"-f", "--formatter"} & set(words):
        walk.run(("ruff", "check", *(() if check else ("--fix",))), brought)
    if not {"-l", "--linter"} & set(words):
        walk.run(("ruff", "format", *(("--check",) if check else ())), brought)
    return True
