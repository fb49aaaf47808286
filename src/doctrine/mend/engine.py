"""Mend until nothing more can be mended, and take back whatever is not for the better.

Repairs are made in rounds: those that touch each other wait for the next one, and what a repair
leaves behind (an import without use, a line to lay out anew) is seen by judging again. At the end
the project is compared with what it was, file by file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from doctrine.mend.choosing import Wish, chosen, formatted_last, is_importable, only_guides, unused
from doctrine.mend.editing import edited
from doctrine.mend.tally import Rule, added, lessened, tally
from doctrine.model.observation import Applicability
from doctrine.model.replacing import replace
from doctrine.model.report import Report, ReportFinding

Judge = Callable[[Mapping[str, bytes]], Report]
"""Judges the project with the content of some of its files changed."""
Read = Callable[[str], bytes | None]
"""Gives the content that a file has in the project; None where it cannot be read."""
Parses = Callable[[str, bytes], bool]
"""Tells whether a file with such a content can be parsed."""

ROUNDS = 12
"""Judgements at most between two comparisons; ruff itself stops repairing after 100 rounds, which
take it no process each. Real files need three to five."""
_ONE_BY_ONE = 200
"""Repairs of a file that are tried one by one where all of them together cannot be parsed."""


_WAVED = re.compile(rb"#\s*ruff:\s*(?:file-)?(?:ignore|disable)\b")
"""Comments of newer versions of ruff that silence it, and that nothing else reads: where there are
any, the guide's own rules mend nothing."""


class TakenBack(Struct, frozen=True, kw_only=True, order=True):
    """A file that is left as it was, because its repairs were not for the better.

    Attributes:
        path: POSIX path relative to the project root.
        rules: What there would have been more of, or no less.
        worse: Whether there would have been more of it.
    """

    path: str
    rules: tuple[Rule, ...]
    worse: bool = True


class Mended(Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        changes: What files are to hold, by path; those that change.
        before: What they hold.
        wish: What was asked for, clause by clause.
        named: Whether the user named the clauses.
        unused: Clauses that were left out, because the project does not use their tool.
        first: The project before.
        last: The project with the changes.
        taken_back: Files that are left as they were, sorted.
    """

    changes: Mapping[str, bytes]
    before: Mapping[str, bytes]
    wish: Wish
    first: Report
    last: Report
    taken_back: tuple[TakenBack, ...] = ()
    named: bool = False
    unused: frozenset[str] = frozenset()


class Means(Struct, frozen=True, kw_only=True):
    """How the project is looked at.

    Attributes:
        judge: Judges it with changes, each repair with its edits.
        read: Gives files as they are.
        parses: Tells whether a content can be parsed.
    """

    judge: Judge
    read: Read
    parses: Parses


def mend(first: Report, means: Means, wish: Wish) -> Mended:
    """Mend a project's findings.

    Args:
        first: The project as it is, each repair with its edits.
        means: How it is looked at.
        wish: What is asked for.

    Returns:
        The changes that leave no file with more findings of any rule than before.
    """
    named = wish.clauses is not None
    left_out = frozenset[str]() if named else unused(first)
    if not named:
        every = frozenset(clause.id for clause in first.guide.clauses)
        wish = replace(wish, clauses=every - left_out, sure=True)
    work = _Work(first, means, wish)
    report = work.settle(first)
    while work.refuse(report):
        report = work.settle(means.judge(work.changes))
    before = {
        path: old
        for path, new in sorted(work.changes.items())
        if (old := means.read(path)) is not None and old != new
    }
    return Mended(
        changes={path: work.changes[path] for path in before},
        before=before,
        wish=wish,
        named=named,
        unused=left_out,
        first=first,
        last=report,
        taken_back=tuple(sorted(work.taken_back())),
    )


class _Work:
    """The files while they are being mended."""

    def __init__(self, first: Report, means: Means, wish: Wish) -> None:
        self.changes: dict[str, bytes] = {}
        self.refused: dict[str, TakenBack] = {}
        self._first, self._start = first, tally(first)
        self._means, self._wish = means, wish
        self._tried: dict[str, set[Rule]] = {}
        self._risky: dict[str, set[Rule]] = {}
        # What is not tried again in a file: the rest of its repairs may hold without it.
        self._barred: dict[str, set[Rule]] = {}
        self._retried: dict[str, TakenBack] = {}
        # A content that comes back would come back for ever.
        self._seen: set[tuple[str, bytes]] = set()

    def settle(self, report: Report) -> Report:
        """Repair until nothing changes any more; return the last judgement."""
        for _ in range(ROUNDS):
            findings = chosen(report, self._first, self._wish)
            new = dict(self._repaired(findings))
            if not new:
                break
            self.changes.update(new)
            report = self._means.judge(self.changes)
        return report

    def _repaired(
        self, findings: Mapping[str, tuple[ReportFinding, ...]]
    ) -> Iterator[tuple[str, bytes]]:
        for path, asked in findings.items():
            before = None if path in self.refused else self._content(path)
            if before is None or not self._means.parses(path, before):
                continue
            self._seen.add((path, before))
            after, made = self._repair(path, before, self._fit(path, before, asked))
            if (path, after) not in self._seen:
                self._note(path, made)
                yield path, after

    def _note(self, path: str, made: tuple[ReportFinding, ...]) -> None:
        """Remember which rules were repaired in a file, and which of them unsafely."""
        tried, risky = self._tried.setdefault(path, set()), self._risky.setdefault(path, set())
        for one in made:
            tried |= _rules_of(one)
            if one.fix is not None and one.fix.applicability is Applicability.UNSAFE:
                risky |= _rules_of(one)

    def _fit(
        self, path: str, content: bytes, findings: tuple[ReportFinding, ...]
    ) -> tuple[ReportFinding, ...]:
        """Return the findings whose repairs suit a file, the layout last."""
        barred = self._barred.get(path, set())
        return formatted_last(
            one
            for one in _unwaved(content, findings)
            if is_importable(one, content, self._wish) and barred.isdisjoint(_rules_of(one))
        )

    def _content(self, path: str) -> bytes | None:
        return self.changes[path] if path in self.changes else self._means.read(path)

    def _repair(
        self, path: str, before: bytes, findings: tuple[ReportFinding, ...]
    ) -> tuple[bytes, tuple[ReportFinding, ...]]:
        """Make as many repairs as leave a file that can be parsed."""
        repairs = [one.fix.edits if one.fix else () for one in findings]
        done = edited(before, repairs)
        if self._means.parses(path, done.content):
            return done.content, tuple(findings[place] for place in done.made)
        # Each of two repairs may be right and both together wrong: the last statements of a block.
        kept: list[int] = []
        content = before
        for place in done.made[:_ONE_BY_ONE]:
            attempt = edited(before, [repairs[one] for one in (*kept, place)])
            if self._means.parses(path, attempt.content):
                kept.append(place)
                content = attempt.content
        return content, tuple(findings[place] for place in kept)

    def refuse(self, report: Report) -> bool:
        """Take back the files that are worse than they were, or no better; tell whether any was.

        Args:
            report: The project with the changes.
        """
        now = tally(report)
        worse = added(self._start, now)
        better = lessened(self._start, now)
        # What appears in a file that nobody changed is the doing of a change elsewhere.
        strange = tuple(
            rule for path, rules in worse.items() if path not in self.changes for rule in rules
        )
        found = [self._taken_back(path, worse.get(path, strange), better) for path in self.changes]
        for one in filter(None, found):
            del self.changes[one.path]
            again = self._may_try_again(one)
            (self._retried if again else self.refused)[one.path] = one
        return any(found)

    def taken_back(self) -> Iterator[TakenBack]:
        """Yield the files that are as they were, although something was tried."""
        yield from self.refused.values()
        yield from (
            one
            for path, one in self._retried.items()
            if path not in self.changes and path not in self.refused
        )

    def _may_try_again(self, one: TakenBack) -> bool:
        """Return whether a file has repairs that may hold without those that did not."""
        failed = self._risky.pop(one.path, set()) if one.worse else set(one.rules)
        barred = self._barred.setdefault(one.path, set())
        if failed <= barred:
            return False
        barred |= failed
        self._tried.pop(one.path, None)
        self._seen = {seen for seen in self._seen if seen[0] != one.path}
        return True

    def _taken_back(
        self, path: str, worse: tuple[Rule, ...], better: Mapping[str, tuple[Rule, ...]]
    ) -> TakenBack | None:
        """Return why a file is taken back; None where it is for the better."""
        idle = self._tried.get(path, set()) - set(better.get(path, ()))
        still = tuple(sorted(one for one in idle if self._start.get((path, one))))
        if not worse and not still:
            return None
        return TakenBack(path=path, rules=worse or still, worse=bool(worse))


def _rules_of(finding: ReportFinding) -> set[Rule]:
    """Return the rules that a finding violates, one for each tool that reports it."""
    return {Rule(*trace) for trace in finding.traces}


def _unwaved(content: bytes, findings: tuple[ReportFinding, ...]) -> tuple[ReportFinding, ...]:
    if not _WAVED.search(content):
        return findings
    return tuple(one for one in findings if not only_guides(one))
