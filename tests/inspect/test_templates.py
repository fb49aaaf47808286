from __future__ import annotations

import pytest

from doctrine.inspect.templates import INSPECTOR
from doctrine.model.observation import Finding, Severity, Support
from doctrine.model.project import Role
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project


def look(source: str, *, minor: int = 14) -> list[Finding | Support]:
    parsed = parse("src/a.py", Role.SOURCE, source.encode())
    assert isinstance(parsed, ParsedFile)
    return list(INSPECTOR.inspect(parsed, project({"src/a.py": source}, minors=(minor,)).layout))


def found(source: str, *, minor: int = 14) -> list[tuple[str, int]]:
    findings = [one for one in look(source, minor=minor) if isinstance(one, Finding)]
    assert all(one.severity is Severity.INFO for one in findings)
    return [(one.rule, one.location.line) for one in findings]


def test_every_template_is_counted_and_none_is_a_violation() -> None:
    seen = look('a = t"x {y}"\nb = f"{t"{c}"}"\nc = f"{d}"\n')
    assert [one.rule for one in seen] == ["template-string"] * 2


@pytest.mark.parametrize(
    "source",
    [
        'cur.execute(str(t"SELECT {x}"))',
        'text = t"a {x}"\nstr(text)',
        'print(t"a {x}")',
        'cur.execute(t"SELECT {x}")',
        'page = t"<p>{x}</p>"\nresponses.HTMLResponse(page)',
        'q = t"{x}"\nif q.is_safe(): ...',
    ],
)
def test_what_loses_the_template_is_advice(source: str) -> None:
    line = source.count("\n") + 1
    assert found(source) == [("template-as-text", line)]


@pytest.mark.parametrize(
    "source",
    [
        'cur.execute(*render_sql(t"SELECT {x}"))',
        'print(html(t"<p>{x}</p>"))',
        'text = t"{x}"\ntext = render(text)\nprint(text)',
        'a = t"{x}"\nstr(b)',
        'str(f"{x}")',
    ],
)
def test_a_renderer_is_what_templates_are_for(source: str) -> None:
    assert found(source) == []


def test_below_the_floor_a_template_is_a_syntax_error() -> None:
    assert found('a = t"{x}"\nb = t"{y}"\n', minor=13) == [("template-below-floor", 1)]
