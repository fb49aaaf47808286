"""What a gate on the difference between two reports can look at."""

from __future__ import annotations

from enum import StrEnum


class FailOnChange(StrEnum):
    """What a gate on a difference looks at."""

    REGRESSION = "regression"
    """A MUST or SHOULD that is less known to hold than before."""
    NEW_FINDINGS = "new-findings"
    """A defect by some clause that was not there before, or was suppressed."""
    SCORE = "score"
    """A lower strict score."""
    VERDICT = "verdict"
    """A worse verdict."""
    NEVER = "never"
