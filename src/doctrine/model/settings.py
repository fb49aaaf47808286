"""What the user asked for, from flags and ``[tool.doctrine]``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from doctrine.model.stated import Declaration, Entry, StatedFact


class FailOn(StrEnum):
    """Which clauses the gate looks at."""

    MUST = "must"
    SHOULD = "should"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A report to write: format name and file, ``-`` being stdout."""

    format: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything settable, with defaults.

    Attributes:
        root: Absolute project root.
        paths: Paths inside the root to judge; empty means the whole project.
        jobs: How many tools run at a time; 0 means one per core.
        timeout: Seconds each tool may take.
        fail_on: What the gate looks at.
        format: Format of stdout.
        outputs: Further reports to write.
        install: Make a private environment from the project's lock (needs the network).
        tests: Run the project's tests to measure coverage.
        network: Ask services about the project: which dependencies are known to be vulnerable,
            and what the rule packs say that the project's own commands name.
        audit: Judge as if no suppression existed.
        python: Interpreter of the project's environment, when the user names it.
        exclude: gitignore-style patterns of files that are not the project's own.
        facts: Facts that the user states, by id.
        declarations: Operations that the project declares, as they are written.
        entries: Waivers and attestations, as they are written.
        today: The day of the run in UTC, by which entries expire; None where nobody said it.
        origins: Where each setting that is not a default came from (``pyproject.toml:12``).
    """

    root: str
    paths: tuple[str, ...] = ()
    jobs: int = 0
    timeout: float = 600.0
    fail_on: FailOn = FailOn.MUST
    format: str = "terminal"
    outputs: tuple[Output, ...] = ()
    install: bool = False
    tests: bool = False
    network: bool = False
    audit: bool = False
    python: str = ""
    exclude: tuple[str, ...] = ()
    facts: Mapping[str, StatedFact] = field(default_factory=dict[str, StatedFact])
    declarations: tuple[Declaration, ...] = ()
    entries: tuple[Entry, ...] = ()
    today: datetime.date | None = None
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
