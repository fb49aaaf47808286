"""What ``doctrine check`` was asked on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from doctrine.cli.viewing import USUAL, ViewOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
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
        view: What to show of the report.
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
    view: ViewOptions = USUAL
    history: bool = True

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
        }
        return {key: value for key, value in given.items() if value is not None}

    def again(self) -> str:
        """Return the command that judges alike, without what only chooses how it is told."""
        words = ["doctrine", "check"]
        if self.path != ".":
            words.append(self.path)
        for flag, value in (("--fail-on", self.fail_on), ("--python", self.python)):
            words += (flag, value) if value is not None else ()
        switches = (("install", self.install), ("tests", self.tests), ("network", self.network))
        for name, wanted in switches:
            if wanted is not None:
                words.append(f"--{name}" if wanted else f"--no-{name}")
        if self.audit:
            words.append("--audit")
        return shlex.join(words)
