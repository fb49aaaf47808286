"""Which environments a plugin of tox picks by the Python that runs it on GitHub.

tox-gh-actions runs those of the list that have all factors of one of the names behind the version;
tox-gh runs just those that stand behind it. What stands behind none never runs there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct, field

from doctrine.project.automation._tox_names import expand_names
from doctrine.project.automation._versions import versions_in

_ENTRY = re.compile(r"\s*(?P<version>[\w.-]+)\s*[:=](?P<names>.*)", re.DOTALL)
_EXACT = re.compile(r"(?:pypy)?3\.\d+t?")


class Picks(Struct, frozen=True, kw_only=True):
    """What a plugin picks.

    Attributes:
        behind: Names by version, as they are written.
        whole: Whether these are names of environments; else each is some factors of one.
    """

    behind: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    whole: bool = False

    def of(self, names: tuple[str, ...], pythons: Iterable[str]) -> tuple[str, ...]:
        """Return the environments that run.

        Args:
            names: Those of the list.
            pythons: Versions that run tox; what is not known to be one stands for each of them.
        """
        chosen = frozenset(self._behind(frozenset(pythons)))
        if self.whole:
            return tuple(sorted(chosen))
        return tuple(name for name in names if _has_all(name, chosen))

    def _behind(self, versions: frozenset[str]) -> Iterator[str]:
        """Yield what stands behind versions: behind any where one of them is not told."""
        told = bool(versions) and all(map(_EXACT.fullmatch, versions))
        keys = {key for one in versions for key in (one, one.partition(".")[0])}
        for version, names in self.behind.items():
            if not told or version in keys:
                yield from names


def _has_all(name: str, wanted: Collection[str]) -> bool:
    factors = frozenset(name.split("-"))
    return any(factors.issuperset(one.split("-")) for one in wanted)


def picks_of(lines: Iterable[str], *, whole: bool) -> Picks:
    """Return what a plugin picks by lines such as ``3.12: py312, lint``.

    Args:
        lines: The lines; one without a version goes on with the names of the last.
        whole: Whether the names are those of environments.
    """
    behind: dict[str, tuple[str, ...]] = {}
    version = ""
    for line in lines:
        found = _ENTRY.fullmatch(line)
        if found is not None:
            version = next(versions_in(found["version"]), found["version"])
        names = expand_names(found["names"] if found is not None else line)
        behind[version] = (*behind.get(version, ()), *names)
    return Picks(behind=behind, whole=whole)
