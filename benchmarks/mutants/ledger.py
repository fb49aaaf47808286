"""What is known of mutants: tried in this or an earlier run, or explained by somebody."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from benchmarks.mutants.breaking import Mutant
from benchmarks.mutants.plans import Plan
from benchmarks.mutants.trying import Fate, Tried

_EXPLAINED = Path(__file__).parent / "explained.toml"


def explanations() -> Mapping[str, str]:
    """Return why a mutant may survive, by its name."""
    return msgspec.convert(tomllib.loads(_EXPLAINED.read_text("utf-8")), dict[str, str])


class Ledger:
    """A file with a line for each mutant that was tried; the last one about it counts."""

    def __init__(self, file: Path, *, again: bool) -> None:
        """Read what is known.

        Args:
            file: Need not be there.
            again: Take what survived for not tried, unless somebody has explained it.
        """
        self._file = file
        self._known: dict[tuple[str, str], Tried] = {}
        lines = file.read_bytes().splitlines() if file.exists() else []
        for line in lines:
            self._put(msgspec.json.decode(line, type=Tried))
        if again:
            told = explanations()
            self._known = {
                key: one
                for key, one in self._known.items()
                if one.fate is not Fate.SURVIVED or one.name in told
            }

    def _put(self, tried: Tried) -> None:
        self._known[tried.name, tried.digest] = tried

    def knows(self, mutant: Mutant) -> bool:
        """Whether this very mutant was tried."""
        return (mutant.name, mutant.digest) in self._known

    def note(self, tried: Tried) -> None:
        """Remember at once what became of a mutant."""
        self._put(tried)
        with self._file.open("ab") as file:
            file.write(msgspec.json.encode(tried) + b"\n")

    def known(self) -> Mapping[tuple[str, str], Tried]:
        """Return what is known, by name and digest."""
        return self._known

    def unexplained(
        self, wanted: Iterable[tuple[Plan, Mutant]], explained: Mapping[str, str]
    ) -> list[str]:
        """Return the names of survivors that nobody has explained."""
        survived = {key for key, one in self._known.items() if one.fate is Fate.SURVIVED}
        return [
            mutant.name
            for _, mutant in wanted
            if (mutant.name, mutant.digest) in survived and mutant.name not in explained
        ]
