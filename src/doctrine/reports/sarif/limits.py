"""What code scanning takes from one SARIF file, as GitHub publishes it.

Source: "SARIF support for code scanning" and "SARIF results exceed one or more limits" in GitHub's
documentation. A file beyond a limit is rejected whole. Of the results, 5,000 are shown, by severity;
of a rule's tags, 10; of a result's locations, 100.
"""

from __future__ import annotations

from doctrine.reports._text import sentence

RESULTS = 25_000
"""Results in a run."""
RULES = 25_000
"""Rules in a run."""
NAME = 255
"""Characters of a rule's name."""
DESCRIPTION = 1024
"""Characters of a short or a full description."""
MESSAGE = 1000
"""Characters of a message: no published limit, but 10 MB for the file, compressed by gzip."""


def fitted(text: str, limit: int) -> str:
    """Return a text as one visible line that is never longer than a limit.

    Args:
        text: Anything.
        limit: Most characters.
    """
    line = sentence(text, limit=limit)
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
