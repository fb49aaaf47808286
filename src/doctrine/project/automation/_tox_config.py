"""tox configuration of every spelling as one shape: environments with their commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from doctrine.project.automation._ini import Row, Section
from doctrine.project.automation._tox_names import expand_names, holds, is_generic
from doctrine.project.automation._tox_picking import Picks, picks_of
from doctrine.project.automation._tox_values import substitute, variables_of

_CONDITION = re.compile(r"^(?P<factors>[\w.{}!-]+(?:,\s*[\w.{}!-]+)*)\s*:(?:\s+|$)(?P<rest>.*)$")
_REFERENCE = re.compile(r"\{\[([^\]{}]+)\]\s*([\w-]+)\}")
_SETS = ("set_env", "setenv")
_DEEP = 6
_MOST_ROWS = 2_000


class ToxEnv(Struct, frozen=True, kw_only=True):
    """An environment.

    Attributes:
        commands: Command lines in order, substitutions done as far as they are known.
        deps: Requirements that tox installs.
        ignored: Whether its failure counts for nothing.
        variables: Environment variables that its commands see, as far as they are known.
    """

    commands: tuple[Row, ...] = ()
    deps: tuple[str, ...] = ()
    ignored: bool = False
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


class EnvReader(Protocol):
    """Looks up an environment."""

    def __call__(self, name: str, posargs: str, outer: Mapping[str, str]) -> ToxEnv | None:
        """Return the environment of a name; None when there is none."""
        ...


class ToxConfig(Struct, frozen=True, kw_only=True):
    """What tox would do.

    Attributes:
        path: File it is written in.
        env_list: Environments of a plain ``tox``.
        env: The environment of a name, with the words after ``--`` and the variables outside.
        labels: Environments by label.
        skip_missing: Whether environments without an interpreter are skipped.
        by_interpreter: Whether a plugin picks environments by the running interpreter.
        picks: What it picks on GitHub; None where it has no list.
    """

    path: str
    env_list: tuple[str, ...]
    env: EnvReader
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    skip_missing: bool = False
    by_interpreter: bool = False
    picks: Picks | None = None


class IniTox:
    """tox configuration in INI form."""

    def __init__(self, sections: Mapping[str, Section], *, prefix: str = "") -> None:
        """Take the sections; in ``setup.cfg`` tox's own one is called ``tox:tox``."""
        self._sections = sections
        self._core = sections.get(f"{prefix}tox", {})
        self._generated: dict[str, list[Section]] = {}
        for title, section in sections.items():
            kind, _, names = title.partition(":")
            if kind == "testenv" and names:
                for name in expand_names(names):
                    self._generated.setdefault(name, []).append(section)

    def config(self, path: str) -> ToxConfig:
        """Return the configuration as the shape that is followed."""
        listed = "\n".join(row.text for row in self._rows(self._core, "env_list", "envlist"))
        labels = {
            name.strip(): expand_names(names)
            for row in self._rows(self._core, "labels")
            for name, equals, names in [row.text.partition("=")]
            if equals
        }
        skipping = "".join(row.text for row in self._rows(self._core, "skip_missing_interpreters"))
        return ToxConfig(
            path=path,
            env_list=expand_names(listed),
            env=self.env,
            labels=labels,
            skip_missing=skipping.lower() == "true",
            by_interpreter=bool({"gh-actions", "gh", "travis"} & set(self._sections)),
            picks=self._picks(),
        )

    def _picks(self) -> Picks | None:
        for section in ("gh", "gh-actions"):
            rows = list(self._rows(self._sections.get(section, {}), "python"))
            if rows:
                return picks_of((row.text for row in rows), whole=section == "gh")
        return None

    def known_factors(self) -> frozenset[str]:
        """Return every factor that some name or condition mentions."""
        names = [*self._generated, *self.config("").env_list]
        rows = [row for rows in self._sections.get("testenv", {}).values() for row in rows]
        conditions = [found["factors"] for row in rows if (found := _CONDITION.match(row.text))]
        names += [name.lstrip("!") for one in conditions for name in expand_names(one)]
        return frozenset(factor.lstrip("!") for name in names for factor in name.split("-"))

    def env(self, name: str, posargs: str, outer: Mapping[str, str]) -> ToxEnv | None:
        """Return an environment; None when nothing in the file stands for the name."""
        factors = frozenset(name.split("-"))
        if name not in self._generated:
            unknown = {factor for factor in factors if not is_generic(factor)}
            if not unknown <= self.known_factors() and not is_generic(name):
                return None
        own = self._generated.get(name, [])
        layers = [*own, *self._bases(own)]
        variables = variables_of(self._set(layers, factors), outer)
        commands = [
            Row(text=substitute(row.text, posargs, variables), line=row.line)
            for key in ("commands_pre", "commands", "commands_post")
            for row in _continued(self._value(layers, key, factors))
        ]
        deps = self._value(layers, "deps", factors)
        ignored = self._value(layers, "ignore_outcome", factors)
        return ToxEnv(
            commands=tuple(commands),
            deps=tuple(row.text for row in deps),
            ignored="".join(row.text for row in ignored).lower() == "true",
            variables=variables,
        )

    def _set(self, layers: list[Section], factors: frozenset[str]) -> dict[str, str]:
        """Return the variables that an environment sets, as they are written."""
        key = next((key for layer in layers for key in _SETS if key in layer), _SETS[0])
        rows = _continued(self._value(layers, key, factors))
        pairs = [row.text.partition("=") for row in rows]
        return {name.strip(): value.strip() for name, equals, value in pairs if equals}

    def _bases(self, own: list[Section]) -> list[Section]:
        bases: list[Section] = []
        for section in own:
            for row in section.get("base", ()):
                named = [one.strip() for one in row.text.split(",")]
                both = (key for one in named for key in (one, f"testenv:{one}"))
                bases.extend(self._sections.get(key, {}) for key in both)
        return [*bases, self._sections.get("testenv", {})]

    @staticmethod
    def _rows(section: Section, *names: str) -> tuple[Row, ...]:
        return next((section[name] for name in names if name in section), ())

    def _value(self, layers: list[Section], key: str, factors: frozenset[str]) -> list[Row]:
        rows: tuple[Row, ...] = next((layer[key] for layer in layers if key in layer), ())
        budget = [_MOST_ROWS]
        return [one for row in rows for one in self._resolve(row, factors, _DEEP, budget)]

    def _resolve(
        self, row: Row, factors: frozenset[str], left: int, budget: list[int]
    ) -> list[Row]:
        """Return the rows that a row stands for: conditions decided, references replaced."""
        budget[0] -= 1
        if budget[0] < 0:
            return []
        text = row.text
        if found := _CONDITION.match(text):
            if not holds(found["factors"], factors):
                return []
            text = found["rest"]
        if left and (found := _REFERENCE.fullmatch(text)):
            rows = self._sections.get(found[1], {}).get(found[2].replace("-", "_"), ())
            return [one for each in rows for one in self._resolve(each, factors, left - 1, budget)]
        text = _REFERENCE.sub(lambda found: self._inline(found[1], found[2]), text)
        return [Row(text=text, line=row.line)] if text.strip() else []

    def _inline(self, section: str, key: str) -> str:
        rows = self._sections.get(section, {}).get(key.replace("-", "_"), ())
        return " ".join(row.text for row in rows)


def _continued(rows: list[Row]) -> list[Row]:
    joined: list[Row] = []
    open_row: Row | None = None
    for row in rows:
        text = f"{open_row.text} {row.text}" if open_row else row.text
        line = open_row.line if open_row else row.line
        open_row = None
        if text.endswith("\\"):
            open_row = Row(text=text[:-1].rstrip(), line=line)
        else:
            joined.append(Row(text=text, line=line))
    return [*joined, open_row] if open_row else joined
