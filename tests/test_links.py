from __future__ import annotations

import pytest

from doctrine.cli.links import link_template
from doctrine.reports._format import Canvas
from doctrine.reports._rule_docs import documentation
from doctrine.reports.terminal.page import Page


@pytest.mark.parametrize(
    ("environ", "template"),
    [
        ({}, "file://{path}"),
        ({"TERM": "xterm-kitty"}, "file://{path}#{line}"),
        ({"DOCTRINE_LINKS": "none"}, ""),
        ({"DOCTRINE_LINKS": "VSCode"}, "vscode://file{path}:{line}:{column}"),
        ({"DOCTRINE_LINKS": "my://{path}?at={line}"}, "my://{path}?at={line}"),
        ({"DOCTRINE_LINKS": "no such editor"}, "file://{path}"),
        ({"DOCTRINE_LINKS": "x\x1b]8;;{path}"}, "file://{path}"),
    ],
)
def test_the_reader_chooses_what_a_click_opens(environ: dict[str, str], template: str) -> None:
    assert link_template(environ) == template


def test_a_link_holds_the_line_and_a_harmless_path() -> None:
    canvas = Canvas(color=True, links=True, link="e://o?{x}&f={path}:{line}:{column}")
    page = Page(canvas, root="/r")
    page.line(page.place("a b/{line}\x1b.py", 7, 0))
    assert "\x1b]8;;e://o?{x}&f=/r/a%20b/%7Bline%7D%1B.py:7:1\x1b\\" in page.drain()


@pytest.mark.parametrize(
    ("tool", "rule", "address"),
    [
        ("ruff", "S311", "https://docs.astral.sh/ruff/rules/S311/"),
        ("ruff-guide", "UP045", "https://docs.astral.sh/ruff/rules/UP045/"),
        ("ruff", "invalid-syntax", ""),
        ("mypy", "arg-type", "https://mypy.rtfd.io/en/stable/_refs.html#code-arg-type"),
        ("pyright", "reportCallIssue", "https://github.com/microsoft/pyright/blob/main/docs/configuration.md#reportCallIssue"),
        ("pyright", "report\x1b", ""),
        ("ruff", "S311\n", ""),
        ("vulture", "unused-variable", ""),
    ],
)  # fmt: skip
def test_only_what_is_documented_is_linked(tool: str, rule: str, address: str) -> None:
    assert documentation(tool, rule) == address
