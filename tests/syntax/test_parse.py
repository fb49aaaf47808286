from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doctrine.model.project import Flaw, Role
from doctrine.syntax.language import Pattern, captures, tree_of
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.syntax.sources import flawed, module_of, parsed

NEWER = {
    "pep695": "def f[T: int](x: T) -> T:\n    return x\n",
    "pep695 class": "class Box[T, *Ts, **P]:\n    pass\n",
    "pep695 alias": "type Pair[T] = tuple[T, T]\n",
    "pep696": "class Box[T = int]:\n    pass\n",
    "pep701 quote": "x = {}\nprint(f'{x['a']}')\n",
    "pep701 break": 'x = 1\nprint(f"a {\n    x}")\n',
    "pep701 break behind": "x = 1\nprint(f'{x\n}')\n",
    "pep701 break in a format": "x = 1\nprint(f'{x:>{\n10}}')\n",
    "pep701 quote in a format": "x = 1\nprint(f'{x:{'>9'}}')\n",
    "pep701 backslash in a format": "x = 1\nprint(f\"{x:{'\\x3e9'}}\")\n",
    "pep701 nested": "a = b = c = 1\nprint(f'{a:{b:{c}}}')\n",
    "pep701 space": "print(f'{3!s  }')\n",
    "pep701 backslash": "print(f\"{'\\n'.join([])}\")\n",
    "pep750": "name = 1\nprint(t'a {name}')\n",
    "pep758": "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
    "pep758 star": "try:\n    pass\nexcept* ValueError, TypeError:\n    pass\n",
}


@pytest.mark.parametrize("source", NEWER.values(), ids=NEWER.keys())
def test_newer_syntax_is_no_flaw_on_any_interpreter(source: str) -> None:
    assert parsed(source).module.flaw is None


@pytest.mark.parametrize(
    "source",
    [
        "print = 1\nprint(print)\n",
        "match = case = type = 1\nmatch[0]\n",
        "try:\n    pass\nexcept* OSError:\n    pass\n",
        "with (open('a') as a, open('b') as b):\n    pass\n",
        "x = 1 if True else \\\n    2\n",
        "\fx = 1\n\fclass A:\n    x = 1\n",
        "if True:\n\tx = 1\n\ty = 2\n",
        "",
        "# only a comment",
        "x = '\\d'\n",
    ],
)
def test_valid_source_is_no_flaw(source: str) -> None:
    assert parsed(source).module.flaw is None


@pytest.mark.parametrize(
    "source",
    [
        'print "x"\n',
        'exec "x"\n',
        "if 1 <> 2:\n    pass\n",
        "x = `1`\n",
        "x = 0777\n",
        "x = 10L\n",
        'x = ur"x"\n',
        "def f((a, b)):\n    pass\n",
        "async = 1\n",
        "if x:\npass\n",
        "f(a=1, 2)\n",
        "try:\n    pass\nexcept A, B as e:\n    pass\n",
        "def f[T](x):\n    print 'x'\n",
        "x\0y\n",
    ],
)
def test_what_no_python_3_accepts_is_a_flaw(source: str) -> None:
    assert flawed(source).flaw is Flaw.SYNTAX


def test_a_syntax_error_has_its_place() -> None:
    module = flawed("x = 1\ny = (\n")
    assert module.flaw_location is not None
    assert (module.flaw_location.line, module.flaw_location.column) == (2, 5)
    assert "never closed" in module.flaw_detail


def test_a_large_file_is_judged_by_its_tree() -> None:
    padding = "# " + "x" * 5_000_000 + "\n"
    assert parsed(padding + "x = 1\n").module.lines == 2
    assert flawed(padding + 'print "x"\n').flaw_detail == "Python 2 syntax"
    assert flawed(padding + "x = (\n").flaw is Flaw.SYNTAX


def test_a_file_nested_beyond_the_interpreter_is_no_flaw() -> None:
    assert parsed("x = " + "-" * 20_000 + "1\n").module.flaw is None


def test_undecodable_bytes_are_a_flaw_with_a_place() -> None:
    module = flawed(b"x = 1\r\ny = '\xc3\xa9\xff'\r\n")
    assert module.flaw is Flaw.UNDECODABLE
    assert module.flaw_location is not None
    assert (module.flaw_location.line, module.flaw_location.column) == (2, 7)


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: uft-8\n",
        b"# coding: rot13\n",
        b"# coding: hex\n",
        b"# coding: ascii\nx = '\xe9'\n",
        b"\xef\xbb\xbf# coding: latin-1\n",
        b"# coding: utf-7\nx = '+2AA-'\n",
    ],
)
def test_a_wrong_declaration_is_undecodable(data: bytes) -> None:
    assert flawed(data).flaw is Flaw.UNDECODABLE


def test_a_declared_encoding_is_transcoded() -> None:
    result = parsed(b"# -*- coding: latin-1 -*-\nx = '\xe9'; y = 1\n")
    assert result.module.encoding == "iso-8859-1"
    assert "é".encode() in result.source


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_marks_change_no_place(ending: str, mark: str) -> None:
    module = module_of((mark + ending.join(["import a", "if a:", "    import b"])).encode())
    assert [(one.location.line, one.location.column) for one in module.imports] == [(1, 8), (3, 12)]
    assert module.lines == 3


def test_columns_are_characters() -> None:
    (one,) = module_of("é = '日本'; import a\n").imports
    assert (one.location.column, one.location.end_column) == (18, 19)


def test_features_have_their_first_line() -> None:
    module = module_of(
        "import asyncio\nasync def f(x: int): ...\nif __name__ == '__main__':\n    f(1)\n"
    )
    assert module.features == {"async", "annotations", "main-guard"}
    assert dict(module.feature_lines) == {"async": 2, "annotations": 2, "main-guard": 3}


@pytest.mark.parametrize("feature", ["pep695", "pep701", "pep750", "pep758"])
def test_newer_syntax_is_a_feature(feature: str) -> None:
    ours = [source for name, source in NEWER.items() if name.partition(" ")[0] == feature]
    assert ours
    assert all(feature in module_of(source).features for source in ours)


@pytest.mark.parametrize("prefix", ["t", "T", "tr", "Tr", "tR", "TR", "rt", "rT", "Rt", "RT"])
@pytest.mark.parametrize("quote", ["'", '"', '"""'])
def test_a_template_has_any_prefix(prefix: str, quote: str) -> None:
    assert "pep750" in module_of(f"x = {prefix}{quote}a{quote}\n").features
    assert "pep750" not in module_of(f"x = {{{quote}{prefix}{quote}: 1}}\n").features


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import asyncio\nasyncio.to_thread(f)\n", 2),
        ("\nto_thread(f)\nto_thread(g)\n", 2),
        ("x = to_thread\ny = a().to_thread(to_thread)\n", 2),
        ("x = 1\ny = a[\n    0\n].to_thread(f)\n", 4),
    ],
)
def test_some_calls_are_features(source: str, line: int) -> None:
    assert ("call:to_thread", line) in module_of(source).feature_lines


@pytest.mark.parametrize(
    "source",
    [
        "# to_thread(f)\n",
        "'to_thread(f)'\n",
        "to_thread\n",
        "f(to_thread)\n",
        "to_thread.x()\n",
        "x.to_thread.y()\n",
        "my_to_thread(f)\n",
        "def to_thread(f): ...\n",
    ],
)
def test_what_is_no_call_is_no_feature(source: str) -> None:
    assert "call:to_thread" not in module_of(source).features


@pytest.mark.parametrize(
    "source",
    [
        "x = hashlib.sha256(password.encode())\n",
        "user.pw = bcrypt.hashpw(pw, bcrypt.gensalt())\n",
        "ok = user.password == password\n",
        "if password != user.password: ...\n",
    ],
)
def test_signs_of_passwords_that_are_kept(source: str) -> None:
    assert "password-hash" in module_of(source).features


@pytest.mark.parametrize(
    "source",
    [
        "x = hashlib.sha256(data)\n",
        "key = bcrypt.kdf(password, salt, 32, 100)\n",
        "same = self.password == other.password\n",
        "if password != password2: ...\n",
        "if form.password.data != form.confirm.data: ...\n",
        "password = forms.CharField()\n",
        "smtp_password = models.CharField()\n",
        "# user.password == password\n",
    ],
)
def test_passwords_that_nobody_keeps(source: str) -> None:
    assert "password-hash" not in module_of(source).features


def test_an_escaped_quote_in_a_format_is_no_newer_syntax() -> None:
    assert not module_of('x = 1\nprint(f"{x:\\"^10}")\n').features


def test_older_syntax_is_no_feature() -> None:
    source = (
        "x = {}\nprint(f\"{x['a']!r:>{3}}\", 'tt', rb't')\ntry:\n    x\nexcept (A, B):\n    x\n"
    )
    assert not module_of(source).features


def test_the_judged_code_warns_nobody() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert parsed("x = '\\d'\nassert (x, 'y')\n1 is 1\n").module.flaw is None
    assert not caught


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"# coding: undefined\n")
@settings(max_examples=300)
def test_any_bytes_are_a_tree_or_a_flaw(data: bytes) -> None:
    result = parse("a.py", Role.SOURCE, data)
    if not isinstance(result, ParsedFile):
        assert result.flaw is not None
        assert result.flaw_location is not None
        assert result.flaw_detail


TOKENS = """def class if else : ( ) [ ] { } , = == x y 1 "a" f"{x}" 'b import from as . * @ lambda
    try except finally with async await for in print exec return yield match case type"""
WORDS = st.sampled_from([*TOKENS.split(), "\n", "\n    ", "\\\n", "#c\n", "\t"])


@given(st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_a_file_the_interpreter_accepts_is_never_flawed(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except SyntaxError:
            return
    assert isinstance(parse("a.py", Role.SOURCE, source.encode()), ParsedFile)


@pytest.mark.parametrize(
    "mention",
    [
        '"""Reads os.environ["FEATURE_X"]."""\n',
        "# os.environ.get('FEATURE_X')\n",
        "PATTERN = r'os.getenv(\"FEATURE_X\")'\n",
    ],
)
def test_a_habit_that_is_only_written_about_is_no_feature(mention: str) -> None:
    read = 'os.environ["FEATURE_Y"]\n'
    assert "flag-environment" not in module_of(mention).features
    assert ("flag-environment", 2) in module_of(mention + read).feature_lines


def test_nodes_come_in_source_order() -> None:
    source = b"".join(
        b"async def f%d(a: int) -> int:\n    await a\n" % number for number in range(60)
    )
    query = Pattern('"async" @async (await) @async (typed_parameter) @typed')
    for _ in range(5):
        for nodes in captures(query, tree_of(source)).values():
            starts = [node.start_byte for node in nodes]
            assert starts == sorted(starts)
