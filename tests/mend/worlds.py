"""A small world to mend in: a word is a finding of the rule of that name, and repairs are known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from doctrine.mend.choosing import Wish
from doctrine.mend.engine import Means, Mended, mend
from doctrine.model.guide import GateCheck
from doctrine.model.observation import Applicability, Edit, Fix, Location, Severity
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Report, Reporter, ReportFinding
from doctrine.model.verdict import CheckResult
from tests.builders import a_clause, a_run, a_verdict
from tests.reports.build import a_report

_WORD = re.compile(r"[a-z]+")


class World:
    """Files and the rules that hold in them.

    Attributes:
        files: Content of the files as they are.
        repairs: What takes the place of a word, by word; a word without any cannot be repaired.
        unsafe: Words whose repair is unsafe.
        advice: Words that are advice only.
        silenced: Words that a comment silences.
        ungated: Words whose tool nothing in the project runs.
        doubtful: Words of whose tool nobody can tell that.
        foreign: Words that the project's own version of their tool may not report.
        tools: Who reports a word, by word; usually the same.
        judged: How often it was judged.
    """

    def __init__(self, files: Mapping[str, str], repairs: Mapping[str, str | None]) -> None:
        self.files = dict(files)
        self.repairs = repairs
        self.unsafe: frozenset[str] = frozenset()
        self.advice: frozenset[str] = frozenset()
        self.silenced: frozenset[str] = frozenset()
        self.ungated: frozenset[str] = frozenset()
        self.doubtful: frozenset[str] = frozenset()
        self.foreign: frozenset[str] = frozenset()
        self.tools: Mapping[str, str] = {}
        self.judged = 0

    def mended(self, wish: Wish | None = None) -> Mended:
        means = Means(judge=self.judge, read=self.read, parses=self.parses)
        return mend(self.judge({}), means, wish or Wish())

    def read(self, path: str) -> bytes | None:
        return self.files[path].encode() if path in self.files else None

    def parses(self, path: str, content: bytes) -> bool:
        return b"broken" not in content

    def judge(self, changes: Mapping[str, bytes]) -> Report:
        self.judged += 1
        texts = {**self.files, **{path: new.decode() for path, new in changes.items()}}
        findings = tuple(
            self._finding(path, found)
            for path, text in sorted(texts.items())
            for found in _WORD.finditer(text)
            if found[0] in self.repairs
        )
        verdicts = tuple(
            replace(
                a_verdict(Outcome.FAIL, clause_id=word.upper()),
                clause=a_clause(word.upper(), checks=(_GATE,)),
                checks=(
                    CheckResult(
                        id="gate",
                        outcome=self._gate(word),
                        detail="",
                        doubted=self._doubted(word, findings),
                    ),
                ),
            )
            for word in self.repairs
        )
        base = a_report()
        return replace(
            base,
            guide=replace(base.guide, clauses=tuple(one.clause for one in verdicts)),
            clauses=verdicts,
            tools=(a_run("words"),),
            findings=findings,
        )

    def _doubted(self, word: str, findings: tuple[ReportFinding, ...]) -> tuple[str, ...]:
        if word not in self.foreign:
            return ()
        return tuple(one.fingerprint for one in findings if one.traces[0][1] == word)

    def _gate(self, word: str) -> Outcome:
        if word in self.doubtful:
            return Outcome.UNVERIFIED
        return Outcome.FAIL if word in self.ungated else Outcome.PASS

    def _finding(self, path: str, found: re.Match[str]) -> ReportFinding:
        word = found[0]
        new = self.repairs[word]
        kind = Applicability.UNSAFE if word in self.unsafe else Applicability.SAFE
        start, end = found.start() + 1, found.end() + 1
        fix = None
        if new is not None:
            edit = Edit(line=1, column=start, end_line=1, end_column=end, content=new)
            fix = Fix(applicability=kind, description=f"write {new}", edits=(edit,))
        return ReportFinding(
            fingerprint=f"{path}:{found.start()}",
            clauses=() if word in self.advice else (word.upper(),),
            location=Location(path=path, column=start, end_column=end),
            message=f"{word} is wrong",
            severity=Severity.INFO if word in self.advice else Severity.ERROR,
            reported_by=(Reporter(tool="words", rule=word),),
            status=FindingStatus.SUPPRESSED if word in self.silenced else FindingStatus.NEW,
            fix=fix,
            traces=((self.tools.get(word, "words"), word),),
        )


_GATE = GateCheck(id="gate", gates=())
