"""What mypy takes files for, which of them it can check at a time, and what the runs say together."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from mypy.find_sources import InvalidSourceList, SourceFinder
from mypy.fscache import FileSystemCache
from mypy.options import Options

from doctrine.documents import parse_toml
from doctrine.model.observation import Location
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Import
from doctrine.model.replacing import replace
from doctrine.model.run import Origin
from doctrine.model.settings import Settings
from doctrine.model.tool import CrashedError, Located, Request, Skip
from doctrine.tools._mypy_modules import Naming, packages_in
from doctrine.tools._mypy_second import fallback, files_of, tree_of
from doctrine.tools.mypy import TOOL
from tests.tools import recordings
from tests.tools.asking import ROOT, a_layout, a_request, completed

TREE = (
    "top.py", "pkg/__init__.py", "pkg/deep/mod.py", "pkg/deep/er/__init__.pyi", "scripts/main.py",
    "scripts/inner/main.py", "a-b/main.py", "a-b/pkg/__init__.py", "a-b/pkg/x.py", "odd-one/__init__.py",
    "odd-one/y.py", "odd-one/sub/z.py", "odd-one/no-name/z.py", "lib-stubs/__init__.py", "lib-stubs/s.pyi",
    "two words.py", "src/own/mod.py",
)  # fmt: skip


def requested(*paths: str, imports: Mapping[str, str] | None = None, toml: str = "") -> Request:
    """Return a request about files, some of which import something."""
    request = a_request(a_layout(*paths, toml=toml))
    place = Location(path="x", line=1, column=1, end_line=1, end_column=1)
    wanted = imports or {}
    modules = tuple(
        replace(
            module,
            imports=tuple(
                Import(module=name, name="", bound=name, dots=0, location=place)
                for name in wanted.get(module.path, "").split()
            ),
        )
        for module in request.modules
    )
    return replace(request, modules=modules)


def runs(request: Request) -> list[list[str]]:
    """Return the files of each run; none where one run does."""
    found = fallback(request)
    return [] if isinstance(found, Skip) else [sorted(files_of(one) or ()) for one in found]


@pytest.mark.parametrize("explicit", [None, frozenset({"", "src"})])
def test_a_file_is_taken_for_what_mypy_takes_it_for(
    explicit: frozenset[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in TREE:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    monkeypatch.chdir(tmp_path)
    options = Options()
    options.explicit_package_bases = explicit is not None
    options.mypy_path = ["src"]
    finder = SourceFinder(FileSystemCache(), options)
    naming = Naming(root=tmp_path.name, packages=packages_in(TREE), explicit=explicit)
    for path in TREE:
        place = naming.place(path)
        if place.odd:
            with pytest.raises(InvalidSourceList):
                finder.crawl_up(path)
        else:
            module, base = finder.crawl_up(path)
            assert (module, os.path.relpath(base)) == (place.module, place.base or "."), path


@pytest.mark.parametrize(
    ("paths", "imports", "wanted"),
    [
        (("a.py", "pkg/__init__.py", "pkg/a.py"), {}, []),
        (("a/main.py", "b/main.py", "b/x.py", "c/y.py"), {},
         [["a/main.py", "c/y.py"], ["b/main.py", "b/x.py"]]),
        (("a/main.py", "b/main.py", "c/y.py"), {"a/main.py": "y"},
         [["a/main.py", "c/y.py"], ["b/main.py"]]),
        # which y is meant nobody knows, so a finds none
        (("a/main.py", "c/y.py", "d/y.py"), {"a/main.py": "y"},
         [["a/main.py"], ["c/y.py"], ["d/y.py"]]),
        (("a/main.py", "b/main.py", "c/random.py"), {},
         [["a/main.py"], ["b/main.py"], ["c/random.py"]]),
        (("src/pkg/__init__.py", "tests/test_pkg.py"), {"tests/test_pkg.py": "pkg"}, []),
        # one that is imported from the root is named from there
        (("a/main.py", "b/main.py", "run.py"), {"run.py": "a.main"},
         [["a/main.py", "run.py"], ["b/main.py"]]),
        (("odd-one/__init__.py", "odd-one/x.py", "y.py"), {},
         [["y.py"], ["odd-one/__init__.py", "odd-one/x.py"]]),
        (("x.py", "x/__init__.py"), {}, [["x.py"], ["x/__init__.py"]]),
        (("a/x.py", "a/x.pyi", "b/x.py"), {}, [["a/x.pyi"], ["b/x.py"]]),
    ],
)  # fmt: skip
def test_files_go_together_where_that_changes_nothing(
    paths: tuple[str, ...], imports: dict[str, str], wanted: list[list[str]]
) -> None:
    assert runs(requested(*paths, imports=imports)) == wanted


@pytest.mark.parametrize(
    ("toml", "wanted"),
    [
        ('files = ["a", "b"]\nexclude = "^b/"', []),
        ('files = ["a", "b"]', [["a/main.py"], ["b/main.py"]]),
        ('files = "a, b"', [["a/main.py"], ["b/main.py"]]),
        (
            'files = "$MYPY_CONFIG_FILE_DIR/a, ${MYPY_CONFIG_FILE_DIR}//b/"',
            [["a/main.py"], ["b/main.py"]],
        ),
        ('files = ["$MYPY_CONFIG_FILE_DIR"]', [["a/main.py"], ["b/main.py"]]),
        ('files = ["*/main.py"]', []),
        ('packages = ["a"]', []),
        ('exclude = ["(", "b"]', []),
        ('files = ["a", "b", ".h"]', [[".h/main.py"], ["a/main.py"], ["b/main.py"]]),
        ('files = "./"', [["a/main.py"], ["b/main.py"]]),
        ('files = ["a", "b"]\nexclude = "(?x) ( ^c/ | ^d/ )"', [["a/main.py"], ["b/main.py"]]),
        ('files = ["a", "b"]\nexclude = "(a+)+$"', []),
        ("explicit_package_bases = true", []),
    ],
)
def test_the_files_are_those_that_the_configuration_names(
    toml: str, wanted: list[list[str]]
) -> None:
    request = requested("a/main.py", "b/main.py", ".h/main.py", toml=f"[tool.mypy]\n{toml}\n")
    assert runs(request) == wanted


@pytest.mark.parametrize(
    ("search", "bases"),
    [
        ('"src"', ["", "src"]),
        ('"$MYPY_CONFIG_FILE_DIR/src:$MYPY_CONFIG_FILE_DIR"', ["", "src"]),
        ('"${MYPY_CONFIG_FILE_DIR}/src"', ["", "src"]),
        ('["./src/", ".", "a/../lib"]', ["", "lib", "src"]),
        (f'"{ROOT}/src"', ["", "src"]),
        ('"/src, ../src"', [""]),  # outside, although the project has a folder of that name
    ],
)
def test_modules_are_named_from_the_folders_of_the_project_alone(
    search: str, bases: list[str]
) -> None:
    options = parse_toml("x", f"explicit_package_bases = 1\nmypy_path = {search}").data
    tree = tree_of(options, a_layout("src/a.py"), ())
    assert sorted(tree.naming.explicit or ()) == bases


def test_what_one_folder_alone_has_is_found_from_every_other() -> None:
    paths = ("src/pkg/__init__.py", "src/conftest.py", "t/conftest.py", "u/conftest.py", "u/z.py")
    wants = {"t/conftest.py": "pkg", "src/pkg/__init__.py": "z"}
    found = fallback(requested(*paths, imports=wants))
    assert not isinstance(found, Skip)
    assert [one.env.get("MYPYPATH") for one in found] == [
        "/project/u",
        "/project/src:/project/u",
        None,
    ]


def test_a_folder_that_nobody_can_import_is_a_base() -> None:
    found = fallback(requested("odd-one/__init__.py", "odd-one/x.py"))
    assert not isinstance(found, Skip)
    (one,) = found
    assert "--explicit-package-bases" in one.argv
    assert one.env["MYPYPATH"] == "/project/odd-one"


REQUEST = requested("a/main.py", "b/main.py")


def said(one: Invocation, *paths: str, code: int = 0) -> Completed:
    """Return a run that says that it read files."""
    read = "".join(f"LOG:  Parsing {path} (x)\n" for path in paths)
    log = f"LOG:  Loaded graph with 3 nodes (0.1 sec)\n{read}LOG:  Build finished in 0.1 seconds\n"
    return completed(one, code=code, stderr=log.encode() if code < 2 else b"mypy: no\n")


def planned() -> tuple[Invocation, ...]:
    found = fallback(REQUEST)
    assert not isinstance(found, Skip)
    return found


def test_each_run_speaks_of_its_own_files_alone() -> None:
    first, second = planned()
    reading = TOOL.read(REQUEST, (said(first, "a/main.py", "b/main.py"), said(second)))
    assert reading.analysed == {"a/main.py"}
    assert reading.unread.keys() == {"b/main.py"}
    assert "2 runs" in reading.note


def test_a_run_that_stops_leaves_its_own_files_unread() -> None:
    first, second = planned()
    reading = TOOL.read(REQUEST, (said(first, code=2), said(second, "b/main.py")))
    assert reading.analysed == {"b/main.py"}
    assert reading.unread == {"a/main.py": "mypy stopped: mypy: no"}
    with pytest.raises(CrashedError, match="mypy stopped"):
        TOOL.read(REQUEST, (said(first, code=2), said(second, code=2)))


@pytest.mark.live
def test_mypy_checks_every_file_of_such_a_project(tmp_path: Path) -> None:
    files = {
        "a/main.py": "from helper import one\nx: str = one\n",
        "a/helper.py": "one = 1\n",
        "odd-one/__init__.py": "",
        "odd-one/main.py": "import helper, missing\ny: str = helper.one\n",
        "odd-one/a (1).py": "",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    asked = requested(*files, imports={"a/main.py": "helper", "odd-one/main.py": "helper"})
    located = Located(
        command=(sys.executable, "-m", "mypy"), python=sys.executable, version="2.4.1",
        origin=Origin.DOCTRINE,
    )  # fmt: skip
    root = str(tmp_path)
    request = replace(
        asked,
        layout=replace(asked.layout, root=root, pyproject=None),
        located=located,
        settings=Settings(root=root),
        defaults={"strict": True},
    )
    found = fallback(request)
    assert not isinstance(found, Skip)
    reading = TOOL.read(request, recordings.run_all(found, tmp_path / "scratch"))
    assert reading.analysed == files.keys()
    assert {(one.location.path, one.rule) for one in reading.findings} == {
        ("a/main.py", "assignment"),
        ("odd-one/main.py", "assignment"),
        ("odd-one/main.py", "import-not-found"),
    }
