"""The page in a real browser: what works with and without its script, and what it never does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Browser, Page, expect

from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports._shape import ReportV1
from doctrine.reports._stored import stored
from doctrine.reports._text import visible
from tests.reports.build import a_finding, a_perfect_report, a_report, an_empty_report
from tests.reports.html.chromium import started
from tests.reports.html.drawn import Everywhere, Lines, page_of
from tests.reports.strategies import FAST, NASTY, REPORTS

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("default"),
    pytest.mark.no_cover,  # what draws the page is covered without a browser
]
SOURCE = Lines({"src/acme/tokens.py": [f"line {number}" for number in range(1, 60)]})


@dataclass
class Reader:
    """Opens pages, and notes what they ask for and complain of."""

    browser: Browser
    folder: Path
    requests: list[str] = field(default_factory=list[str])
    trouble: list[str] = field(default_factory=list[str])

    def open(
        self, text: str, fragment: str = "", *, script: bool = True, dark: bool = False
    ) -> Page:
        for context in self.browser.contexts:
            context.close()
        file = self.folder / "report.html"
        file.write_text(text, "utf-8")
        page = self.browser.new_page(
            viewport={"width": 1200, "height": 900},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        page.set_default_timeout(10_000)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.trouble.append(message.text))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(file.as_uri() + fragment)
        if script:
            page.wait_for_function("document.readyState === 'complete'")
            page.evaluate(
                "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))"
            )
        return page

    def innocent(self) -> bool:
        """Whether nothing but the page itself was asked for, and nothing went wrong."""
        return not self.trouble and all(
            one.startswith(("file:", "data:")) and "evil" not in one for one in self.requests
        )


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with started() as browser:
        yield Reader(browser, Path(mkdtemp()))


@pytest.fixture(autouse=True)
def _fresh(reader: Reader) -> Iterator[None]:
    reader.requests.clear()
    reader.trouble.clear()
    yield
    assert reader.innocent(), (reader.trouble, reader.requests)


def _many(count: int) -> ReportV1:
    report = a_report()
    found = tuple(
        a_finding(f"{number:016x}", path=f"src/acme/m{number // 40:04}.py", line=number % 40 + 1)
        for number in range(count)
    )
    return stored(replace(report, findings=(*found, *report.findings)))


def _visible(page: Page) -> list[str]:
    rows = page.locator("tr.clause:visible")
    return [rows.nth(index).get_attribute("id") or "" for index in range(rows.count())]


@settings(
    max_examples=6,
    deadline=None,
    phases=FAST,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(report=REPORTS)
def test_hostile_content_runs_nothing_and_fetches_nothing(reader: Reader, report: Report) -> None:
    page = reader.open(page_of(report, Everywhere(*NASTY)))
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("window.hacked") is None
    assert reader.innocent(), (reader.trouble, reader.requests)
    shown = page.locator("#finding-table .where").evaluate_all(
        "(all) => all.map((one) => one.textContent)"
    )
    paths = {visible(one.path) for one in stored(report).findings}
    assert set(shown) == {"the project" if one == "." else one for one in paths}


def test_every_nasty_text_is_shown_as_it_is(reader: Reader) -> None:
    nasty = [one for one in NASTY if one]
    found = tuple(
        a_finding(f"{number:016x}", path=f"x/{text}", message=text, line=1)
        for number, text in enumerate(nasty)
    )
    page = reader.open(page_of(replace(a_report(), findings=found), Everywhere("<b>", *NASTY)))
    shown = page.locator("#finding-table .where").evaluate_all(
        "(all) => all.map((one) => one.textContent)"
    )
    assert shown == [visible(f"x/{text}") for text in nasty]
    assert page.evaluate("window.hacked") is None


def test_the_filters_narrow_the_clauses_and_say_how_far(reader: Reader) -> None:
    page = reader.open(page_of(a_report()))
    report = stored(a_report())
    form = page.locator("#clause-filter")
    told = form.locator("output")
    expect(told).to_have_text(f"{len(report.clauses)} clauses")
    form.get_by_role("button", name="fail").click()
    failing = [one.id for one in report.clauses if one.outcome == "fail"]
    assert sorted(_visible(page)) == sorted(failing)
    expect(told).to_have_text(f"{len(failing)} of {len(report.clauses)} clauses")
    expect(form.get_by_role("button", name="fail")).to_have_attribute("aria-pressed", "true")
    form.get_by_label("Level").select_option("MUST")
    musts = [one.id for one in report.clauses if one.outcome == "fail" and one.level == "MUST"]
    assert sorted(_visible(page)) == sorted(musts)
    form.get_by_label("Search").fill("random cryptographic")
    assert _visible(page) == ["SEC005"]
    form.get_by_role("button", name="Show all").click()
    expect(told).to_have_text(f"{len(report.clauses)} clauses")
    form.get_by_label("Section").select_option(label=report.clauses[0].section)
    here = [one.id for one in report.clauses if one.section == report.clauses[0].section]
    assert _visible(page) == here
    assert page.locator("#clause-table tbody:visible").count() == 1


def test_a_count_at_the_top_filters_the_clauses(reader: Reader) -> None:
    page = reader.open(page_of(a_report()))
    page.locator(".counts a", has_text="unverified").click()
    assert set(_visible(page)) == {
        one.id for one in stored(a_report()).clauses if one.outcome == "unverified"
    }


def test_the_address_of_a_clause_opens_it(reader: Reader) -> None:
    page = reader.open(page_of(a_report()), "#SEC005")
    row = page.locator("#SEC005")
    expect(row.locator(".body")).to_be_visible()
    expect(row).to_be_in_viewport()
    expect(page.locator("#LNT001 .body")).not_to_be_visible()
    # A filter that hides a clause gives way to its address.
    page.locator("#clause-filter").get_by_role("button", name="pass").click()
    expect(row).not_to_be_visible()
    page.evaluate("location.hash = '#LNT001'")
    expect(page.locator("#LNT001 .body")).to_be_visible()


def test_the_address_of_a_finding_shows_it_among_thousands(reader: Reader) -> None:
    sought = f"{7321:016x}"
    page = reader.open(page_of(_many(8000)), f"#{sought}")
    row = page.locator(f"#finding-{sought}")
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()
    expect(row.locator("th")).to_have_text("2:5")
    expect(page.locator("#finding-filter output")).to_have_text("8,098 findings")
    assert page.locator("tr.finding").count() <= 50


def test_findings_are_paged_filtered_and_searched(reader: Reader) -> None:
    page = reader.open(page_of(a_report(), SOURCE))
    form = page.locator("#finding-filter")
    told = form.locator("output")
    expect(told).to_have_text("98 findings")
    expect(page.locator(".pager span")).to_have_text("1 to 50 of 98")
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".pager span")).to_have_text("51 to 98 of 98")
    expect(page.get_by_role("button", name="Previous")).to_be_focused()
    form.locator("[name=clause]").select_option("SEC005")
    shown = [one for one in stored(a_report()).findings if "SEC005" in one.clauses]
    expect(told).to_have_text(f"{len(shown)} of 98 findings")
    form.get_by_label("Search").fill("TOKENS.py")
    expect(told).to_have_text("2 of 98 findings")
    quote = page.locator("tr.finding .quote").first
    expect(quote.locator(".meant .number")).to_have_text("12")
    expect(quote.locator("mark")).to_have_text(" 12")
    form.get_by_role("button", name="Show all").click()
    form.locator("[name=standing]").select_option(label="suppressed in the project (1)")
    expect(page.locator("#finding-table .where")).to_have_text("tests/load.py")


def test_the_map_and_the_table_lead_to_the_findings_of_a_file(reader: Reader) -> None:
    page = reader.open(page_of(a_report()))
    page.locator("#files-table summary").click()
    page.get_by_role("link", name="src/acme/tokens.py").click()
    expect(page.locator("#finding-filter output")).to_have_text("2 of 98 findings")
    expect(page.locator("#findings")).to_be_focused()
    page.get_by_role("button", name="In src/acme/tokens.py: show all files").click()
    expect(page.locator("#finding-filter output")).to_have_text("98 findings")
    page.locator("svg.map a", has_text="mail.py").first.click()
    expect(page.locator("#finding-table .where").first).to_have_text("src/acme/mail.py")


def test_what_is_new_is_shown_alone(reader: Reader) -> None:
    report = stored(a_report())
    base = replace(
        report, findings=tuple(one for one in report.findings if one.fingerprint != "r2")
    )
    page = reader.open(page_of(report, base=base))
    page.locator("section[aria-labelledby=since] summary").click()
    page.get_by_role("link", name="All that is new").click()
    expect(page.locator("#finding-filter output")).to_have_text("1 of 98 findings")
    expect(page.locator("tr.finding")).to_have_attribute("id", "finding-r2")
    page.get_by_label("only new").uncheck()
    expect(page.locator("#finding-filter output")).to_have_text("98 findings")


def test_a_clause_leads_to_all_its_findings(reader: Reader) -> None:
    page = reader.open(page_of(a_report()), "#TYP006")
    page.get_by_role("link", name="All 73 findings of TYP006").click()
    expect(page.locator("#finding-filter output")).to_have_text("73 of 98 findings")


def test_without_a_script_the_page_reads_well(reader: Reader) -> None:
    page = reader.open(page_of(a_report()), script=False)
    for clause in stored(a_report()).clauses:
        row = page.locator(f"#{clause.id}")
        expect(row.locator(".statement")).to_be_visible()
        assert not clause.reason or row.locator(".reason").is_visible()
    for control in ("#clause-filter", "#finding-filter", "#finding-pages", "#theme"):
        expect(page.locator(control)).not_to_be_visible()
    expect(page.get_by_text("needs the script of this page")).to_be_visible()
    page.locator("#SEC005 summary").click()
    expect(page.locator("#SEC005 .body")).to_be_visible()
    expect(page.locator("#SEC005 .places li")).to_have_count(3)


def test_a_keyboard_is_enough(reader: Reader) -> None:
    page = reader.open(page_of(a_report()))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the report")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    search = page.locator("#clause-filter").get_by_label("Search")
    expect(search).to_be_focused()
    page.keyboard.type("a/b")
    expect(search).to_have_value("a/b")
    search.fill("SEC005")
    page.locator("#SEC005 th a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#SEC005 .body")).to_be_visible()


def test_the_theme_follows_the_system_until_it_is_chosen(reader: Reader) -> None:
    def paper(page: Page) -> int:
        found = str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        return int(found.removeprefix("rgb(").split(",")[0])

    page = reader.open(page_of(a_report()), dark=True)
    assert paper(page) < 60
    button = page.locator("#theme")
    expect(button).to_have_text("Theme: system")
    button.click()
    expect(button).to_have_text("Theme: light")
    assert paper(page) > 200
    for _ in range(5):
        # A browser that is busy writes down later what a page asks it to keep.
        page.wait_for_timeout(200)
        page.reload()
        expect(button).to_be_visible()
        if button.inner_text() == "Theme: light":
            break
    expect(button).to_have_text("Theme: light")
    assert paper(page) > 200
    button.click()
    assert paper(page) < 60


def test_printed_everything_is_open_and_nothing_can_be_pressed(reader: Reader) -> None:
    page = reader.open(page_of(a_report()))
    page.emulate_media(media="print")
    for hidden in ("#clause-filter", "#finding-filter", "#finding-pages", ".bar-top", "#theme"):
        expect(page.locator(hidden)).not_to_be_visible()
    expect(page.get_by_text("is not printed")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    expect(page.locator("#SEC005 .places li").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_BARRIERS = """
(rules) => axe.run({ resultTypes: ["violations"], ...rules }).then((found) =>
  found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`))
"""
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_ALL_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["full", "perfect", "empty"])
def test_axe_finds_no_barrier(reader: Reader, name: str, *, dark: bool) -> None:
    reports = {"full": a_report, "perfect": a_perfect_report, "empty": an_empty_report}
    page = reader.open(page_of(reports[name](), SOURCE), dark=dark)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(_AXE)
    # Colours take four fifths of the time, and depend on the theme alone; all else on the width alone.
    assert page.evaluate(_BARRIERS, _COLOURS) == []
    if dark:
        return
    assert page.evaluate(_BARRIERS, _ALL_BUT_COLOURS) == []
    page.set_viewport_size({"width": 380, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert page.evaluate(_BARRIERS, _ALL_BUT_COLOURS) == []


def test_many_findings_are_few_elements(reader: Reader) -> None:
    page = reader.open(page_of(_many(50_000)))
    expect(page.locator("#finding-filter output")).to_have_text("50,098 findings")
    assert page.locator("tr.finding").count() == 50
    assert int(page.evaluate("document.querySelectorAll('*').length")) < 12_000
    page.locator("#finding-filter").get_by_label("Search").fill("m1234")
    expect(page.locator("#finding-filter output")).to_have_text("40 of 50,098 findings")
    assert json.loads(page.locator("#ledger").inner_text())["rows"]["line"][:2] == [1, 2]
