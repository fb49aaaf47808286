"""A run that was judged, as it is kept: what answers the same question again."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from doctrine.cache.changes import PARTS, Change, Parts
from doctrine.cache.decoding import decoded
from doctrine.cache.store import Key, Store
from doctrine.model.decoders import msgpack_decoder

_RUN, _INPUTS, _PROJECT, _WRITTEN = "judged", "inputs", "project", "written"


class Judged(Struct, frozen=True, kw_only=True):
    """The outcome of a run.

    Attributes:
        started: When it began, in ISO 8601, UTC.
        exit_code: What the gate answered; None where there was nothing to judge.
        scored: Whether there was a score, so that it has a place in the history.
        summary: What the next run compares itself with.
    """

    started: str
    exit_code: int | None
    scored: bool
    summary: bytes


class Latest(Struct, frozen=True, kw_only=True):
    """What is known of the latest run of a project, judged in one way.

    Attributes:
        run: Digest of what it depended on; empty where it was not kept.
        before: Digest of what the last one that was kept depended on; empty without one.
        at: When it began, in ISO 8601, UTC.
        reused: Whether it was answered from what was kept.
        unfit: Why it was not kept, in words; empty where it was.
        changes: Why it was not answered from what was kept: what had changed.
        tools: Whether each tool's result was reused.
    """

    run: str
    before: str
    at: str
    reused: bool
    unfit: str = ""
    changes: tuple[Change, ...] = ()
    tools: Mapping[str, bool] = msgspec.field(default_factory=dict[str, bool])


class Runs:
    """The judged runs that a store keeps."""

    def __init__(self, store: Store) -> None:
        """Look at nothing yet."""
        self._store = store

    def any(self) -> bool:
        """Return whether there may be one."""
        return self._store.holds(_RUN)

    def find(self, run: str) -> Judged | None:
        """Return the run that depended on exactly this."""
        return decoded(self._store.read(Key(kind=_RUN, digest=run)), _JUDGED)

    def keep(self, run: str, judged: Judged, parts: Parts) -> bool:
        """Keep a run, and what it depended on; return whether it is kept."""
        inputs = Key(kind=_INPUTS, digest=run)
        return self._store.write(inputs, msgspec.msgpack.encode(parts)) and self._store.write(
            Key(kind=_RUN, digest=run), msgspec.msgpack.encode(judged)
        )

    def parts(self, run: str) -> Parts | None:
        """Return what a run depended on; None where nobody knows any more."""
        return decoded(self._store.read(Key(kind=_INPUTS, digest=run)) if run else None, PARTS)

    def latest(self, project: str, manner: str) -> Latest | None:
        """Return what is known of the latest run.

        Args:
            project: Absolute folder of the project.
            manner: How it was judged: the part of it, above all.
        """
        return decoded(self._store.read(Key.of(_PROJECT, project, manner)), _LATEST)

    def note(self, project: str, manner: str, latest: Latest) -> None:
        """Remember what the latest run was."""
        self._store.write(Key.of(_PROJECT, project, manner), msgspec.msgpack.encode(latest))

    def written(self, path: str) -> str:
        """Return the digest of what doctrine wrote into a file last; empty if nobody knows."""
        raw = self._store.read(Key.of(_WRITTEN, path))
        return "" if raw is None else raw.decode("ascii", "replace")

    def wrote(self, path: str, digest: str) -> None:
        """Remember what a file holds that doctrine wrote."""
        if digest and self.written(path) != digest:
            self._store.write(Key.of(_WRITTEN, path), digest.encode())


_JUDGED = msgpack_decoder(Judged)
_LATEST = msgpack_decoder(Latest)
