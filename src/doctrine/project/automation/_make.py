"""What ``make`` runs: recipes of targets and of what they depend on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from doctrine.model.replacing import replace
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._make_macros import called, unknown_call, without_definitions
from doctrine.project.automation._options import parse_arguments
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._walk import Frame, Walk, joined

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_VALUED = frozenset({"-C", "-f", "-j", "-l", "-I", "-o", "-W", "--directory", "--file",
                     "--makefile", "--jobs"})  # fmt: skip
_ONLY_TELLS = ("-n", "--dry-run", "--just-print", "-q", "--version", "-v", "--help")
_ASSIGNMENT = re.compile(r"^(?:export\s+|override\s+)?([\w.-]+)\s*(\?=|\+=|:{1,3}=|=)\s*(.*)$")
_COMMENT = re.compile(r"(?<=\s)#")
_RULE = re.compile(
    r"^(?P<targets>[^\s:#=][^:#=]*?)\s*::?(?!=)\s*(?P<needs>[^;#=]*)(?:;(?P<recipe>.*))?"
)
_SPECIFIC = re.compile(
    r"^(?P<targets>[^\s:#=][^:#=]*?)\s*::?\s*(?:(?:export|override|private)\s+)*"
    r"(?P<name>[\w.-]+)\s*(?P<operator>\?=|\+=|:{1,3}=|=)\s*(?P<value>.*)$"
)
"""A variable of some targets, and of what is built for them."""
_REFERENCE = re.compile(r"\$(?:\(([\w.-]+)\)|\{([\w.-]+)\}|(\$))")
_AUTOMATIC = re.compile(r"(?<!\$)\$(?:([@*<^])|\(([@*<^])\)|\{([@*<^])\})")
"""Variables that make sets for each target; a doubled sign is the shell's."""
_LINES = re.compile(r"(?<!\\)\n")
"""Between the lines of a macro; a line that goes on stays one."""
_DEEP = 5
_LONGEST = 4_000


class _Rule(Struct):
    line: int
    needs: list[str] = field(default_factory=list[str])
    recipe: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    stem: str = ""


class Makefile:
    """A parsed Makefile: rules and variables; both branches of conditionals are read."""

    def __init__(self, source: str) -> None:
        """Parse; nothing makes it raise."""
        self.rules: dict[str, _Rule] = {}
        source, self.variables = without_definitions(source)
        self.specific: dict[str, dict[str, str]] = {}
        self.ignores = False
        self.includes = bool(re.search(r"^-?s?include\s", source, re.MULTILINE))
        self.one_shell = False
        current: list[_Rule] = []
        for number, text in _logical_lines(source):
            if text.startswith("\t"):
                for rule in current:
                    rule.recipe.append((number, text[1:]))
            elif text.strip() and not text.lstrip().startswith("#"):
                plain = re.sub(r"\s*\\\n\s*", " ", text)
                current = self._line(number, plain, current)

    def _line(self, number: int, text: str, current: list[_Rule]) -> list[_Rule]:
        if assigned := _ASSIGNMENT.match(text.strip()):
            name, operator, value = assigned.groups()
            self._assign(self.variables, name, operator, value)
            return current
        if specific := _SPECIFIC.match(text):
            for target in self.expand(specific["targets"], {}).split():
                own = self.specific.setdefault(target, {})
                self._assign(own, *specific.group("name", "operator", "value"))
            return []
        found = _RULE.match(text)
        return self._rule(number, found) if found else current

    def _assign(self, into: dict[str, str], name: str, operator: str, value: str) -> None:
        before = into.get(name, self.variables.get(name))
        # the blanks in front of a comment belong to the value: `TOX := tox -- # in tox`
        value = _COMMENT.split(value, maxsplit=1)[0]
        if operator == "+=":
            value = f"{before or ''} {value}".strip()
        if operator != "?=" or before is None:
            into[name] = value

    def _rule(self, number: int, found: re.Match[str]) -> list[_Rule]:
        needs = [one for one in self.expand(found["needs"], {}).split() if one != "|"]
        rules: list[_Rule] = []
        for target in self.expand(found["targets"], {}).split():
            self.ignores = self.ignores or (target == ".IGNORE" and not needs)
            self.one_shell = self.one_shell or target == ".ONESHELL"
            rule = self.rules.setdefault(target, _Rule(line=number))
            rule.needs.extend(needs)
            if found["recipe"]:
                rule.recipe.append((number, found["recipe"].strip()))
            rules.append(rule)
        return rules

    def expand(self, text: str, given: Mapping[str, str]) -> str:
        """Replace the variables of the file; those of the shell and automatic ones stay."""
        for _ in range(_DEEP):
            changed = _REFERENCE.sub(lambda found: self._value(found, given), text)
            if changed == text or len(changed) > _LONGEST:
                break
            text = changed
        return text.replace("$$", "$")

    def _value(self, found: re.Match[str], given: Mapping[str, str]) -> str:
        name = found[1] or found[2]
        if not name:
            return found[0]
        if name == "MAKE":
            return "make"
        unknown = found[0] if self.includes else ""
        return given.get(name, self.variables.get(name, unknown))

    def rule(self, target: str) -> _Rule | None:
        """Return the rule of a target, with the recipe of a pattern (``%``) where it has none.

        Make looks for no pattern where a target is phony.
        """
        own = self.rules.get(target)
        phony = self.rules.get(".PHONY")
        if (own is not None and own.recipe) or (phony is not None and target in phony.needs):
            return own
        fitting = (name for name, one in self.rules.items() if one.recipe and _fits(target, name))
        # The longest pattern is the one that leaves least to the sign.
        best = max(fitting, key=len, default="")
        return self._standing_for(target, best, own) if best else own

    def _standing_for(self, target: str, pattern: str, own: _Rule | None) -> _Rule:
        """Return the rule that a pattern is for a target, beside what the target needs itself."""
        rule = self.rules[pattern]
        before, _, after = pattern.partition("%")
        stem = target[len(before) : len(target) - len(after)]
        needs = [*(own.needs if own else ()), *(one.replace("%", stem, 1) for one in rule.needs)]
        return _Rule(line=rule.line, needs=needs, recipe=rule.recipe, stem=stem)

    def first_target(self) -> str:
        """Return the default goal, or an empty string."""
        chosen = self.variables.get(".DEFAULT_GOAL", "").strip()
        plain = (name for name in self.rules if not name.startswith(".") and "%" not in name)
        return chosen or next(plain, "")


def _fits(target: str, pattern: str) -> bool:
    """Return whether a pattern can stand for a target."""
    before, _, after = pattern.partition("%")
    long_enough = len(target) > len(before) + len(after)
    return (
        pattern.count("%") == 1
        and long_enough
        and target.startswith(before)
        and target.endswith(after)
    )


def _logical_lines(source: str) -> Iterator[tuple[int, str]]:
    pending, start = "", 0
    for number, raw in enumerate(source.splitlines(), start=1):
        start = start or number
        if raw.endswith("\\"):
            pending += raw + "\n"  # the shell joins the lines of a recipe by itself
            continue
        yield start, pending + raw
        pending, start = "", 0
    if pending:
        yield start, pending


def _filled(text: str, target: str, rule: _Rule) -> str:
    """Put the automatic variables into a line of a recipe."""
    values = {
        "@": target,
        "*": rule.stem,
        "<": next(iter(rule.needs), ""),
        "^": " ".join(rule.needs),
    }
    return _AUTOMATIC.sub(lambda found: values[found[1] or found[2] or found[3]], text)


def follow_make(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``make`` into the recipes of its targets."""
    parsed = parse_arguments(argv[1:], _VALUED)
    if parsed.has(*_ONLY_TELLS):
        return False
    folder = joined(frame.cwd, next(iter(parsed.values("-C", "--directory")), ""))
    given = parsed.values("-f", "--file", "--makefile")
    found = walk.first_text(folder, *(given or _NAMES))
    if found is None:
        return False
    path, source = found
    file = Makefile(source)
    targets = _targets(parsed.words, file)
    if not any(file.rule(one) for one in targets):
        # What is there and has no rule make calls up to date, and runs nothing.
        there = _are_there(walk, folder, () if file.includes else targets)
        return there or _unknown(walk, path, targets)
    why = "`make -i` ignores failures" if parsed.has("-i", "--ignore-errors") else ""
    inner = replace(frame.into(path, " ".join(argv)), cwd=folder, why_not=frame.why_not or why)
    recipes = _Recipes(walk, file, frame.env, _variables(parsed.words))
    recipes.build_all(targets, inner)
    return True


def _are_there(walk: Walk, folder: str, targets: Argv) -> bool:
    return bool(targets) and all(walk.is_there(joined(folder, target)) for target in targets)


def _variables(words: Argv) -> dict[str, str]:
    """Return the variables that a command line sets."""
    pairs = (word.partition("=") for word in words)
    return {name: value for name, equals, value in pairs if equals}


def _targets(words: Argv, file: Makefile) -> Argv:
    """Return the targets that a command line asks for, or else the file's default goal."""
    asked = tuple(word for word in words if "=" not in word) or (file.first_target(),)
    return tuple(target for target in asked if target)


def _unknown(walk: Walk, path: str, targets: Argv) -> bool:
    walk.note(path, f"it has no target `{' '.join(targets)}`, which is asked for")
    return False


class _Recipes:
    """Builds targets, each once."""

    def __init__(
        self, walk: Walk, file: Makefile, outer: Mapping[str, str], asked: Mapping[str, str]
    ) -> None:
        self._walk = walk
        self._file = file
        self._outer = outer
        self._asked = asked
        self._done: set[str] = set()

    def build_all(self, targets: Argv, frame: Frame) -> None:
        """Build targets, one after the other."""
        for target in targets:
            self.build(target, frame)

    def build(self, target: str, frame: Frame) -> None:
        """Run what a target needs, then its recipe."""
        stack: list[tuple[str, bool, Mapping[str, str]]] = [(target, False, {})]
        while stack:
            name, ready, specific = stack.pop()
            # Only what is asked for: a pattern would stand for every source file that is needed.
            rule = self._file.rule(name) if name == target else self._file.rules.get(name)
            if rule is None or (name in self._done and not ready):
                continue
            self._done.add(name)
            if ready:
                variables = {**self._outer, **specific, **self._asked}
                self._recipe(name, rule, frame, variables)
            else:
                specific = {**specific, **self._file.specific.get(name, {})}
                stack.append((name, True, specific))
                stack.extend((need, False, specific) for need in reversed(rule.needs))

    def _recipe(self, target: str, rule: _Rule, frame: Frame, variables: Mapping[str, str]) -> None:
        key = f"make:{frame.path}:{target}"
        if key in frame.active:
            return
        frame = replace(frame, active=frame.active | {key})
        recipe = [
            (number, _filled(line, target, rule))
            for number, text in rule.recipe
            for line in _LINES.split(called(text, self._file.variables))
        ]
        if self._file.one_shell:
            source = "\n".join(text.lstrip("@-+") for _, text in recipe)
            start = recipe[0][0] if recipe else rule.line
            text = self._file.expand(source, variables)
            self._walk.script(text, Shell(), frame, lambda line, _argv: start + line - 1)
            return
        for number, text in recipe:
            self._run(text.lstrip(), number, frame, variables)

    def _run(self, text: str, number: int, frame: Frame, variables: Mapping[str, str]) -> None:
        if macro := unknown_call(text):
            self._walk.note(
                frame.path, f"line {number}: it calls {macro}, which it does not define"
            )
            return
        why = frame.why_not or ("`.IGNORE` of make" if self._file.ignores else "")
        expanded = self._file.expand(text, variables).lstrip()
        while expanded[:1] in {"@", "-", "+"} and expanded:
            if expanded[0] == "-":
                why = why or "`-` before the recipe line makes make ignore its failure"
            expanded = expanded[1:].lstrip()
        inner = replace(frame, line=number, why_not=why)
        self._walk.script(expanded, Shell(), inner, lambda line, _argv: number + line - 1)
