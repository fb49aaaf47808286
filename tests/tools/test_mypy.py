"""How mypy is started, and what of its output is believed."""

from __future__ import annotations

import json

import pytest

from doctrine.model.observation import Location
from doctrine.model.project import Environment, Import
from doctrine.model.replacing import replace
from doctrine.model.run import Origin
from doctrine.model.settings import Settings
from doctrine.model.tool import CrashedError, UnreadableError
from doctrine.tools.mypy import TOOL
from tests.tools.asking import ROOT, a_layout, a_request, completed, prepared

FILES = ("src/pkg/a.py", "tests/test_a.py", "setup.py")


def targets(argv: tuple[str, ...]) -> list[str]:
    return [word for word in argv[1:] if not word.startswith("-")]


def test_targets_of_the_configuration_win_over_those_of_ci() -> None:
    layout = a_layout(*FILES, toml='[tool.mypy]\nfiles = ["src"]\n')
    request = a_request(layout, commands=(("mypy", "tests"),))
    assert targets(prepared(TOOL, request).argv) == []


def test_an_import_root_inside_another_is_not_named_twice() -> None:
    layout = a_layout("src/a/x.py", "src/b/b/y.py", "src/z.py", sources=("src", "src/b"))
    words = prepared(TOOL, a_request(layout)).argv
    assert "src" in words
    assert "src/b" not in words


def test_targets_of_ci_stand_in_for_those_of_the_configuration() -> None:
    layout = a_layout(*FILES, toml="[tool.mypy]\nstrict = true\n")
    request = a_request(
        layout, commands=(("mypy", "--config-file", "pyproject.toml", "src/", "$EXTRA"),)
    )
    argv = prepared(TOOL, request).argv
    assert argv[-1] == "src"
    assert "$EXTRA" not in argv


def test_named_paths_win_over_the_configuration() -> None:
    layout = a_layout(*FILES, toml='[tool.mypy]\nfiles = ["src"]\n')
    request = a_request(layout, settings=Settings(root=ROOT, paths=("tests",)))
    assert targets(prepared(TOOL, request).argv) == ["tests"]


def test_without_any_configuration_the_guide_is_strict_about_the_sources() -> None:
    layout = a_layout(*FILES, sources=("src", "."))
    request = a_request(layout, defaults={"strict": True, "python_version": "3.14"})
    invocation = prepared(TOOL, request)
    assert "--config-file={scratch}/mypy.toml" in invocation.argv
    assert "--python-version=3.11" in invocation.argv
    assert invocation.files["mypy.toml"] == b"[tool.mypy]\nstrict = true\n"
    assert targets(invocation.argv) == ["src", "setup.py"]


@pytest.mark.parametrize(
    ("texts", "toml", "configured"),
    [
        ({"mypy.ini": ""}, '[tool.mypy]\nfiles = ["src"]\n', False),
        ({".mypy.ini": "[mypy]\nfiles = src\n"}, "", True),
        ({"setup.cfg": "[mypy]\nfiles = src\n"}, "", True),
        ({"setup.cfg": "[mypy]\nfiles = src\n"}, "[tool.mypy]\nstrict = true\n", False),
        ({"setup.cfg": "[metadata]\nname = x\n"}, '[tool.mypy]\npackages = ["x"]\n', True),
    ],
)
def test_the_file_that_mypy_would_read_decides(
    texts: dict[str, str], toml: str, configured: bool
) -> None:
    layout = a_layout(*FILES, toml=toml, texts=texts)
    argv = prepared(TOOL, a_request(layout)).argv
    assert (targets(argv) == []) is configured
    assert not any(word.startswith("--config-file") for word in argv)


def test_what_the_configuration_would_write_goes_elsewhere() -> None:
    toml = '[tool.mypy]\njunit_xml = "out.xml"\nlinecount_report = "r"\nnum_workers = 4\n'
    argv = prepared(TOOL, a_request(a_layout(toml=toml))).argv
    assert {"--junit-xml={scratch}/junit.xml", "--num-workers=0"} <= set(argv)
    assert "--linecount-report={scratch}/linecount_report" in argv
    assert "--cache-dir=/dev/null" in argv


@pytest.mark.parametrize(("version", "asked"), [("1.11.0", "3.8"), ("1.18.2", "3.9")])
def test_the_floor_is_raised_to_what_this_mypy_knows(version: str, asked: str) -> None:
    layout = a_layout()
    old = replace(layout, target=replace(layout.target, floor=(3, 7)))
    argv = prepared(TOOL, a_request(old, version=version)).argv
    assert f"--python-version={asked}" in argv


def test_a_configured_mypy_takes_the_newest_version_unless_an_environment_decides() -> None:
    layout = a_layout(*FILES, toml="[tool.mypy]\nstrict = true\n")
    wide = replace(layout, target=replace(layout.target, floor=(3, 10), minors=(10, 11, 14)))
    assert "--python-version=3.14" in prepared(TOOL, a_request(wide)).argv
    own = Environment(python="/env/bin/python", version=(3, 12), site=(), packages={}, label="e")
    argv = prepared(TOOL, a_request(replace(wide, environment=own))).argv
    assert not [word for word in argv if word.startswith("--python-version")]
    assert "--python-executable=/env/bin/python" in argv


def test_links_to_folders_are_not_followed() -> None:
    layout = replace(a_layout(*FILES), linked=("src/loop",))
    assert "--exclude=^src/loop/" in prepared(TOOL, a_request(layout)).argv


def test_flags_of_ci_that_change_what_is_found_are_passed_on_and_no_others() -> None:
    command = ("mypy", "--strict", "--html-report", "out", "--install-types", "a.py")
    argv = prepared(TOOL, a_request(commands=(command,))).argv
    assert "--strict" in argv
    assert not {"--html-report", "out", "--install-types"} & set(argv)


def line(code: str, message: str, file: str = "a.py") -> bytes:
    entry = {"file": file, "line": 1, "column": 0, "message": message, "hint": None}
    return json.dumps({**entry, "code": code, "severity": "error"}).encode() + b"\n"


PROOF = (
    b"LOG:  Loaded graph with 3 nodes (0.1 sec)\nLOG:  Parsing a.py (a)\n"
    b"LOG:  Build finished in 0.1 seconds with 3 modules, and 0 errors\n"
)


@pytest.mark.parametrize(
    ("packages", "doubtful"), [(None, True), ({}, True), ({"absent": "1.0"}, False)]
)
def test_an_import_is_in_doubt_only_while_declared_packages_are_missing(
    packages: dict[str, str] | None, doubtful: bool
) -> None:
    toml = '[project]\ndependencies = ["absent>=1"]\n'
    request = a_request(a_layout(toml=toml, packages=packages))
    stdout = line(
        "import-not-found", 'Cannot find implementation or library stub for module named "absent.x"'
    ) + line("misc", 'Class cannot subclass "X" (has type "Any")')
    done = completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF)
    reading = TOOL.read(request, (done,))
    assert [finding.needs_environment for finding in reading.findings] == [doubtful, doubtful]
    assert reading.missing_packages == (("absent",) if doubtful else ())


@pytest.mark.parametrize(
    ("code", "message", "doubtful"),
    [
        ("union-attr", 'Item "str" of "Any | str" has no attribute "allows"', True),
        ("attr-defined", '"type[Exception]" has no attribute "code"', True),
        ("misc", "Implicit return in function which does not return", True),
        ("misc", 'Class cannot subclass value of type "Any"', True),
        ("no-untyped-def", "Function is missing a type annotation", False),
        ("type-arg", 'Missing type arguments for generic type "dict"', False),
    ],
)
def test_what_a_missing_type_can_bring_about_is_in_doubt(
    code: str, message: str, *, doubtful: bool
) -> None:
    request = a_request(a_layout())
    stdout = line(
        "import-not-found", 'Cannot find implementation or library stub for module named "absent"'
    ) + line(code, message)
    done = completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF)
    assert TOOL.read(request, (done,)).findings[-1].needs_environment is doubtful


def test_what_no_missing_package_reaches_is_certain() -> None:
    request = a_request(a_layout("a.py", "b.py"))
    stdout = (
        line("import-not-found", 'Cannot find library stub for module named "absent"')
        + line("attr-defined", "wrong")
        + line("attr-defined", "wrong", "b.py")
    )
    done = completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF)
    doubts = [finding.needs_environment for finding in TOOL.read(request, (done,)).findings]
    assert doubts == [True, True, False]


def test_overrides_for_modules_it_did_not_meet_do_not_stop_mypy() -> None:
    request = a_request()
    stderr = PROOF + b"pyproject.toml: note: unused section(s): module = ['bar', 'foo.*']\n"
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stderr=stderr),))
    assert reading.analysed == {"a.py"}
    assert "unused section" in reading.note


@pytest.mark.parametrize(
    ("imported", "packages", "doubtful"),
    [
        ("absent.x", None, True),
        ("absent.x", {"absent": "1.0"}, False),
        ("json", None, False),
        ("_typeshed.wsgi", None, False),
    ],
)
def test_what_ignored_missing_imports_leave_behind_is_in_doubt(
    imported: str, packages: dict[str, str] | None, doubtful: bool
) -> None:
    toml = '[project]\ndependencies = ["absent"]\n[tool.mypy]\nignore_missing_imports = true\n'
    request = a_request(a_layout(toml=toml, packages=packages))
    item = Import(module=imported, name="", bound=imported, dots=0, location=Location(path="a.py"))
    request = replace(request, modules=(replace(request.modules[0], imports=(item,)),))
    stdout = line("no-any-return", 'Returning Any from function declared to return "str"')
    done = completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF)
    reading = TOOL.read(request, (done,))
    assert [finding.needs_environment for finding in reading.findings] == [doubtful]
    assert reading.missing_packages == (("absent",) if doubtful else ())


def test_a_backport_for_the_checked_version_is_missing_in_a_newer_environment() -> None:
    toml = """[project]
dependencies = ["here", "backport; python_version < '3.11'"]
[tool.mypy]
python_version = "3.10"
"""
    layout = a_layout("a.py", "b.py", toml=toml, packages={"here": "1.0"})
    request = a_request(layout)
    modules = tuple(
        replace(
            module,
            imports=(Import(module=name, name="x", bound="x", dots=0, location=Location(path="")),),
        )
        for module, name in zip(request.modules, ("backport", "here"), strict=True)
    )
    request = replace(request, modules=modules)
    stdout = line("no-any-return", "wrong") + line("no-any-return", "wrong", "b.py")
    proof = PROOF + b"LOG:  Parsing b.py (b)\n"
    reading = TOOL.read(
        request, (completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=proof),)
    )
    assert reading.missing_packages == ("backport",)
    assert [finding.needs_environment for finding in reading.findings] == [True, False]


VERSION_FILE = '[tool.setuptools_scm]\nwrite_to = "src/app/_version.py"\n'


@pytest.mark.parametrize("packages", [None, {}])
@pytest.mark.parametrize(("toml", "doubtful"), [(VERSION_FILE, True), ("", False)])
def test_a_module_that_the_build_writes_is_missing_and_no_error(
    toml: str, packages: dict[str, str] | None, *, doubtful: bool
) -> None:
    request = a_request(
        a_layout("a.py", "src/app/b.py", sources=("src",), toml=toml, packages=packages)
    )
    said = 'Cannot find implementation or library stub for module named "app._version"'
    done = completed(
        prepared(TOOL, request), code=1, stdout=line("import-not-found", said), stderr=PROOF
    )
    reading = TOOL.read(request, (done,))
    assert [finding.needs_environment for finding in reading.findings] == [doubtful]
    assert reading.missing_packages == (("app._version",) if doubtful else ())


RUST = '[[tool.setuptools-rust.ext-modules]]\ntarget = "app._fast"\n'
C = '[[tool.setuptools.ext-modules]]\nname = "app._fast"\nsources = ["fast.c"]\n'


@pytest.mark.parametrize(
    ("toml", "others", "doubtful"),
    [(RUST, (), True), (C, (), True), ("", ("src/app/_fast.pyx",), True), ("", ("fast.c",), False)],
)
def test_a_compiled_module_is_missing_and_no_error(
    toml: str, others: tuple[str, ...], *, doubtful: bool
) -> None:
    layout = a_layout("src/app/b.py", sources=("src",), toml=toml, packages={})
    request = a_request(replace(layout, others=others))
    said = 'Cannot find implementation or library stub for module named "app._fast"'
    stdout, proof = (
        line("import-not-found", said, "src/app/b.py"),
        b"LOG:  Parsing src/app/b.py (b)\n",
    )
    done = completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF + proof)
    assert [one.needs_environment for one in TOOL.read(request, (done,)).findings] == [doubtful]


@pytest.mark.parametrize(
    ("module", "packages", "doubtful"),
    [("app", None, True), ("app.b", None, True), ("app.gone", None, False), ("app", {}, False)],
)
def test_tests_find_the_projects_own_packages_where_it_is_installed(
    module: str, packages: dict[str, str] | None, *, doubtful: bool
) -> None:
    request = a_request(a_layout("a.py", "src/app/b.py", sources=("src",), packages=packages))
    said = f'Cannot find implementation or library stub for module named "{module}"'
    done = completed(
        prepared(TOOL, request), code=1, stdout=line("import-not-found", said), stderr=PROOF
    )
    assert [one.needs_environment for one in TOOL.read(request, (done,)).findings] == [doubtful]


@pytest.mark.parametrize(("name", "missing"), [("", ()), ("*", ("absent",))])
def test_an_import_by_a_call_brings_no_types(name: str, missing: tuple[str, ...]) -> None:
    request = a_request(a_layout())
    item = Import(module="absent", name=name, bound="", dots=0, location=Location(path="a.py"))
    request = replace(request, modules=(replace(request.modules[0], imports=(item,)),))
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stderr=PROOF),))
    assert reading.missing_packages == missing


def test_a_silenced_module_is_not_proven() -> None:
    request = a_request(a_layout("a.py", "b.py"))
    stderr = PROOF + b"LOG:  Parsing b.py (b)\nLOG:  Silencing b.py (b)\n"
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stderr=stderr),))
    assert reading.analysed == {"a.py"}


@pytest.mark.parametrize("stem", ["a (1)", "(GUI)", "a (b"])
def test_a_name_with_parentheses_is_read_in_the_log(stem: str) -> None:
    request = a_request(a_layout("a.py", f"{stem}.py"))
    stderr = PROOF + f"LOG:  Parsing {stem}.py ({stem})\n".encode()
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stderr=stderr),))
    assert reading.analysed == {"a.py", f"{stem}.py"}


@pytest.mark.parametrize("log", [b"", PROOF.partition(b"LOG:  Build")[0], PROOF + b"\0"])
def test_silence_without_a_whole_log_proves_nothing(log: bytes) -> None:
    request = a_request()
    with pytest.raises(UnreadableError, match="its log"):
        TOOL.read(request, (completed(prepared(TOOL, request), stdout=b"\n", stderr=log),))


@pytest.mark.parametrize("rest", [b'e": null, "code": "misc"}', b'{"file": "a.py", "li'])
def test_what_remained_of_a_finding_is_not_taken_for_words(rest: bytes) -> None:
    request = a_request()
    stdout = rest + b"\n" + line("misc", "wrong")
    with pytest.raises(UnreadableError, match="another shape"):
        TOOL.read(
            request, (completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF),)
        )


def test_errors_in_other_projects_are_no_silence() -> None:
    request = a_request()
    stdout = line("misc", "wrong", "../other/b.py")
    done = completed(prepared(TOOL, request), code=1, stdout=stdout, stderr=PROOF)
    reading = TOOL.read(request, (done,))
    assert reading.findings == ()
    assert "../other/b.py" in reading.undecided["outside"]


@pytest.mark.parametrize(("code", "stdout"), [(1, b""), (0, line("misc", "wrong"))])
def test_an_exit_code_that_contradicts_the_findings_is_not_believed(
    code: int, stdout: bytes
) -> None:
    request = a_request()
    done = completed(prepared(TOOL, request), code=code, stdout=stdout, stderr=PROOF)
    with pytest.raises(UnreadableError):
        TOOL.read(request, (done,))


def test_notes_alone_end_mypy_with_an_exit_code_of_1() -> None:
    request = a_request()
    note = line("annotation-unchecked", "not checked").replace(b'"error"', b'"note"')
    done = completed(prepared(TOOL, request), code=1, stdout=note, stderr=PROOF)
    reading = TOOL.read(request, (done,))
    assert reading.findings == ()
    assert reading.analysed


DJANGO = '[tool.mypy]\nplugins = ["mypy_django_plugin.main"]\n'
EXTRA = DJANGO + '[project.optional-dependencies]\ndev = ["django-stubs>=6"]\n'
PRIVATE = Settings(root=ROOT, install=True)


@pytest.mark.parametrize(
    ("toml", "packages", "settings", "told"),
    [
        (DJANGO, None, None, "it comes with django-stubs: install the project's environment"),
        (DJANGO, None, PRIVATE, "could not be made, see the problem of uv"),
        (
            DJANGO,
            {},
            None,
            "it comes with django-stubs, which .venv lacks: `doctrine doctor` names",
        ),
        (EXTRA, {}, None, "it comes with django-stubs, which .venv lacks: `doctrine doctor` names"),
        (
            DJANGO,
            {"django-stubs": "6.1"},
            None,
            "mypy is not, and another one does not see it: `doctrine doctor` names the command",
        ),
    ],
)
def test_a_plugin_that_is_not_installed_says_what_brings_it(
    toml: str, packages: dict[str, str] | None, settings: Settings | None, told: str
) -> None:
    request = a_request(a_layout(toml=toml, packages=packages), settings=settings)
    words = (
        "Error importing plugin \"mypy_django_plugin.main\": No module named 'mypy_django_plugin'"
    )
    # mypy 2 says it as JSON on stderr, an older one on stdout.
    for streams in ({"stdout": said(words)}, {"stderr": said(words)}):
        done = completed(prepared(TOOL, request), code=2, **streams)
        with pytest.raises(CrashedError) as caught:
            TOOL.read(request, (done,))
        message = str(caught.value)
        assert message.startswith(
            'mypy stopped: pyproject.toml names the plugin "mypy_django_plugin.'
        )
        assert told in message
        assert "{" not in message
        assert "`uv" not in message  # which command mends it, the doctor tells


def test_a_module_that_its_distribution_does_not_have_is_not_said_to_be_missing_with_it() -> None:
    layout = a_layout(toml=DJANGO, packages={"django-stubs": "1", "mypy": "2"})
    request = a_request(layout)
    request = replace(request, located=replace(request.located, origin=Origin.PROJECT))
    words = (
        "Error importing plugin \"mypy_django_plugin.main\": No module named 'mypy_django_plugin'"
    )
    done = completed(prepared(TOOL, request), code=2, stderr=said(words))
    with pytest.raises(CrashedError, match="has no module `mypy_django_plugin`: name a plugin"):
        TOOL.read(request, (done,))


def test_what_a_plugin_imports_is_not_taken_for_the_plugin() -> None:
    request = a_request(a_layout(toml=DJANGO, packages={"django-stubs": "6.1"}))
    words = "Error importing plugin \"mypy_django_plugin.main\": No module named 'django'"
    done = completed(prepared(TOOL, request), code=2, stderr=said(words))
    with pytest.raises(CrashedError, match=r"lacks what brings `django`: `uv sync`"):
        TOOL.read(request, (done,))


def said(words: str) -> bytes:
    return line("misc", words, "pyproject.toml")
