"""Names of distributions, as they are compared."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.]+")


def normalised(name: str) -> str:
    """Return the normalised name of a distribution, as the packaging standard defines it.

    The library that has this function as well needs longer to be imported than a whole run that
    reuses everything takes for the rest of its work.
    """
    return _SEPARATORS.sub("-", name).lower()
