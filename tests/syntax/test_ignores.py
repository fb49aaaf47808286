"""Comments that ask doctrine to ignore something: found as tokens, about a line, a block or a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Ignore, IgnoreScope, Module, Role
from doctrine.syntax.parse import parse


def found(text: str) -> tuple[Ignore, ...]:
    parsed = parse("a.py", Role.SOURCE, text.encode())
    module = parsed if isinstance(parsed, Module) else parsed.module
    assert module.flaw is None, module.flaw_detail
    return module.ignores


def reach(text: str) -> tuple[int, int]:
    (one,) = found(text)
    return one.first_line, one.last_line


def test_what_it_names_and_why() -> None:
    (one,) = found(
        "x = 1  # doctrine: ignore[SEC005, TYP001]: jitter of retries, see #12  # noqa: S311\n"
    )
    assert (one.word, one.scope) == ("ignore", IgnoreScope.LINE)
    assert one.clauses == ("SEC005", "TYP001")
    assert one.reason == "jitter of retries, see #12"
    assert (one.location.line, one.location.column) == (1, 8)


@pytest.mark.parametrize(
    "text",
    [
        's = "# doctrine: ignore[SEC005] no comment"\n',
        '"""\n# doctrine: ignore[SEC005] no comment\n"""\n',
        "x = 1  # write `# doctrine: ignore[SEC005] why`\n",
        "x = 1  # doctrine: the mapper of objects\n",
        "f'''\n# doctrine: ignore[SEC005] no comment\n'''\n",
    ],
)
def test_text_and_talk_are_no_such_comment(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "clauses", "reason"),
    [
        ("x = 1  # doctrine: ignore\n", (), ""),
        ("x = 1  # doctrine: ignore[] why not\n", (), "why not"),
        ("x = 1  #doctrine:ignore[SEC005]\n", ("SEC005",), ""),
        ("x = 1  # DOCTRINE: IGNORE [sec005] - because of it\n", ("sec005",), "because of it"),
        ("x = 1  # noqa: S311 # doctrine: ignore[SEC005] jitter\n", ("SEC005",), "jitter"),
    ],
)
def test_what_is_left_out_is_left_empty(text: str, clauses: tuple[str, ...], reason: str) -> None:
    (one,) = found(text)
    assert (one.clauses, one.reason) == (clauses, reason)


def test_an_unknown_word_is_kept_for_the_message() -> None:
    (one,) = found("# doctrine: ignore-next-line[SEC005] why\nx = 1\n")
    assert (one.word, one.scope) == ("ignore-next-line", IgnoreScope.NONE)


HERE = "# doctrine: ignore[AAA001] why"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"x = 1  {HERE}\n", (1, 1)),
        (f"x = f(\n    1,  {HERE}\n    2,\n)\n", (2, 2)),
        (f"x = f(\n    1,\n)  {HERE}\n", (1, 3)),
        (f"{HERE}\nx = f(\n    1,\n)\n", (2, 4)),
        (f"{HERE}\n\n# more words\nx = 1\n", (4, 4)),
        (f"x = f(\n    {HERE}\n    1,\n)\n", (3, 3)),
        (f"def f(a,\n      b):  {HERE}\n    pass\n", (1, 2)),
        (f"def f(a,  {HERE}\n      b):\n    pass\n", (1, 1)),
        (f"@deco\ndef f():  {HERE}\n    pass\n", (2, 2)),
        (f"{HERE}\n@deco\ndef f():\n    pass\n", (2, 3)),
        (f"if a:  {HERE}\n    pass\nelse:\n    pass\n", (1, 1)),
        (f"if a:\n    pass\nelif b:  {HERE}\n    pass\n", (3, 3)),
        (f"if a:\n    pass\n{HERE}\nelif b:\n    pass\n", (4, 4)),
        (f"class A:\n    {HERE}\n    x = 1\n", (3, 3)),
        (f"x = 1\n{HERE}\n", (0, 0)),
        (HERE, (0, 0)),
    ],
)
def test_a_line_and_the_statement_that_it_ends_or_stands_above(
    text: str, lines: tuple[int, int]
) -> None:
    assert reach(text) == lines


BLOCK = "# doctrine: ignore-block[AAA001] why"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"def f():  {BLOCK}\n    a\n    b\nc\n", (1, 3)),
        (f"@deco\ndef f(\n    a,\n):  {BLOCK}\n    b\nc\n", (1, 5)),
        (f"{BLOCK}\n@deco\nclass A:\n    x = 1\n    y = 1\nz\n", (2, 5)),
        (f"with a:  {BLOCK}\n    b\nc\n", (1, 2)),
        (f"if a:\n    b\nelse:  {BLOCK}\n    c\nd\n", (3, 4)),
        (f"try:\n    a\nexcept E:  {BLOCK}\n    b\nd\n", (3, 4)),
        (f"match x:\n    case 1:  {BLOCK}\n        a\n    case 2:\n        b\n", (2, 3)),
        (f"x = 1  {BLOCK}\n", (0, 0)),
        (f"{BLOCK}\nx = 1\n", (0, 0)),
        (f"def f():\n    a  {BLOCK}\n", (0, 0)),
    ],
)
def test_a_block_is_a_compound_statement(text: str, lines: tuple[int, int]) -> None:
    assert reach(text) == lines


def test_a_file_is_all_of_it() -> None:
    assert reach("x = 1\n# doctrine: ignore-file[AAA001] why\ny = 2\n") == (1, 4)


PIECES = st.lists(
    st.sampled_from(
        ["def f(a):", "\n", "    ", "if x:", "else:", HERE, BLOCK, "# c", "x = (", ")", "1,", "@d\n",
         "class A:", '"""', "\\\n", "pass", "\t"]
    ),
    max_size=25,
)  # fmt: skip


@given(PIECES)
def test_no_text_is_a_surprise_and_no_reach_leaves_the_file(pieces: list[str]) -> None:
    text = "".join(pieces)
    parsed = parse("a.py", Role.SOURCE, text.encode())
    module = parsed if isinstance(parsed, Module) else parsed.module
    for one in module.ignores:
        assert 0 <= one.first_line <= one.last_line <= text.count("\n") + 1
