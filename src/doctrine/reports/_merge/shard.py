"""One of the reports that are merged, and where its part lies in the project."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from doctrine.reports import _shape as shape

_replace = msgspec.structs.replace
_FINGERPRINT_DIGITS = 16


class Shard(Struct, frozen=True, kw_only=True):
    """A report of a part.

    Attributes:
        name: What the user called it, for messages.
        folder: POSIX folder of the part, relative to the project; empty when the part was judged
            from the project's own root.
        report: The report.
    """

    name: str
    folder: str
    report: shape.ReportV1

    @property
    def label(self) -> str:
        """Return what tells the part from the others."""
        return self.folder or self.name


def placed(shard: Shard) -> shape.ReportV1:
    """Return a shard's report as the project's root sees it.

    Args:
        shard: The shard.

    Returns:
        Paths lie under the shard's folder, and fingerprints are made anew from it: two parts may
        have the same file with the same defect, which are two.
    """
    if not shard.folder:
        return shard.report
    move = _Move(shard.folder)
    report = shard.report
    facts = tuple(
        _replace(one, evidence=move.evidence(one.evidence)) for one in report.project.facts
    )
    return _replace(
        report,
        project=_replace(report.project, facts=facts),
        clauses=tuple(map(move.clause, report.clauses)),
        findings=tuple(map(move.finding, report.findings)),
        recommendations=tuple(
            _replace(one, evidence=move.evidence(one.evidence)) for one in report.recommendations
        ),
    )


class _Move:
    """Moves everything under a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def path(self, path: str) -> str:
        return self._folder if path in {"", "."} else f"{self._folder}/{path}"

    def print(self, fingerprint: str) -> str:
        text = f"{self._folder}\0{fingerprint}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest()[:_FINGERPRINT_DIGITS]

    def prints(self, fingerprints: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(map(self.print, fingerprints)))

    def evidence(self, places: Iterable[shape.EvidenceV1]) -> tuple[shape.EvidenceV1, ...]:
        return tuple(_replace(one, path=self.path(one.path)) for one in places)

    def finding(self, one: shape.FindingV1) -> shape.FindingV1:
        silenced = one.suppression
        return _replace(
            one,
            fingerprint=self.print(one.fingerprint),
            path=self.path(one.path),
            suppression=_replace(silenced, path=self.path(silenced.path)) if silenced else None,
        )

    def clause(self, one: shape.ClauseV1) -> shape.ClauseV1:
        waiver, attestation = one.waiver, one.attestation
        return _replace(
            one,
            findings=self.prints(one.findings),
            checks=tuple(
                _replace(
                    check,
                    evidence=self.evidence(check.evidence),
                    findings=self.prints(check.findings),
                )
                for check in one.checks
            ),
            waiver=waiver
            and _replace(
                waiver,
                path=self.path(waiver.path),
                paths=tuple(map(self.path, waiver.paths)),
                findings=self.prints(waiver.findings),
            ),
            attestation=attestation and _replace(attestation, path=self.path(attestation.path)),
        )
