"""The head of the report: verdict, grade, and what they rest on."""

from __future__ import annotations

from rich.text import Text

from doctrine.model.outcome import Verdict
from doctrine.reports._partial import partial_in_words
from doctrine.reports._shape import ReportV1
from doctrine.reports._standing import (
    ceiling_in_words,
    listed,
    restating,
    waived_in_words,
    withheld_in_words,
)
from doctrine.reports._text import counted, number
from doctrine.reports._words import OUTCOMES
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.styles import letter_style, outcome_style

_VERDICT_STYLES = {
    Verdict.CONFORMANT: "green",
    Verdict.CONDITIONAL: "yellow",
    Verdict.INDETERMINATE: "magenta",
    Verdict.NON_CONFORMANT: "red",
}
_GLYPHS = {
    "A": ("  ###  ", " ## ## ", "##   ##", "##   ##", "#######", "##   ##", "##   ##", "##   ##"),
    "B": ("###### ", "##   ##", "##   ##", "###### ", "##   ##", "##   ##", "##   ##", "###### "),
    "C": (" ##### ", "##   ##", "##     ", "##     ", "##     ", "##     ", "##   ##", " ##### "),
    "D": ("#####  ", "##  ## ", "##   ##", "##   ##", "##   ##", "##   ##", "##  ## ", "#####  "),
    "F": ("#######", "##     ", "##     ", "#####  ", "##     ", "##     ", "##     ", "##     "),
    "": ("       ", "       ", "       ", " ##### ", " ##### ", "       ", "       ", "       "),
}
_HALVES = {"##": "█", "# ": "▀", " #": "▄", "  ": " "}


def write_headline(page: Page, report: ReportV1) -> None:
    """Write verdict, grade, score, assurance, and the counts of every outcome."""
    facts = [verdict(page, report), score(page, report), *_bar(page, report)]
    facts.append(_assurance(page, report))
    if report.partial is not None:
        _write_partial(page, report)
        return
    page.line()
    page.beside(_glyph(page, report.grade.letter), facts)
    page.line()
    if report.clauses:
        page.paragraph(_counts(page, report), "  ")
    page.paragraph(_judged(page, report), "  ")


def _write_partial(page: Page, report: ReportV1) -> None:
    """Write what a partial run looked at: there is neither a letter nor a score to draw."""
    page.line()
    page.paragraph(verdict(page, report), "  ")
    page.paragraph(page.prose(partial_in_words(report)), "  ")
    page.paragraph(_judged(page, report), "  ")


def _glyph(page: Page, letter: str | None) -> tuple[Text, ...]:
    """Return the letter four lines high, or nothing where it would not fit."""
    if page.narrow or not page.unicode:
        return ()
    pixels = _GLYPHS.get(letter or "", _GLYPHS[""])
    style = letter_style(letter)
    return tuple(
        Text(
            "".join(_HALVES[upper + lower] for upper, lower in zip(*rows, strict=True)),
            style=style,
            end="",
        )
        for rows in zip(pixels[::2], pixels[1::2], strict=True)
    )


def verdict(page: Page, report: ReportV1) -> Text:
    """Return the verdict, the letter and the name of the project."""
    style = _VERDICT_STYLES[report.verdict]
    name = report.verdict.value.upper()
    badge = f" {name} " if page.color else name
    text = styled(badge, f"bold reverse {style}")
    letter = report.grade.letter
    grade = f"Grade {letter}" if letter else "No grade"
    text.append(f"  {grade}" if report.partial is None else "  Partial run", style="bold")
    return text.append("  ").append_text(page.plain(report.project.name))


def score(page: Page, report: ReportV1) -> Text:
    """Return the score, and what it could be."""
    grade = report.grade
    if grade.score is None:
        return page.plain("No score: no clause that is scored applies")
    text = Text(end="").append(f"{number(grade.score)} of 100", style="bold")
    ceiling, waived = ceiling_in_words(report), waived_in_words(report)
    if ceiling:
        text.append(f", {ceiling}")
    if waived:
        text.append(f" ({waived})")
    return text


def _bar(page: Page, report: ReportV1) -> list[Text]:
    """Return a bar of what is held, what is open and what is lost."""
    grade = report.grade
    if grade.score is None:
        return []
    columns = min(48, page.width - (16 if not page.narrow else 4))
    held = int(columns * grade.score / 100)
    reachable = int(columns * max(grade.score, grade.score_ceiling or 0.0) / 100)
    style = letter_style(grade.letter)
    bar = styled(page.marks.full * held, style)
    bar.append(page.marks.full * (reachable - held) if page.unicode else "=" * (reachable - held))
    bar.stylize("dim", held, reachable)
    return [bar.append(page.marks.rest * (columns - reachable), style="dim")]


def _assurance(page: Page, report: ReportV1) -> Text:
    grade = report.grade
    text = Text(f"Assurance {number(grade.assurance)}%", end="")
    if grade.provisional:
        text.append(", provisional until it is 70%", style="yellow")
    if grade.letter and grade.capped_by:
        capped = f"capped at {grade.letter} by {listed(grade.capped_by)}"
        text.append(f" {page.marks.separator} {capped}")
    if grade.letter is None and grade.score is not None:
        text.append(f" {page.marks.separator} no letter: {withheld_in_words(report)}")
    return text


def _counts(page: Page, report: ReportV1) -> Text:
    text = Text(counted(len(report.clauses), "clause") + ": ", end="")
    parts: list[Text] = []
    for outcome, words in OUTCOMES.items():
        count = sum(one.outcome is outcome for one in report.clauses)
        if count:
            parts.append(styled(f"{count} {words}", outcome_style(outcome)))
    again = restating(report)
    if again:
        parts.append(styled(again, "dim"))
    return text.append_text(styled(f" {page.marks.separator} ", "dim").join(parts))


def _judged(page: Page, report: ReportV1) -> Text:
    project, guide = report.project, report.guide
    parts = [
        f"{guide.title or guide.id} {guide.version}",
        f"Python {project.target_python} and later" if project.target_python else "",
        f"{counted(project.python_files, 'file')}, {counted(project.lines, 'line')}",
        f"{report.run.seconds:.1f} s",
        f"doctrine {report.doctrine.version}",
    ]
    return page.plain(f" {page.marks.separator} ".join(part for part in parts if part), "dim")
