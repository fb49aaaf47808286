from __future__ import annotations

from tests.syntax.sources import module_of


def test_qualnames_and_spans() -> None:
    module = module_of(
        "@deco\n"
        "class A:\n"
        "    @property\n"
        "    def f(self):\n"
        "        def inner():\n"
        "            pass\n"
        "        return inner\n"
        "\n"
        "async def g():\n"
        "    pass\n"
        "class B: pass\n"
    )
    assert [(one.qualname, one.line, one.end_line) for one in module.definitions] == [
        ("A", 1, 7),
        ("A.f", 3, 7),
        ("A.f.inner", 5, 6),
        ("g", 9, 10),
        ("B", 11, 11),
    ]
