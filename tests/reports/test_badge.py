from __future__ import annotations

import json
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given

from doctrine.model.outcome import Verdict
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports._badge import COLORS
from tests.reports.build import a_perfect_report, a_report, an_empty_report
from tests.reports.goldens import rendered
from tests.reports.strategies import DRAWN, REPORTS

SVG = "{http://www.w3.org/2000/svg}"
ENDPOINT = {
    # The properties of https://shields.io/badges/endpoint-badge; it refuses any other.
    "type": "object",
    "additionalProperties": False,
    "required": ["schemaVersion", "label", "message"],
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string"},
        "labelColor": {"type": "string"},
        "isError": {"type": "boolean"},
        "namedLogo": {"type": "string"},
        "logoSvg": {"type": "string"},
        "logoColor": {"type": "string"},
        "logoSize": {"type": "string"},
        "style": {"type": "string"},
        "cacheSeconds": {"type": "integer", "minimum": 0},
    },
}
NAMED = {"brightgreen", "green", "yellowgreen", "yellow", "orange", "red", "blue", "lightgrey"}


@DRAWN
@given(REPORTS)
def test_any_report_is_an_endpoint_that_shields_reads(report: Report) -> None:
    document = json.loads(rendered("shields", report))
    jsonschema.validate(document, ENDPOINT)
    assert document["color"] in NAMED
    # Nothing but a good verdict is green, and no address can make it so.
    good = report.verdict in {Verdict.CONFORMANT, Verdict.CONDITIONAL}
    assert document["isError"] is not good
    assert (document["color"] == "brightgreen") == (report.verdict is Verdict.CONFORMANT)


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (a_report(), "non-conformant · C 84.4"),
        (a_perfect_report(), "conformant · A 100"),
        (an_empty_report(), "indeterminate"),
        (
            replace(a_perfect_report(), grade=replace(a_perfect_report().grade, provisional=True)),
            "conformant · A 100 provisional",
        ),
    ],
)
def test_a_badge_says_the_verdict_and_the_grade(report: Report, message: str) -> None:
    assert json.loads(rendered("shields", report))["message"] == message
    assert ElementTree.fromstring(rendered("badge", report))[-1][-1].text == message  # noqa: S314


@DRAWN
@given(REPORTS)
def test_any_report_is_a_picture_with_a_title_and_nothing_from_elsewhere(report: Report) -> None:
    text = rendered("badge", report)
    svg = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    title = svg.findtext(f"{SVG}title")
    assert title == svg.get("aria-label")
    assert title is not None
    assert report.verdict.value in title
    assert "href" not in text
    assert "<script" not in text
    assert "<style" not in text


def test_each_text_fits_its_field() -> None:
    svg = ElementTree.fromstring(rendered("badge", a_report()))  # noqa: S314 - our own
    texts = svg.findall(f"{SVG}g/{SVG}text")
    fields = [one.get("d", "") for one in svg.findall(f"{SVG}path")]
    left = int(fields[0].removeprefix("M").split()[0])
    assert fields[1].startswith(f"M{left} 0h")
    wide = [left, int(svg.get("width", "")) - left]
    for field, start, text in zip(wide, (0, wide[0]), texts, strict=True):
        length, middle = int(text.get("textLength", "")), float(text.get("x", ""))
        assert start < middle - length / 2
        assert middle + length / 2 < start + field
        # A character of this font is between 3 and 11 pixels wide.
        assert 3 * len(text.text or "") < length < 11 * len(text.text or "")


def test_two_badges_in_one_page_do_not_meddle_with_each_other() -> None:
    one, other = rendered("badge", a_report()), rendered("badge", an_empty_report())
    shared = [line for line in one.splitlines() if " id=" in line]
    assert shared
    assert shared == [line for line in other.splitlines() if " id=" in line]
    assert one.count("url(#") == 1


@pytest.mark.parametrize("color", [*COLORS.values()])
def test_white_text_can_be_read_on_every_colour(color: object) -> None:
    value = getattr(color, "hex", "")
    channels = [int(value[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    luminance = sum(part * one for part, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (luminance + 0.05) >= 4.5
