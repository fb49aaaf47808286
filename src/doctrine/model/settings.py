"""What the user asked for, from flags and ``[tool.doctrine]``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from doctrine.model.outcome import Verdict
from doctrine.model.stated import Declaration, Entry, StatedFact
from doctrine.model.trust import BELIEVED, Trust


class FailOn(StrEnum):
    """Which clauses the gate looks at."""

    MUST = "must"
    SHOULD = "should"
    NEVER = "never"


class GateRules(Struct, frozen=True, kw_only=True):
    """Conditions of the gate beside what ``fail_on`` looks at; None asks for nothing.

    Attributes:
        verdict: The worst verdict that will do.
        min_score: The least strict score, 0 to 100.
        min_assurance: The least assurance, 0 to 100.
        new_findings: The most failing findings that are not in the baseline.
        expired_waivers: The most waivers whose last day is over.
        clauses: ``fnmatch`` patterns of further clauses that may not fail.
    """

    verdict: Verdict | None = None
    min_score: float | None = None
    min_assurance: float | None = None
    new_findings: int | None = None
    expired_waivers: int | None = None
    clauses: tuple[str, ...] = ()


class Output(Struct, frozen=True, kw_only=True):
    """A report to write: format name and file, ``-`` being stdout."""

    format: str
    path: str


class Settings(Struct, frozen=True, kw_only=True):
    """Everything settable, with defaults.

    Attributes:
        root: Absolute project root.
        paths: Paths inside the root to judge; empty means the whole project.
        jobs: How many tools run at a time; 0 means one per core.
        timeout: Seconds each tool may take.
        fail_on: Which clauses the gate looks at.
        gate: What else it asks for.
        baseline: File of the accepted findings, relative to the root; empty for the usual one.
        no_baseline: Whether there is none, even where there is a file.
        format: Format of stdout.
        outputs: Further reports to write.
        install: Make a private environment from the project's lock (needs the network).
        tests: Run the project's tests to measure coverage.
        network: Ask services about the project: which dependencies are known to be vulnerable,
            and what the rule packs say that the project's own commands name.
        audit: Judge as if no suppression existed.
        mending: Let tools say edit by edit how what they find is mended; no setting of a file.
        python: Interpreter of the project's environment, when the user names it.
        exclude: gitignore-style patterns of files that are not the project's own.
        facts: Facts that the user states, by id.
        declarations: Operations that the project declares, as they are written.
        entries: Waivers and attestations, as they are written.
        no_cache: Whether nothing is reused, and nothing kept for a later run.
        cache_dir: Folder of what is kept, where the user or the project names one.
        cache_size: Bytes that it may take.
        trust: How far the project is believed; no setting of a file.
        today: The day of the run in UTC, by which entries expire; None where nobody said it.
        origins: Where each setting that is not a default came from (``pyproject.toml:12``).
    """

    root: str
    paths: tuple[str, ...] = ()
    jobs: int = 0
    timeout: float = 600.0
    fail_on: FailOn = FailOn.MUST
    gate: GateRules = field(default_factory=GateRules)
    baseline: str = ""
    no_baseline: bool = False
    format: str = "terminal"
    outputs: tuple[Output, ...] = ()
    install: bool = False
    tests: bool = False
    network: bool = False
    audit: bool = False
    mending: bool = False
    python: str = ""
    exclude: tuple[str, ...] = ()
    facts: Mapping[str, StatedFact] = field(default_factory=dict[str, StatedFact])
    declarations: tuple[Declaration, ...] = ()
    entries: tuple[Entry, ...] = ()
    no_cache: bool = False
    cache_dir: str = ""
    cache_size: int = 1_000_000_000
    trust: Trust = BELIEVED
    today: datetime.date | None = None
    origins: Mapping[str, str] = field(default_factory=dict[str, str])


OF_THE_RUN = frozenset(
    {
        "cache_dir", "cache_size", "format", "jobs", "no_cache", "origins", "outputs", "root",
        "today",
    }
)  # fmt: skip
"""Settings that say how a report is made or shown, and not what it says: nothing that is kept depends
on them, beyond where a day or an origin shows."""
