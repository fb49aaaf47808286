"""Which programs a shell script runs, and whether the failure of each reaches its caller."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from doctrine.model.replacing import replace
from doctrine.project.automation._grammar import (
    AndOr,
    Case,
    Function,
    GrammarError,
    Group,
    If,
    Loop,
    Piece,
    Pipeline,
    Script,
    Simple,
    parse_script,
)
from doctrine.project.automation._lexer import Part
from doctrine.project.automation._powershell import plain_commands
from doctrine.project.automation._words import assignment, expand

_CALLS = 12
_MOST = 4_000
_SILENT = frozenset(
    {"true", ":", "echo", "printf", "[", "[[", "test", "export", "local", "declare", "readonly",
     "shift", "read", "trap", "umask", "unset", "shopt", "return", "wait", "let", "alias"}
)  # fmt: skip
_SKIPS = {"true": "||", ":": "||", "echo": "||", "printf": "||", "false": "&&"}
"""What follows a program that has one result only, and keeps the next one from running."""
_ASKING = frozenset(
    {"[", "[[", "test", "false", "command", "which", "type", "hash", "grep", "git", "cd"}
)
"""Programs that ask something, so that what follows ``||`` runs wherever the answer is no."""
_STARTERS = frozenset(
    {"uv", "uvx", "run", "poetry", "pipenv", "pdm", "hatch", "exec", "python", "python3"}
)
"""Words that say who starts a program, and not which."""
_ENDINGS = frozenset({"EXIT", "0", "ERR"})
_EXITS_WELL = re.compile(r"\bexit[ \t]+0\b")
_EXITED = re.compile(r"""\b(?:exit|return)[ \t]+["']?\$\{?(\w+)""")
_TESTED = re.compile(r"""\[\s+["']?\$\{?(\w+)[^\n]*\n?[^\n]*?\b(?:exit|return)\s+["']?[1-9$]""")


class Run(Struct, frozen=True, kw_only=True):
    """A program that a script runs.

    Attributes:
        argv: Program and arguments; expressions stay as written.
        line: 1-based line in the script.
        why_not: Why its failure does not reach the caller; empty if it does.
        cwd: Folder it runs in, relative to where the script was started.
        env: Variables whose values are known.
    """

    argv: tuple[str, ...]
    line: int
    why_not: str = ""
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict[str, str])


class Shell(Struct, frozen=True, kw_only=True):
    """How a script is run.

    Attributes:
        errexit: Whether it stops at the first failure (``-e``).
        pipefail: Whether a failure inside a pipe counts.
        last_only: Whether only the exit code of the last program counts (PowerShell, cmd).
        args: Positional arguments.
        env: Variables whose values are known.
    """

    errexit: bool = False
    pipefail: bool = False
    last_only: bool = False
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])


def shell_runs(source: str, shell: Shell) -> tuple[Run, ...]:
    """Return the programs that a script runs, in order.

    Raises:
        GrammarError: The script cannot be understood.
    """
    if not shell.last_only:
        return _walked(source, shell)
    try:
        runs = _walked(source, shell)
    except GrammarError:
        return _of_powershell(source, shell)
    return (*(_outdone(run) for run in runs[:-1]), *runs[-1:])


def _walked(source: str, shell: Shell) -> tuple[Run, ...]:
    walk = _Walk(source, shell)
    walk.take(source, "")
    return tuple(walk.runs)


def _of_powershell(source: str, shell: Shell) -> tuple[Run, ...]:
    lines = plain_commands(source)
    if lines is None:
        raise GrammarError("PowerShell that is more than plain commands")
    walk = _Walk(source, replace(shell, last_only=False))
    runs: list[Run] = []
    for line in lines:
        why = "it stands in a block of PowerShell" if line.nested else ""
        walk.runs = []
        walk.take(line.text, why)
        placed = (replace(run, line=line.number) for run in walk.runs)
        runs += placed if line.last and not line.nested else map(_outdone, placed)
    return tuple(runs)


def _outdone(run: Run) -> Run:
    why = "only the last command of a PowerShell or cmd script counts"
    return replace(run, why_not=run.why_not or why)


class _TooManyError(Exception):
    """The script runs more programs than anybody reads."""


class _Walk:
    def __init__(self, source: str, shell: Shell) -> None:
        self.runs: list[Run] = []
        self._errexit = shell.errexit
        self._pipefail = shell.pipefail
        self._args = shell.args
        self._env: dict[str, str] = dict(shell.env)
        self._cwd: str = ""
        self._functions: dict[str, Script] = {}
        self._calls: list[str] = []
        self._exited = {found[1] for found in _EXITED.finditer(source)}
        self._exited |= {found[1] for found in _TESTED.finditer(source)}
        self._steps = 0
        self._tested = False
        """Whether a result is asked for, so that ``set -e`` stops nothing that leads to it."""
        self._trapped = ""
        """Why no failure reaches the caller any more; empty where one does."""

    @property
    def _stops(self) -> bool:
        """Whether a failure ends the script."""
        return self._errexit and not self._tested

    def take(self, source: str, mask: str) -> None:
        """Walk over a text.

        Raises:
            GrammarError: It cannot be understood.
        """
        try:
            self.script(parse_script(source), mask, tail=True)
        except _TooManyError as error:
            raise GrammarError(str(error)) from error

    def script(self, script: Script, mask: str, *, tail: bool) -> bool:
        """Walk over a list; returns whether it leaves the script for good."""
        followers = (*script[1:], None)  # one too many for a script without commands
        for item, following in zip(script, followers, strict=False):
            counts = tail if following is None else self._keeps_status(following)
            lost = "" if self._stops or counts else self._going_on(last=following is None)
            if self._and_or(item, mask or lost, tail=counts):
                return True
        return False

    def _going_on(self, *, last: bool) -> str:
        if last:
            return "its result is not used"
        if self._errexit:
            return "the script goes on: `set -e` stops nothing where the result of all is asked for"
        return "the script goes on after a failure (no `set -e`)"

    def _keeps_status(self, item: AndOr) -> bool:
        """Whether a list only stores or returns the status of what ran before it."""
        words = _words_of(item)
        if words[:1] == ("exit",):
            return words[1:] in {(), ("$?",)}
        return len(words) == 1 and self._stores_failure(words[0])

    def _stores_failure(self, word: str) -> bool:
        name, _, value = word.partition("=")
        return name in self._exited and (value == "$?" or (value.isdigit() and value != "0"))

    def _and_or(self, item: AndOr, mask: str, *, tail: bool) -> bool:
        if item.background:
            mask = mask or "it runs in the background"
        leaves, tested = False, self._tested
        for index, pipeline in enumerate(item.pipelines):
            why = mask or self._lost(item, index, tail=tail)
            self._tested = tested or index < len(item.pipelines) - 1
            leaves = self._pipeline(pipeline, why, tail=tail)
        self._tested = tested
        return leaves and len(item.pipelines) == 1

    def _lost(self, item: AndOr, index: int, *, tail: bool) -> str:
        """Return why the failure of one pipeline of an and-or list is lost."""
        if index and (why := _hangs(item, index)):
            return why
        rest = zip(item.operators[index:], item.pipelines[index + 1 :], strict=True)
        rescue = next((following for operator, following in rest if operator == "||"), None)
        if rescue is not None:
            fails = self._ends_badly((AndOr(pipelines=(rescue,)),))
            return "" if fails else f"followed by `|| {_shown(rescue)}`"
        if index == len(item.pipelines) - 1 or tail:
            return ""
        return "`set -e` does not stop for what stands before `&&`"

    def _ends_badly(self, script: Script) -> bool:
        """Whether a list surely makes its script fail."""
        for item in script:
            words = _words_of(item)
            if words[:1] in {("exit",), ("return",)}:
                return words[1:] != ("0",)
            if len(words) == 1 and self._stores_failure(words[0]):
                return True
            piece = item.pipelines[-1].pieces[-1]
            if isinstance(piece, Group) and self._ends_badly(piece.body):
                return True
        return bool(script) and _words_of(script[-1]) == ("false",)

    def _pipeline(self, pipeline: Pipeline, mask: str, *, tail: bool) -> bool:
        tested = self._tested
        if pipeline.negated:
            mask = mask or "`!` turns its result around"
            self._tested = True
        for piece in pipeline.pieces[:-1]:
            into = _name_of(pipeline.pieces[-1])
            lost = "" if self._pipefail else f"its result is lost in the pipe into `{into}`"
            self._piece(piece, mask or lost, tail=tail)
        leaves = self._piece(pipeline.pieces[-1], mask, tail=tail)
        self._tested = tested
        return leaves

    def _piece(self, piece: Piece, mask: str, *, tail: bool) -> bool:
        self._steps += 1
        if self._steps > _MOST:
            raise _TooManyError(f"more than {_MOST:,} commands")
        match piece:
            case Simple():
                return self._simple(piece, mask)
            case Group():
                return self._group(piece, mask)
            case If():
                self._if(piece, mask, tail=tail)
            case Loop():
                self._loop(piece, mask)
            case Case():
                for body in piece.bodies:
                    self.script(body, mask, tail=tail)
            case Function():
                self._functions[piece.name] = piece.body
        return False

    def _group(self, group: Group, mask: str) -> bool:
        errexit, pipefail, cwd, env = self._errexit, self._pipefail, self._cwd, dict(self._env)
        leaves = self.script(group.body, mask, tail=True)
        if not group.subshell:
            return leaves
        self._errexit, self._pipefail, self._cwd, self._env = errexit, pipefail, cwd, env
        return False

    def _if(self, branching: If, mask: str, *, tail: bool) -> None:
        for position, (condition, body) in enumerate(branching.branches):
            last = position == len(branching.branches) - 1
            self._condition(condition, body, branching.otherwise if last else (), mask)
            if [_words_of(item) for item in condition] != [("false",)]:
                self.script(body, mask, tail=tail)
        self.script(branching.otherwise, mask, tail=tail)

    def _condition(self, condition: Script, body: Script, otherwise: Script, mask: str) -> None:
        tested, self._tested = self._tested, True
        for item in condition:
            negated = item.pipelines[0].negated
            judged = self._ends_badly(body if negated else otherwise)
            why = mask or ("" if judged else "it is only the condition of an `if`")
            for pipeline in item.pipelines:
                self._pipeline(replace(pipeline, negated=False), why, tail=True)
        self._tested = tested

    def _loop(self, loop: Loop, mask: str) -> None:
        self.script(loop.condition, mask or "it is only the condition of a loop", tail=True)
        lost = "" if self._stops else "the loop goes on without `set -e`"
        values = [value for word in loop.words for value in self._expand(word.parts)]
        for value in values[:_CALLS] or [""]:
            if value:
                self._env[loop.variable] = value
            self.script(loop.body, mask or lost, tail=self._stops)
        self._env.pop(loop.variable, None)

    def _expand(self, parts: tuple[Part, ...]) -> Iterator[str]:
        return expand(parts, self._env, self._args)

    def _simple(self, simple: Simple, mask: str) -> bool:
        env = dict(self._env)
        words = list(simple.words)
        while words and (assigned := assignment(words[0].parts, self._env, self._args)):
            env[assigned[0]] = assigned[1]
            words.pop(0)
        argv = tuple(value for word in words for value in self._expand(word.parts))
        if not argv:
            self._env = env
            return False
        if self._builtin(argv, mask):
            return argv[0] == "exit"
        line = words[0].line
        why = mask or self._trapped
        self.runs.append(Run(argv=argv, line=line, why_not=why, cwd=self._cwd, env=env))
        return argv[0] == "exec"

    def _builtin(self, argv: tuple[str, ...], mask: str) -> bool:
        program = argv[0]
        if program in self._functions:
            self._call(program, argv[1:], mask)
        elif program == "set":
            self._set(argv[1:])
        elif program == "trap":
            self._trap(argv[1:])
        elif program in {"cd", "pushd"}:
            self._enter(argv[1:])
        elif program in {"export", "declare", "local", "readonly"}:
            self._declare(argv[1:])
        else:
            return program in _SILENT or program in {"exit", "popd", "false"}
        return True

    def _trap(self, words: tuple[str, ...]) -> None:
        if not _ENDINGS.isdisjoint(words[1:]):
            gone = _EXITS_WELL.search(words[0])
            self._trapped = f"`trap '{words[0]}'` lets the script end well" if gone else ""

    def _enter(self, words: tuple[str, ...]) -> None:
        target = next((word for word in words if not word.startswith("-")), "")
        self._cwd = posixpath.normpath(posixpath.join(self._cwd, target))

    def _declare(self, words: tuple[str, ...]) -> None:
        pairs = (word.partition("=") for word in words)
        self._env.update({name: value for name, equals, value in pairs if equals})

    def _call(self, name: str, args: tuple[str, ...], mask: str) -> None:
        if name in self._calls or len(self._calls) >= _CALLS:
            return
        kept = self._args
        self._calls.append(name)
        self._args = args
        self.script(self._functions[name], mask, tail=True)
        self._args = kept
        self._calls.pop()

    def _set(self, words: tuple[str, ...]) -> None:
        for index, word in enumerate(words):
            if not re.match(r"^[-+]\w+$", word):
                continue
            on = word[0] == "-"
            named = words[index + 1] if word.endswith("o") and index + 1 < len(words) else ""
            if "e" in word or named == "errexit":
                self._errexit = on
            if named == "pipefail":
                self._pipefail = on


def _words_of(item: AndOr) -> tuple[str, ...]:
    """Return the words of a list that is one simple command, else nothing."""
    piece = item.pipelines[0].pieces[0]
    alone = len(item.pipelines) == 1 and len(item.pipelines[0].pieces) == 1
    return tuple(word.text for word in piece.words) if alone and isinstance(piece, Simple) else ()


def _hangs(item: AndOr, index: int) -> str:
    """Return why what stands left of a pipeline keeps it from running whenever its list does."""
    before = _shown(item.pipelines[index - 1])
    if index == 1 and item.operators[0] == _SKIPS.get(_first_word(item.pipelines[0])):
        return f"it never runs after `{before} {item.operators[0]}`"
    if item.operators[index - 1] == "||" and _is_fallback(item.pipelines, index):
        return f"it runs only where `{before}` fails"
    return ""


def _is_fallback(pipelines: tuple[Pipeline, ...], index: int) -> bool:
    """Return whether a program stands in for others: it neither hangs on a test nor tries again."""
    before = [piece for one in pipelines[:index] for piece in one.pieces]
    if any(not isinstance(one, Simple) or _name_of(one) in _ASKING for one in before):
        return False
    told = {word for one in before for word in _telling(one)}
    return not told.issuperset(_telling(pipelines[index].pieces[0])[:2])


def _telling(piece: Piece) -> tuple[str, ...]:
    """Return the words that tell what a command does, without its options and who starts it."""
    words = piece.words if isinstance(piece, Simple) else ()
    texts = (word.text for word in words)
    return tuple(one for one in texts if one not in _STARTERS and not one.startswith("-"))


def _first_word(pipeline: Pipeline) -> str:
    """Return the program of a pipeline that is one command, else nothing."""
    alone = len(pipeline.pieces) == 1 and not pipeline.negated
    return _name_of(pipeline.pieces[0]) if alone else ""


def _name_of(piece: Piece) -> str:
    return piece.words[0].text if isinstance(piece, Simple) and piece.words else "a group"


def _shown(pipeline: Pipeline) -> str:
    piece = pipeline.pieces[0]
    if isinstance(piece, Simple):
        return " ".join(word.text for word in piece.words)
    return "…"
