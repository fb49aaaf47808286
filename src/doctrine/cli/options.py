"""What ``doctrine check`` was asked on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
        quiet: No progress on stderr.
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
    quiet: bool = False

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
