"""What can become of a clause or a check."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a clause; exactly one of these."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"
    ATTESTED = "attested"
    UNVERIFIED = "unverified"
    ERROR = "error"


class Verdict(StrEnum):
    """The project as a whole."""

    CONFORMANT = "conformant"
    CONDITIONAL = "conditional"
    INDETERMINATE = "indeterminate"
    NON_CONFORMANT = "non-conformant"
