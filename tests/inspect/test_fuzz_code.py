"""Whatever Python code says, no inspector of code raises, and none tells of lines that are not."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctrine.guide.loader import load
from doctrine.inspect._inspector import FileInspector, GatheringInspector
from doctrine.inspect.discovery import inspectors
from doctrine.model.observation import Finding
from doctrine.sights import sights
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project, role_of

EXAMPLES = tuple(
    sorted(
        {
            (path, text)
            for clause in load("python").clauses
            for example in clause.examples
            for path, text in example.files.items()
            if path.endswith(".py") and text.strip()
        }
    )
)
"""Code that the inspectors have something to say about: a better start than random words."""

FRAGMENTS = (
    "x = x.y()\n", "del x\n", "lambda: (yield)\n", "@", "async ", "await ", "with a as b:\n    pass\n",
    "class A(A): pass\n", "global x\n", "*", "**", ":=", "f'{x!r:>{w}}'", "[i for i in i]\n", "()",
    "match x:\n    case [*_]: pass\n", "import a.b as c, d\n", "from . import *\n", "é = 'ß'\n", "\t",
    "\n", "\\\n", "...", "def f(*, a=f): ...\n",
)  # fmt: skip


@st.composite
def code(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a path, and an example's lines cut, repeated, mixed with another's and with odd ones."""
    path, text = draw(st.sampled_from(EXAMPLES))
    _, other = draw(st.sampled_from(EXAMPLES))
    lines = [*text.splitlines(keepends=True), *other.splitlines(keepends=True)]
    for _ in range(draw(st.integers(0, 4))):
        first = draw(st.integers(0, len(lines)))
        last = draw(st.integers(first, min(first + 6, len(lines))))
        piece = lines[first:last]
        lines[first:last] = draw(
            st.sampled_from([[], piece * 2, piece[::-1], [f"    {one}" for one in piece]])
        )
        lines.insert(min(first, len(lines)), draw(st.sampled_from(FRAGMENTS)))
    return path, "".join(lines)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(code())
def test_code_of_any_shape(drawn: tuple[str, str]) -> None:
    path, text = drawn
    parsed = parse(path, role_of(path), text.encode())
    if not isinstance(parsed, ParsedFile):
        return
    judged = project({path: text}, modules=(parsed.module,))
    assert all(one.line <= parsed.module.lines for one in sights(parsed, frozenset({"f"})))
    for inspector in inspectors():
        found: list[Finding] = []
        if isinstance(inspector, FileInspector):
            seen = inspector.inspect(parsed, judged.layout)
            found = [one for one in seen if isinstance(one, Finding)]
        elif isinstance(inspector, GatheringInspector):
            gathering = inspector.begin()
            gathering.look(parsed, judged.layout)
            found = list(gathering.conclude(judged).findings)
        for one in found:
            assert one.rule in inspector.rules
            assert one.location.path != path or one.location.line <= parsed.module.lines
