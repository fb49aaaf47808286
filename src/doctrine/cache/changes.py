"""What differs between two of those things that a result depends on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from doctrine.model.decoders import msgpack_decoder

MOST_CHANGES = 200
"""Changes that are remembered: whoever wants to know more compares anew."""

Parts = Mapping[str, Mapping[str, str]]
"""Digests and short values by name, in named groups."""
PARTS = msgpack_decoder(dict[str, dict[str, str]])
"""Reads what was kept of them."""


class Change(Struct, frozen=True, kw_only=True):
    """A part that is not as it was.

    Attributes:
        group: ``files``, ``environment`` …
        name: Of the part.
        before: Its value; empty where it was not there.
        after: Likewise.
    """

    group: str
    name: str
    before: str
    after: str


def changes(before: Parts, after: Parts) -> tuple[Change, ...]:
    """Return what differs, the groups with the fewest changes first: those explain the most.

    Args:
        before: The parts of one run.
        after: Those of another.
    """
    found: list[tuple[Change, ...]] = []
    for group in sorted({*before, *after}):
        old, new = before.get(group, {}), after.get(group, {})
        found.append(
            tuple(
                Change(group=group, name=name, before=old.get(name, ""), after=new.get(name, ""))
                for name in sorted({*old, *new})
                if old.get(name) != new.get(name)
            )
        )
    return tuple(one for group in sorted(found, key=len) for one in group)
