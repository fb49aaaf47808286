from __future__ import annotations

import pytest

from doctrine.model.project import Import
from tests.syntax.sources import module_of


def shown(one: Import) -> tuple[str, str, str, int]:
    return (one.module, one.name, one.bound, one.dots)


def test_every_form_of_import() -> None:
    module = module_of(
        "from __future__ import annotations\n"
        "import os.path, asyncio as aio\n"
        "from random import choice as pick, random\n"
        "from . import sibling\n"
        "from ..pkg.mod import (\n    one,\n    two as zwei,\n)\n"
        "from star import *\n"
    )
    assert [shown(one) for one in module.imports] == [
        ("__future__", "annotations", "annotations", 0),
        ("os.path", "", "os", 0),
        ("asyncio", "", "aio", 0),
        ("random", "choice", "pick", 0),
        ("random", "random", "random", 0),
        ("", "sibling", "sibling", 1),
        ("pkg.mod", "one", "one", 2),
        ("pkg.mod", "two", "zwei", 2),
        ("star", "*", "", 0),
    ]


@pytest.mark.parametrize(
    ("source", "guarded"),
    [
        ("try:\n    import m\nexcept ImportError:\n    m = None\n", True),
        ("try:\n    import m\nexcept (KeyError, ModuleNotFoundError):\n    m = None\n", True),
        ("try:\n    import m\nexcept:\n    m = None\n", True),
        ("try:\n    import m\nexcept ImportError:\n    raise\n", False),
        (
            "try:\n    import m\nexcept ImportError as e:\n    log(e)\n    raise E from e\n    # no\n",
            False,
        ),
        ("try:\n    import m\nexcept OSError:\n    raise\nexcept ImportError:\n    pass\n", True),
        ("try:\n    import m\nexcept KeyError:\n    m = None\n", False),
        ("try:\n    import m\nfinally:\n    pass\n", False),
        ("import sys\nif sys.version_info < (3, 13):\n    import m\n", True),
        ("if DEBUG:\n    import m\n", False),
        ("with contextlib.suppress(ImportError):\n    import m\n", True),
        ("with open(ImportError):\n    import m\n", False),
        ("def f():\n    import m\n", False),
        ("import pytest\npytest.importorskip('m')\n", True),
    ],
)
def test_a_guard_is_seen(source: str, guarded: bool) -> None:
    (one,) = [one for one in module_of(source).imports if one.module == "m"]
    assert one.guarded is guarded
    assert not one.typing_only


def test_only_the_body_of_a_type_checking_test_is_for_typing() -> None:
    source = "if typing.TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
    assert [one.typing_only for one in module_of(source).imports] == [True, False]


@pytest.mark.parametrize(
    ("call", "module"),
    [
        ("importlib.import_module('a.b')", "a.b"),
        ("import_module('a', package='p')", "a"),
        ("__import__('a')", "a"),
        ("importlib.import_module('.a', 'p')", "a"),
        ("importlib.import_module(name)", None),
        ("importlib.import_module(f'a.{x}')", None),
        ("importlib.import_module('not a module')", None),
        ("other('a')", None),
    ],
)
def test_imports_at_run_time(call: str, module: str | None) -> None:
    found = module_of(f"x = {call}  # import_module\n").imports
    assert [one.module for one in found] == ([module] if module else [])
    assert all((one.name, one.bound) == ("", "") for one in found)
