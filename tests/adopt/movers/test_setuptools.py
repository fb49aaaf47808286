"""What ``setup.py`` and ``setup.cfg`` say becomes ``[project]``, or stays where it is."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adopt.movers.moving import after, move

SCRIPT = '''\
#!/usr/bin/env python
"""How it is built."""
import io
import os
import re

try:
    from setuptools import find_packages, setup
except ImportError:
    from distutils.core import setup

here = os.path.abspath(os.path.dirname(__file__))
NAME = "demo"

requires = [
    # to fetch
    "requests>=2.31",
    "rich",  # to look good
]


def read(*names, **kwargs):
    """Return the text of a file."""
    with io.open(os.path.join(here, *names), encoding=kwargs.get("encoding", "utf8")) as file:
        return file.read()


def find_version(*names):
    match = re.search(r"^__version__ = ['\\"]([^'\\"]*)['\\"]", read(*names), re.M)
    if match:
        return match.group(1)
    raise RuntimeError("no version")


setup(
    name=NAME,
    version=find_version("src", "demo", "__init__.py"),
    description="A " + "demo of %s" % NAME,
    long_description=read("README.md"),
    long_description_content_type="text/markdown",
    author="Me Too",
    author_email="me@example.org",
    url=f"https://example.org/{NAME}",
    project_urls={"Docs": "https://example.org/docs"},
    license="MIT",
    package_dir={"": "src"},
    packages=find_packages("src", exclude=("tests",)),
    package_data={"": ["*.txt"], "demo": ["py.typed"]},
    zip_safe=False,
    install_requires=requires,
    extras_require={"xml": ["lxml"], ":python_version < '3.9'": ["typing_extensions"]},
    tests_require=["pytest>=8"],
    setup_requires=["wheel"],
    python_requires=">=3.9",
    keywords="one, two",
    classifiers=[one for one in """
        Programming Language :: Python
    """.split("\\n")],
    entry_points={"console_scripts": ["demo = demo.cli:main"], "demo.plugins": "one=demo.one"},
    cmdclass={},
)
'''
TREE = {
    "setup.py": SCRIPT,
    "README.md": "# demo\n",
    "src/demo/__init__.py": '"""Demo."""\n\n__version__ = "1.2.3"\n',
}
PLAIN = {
    **TREE,
    "setup.py": SCRIPT.replace(
        '[one for one in """\n        Programming Language :: Python\n    """.split("\\n")]',
        '["Programming Language :: Python"]',
    ).replace(""":python_version < '3.9'": ["typing_extensions"]""", """old": ["six"]"""),
}


def _data(files: dict[str, str]) -> dict[str, Any]:
    return tomllib.loads(files["pyproject.toml"])


def _setup(arguments: str, before: str = "") -> dict[str, str]:
    text = f"from setuptools import setup\n{before}\nsetup(name='x', version='1', {arguments})\n"
    return {"setup.py": text}


def test_a_script_is_read_without_running_it() -> None:
    now = after(PLAIN)
    assert "setup.py" not in now
    data = _data(now)
    assert data["project"] == {
        "name": "demo",
        "dynamic": ["version"],
        "description": "A demo of demo",
        "readme": "README.md",
        "requires-python": ">=3.9",
        "license": {"text": "MIT"},
        "authors": [{"name": "Me Too", "email": "me@example.org"}],
        "keywords": ["one", "two"],
        "classifiers": ["Programming Language :: Python"],
        "dependencies": ["requests>=2.31", "rich"],
        "urls": {"Homepage": "https://example.org/demo", "Docs": "https://example.org/docs"},
        "optional-dependencies": {"xml": ["lxml"], "old": ["six"]},
        "scripts": {"demo": "demo.cli:main"},
        "entry-points": {"demo.plugins": {"one": "demo.one"}},
    }
    assert data["build-system"] == {
        "requires": ["setuptools>=61.3.1", "wheel"],
        "build-backend": "setuptools.build_meta",
    }
    assert data["dependency-groups"] == {"test": ["pytest>=8"]}
    assert data["tool"]["setuptools"] == {
        "zip-safe": False,
        "include-package-data": False,  # TOML's default is the other one
        "package-dir": {"": "src"},
        "packages": {"find": {"where": ["src"], "exclude": ["tests"], "namespaces": False}},
        "package-data": {"*": ["*.txt"], "demo": ["py.typed"]},
        "dynamic": {"version": {"attr": "demo.__version__"}},
    }
    assert (
        '    # to fetch\n    "requests>=2.31",\n    # to look good\n    "rich",'
        in now["pyproject.toml"]
    )
    assert move(now).edits == ()


def test_what_is_computed_stays_in_the_script_and_is_dynamic() -> None:
    moved = move(TREE)
    now = after(TREE)
    data = _data(now)
    assert set(data["project"]["dynamic"]) == {"version", "classifiers", "optional-dependencies"}
    assert not {"classifiers", "optional-dependencies"} & set(data["project"])
    script = now["setup.py"]
    assert "classifiers=[one for one" in script
    assert "extras_require={" in script
    assert "install_requires" not in script
    assert "def read(" not in script, "nothing that stays needs it"
    assert script.startswith("#!/usr/bin/env python\n")
    compile(script, "setup.py", "exec")
    said = " ".join(one.text for one in moved.left)
    assert "`classifiers` stays in setup.py" in said
    assert "`extras_require` stays in setup.py" in said
    assert move(now).edits == ()


CFG = """\
[metadata]
name = demo
version = attr: demo.__version__
description = A demo
long_description = file: README.md
license_files = LICENSE
classifiers =
    # what it is
    Programming Language :: Python
project_urls =
    Docs = https://example.org/docs

[options]
packages = find_namespace:
package_dir =
    =src
include_package_data = yes
install_requires =
    requests>=2.31
    rich; python_version < "3.12"
python_requires = >=3.9

[options.packages.find]
where = src

[options.extras_require]
xml = lxml; html5lib

[options.entry_points]
console_scripts =
    demo = demo.cli:main

[options.package_data]
* = *.txt

[bdist_wheel]
universal = 1
"""


def test_setup_cfg_is_moved_whole_and_what_other_commands_read_stays() -> None:
    files = {**TREE, "setup.py": "from setuptools import setup\n\nsetup()\n", "setup.cfg": CFG}
    now = after(files)
    assert now["setup.cfg"] == "[bdist_wheel]\nuniversal = 1\n"
    assert "setup.py" not in now
    data = _data(now)
    assert data["project"]["dependencies"] == ["requests>=2.31", 'rich; python_version < "3.12"']
    assert data["project"]["optional-dependencies"] == {"xml": ["lxml", "html5lib"]}
    assert data["project"]["scripts"] == {"demo": "demo.cli:main"}
    tool = data["tool"]["setuptools"]
    assert tool["packages"] == {"find": {"where": ["src"], "namespaces": True}}
    assert tool["include-package-data"] is True
    assert tool["package-data"] == {"*": ["*.txt"]}
    assert tool["license-files"] == ["LICENSE"]
    assert tool["dynamic"] == {"version": {"attr": "demo.__version__"}}
    assert "    # what it is\n" in now["pyproject.toml"]
    assert move(now).edits == ()


BARE = "[metadata]\nname = x\nversion = 1\n"


@pytest.mark.parametrize(
    ("text", "stays", "dynamic", "why"),
    [
        ("[options.extras_require]\n# by hand\na = file: r.txt\nb = c\n",
         "[options.extras_require]\n# by hand\na = file: r.txt\nb = c\n",
         ["optional-dependencies"], ":4: `extras_require` stays in setup.cfg"),
        ("description = a\n    b\nkeywords = k\n[options]\n# who\nzip_safe = no\nnamespace_packages = n\n",
         "[metadata]\ndescription = a\n    b\n[options]\nnamespace_packages = n\n",
         ["description"], "pyproject.toml cannot say it"),
        ("author_email = a at b\n", "[metadata]\nauthor_email = a at b\n", ["authors"], "no address"),
        ("url = https://a\nproject_urls =\n    Homepage = https://b\n",
         "[metadata]\nurl = https://a\nproject_urls =\n    Homepage = https://b\n", ["urls"], "two"),
        ("[options]\npackages = find:\ninstall_requires = a\n[options.packages.find]\nwhat = b\n",
         "[options]\npackages = find:\n[options.packages.find]\nwhat = b\n", None, "`what` in"),
        ("[options]\nsetup_requires = not one !\n[sdist]\na = b\n",
         "[options]\nsetup_requires = not one !\n[sdist]\na = b\n", None, "no requirement"),
    ],
)  # fmt: skip
def test_what_pyproject_cannot_say_stays_in_setup_cfg_alone(
    text: str, stays: str, dynamic: list[str] | None, why: str
) -> None:
    files = {"setup.cfg": BARE + text}
    moved = move(files)
    now = after(files)
    assert _squeezed(now["setup.cfg"]) == stays
    project = _data(now)["project"]
    assert (project["name"], project["version"]) == ("x", "1")
    assert project.get("dynamic") == dynamic
    assert not {*(dynamic or ())} & project.keys()
    assert why in "\n".join(one.text for one in moved.left)
    assert move(now).edits == ()


def _squeezed(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.strip())


def test_entry_points_of_a_file_stay_in_it() -> None:
    points = "[console_scripts]\nx = x:main\n"
    for files in (
        {"setup.cfg": BARE + "[options]\nentry_points = file: p.txt\n"},
        _setup("entry_points=open('p.txt').read()"),
    ):
        data = _data(after({**files, "p.txt": points}))
        assert data["project"]["dynamic"] == ["entry-points", "scripts", "gui-scripts"]
        assert data["tool"]["setuptools"]["dynamic"] == {"entry-points": {"file": "p.txt"}}


@pytest.mark.parametrize(
    "files",
    [
        {"setup.cfg": BARE + "[options]\nentry_points = file: gone.txt\n"},
        {"setup.cfg": BARE + "[options]\nentry_points = file: /etc/passwd\n"},
        {"setup.cfg": BARE + "[options]\nentry_points = nothing like that\n"},
        _setup("entry_points='nothing like that'"),
    ],
)
def test_a_text_of_entry_points_that_would_stay_moves_nothing(files: dict[str, str]) -> None:
    # setuptools wants a table of them beside [project], and stops at a text.
    result = move(files)
    assert result.edits == ()
    assert "`entry_points` cannot be carried" in result.left[0].text


def test_a_section_that_stops_setuptools_moves_nothing() -> None:
    files = {"setup.cfg": BARE + "[options.nothing]\na = b\n"}
    assert move(files).edits == ()
    assert "[options.nothing] is no section of setuptools" in move(files).left[0].text


def test_what_setup_cfg_says_and_the_script_too_does_not_stay_for_it() -> None:
    files = {
        **_setup("install_requires=['b']"),
        "setup.cfg": BARE + "[options]\ninstall_requires = not one !\n",
    }
    now = after(files)
    assert "setup.cfg" not in now
    assert _data(now)["project"]["dependencies"] == ["b"]


def test_the_script_has_the_last_word_over_setup_cfg() -> None:
    files = {
        **_setup("install_requires=['b']"),
        "setup.cfg": "[metadata]\nname = other\n[options]\ninstall_requires = a\n",
    }
    project = _data(after(files))["project"]
    assert (project["name"], project["dependencies"]) == ("x", ["b"])


@pytest.mark.parametrize(
    ("before", "arguments", "name"),
    [
        ("import os\nR = ['a']\nif os.name == 'nt':\n    R.append('b')\n", "install_requires=R", "R"),
        ("R = ['a']\nif True:\n    R = ['b']\n", "install_requires=R", "R"),
        ("R = ['a']\nR += ['b']\n", "install_requires=R", "R"),
        ("R = {'a': ['b']}\nR['c'] = ['d']\n", "extras_require=R", "R"),
        ("R = []\nfor one in 'ab':\n    R.append(one)\n", "install_requires=R", "R"),
        ("def more(x):\n    x.append('b')\nR = ['a']\nmore(R)\n", "install_requires=R", "R"),
        ("R = ['a']\ndef f():\n    global R\n    R = ['b']\nf()\n", "install_requires=R", "R"),
        ("import os\n", "install_requires=os.environ['R'].split()", "os.environ"),
        ("import subprocess\n", "description=subprocess.check_output('x')", "subprocess"),
        ("", "description=open('/etc/passwd').read()", "leads out"),
        ("", "long_description=open('missing.rst').read()", "missing.rst"),
        ("import os\n", "url=os.environ['R']", "os.environ"),
        ("", "author='A', author_email='a at b'", "no address"),
        ("R = ['a' if 1 else 'b']\n", "install_requires=R", "'a' if 1 else 'b'"),
        ("", "install_requires=['not a requirement !']", "no requirement"),
        ("try:\n    import x\n    R = ['a']\nexcept ImportError:\n    R = []\n",
         "install_requires=R", "R"),
    ],
)  # fmt: skip
def test_a_value_that_only_a_run_can_tell_is_never_written(
    before: str, arguments: str, name: str
) -> None:
    files = _setup(arguments, before)
    now = after(files)
    key = arguments.partition("=")[0]
    assert f"{key}=" in now["setup.py"]
    fields = {"install_requires": "dependencies", "extras_require": "optional-dependencies",
              "long_description": "readme", "url": "urls", "author": "authors"}  # fmt: skip
    project = _data(now)["project"]
    assert fields.get(key, key) in project["dynamic"]
    assert fields.get(key, key) not in project
    for statement in filter(None, before.splitlines()):
        assert statement in now["setup.py"]
    assert any(name in one.text for one in move(files).left if f"`{key}` stays" in one.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from setuptools import setup\nif x:\n    setup(name='x', version='1')\n", "condition"),
        ("from setuptools import setup\nsetup(name='x')\nsetup(name='y')\n", "more than once"),
        ("from setuptools import setup\nsetup(name=f(), version='1')\n", "`name`"),
        ("from setuptools import setup\nsetup(name='x')\n", "which version"),
        ("from setuptools import setup\nsetup(name='x', version='1', pbr=True)\n", "`pbr`"),
        ("from setuptools import setup\nsetup(name='x', version='1', **more())\n", "`more`"),
        ("import os\n", "no call of `setup`"),
        ("from setuptools import setup\nsetup(name='x'\n", "no Python"),
        ("from setuptools import setup\nA = {'cmdclass': f(), 'name': 'x'}\nsetup(**A)\n", "`f`"),
        (("from setuptools import setup\nA = {'ext_modules': ['y'], 'name': 'x', 'version': '1'}\n"
         "setup(**A)\n"), "ext_modules"),
    ],
)  # fmt: skip
def test_nothing_of_a_script_moves_that_cannot_be_told_apart(text: str, said: str) -> None:
    moved = move({"setup.py": text})
    assert moved.edits == ()
    assert any(said in one.text for one in moved.left)


def test_extensions_and_commands_stay_with_what_they_need() -> None:
    before = (
        "from setuptools import Extension\n"
        "from setuptools.command.build_ext import build_ext\n"
        "DEPS = ['a']  # what it needs\n\n\n"
        "class Build(build_ext):\n    pass\n\n\n"
        "print('hello')\n"
    )
    files = _setup(
        "install_requires=DEPS,\n    ext_modules=[Extension('x._x', ['x.c'])],\n"
        "    cmdclass={'build_ext': Build},\n",
        before,
    )
    now = after(files)
    assert now["setup.py"] == (
        "from setuptools import setup\nfrom setuptools import Extension\n"
        "from setuptools.command.build_ext import build_ext\n\n\n"
        "class Build(build_ext):\n    pass\n\n\nprint('hello')\n\n"
        "setup(\n    ext_modules=[Extension('x._x', ['x.c'])],\n"
        "    cmdclass={'build_ext': Build},\n)\n"
    )
    data = _data(now)
    assert data["project"]["dependencies"] == ["a"]
    assert "dynamic" not in data["project"]
    # without packages, what is found by itself differs once there are extensions
    assert data["tool"]["setuptools"]["packages"] == []


def test_a_script_that_is_named_elsewhere_stays_as_a_bare_call() -> None:
    files = {**_setup("description='d'"), "Makefile": "dist:\n\tpython setup.py sdist\n"}
    assert after(files)["setup.py"] == "from setuptools import setup\n\nsetup()\n"
    assert any(one.text.startswith("Makefile:2: ") for one in move(files).left)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("__import__('x').__version__", None),
        ("open('VERSION').read().strip()", {"file": "VERSION"}),
        ("x.__version__", {"attr": "x.__version__"}),
        ("about['__version__']", {"attr": "x.__version__"}),
        ("__version__", {"attr": "x.__version__"}),
        ("x.told", {"attr": "x._told.told"}),
        ("x.computed", None),
        ("x.twice", None),
    ],
)
def test_where_the_version_comes_from(version: str, expected: dict[str, str] | None) -> None:
    text = (
        "from setuptools import setup\nimport x\nfrom x import __version__\nabout = {}\n"
        "with open('x/__init__.py') as f:\n    exec(f.read(), about)\n"
        f"setup(name='x', version={version})\n"
    )
    module = "from ._told import told\n__version__ = '1.0'\ncomputed = str(1)\ntwice = '1'\ntwice = '2'\n"
    files = {
        "setup.py": text,
        "VERSION": "3.1\n",
        "x/__init__.py": module,
        "x/_told.py": "told: str = '4.0'\n",
    }
    now = after(files)
    data = _data(now)
    assert data["project"]["dynamic"] == ["version"]
    assert data["tool"]["setuptools"].get("dynamic", {}).get("version") == expected
    assert ("setup.py" in now) is (expected is None)
    # a script that goes on importing the project is built by the backend that lets it
    old = expected is None
    assert ("build-backend" in data["build-system"]) is not old


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        ('["setuptools>=40", "wheel"]', ["setuptools>=61.3.1", "wheel"]),
        ('["wheel"]', ["setuptools>=61.3.1", "wheel"]),
        ('["setuptools>=70,<90"]', ["setuptools>=70,<90"]),
        ('["setuptools<60"]', None),
        (
            """["setuptools; os_name == 'nt'", "setuptools<80; os_name != 'nt'"]""",
            ["setuptools; os_name == 'nt'", "setuptools<80; os_name != 'nt'"],
        ),
    ],
)
def test_the_build_asks_for_a_setuptools_that_reads_it(
    requires: str, expected: list[str] | None
) -> None:
    files = {**_setup(""), "pyproject.toml": f"[build-system]\nrequires = {requires}\n"}
    now = after(files)
    assert ("setup.py" in now) is (expected is None)
    if expected is not None:
        assert _data(now)["build-system"]["requires"] == expected


@given(
    st.text(
        alphabet=st.sampled_from("setup(name='x', version=1)\n[]{}=+%.\"#:abcf readopen\\*"),
        max_size=120,
    )
)
def test_no_script_stops_it(text: str) -> None:
    files = {
        "setup.py": f"from setuptools import setup\n{text}\nsetup(name='x', version='1', a=a)\n"
    }
    for edit in move(files).edits:
        if edit.path == "setup.py" and edit.after is not None:
            compile(edit.after, "setup.py", "exec")


@given(
    st.dictionaries(
        st.sampled_from(["description", "license", "keywords", "author", "download_url"]),
        st.text(max_size=30),
    ),
    st.lists(st.sampled_from(["a", "b>=1", "c[d]; os_name == 'nt'"]), max_size=3),
)
def test_plain_values_arrive_as_they_are(texts: dict[str, str], needed: list[str]) -> None:
    arguments = ", ".join(f"{name}={value!r}" for name, value in texts.items())
    files = _setup(f"install_requires={needed!r}, {arguments}")
    now = after(files)
    if "pyproject.toml" not in now:
        return
    project = _data(now)["project"]
    assert project.get("dependencies", []) == needed
    if "description" in project:
        assert project["description"] == texts["description"].strip()
    if texts.get("license"):
        assert project["license"] == {"text": texts["license"]}
