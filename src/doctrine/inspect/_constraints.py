"""Does a requirement limit the versions it admits?"""

from __future__ import annotations

import re

_OPERATOR = re.compile(r"(?:===|==|~=|!=|<=|>=|<|>|\^|~)")
_VACUOUS = re.compile(r">=?\s*0(?:\.0)*(?:\.?(?:dev|a|b|rc)?0*)?")
_BRANCHES = frozenset({"main", "master", "develop", "dev", "trunk", "head", "latest", "stable"})


def is_constrained(specifier: str) -> bool:
    """Tell whether a specifier excludes anything but single versions.

    ``*`` and ``>=0`` admit everything, and ``!=`` alone only takes out a few; a bare version is
    a constraint in the tables of Poetry.
    """
    return any(_limits(part.strip()) for part in re.split(r"[,|]+", specifier))


def has_upper_bound(specifier: str) -> bool:
    """Tell whether a specifier ends somewhere."""
    parts = (part.strip() for part in re.split(r"[,|]+", specifier))
    return any(part and not part.startswith((">", "!=")) and part != "*" for part in parts)


def _limits(part: str) -> bool:
    if not part or part in {"*", "==*"} or part.startswith("!="):
        return False
    return not _VACUOUS.fullmatch(part) and bool(_OPERATOR.match(part) or part[0].isdigit())


def is_pinned(url: str) -> bool:
    """Tell whether a direct reference names one fixed content: a commit, a tag, or a hash."""
    if url.startswith("file:") or "://" not in url:
        return True
    address, _, fragment = url.partition("#")
    if re.search(r"\b(?:sha256|sha384|sha512)=[0-9a-fA-F]{64,}", fragment):
        return True
    path = address.partition("://")[2].partition("/")[2]
    revision = path.rpartition("@")[2] if "@" in path else ""
    return is_version_control(url) and bool(revision) and revision.lower() not in _BRANCHES


def is_version_control(url: str) -> bool:
    """Tell whether a direct reference goes to a version control system."""
    return url.startswith(("git+", "hg+", "svn+", "bzr+"))
