"""What a tool reads in ``pyproject.toml`` is what it read in its own file."""

# pyright: reportPrivateUsage=false
# pytest and mypy have no public way to read a file and nothing else.

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest import mock

import pytest
from _pytest.config import get_config
from _pytest.config.findpaths import load_config_dict_from_file
from coverage.config import read_coverage_config
from coverage.exceptions import ConfigError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mypy.config_parser import parse_config_file
from mypy.options import Options

from tests.adopt.movers.moving import after, move, plant

Reader = Callable[[Path, str], object]


def read_by_mypy(folder: Path, name: str) -> object:
    """Return every option that mypy reads, and what it complains about."""
    options, said, strict = Options(), io.StringIO(), [False]

    def be_strict() -> None:
        strict[0] = True

    # A pattern that was drawn must not be looked for: `/**` would be the whole machine.
    with mock.patch("glob.glob", return_value=[]):
        parse_config_file(options, be_strict, str(folder / name), said, said)
    plain = options.snapshot()
    modules = {module: dict(updates) for module, updates in options.per_module_options.items()}
    plain.pop("config_file", None)
    complaints = {one.partition("]: ")[2] for one in said.getvalue().splitlines()}
    return plain, modules, strict[0], complaints - {" section in config file", ""}


def read_by_coverage(folder: Path, name: str) -> object:
    """Return every option that coverage reads."""
    said: list[str] = []
    config = read_coverage_config(str(folder / name), said.append)
    skipped = {"config_file", "config_files_read", "_config_contents", "config_files_attempted"}
    return {key: value for key, value in vars(config).items() if key not in skipped}, len(said)


@functools.cache
def _pytest_config() -> pytest.Config:
    """Return pytest's configuration, as it is before it has read a file."""
    config = get_config()
    config._parser.addini("pythonpath", "declared once it parses", type="paths")
    config._parser.addini("addopts", "declared once it parses", type="args")
    config._parser.addini("minversion", "declared once it parses", type="string")
    return config


def read_by_pytest(folder: Path, name: str) -> object:
    """Return every option that pytest reads."""
    config = _pytest_config()
    found = load_config_dict_from_file(folder / name)
    assert found is not None
    config._inicache.clear()
    config._inicfg = found
    config._inipath = folder / name
    known = {
        one for one in found if one in {*config._parser._inidict, *config._parser._ini_aliases}
    }
    read: dict[str, object] = {one: config.getini(one) for one in known}
    return {**read, **{one: found[one].value for one in found if one not in known}}


def _ini(
    options: Mapping[str, st.SearchStrategy[str]], sections: tuple[str, ...]
) -> st.SearchStrategy[str]:
    """Return INI files with some options in some sections, and comments among them."""
    comment = st.sampled_from(("", "# why\n", "; old\n\n", "\n"))
    lines = st.lists(
        st.sampled_from(sorted(options)).flatmap(
            lambda name: st.tuples(
                comment, st.just(name), st.sampled_from((" = ", ": ", "=")), options[name]
            )
        ),
        max_size=6,
        unique_by=lambda one: one[1],
    ).map(
        lambda rows: "".join(f"{above}{name}{sign}{value}\n" for above, name, sign, value in rows)
    )
    return st.lists(
        st.tuples(comment, st.sampled_from(sections), lines),
        max_size=4,
        unique_by=lambda one: one[1],
    ).map(lambda parts: "".join(f"{above}[{name}]\n{rows}" for above, name, rows in parts))


WORD = st.text("abz_*/.\\$'\"é{}()|", min_size=1, max_size=6).filter(lambda one: one.strip() == one)
SOLID = st.text("abz_*/.\\é|", min_size=1, max_size=6)
TRUTH = st.sampled_from(("true", "False", "yes", "0", "1", "on", "maybe", "True # sure"))


def _listed(word: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    join = st.sampled_from((",", ", ", "\n  ", ",\n    ", "\n\n  ", ",\n  # inner\n  "))
    return st.tuples(st.lists(word, max_size=4), join).map(lambda one: one[1].join(one[0]))


MYPY = _ini(
    {
        "strict": TRUTH,
        "python_version": st.sampled_from(("3.11", "3.8", "x")),
        "ignore_missing_imports": TRUTH,
        "disallow_untyped_defs": TRUTH,
        "Warn_Unused_Configs": TRUTH,
        "exclude": _listed(SOLID),
        "files": _listed(SOLID),
        "mypy_path": st.sampled_from(("a:b", "a, b", "a:", "$MYPY_CONFIG_FILE_DIR/stubs")),
        "plugins": _listed(SOLID),
        "disable_error_code": st.sampled_from(("attr-defined, misc", "misc,")),
        "verbosity": st.sampled_from(("1", "x")),
        "follow_imports": st.sampled_from(("skip", "nope")),
        "html_report": SOLID,
        "unknown_thing": WORD,
        "cache_dir": SOLID,
    },
    ("mypy", "mypy-a.*", "mypy-b,c.d", "mypy-*.tests.*", "mypy-x"),
)
COVERAGE = _ini(
    {
        "branch": TRUTH,
        "source": _listed(SOLID),
        "omit": _listed(SOLID),
        "exclude_lines": _listed(
            st.sampled_from(("pragma: no cover", r"^\s*if 0:", "a,b", '"', "'''"))
        ),
        "fail_under": st.sampled_from(("80", "99.5", "x")),
        "precision": st.sampled_from(("2", "1.5")),
        "title": WORD,
        "directory": SOLID,
        "parallel": TRUTH,
        "show_missing": TRUTH,
        "data_file": st.just("${DATA_FILE-.coverage}"),
        "own": _listed(SOLID),
    },
    ("run", "report", "coverage:html", "paths", "a_plugin", "xml"),
)
PYTEST = _ini(
    {
        "addopts": st.sampled_from(("-ra", "-ra -q\n  --strict-markers", "-k 'a b'", "-k 'a\n  b'", "", "-n 2 # few")),
        "testpaths": _listed(SOLID),
        "python_files": st.sampled_from(("test_*.py *_test.py", "'a b.py'")),
        "markers": _listed(st.sampled_from(("slow: takes long", "net", "a, b: c=d"))),
        "filterwarnings": _listed(st.sampled_from(("error", r"ignore:.*\d+:DeprecationWarning"))),
        "xfail_strict": st.sampled_from(("true", "False", "1", "no")),
        "minversion": st.just("6.0"),
        "log_cli_level": st.just("INFO"),
        "pythonpath": st.sampled_from((".", "src lib")),
        "DJANGO_SETTINGS_MODULE": WORD,
        "of_some_plugin": _listed(WORD),
    },
    ("pytest",),
)  # fmt: skip


def _same(folder: Path, name: str, text: str, read: Reader) -> None:
    files = {name: text}
    try:
        before = read(plant(folder, files), name)
    except (ConfigError, ValueError, pytest.UsageError) as error:
        before = type(error)
    now = after(files)
    if name in now:
        assert now == files
        assert move(files).left
        return
    assert list(now) in ([], ["pyproject.toml"])
    plant(folder, {"pyproject.toml": "[tool.coverage.run]\n[tool.pytest.ini_options]\n", **now})
    if isinstance(before, type) or not now:
        return
    assert read(folder, "pyproject.toml") == before
    assert after(now) == now


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(MYPY)
@example(
    "[mypy]\nfiles = a,\n  b,\n  # two\n  c\nexclude = (?x)(\n  a\n\n  | b)\n\n[mypy-a,b]\n# why\nstrict = no\n"
)
def test_mypy_reads_the_same(tmp_path: Path, text: str) -> None:
    _same(tmp_path / "project", "mypy.ini", text, read_by_mypy)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(COVERAGE)
def test_coverage_reads_the_same(tmp_path: Path, text: str) -> None:
    _same(tmp_path / "project", ".coveragerc", text, read_by_coverage)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(PYTEST)
def test_pytest_reads_the_same(tmp_path: Path, text: str) -> None:
    _same(tmp_path / "project", "pytest.ini", text, read_by_pytest)
