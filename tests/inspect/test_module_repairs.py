"""Moved imports do what they did, and what only a person can move is left alone."""

from __future__ import annotations

import importlib.util
import warnings

import pytest

from doctrine.inspect._removed_modules import removal_of
from doctrine.inspect._removed_names import REMOVED_NAMES
from doctrine.inspect._successors import SUCCESSORS
from doctrine.inspect.stdlib import INSPECTOR
from doctrine.mend.editing import edited
from doctrine.model.observation import Applicability, Fix
from tests.inspect.gathered import reading_of


def _fixes(source: str) -> list[Fix | None]:
    return [one.fix for one in reading_of(INSPECTOR, source).findings]


def _mended(source: str) -> str:
    repairs = [one.edits for one in _fixes(source) if one is not None]
    done = edited(source.encode(), repairs)
    assert len(done.made) == len(repairs)
    return done.content.decode()


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ("from pipes import quote\nquote(x)\n", "from shlex import quote\nquote(x)\n"),
        ("from pipes import quote as q\n", "from shlex import quote as q\n"),
        (
            "from imp import (\n    new_module,  # old\n)\n",
            "from types import (\n    ModuleType as new_module,  # old\n)\n",
        ),
        (
            "def f():\n    from imp import new_module as new, reload\n    reload(new('a'))\n",
            (
                "def f():\n    from types import ModuleType as new\n    from importlib import reload\n"
                "    reload(new('a'))\n"
            ),
        ),
        ("import os, pipes\npipes.quote(x)\n", "import os, shlex\nshlex.quote(x)\n"),
        ("import pipes as p  # why\np.quote(x)\n", "import shlex as p  # why\np.quote(x)\n"),
        ("import imp as i\ni.new_module(x)\n", "import types as i\ni.ModuleType(x)\n"),
        (
            "import imp\nimp.reload(imp.new_module('ä'))\n",
            "import importlib\nimport types\nimportlib.reload(types.ModuleType('ä'))\n",
        ),
        (
            (
                "def f():\n    import pipes\n    return pipes.quote\n\ndef g():\n    import pipes\n"
                "    return pipes.quote\n"
            ),
            (
                "def f():\n    import shlex\n    return shlex.quote\n\ndef g():\n    import shlex\n"
                "    return shlex.quote\n"
            ),
        ),
        ("import cgi\ncgi.escape(a+b)\n", "import html\nhtml.escape(a+b, quote=False)\n"),
        ("from typing.re import Pattern\n", "from typing import Pattern\n"),
    ],
)
def test_a_name_moves_with_everything_that_uses_it(source: str, mended: str) -> None:
    fixes = _fixes(source)
    assert {one.applicability for one in fixes if one} == {Applicability.SAFE}
    assert _mended(source) == mended
    assert _fixes(mended) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pipes\npipes.Template()\npipes.quote(x)\n",
        "import pipes\nkeep(pipes)\n",
        "import pipes\n",
        "from pipes import quote, Template\n",
        "from pipes import *\n",
        "import pipes\nshlex = 1\npipes.quote(x)\n",
        "import pipes\ndef f(shlex):\n    return pipes.quote(shlex)\n",
        "import pipes\nfrom own import shlex\npipes.quote(x)\n",
        "import imp as i\ni.new_module(x)\ni.reload(y)\n",
        "import cgi\ncgi.escape(x, True)\n",
        "import cgi\nescape = cgi.escape\n",
        "from cgi import escape\n",
        "from distutils import spawn\nspawn.find_executable(x)\n",
        "import distutils.spawn\ndistutils.spawn.spawn(x)\n",
        "import importlib\nimportlib.import_module('pipes').quote(x)\n",
        "import pipes\npipes: int\npipes.quote(x)\n",
    ],
)
def test_what_only_a_person_can_move_has_no_repair(source: str) -> None:
    assert set(_fixes(source)) == {None}


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        (
            "from distutils.spawn import find_executable\n",
            "from shutil import which as find_executable\n",
        ),
        (
            "import distutils.spawn\ndistutils.spawn.find_executable('git')\n",
            "import shutil\nshutil.which('git')\n",
        ),
        (
            "from distutils.core import setup, Extension\n",
            "from setuptools import setup, Extension\n",
        ),
    ],
)
def test_what_may_differ_at_its_edges_is_unsafe(source: str, mended: str) -> None:
    assert {one.applicability for one in _fixes(source) if one} == {Applicability.UNSAFE}
    assert _mended(source) == mended


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("from distutils.util import strtobool\n", "for `strtobool` write value.lower() in {"),
        (
            "from distutils.version import LooseVersion as V\n",
            "for `LooseVersion` write packaging.",
        ),
        (
            "import distutils.version\ndistutils.version.StrictVersion('1')\n",
            "`StrictVersion` write",
        ),
        (
            "from distutils import version\nversion.LooseVersion('1')\n",
            "for `LooseVersion` write packaging.",
        ),
        (
            "from distutils import log, spawn as s\ns.spawn(x)\n",
            "for `spawn` write subprocess.run(",
        ),
        ("from distutils import log\nlog.info(x)\n", "for `log` write logging.getLogger("),
        (
            "import imp\nimp.find_module('a')[0]\n",
            "for `find_module` write importlib.util.find_spec",
        ),
        (
            "import imp as i\ni.find_module('a')\n",
            "for `find_module` write importlib.util.find_spec",
        ),
        (
            "from imp import reload, load_source\n",
            "for `load_source` write importlib.util.spec_from",
        ),
        # One of them needs a person, so that none moves, and the other is said as well.
        ("import imp\nimp.reload(imp.load_module(x))\n", "for `reload` write importlib.reload"),
        (
            "import imp\nimp.acquire_lock()\nimp.release_lock()\n",
            "`acquire_lock` and `release_lock`",
        ),
        ("from cgi import escape\n", "for `escape` write html.escape(…, quote=False)"),
    ],
)
def test_what_is_not_quite_the_same_is_said_and_not_done(source: str, told: str) -> None:
    findings = reading_of(INSPECTOR, source).findings
    assert {one.fix for one in findings} == {None}
    assert any(told in one.message for one in findings), findings


@pytest.mark.parametrize(
    "source",
    [
        "import imp\n",
        "import imp\nkeep(imp)\n",
        "import imp\nself.imp.find_module(x)\n",
        "import uu\n",
    ],
)
def test_where_no_name_is_known_the_module_has_to_do(source: str) -> None:
    (finding,) = reading_of(INSPECTOR, source).findings
    assert " write " not in finding.message


def test_what_is_said_of_a_name_is_about_a_removed_one_that_no_repair_moves() -> None:
    for name in REMOVED_NAMES:
        assert removal_of(name, "") is not None, name
        assert name not in SUCCESSORS


def test_every_successor_exists() -> None:
    for one in SUCCESSORS.values():
        if importlib.util.find_spec(one.module.partition(".")[0]) is not None:
            assert hasattr(importlib.import_module(one.module), one.name), one.dotted


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pipes", "import pipes\nresult = [pipes.quote(x) for x in ('', 'a b', \"it's\", 'a')]\n"),
        ("pipes", "from pipes import quote\nresult = quote('$HOME; rm')\n"),
        ("imp", "import imp\nm = imp.new_module('a')\nresult = (type(m), m.__name__, m.__doc__)\n"),
        ("imp", "import imp, json\nresult = imp.reload(json) is json\n"),
        (
            "imp",
            (
                "from imp import cache_from_source, source_from_cache\n"
                "result = source_from_cache(cache_from_source('/x/a.py')), cache_from_source('a.py')\n"
            ),
        ),
    ],
)
def test_old_and_new_code_do_the_same_where_both_run(module: str, source: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"this Python has no {module}")
    assert _result(source) == _result(_mended(source))


def _result(source: str) -> object:
    space: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "a.py", "exec"), space)  # noqa: S102 - the sources are those above
    return space["result"]
