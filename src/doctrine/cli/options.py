"""What ``doctrine check`` was asked on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from doctrine.cli.viewing import USUAL, ViewOptions


def absolute(file: str | None) -> str | None:
    """Return a file that is named on the command line, whatever folder is judged.

    Args:
        file: Relative to the current folder; empty names nothing, and is told as a mistake.
    """
    return str(Path(file).absolute()) if file else file


class CheckOptions(Struct, frozen=True, kw_only=True):
    """Flags as given; None means not given, so that the configuration file can speak.

    Attributes:
        path: Folder, or file inside a project, to judge.
        format: Format of stdout.
        output: Further reports as ``FORMAT=FILE``.
        fail_on: ``must``, ``should`` or ``never``.
        jobs: Tools at a time.
        timeout: Seconds for each tool.
        python: Interpreter of the project's environment.
        install: Make a private environment from the lock file.
        tests: Run the tests to measure coverage.
        network: Ask services about the project.
        audit: Ignore suppressions.
        baseline: File of the accepted findings, relative to the current folder.
        since: Revision whose failures are taken for accepted.
        staged: Judge what is staged, and no more.
        changed: Judge the files that differ from the last commit, and no more.
        named: Judge the files that are named, and no more.
        files: Their paths, relative to the current folder; a folder among them is the project.
        untrusted: Execute and believe nothing of the project.
        no_baseline: Look at every finding, accepted or not.
        view: What to show of the report.
        base: A stored report to compare with.
        no_cache: Whether nothing is reused, and nothing kept for a later run.
        cache_dir: Folder of what is kept, relative to the current folder.
        history: Whether this run is compared with the last one, and kept for the next.
    """

    path: str = "."
    format: str | None = None
    output: tuple[str, ...] = ()
    fail_on: str | None = None
    jobs: int | None = None
    timeout: float | None = None
    python: str | None = None
    install: bool | None = None
    tests: bool | None = None
    network: bool | None = None
    audit: bool | None = None
    baseline: str | None = None
    no_baseline: bool | None = None
    since: str | None = None
    staged: bool = False
    changed: bool = False
    named: bool = False
    files: tuple[str, ...] = ()
    untrusted: bool = False
    view: ViewOptions = USUAL
    base: str | None = None
    no_cache: bool | None = None
    cache_dir: str | None = None
    history: bool = True

    @property
    def partial(self) -> str:
        """The flag by which a few files were picked; empty for the whole project."""
        flags = {"--staged": self.staged, "--changed": self.changed, "--files": self.named}
        return next((flag for flag, given in flags.items() if given), "")

    def overrides(self) -> Mapping[str, object]:
        """Return the settings that were given, under their names in ``[tool.doctrine]``."""
        given: dict[str, object | None] = {
            "format": self.format,
            "output": list(self.output) or None,
            "fail-on": self.fail_on,
            "jobs": self.jobs,
            "timeout": self.timeout,
            "python": self.python,
            "install": self.install,
            "tests": self.tests,
            "network": self.network,
            "audit": self.audit,
            # A flag is about the folder that its user is in, a setting about the file it is in.
            "baseline": absolute(self.baseline),
            "no-baseline": self.no_baseline,
            "no-cache": self.no_cache,
            "cache-dir": absolute(self.cache_dir),
        }
        return {key: value for key, value in given.items() if value is not None}

    def again(self) -> str:
        """Return the command that judges alike, without what only chooses how it is told."""
        values = {
            "--fail-on": self.fail_on,
            "--python": self.python,
            "--baseline": self.baseline,
            "--since": self.since,
        }
        switches = {
            "--install": self.install,
            "--tests": self.tests,
            "--network": self.network,
            "--audit": self.audit or None,
            "--no-baseline": self.no_baseline or None,
            "--staged": self.staged or None,
            "--changed": self.changed or None,
            "--files": self.named or None,
            "--untrusted": self.untrusted or None,
        }
        words = ["doctrine", "check", *((self.path,) if self.path != "." else ())]
        words += _given(values, switches)
        return shlex.join(words)


def _given(values: Mapping[str, str | None], switches: Mapping[str, bool | None]) -> Iterator[str]:
    """Yield the flags that were given, with their values; a switch may be given as ``--no-``."""
    for flag, value in values.items():
        if value is not None:
            yield from (flag, value)
    for flag, wanted in switches.items():
        if wanted is not None:
            yield flag if wanted else flag.replace("--", "--no-", 1)
