"""Are dependencies locked, committed and constrained?"""

from __future__ import annotations

import pytest

from doctrine.inspect._constraints import has_upper_bound, is_constrained, is_pinned
from doctrine.inspect.dependencies import INSPECTOR
from doctrine.mend.editing import edited
from doctrine.model.observation import Applicability, Evidence
from doctrine.model.project import Dependency, DependencyKind
from doctrine.model.replacing import replace
from tests.inspect.build import look, only, project, rules, seen

HASH = "sha256:" + "ab" * 32
LOCK = f"""version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
source = {{ editable = "." }}

[[package]]
name = "requests"
version = "2.32.0"
source = {{ registry = "https://index.invalid/simple" }}
sdist = {{ url = "https://files.invalid/requests-2.32.0.tar.gz", hash = "{HASH}" }}
wheels = [
    {{ url = "https://files.invalid/requests-2.32.0-py3-none-any.whl", hash = "{HASH}" }},
]
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def listed(*requirements: str, more: str = "") -> dict[str, str]:
    lines = "".join(f'    "{one}",\n' for one in requirements)
    text = f'[project]\nname = "app"\ndependencies = [\n{lines}]\n{more}'
    return {"pyproject.toml": text, "uv.lock": LOCK}


def test_a_complete_lock_and_bounded_requirements() -> None:
    reading = look(INSPECTOR, project(listed("requests>=2.32,<3"), tracked=["uv.lock"]))
    assert reading.findings == ()
    assert reading.undecided == {}
    details = {one.rule: one.evidence.detail for one in reading.supports}
    assert details["lock-without-hash"].startswith("1 downloaded package")
    assert "lock-not-committed" in details
    assert {"pyproject.toml", "uv.lock"} <= reading.analysed


def test_no_lock() -> None:
    reading = look(INSPECTOR, project({"pyproject.toml": "[project]\n"}))
    assert seen(reading) == [("lock-missing", ".", 1, "error")]
    unproven = {"lock-not-committed", "lock-outdated", "lock-without-hash"}
    assert set(reading.undecided) == unproven


def test_a_lock_that_could_not_be_read_is_not_missing() -> None:
    reading = look(INSPECTOR, project(unread={"uv.lock": "permission denied"}))
    assert reading.findings == ()
    assert "permission denied" in reading.undecided["lock-missing"]


@pytest.mark.parametrize(
    ("tracked", "ignored", "committed"),
    [
        (None, (), True),
        (["uv.lock"], (), True),
        ([], (), False),
        ([], ["uv.lock"], False),
        (None, ["uv.lock"], False),
    ],
)
def test_a_lock_must_be_committed(
    tracked: list[str] | None, ignored: tuple[str, ...], *, committed: bool
) -> None:
    judged = project(listed("requests>=2,<3"), tracked=tracked, ignored=ignored)
    expected = [] if committed else [("lock-not-committed", "uv.lock", 1, "error")]
    assert seen(look(INSPECTOR, judged)) == expected


def test_whether_a_lock_above_the_folder_is_committed_is_open() -> None:
    judged = project(listed("requests>=2,<3"), tracked=[])
    assert judged.lock
    above = replace(judged.lock, path="../uv.lock")
    reading = look(INSPECTOR, replace(judged, lock=above))
    assert reading.findings == ()
    assert "workspace" in reading.undecided["lock-not-committed"]


@pytest.mark.parametrize("lock", ["<<<<<<< HEAD\n", "", "version = 'one'\n", "version = true\n"])
def test_an_unreadable_lock(lock: str) -> None:
    files = {**listed("requests>=2,<3"), "uv.lock": lock}
    reading = look(INSPECTOR, project(files))
    assert rules(reading) == {"lock-unreadable"}
    assert "lock-without-hash" in reading.undecided


def test_a_lock_of_a_later_format_is_left_open() -> None:
    files = {**listed("requests>=2,<3"), "uv.lock": "version = 2\n"}
    reading = look(INSPECTOR, project(files))
    assert reading.findings == ()
    assert set(reading.undecided) == {"lock-unreadable", "lock-without-hash"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'.whl", hash = "{HASH}"', '.whl"'),
        (f'.tar.gz", hash = "{HASH}"', f'.tar.gz", hash = "md5:{"ab" * 16}"'),
        (f'.tar.gz", hash = "{HASH}"', '.tar.gz", hash = "sha256:"'),
    ],
)
def test_files_without_a_usable_hash(before: str, after: str) -> None:
    files = {**listed("requests>=2,<3"), "uv.lock": LOCK.replace(before, after)}
    reading = look(INSPECTOR, project(files))
    assert seen(reading) == [("lock-without-hash", "uv.lock", 9, "error")]
    assert reading.findings[0].symbol == "requests"


@pytest.mark.parametrize(
    ("source", "hashed"),
    [
        ('registry = "https://index.invalid"', False),
        ('url = "https://files.invalid/a.whl"', False),
        (f'git = "https://git.invalid/a#{COMMIT}"', True),
        ('editable = "."', True),
        ('virtual = "."', True),
        ('directory = "lib"', True),
        ('path = "a.whl"', True),
    ],
)
def test_which_sources_need_hashes(source: str, *, hashed: bool) -> None:
    lock = f'version = 1\n[[package]]\nname = "a"\nsource = {{ {source} }}\n'
    reading = look(INSPECTOR, project({**listed(), "uv.lock": lock}))
    assert (reading.findings == ()) is hashed


@pytest.mark.parametrize(
    ("requirement", "rule", "severity"),
    [
        ("requests", "unconstrained", "error"),
        ("requests[socks]", "unconstrained", "error"),
        ("requests!=2.31", "unconstrained", "error"),
        ("requests>=0", "unconstrained", "error"),
        ("requests ; python_version < '3.12'", "unconstrained", "error"),
        ("requests>=2", "no-upper-bound", "info"),
        ("requests>=2,!=2.31", "no-upper-bound", "info"),
        ("requests @ https://files.invalid/r.whl", "unpinned-reference", "error"),
        ("requests @ git+https://git.invalid/r", "unpinned-reference", "error"),
        ("requests @ git+https://git.invalid/r@main", "unpinned-reference", "error"),
        ("requests >>> 2", "invalid-requirement", "error"),
    ],
)
def test_requirements_that_admit_too_much(requirement: str, rule: str, severity: str) -> None:
    reading = look(INSPECTOR, project(listed("attrs>=25,<26", requirement)))
    assert seen(reading) == [(rule, "pyproject.toml", 5, severity)]


@pytest.mark.parametrize(
    "requirement",
    [
        "requests>=2,<3",
        "requests~=2.32",
        "requests==2.32.0",
        "requests==2.*",
        "requests===2.32.0",
        "requests<3",
        "app[extra]",
        "App",
        f"requests @ git+https://git.invalid/r@{COMMIT}",
        "requests @ git+ssh://git@git.invalid/r@v2.32.0",
        f"requests @ https://files.invalid/r.whl#sha256={'ab' * 32}",
        "requests @ file:///srv/r.whl",
    ],
)
def test_requirements_that_are_constrained(requirement: str) -> None:
    assert look(INSPECTOR, project(listed(requirement))).findings == ()


@pytest.mark.parametrize(
    "more",
    [
        "[project.optional-dependencies]\nx = [\n    'rich',\n]\n",
        "[dependency-groups]\nx = [\n    'rich',\n]\n",
    ],
)
def test_extras_and_groups_count(more: str) -> None:
    finding = only(look(INSPECTOR, project(listed(more=more))), "unconstrained")
    assert finding.location.line == 7
    assert finding.symbol == "rich"


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (listed("rich"), "`uv add 'rich>=<version>'`"),
        (
            listed(more="[project.optional-dependencies]\nx = ['rich']\n"),
            "`uv add --optional x 'rich>=<version>'`",
        ),
        (
            listed(more="[dependency-groups]\nx = ['rich']\n"),
            "`uv add --group x 'rich>=<version>'`",
        ),
        (listed("rich[jupyter]"), ""),
    ],
)
def test_the_command_writes_a_version_where_the_requirement_stands(
    files: dict[str, str], command: str
) -> None:
    finding = only(look(INSPECTOR, project(files)), "unconstrained")
    assert ("uv add" in finding.message) is bool(command)
    assert command in finding.message


def test_included_groups_are_no_requirements() -> None:
    more = "[dependency-groups]\na = ['rich>=14,<16']\nb = [{ include-group = 'a' }]\n"
    assert look(INSPECTOR, project(listed(more=more))).findings == ()


def test_what_builds_is_advice() -> None:
    reading = look(INSPECTOR, project(listed(more='[build-system]\nrequires = ["hatchling"]\n')))
    assert seen(reading) == [("build-unconstrained", "pyproject.toml", 6, "info")]


@pytest.mark.parametrize(
    "source",
    [
        "lib = { workspace = true }",
        'lib = { path = "../lib", editable = true }',
        f'lib = {{ git = "https://git.invalid/lib", rev = "{COMMIT}" }}',
        'lib = { git = "https://git.invalid/lib", tag = "v1" }',
        f'lib = {{ url = "https://files.invalid/l.whl#sha256={"ab" * 32}" }}',
    ],
)
def test_sources_that_settle_the_version(source: str) -> None:
    more = f"[tool.uv.sources]\n{source}\n"
    assert look(INSPECTOR, project(listed("lib", more=more))).findings == ()


@pytest.mark.parametrize(
    "source",
    [
        'lib = { git = "https://git.invalid/lib" }',
        'lib = { git = "https://git.invalid/lib", branch = "main" }',
        'lib = { url = "https://files.invalid/l.whl" }',
        'lib = [{ git = "https://git.invalid/lib" }]',
    ],
)
def test_sources_that_move(source: str) -> None:
    reading = look(INSPECTOR, project(listed("lib", more=f"[tool.uv.sources]\n{source}\n")))
    assert seen(reading) == [("unpinned-reference", "pyproject.toml", 7, "error")]


def test_another_index_does_not_settle_the_version() -> None:
    more = '[tool.uv.sources]\nlib = { index = "own" }\n'
    assert rules(look(INSPECTOR, project(listed("lib", more=more)))) == {"unconstrained"}


def test_constraints_of_uv_count() -> None:
    more = '[tool.uv]\nconstraint-dependencies = ["Lib.Core>=1,<2"]\n'
    assert look(INSPECTOR, project(listed("lib-core", more=more))).findings == ()


def test_dynamic_dependencies_are_left_open() -> None:
    pyproject = '[project]\nname = "app"\ndynamic = ["version", "dependencies"]\n'
    reading = look(INSPECTOR, project({"pyproject.toml": pyproject, "uv.lock": LOCK}))
    assert "dynamic" in reading.undecided["unconstrained"]
    version = '[project]\nname = "app"\ndynamic = ["version"]\n'
    reading = look(INSPECTOR, project({"pyproject.toml": version, "uv.lock": LOCK}))
    assert reading.undecided == {}


@pytest.mark.parametrize(
    ("path", "counts"), [("pyproject.toml", True), ("requirements.txt", False)]
)
def test_tables_of_other_managers_in_pyproject_count(path: str, *, counts: bool) -> None:
    foreign = Dependency(
        name="rich",
        raw='rich = "*"',
        specifier="*",
        url="",
        kind=DependencyKind.FOREIGN,
        group="",
        place=Evidence(path=path, line=9, detail=""),
    )
    judged = replace(project(listed()), dependencies=(foreign,))
    assert seen(look(INSPECTOR, judged)) == (
        [("unconstrained", path, 9, "error")] if counts else []
    )


def asked(path: str, name: str, group: str = "", *, problem: str = "") -> Dependency:
    return Dependency(
        name="" if problem else name,
        raw=name,
        specifier="",
        url="",
        kind=DependencyKind.FOREIGN,
        group=group,
        place=Evidence(path=path, line=9, detail=""),
        problem=problem,
    )


@pytest.mark.parametrize(
    ("pyproject", "counts"),
    [
        (None, True),
        ("[tool.mypy]\nstrict = true\n", True),
        ('[project]\nname = "app"\ndynamic = ["dependencies"]\n', True),
        ('[project]\nname = "app"\n', False),
        ('[tool.poetry]\nname = "app"\n', False),
    ],
)
def test_requirements_of_setuptools_count_where_there_are_no_others(
    pyproject: str | None, *, counts: bool
) -> None:
    files = {"setup.py": ""} if pyproject is None else {"setup.py": "", "pyproject.toml": pyproject}
    given = (asked("setup.py", "rich"), asked("setup.py", "wheel", "setup"))
    judged = replace(project(files), dependencies=given)
    found = [one for one in seen(look(INSPECTOR, judged)) if one[0] == "unconstrained"]
    assert found == ([("unconstrained", "setup.py", 9, "error")] if counts else [])


def test_requirements_that_code_builds_are_not_known() -> None:
    built = asked("setup.py", "install_requires", problem="built by code")
    judged = replace(project({"setup.py": ""}), dependencies=(built,))
    assert "setup.py:9" in look(INSPECTOR, judged).undecided["unconstrained"]
    hidden = project({"setup.py": "setup(**arguments)"})
    assert "built by code" in look(INSPECTOR, hidden).undecided["unconstrained"]
    unread = project({"setup.py": ""}, unread={"setup.py": "binary"})
    assert "binary" in look(INSPECTOR, unread).undecided["unconstrained"]
    assert "unconstrained" not in look(INSPECTOR, project({"setup.py": "setup()"})).undecided


@pytest.mark.parametrize(
    ("specifier", "constrained", "bounded"),
    [
        ("", False, False),
        ("*", False, False),
        ("==*", False, True),
        (">=0.0", False, False),
        (">0", False, False),
        (">=0.0.1", True, False),
        ("^1.2", True, True),
        ("~1.2", True, True),
        ("1.2", True, True),
        ("!=1,<2", True, True),
        ("^1 || ^2", True, True),
    ],
)
def test_specifiers_in_any_dialect(specifier: str, *, constrained: bool, bounded: bool) -> None:
    assert is_constrained(specifier) is constrained
    assert has_upper_bound(specifier) is bounded


def test_a_git_user_is_no_revision() -> None:
    assert not is_pinned("git+ssh://git@git.invalid/owner/lib")
    assert is_pinned("git+ssh://git@git.invalid/owner/lib@v1.0")


OWN = """

[[package]]
name = "app"
version = "1.0"
source = {{ {source} = "." }}

[package.metadata]
requires-dist = [{{ name = "requests", specifier = ">=2" }}]

[package.metadata.requires-dev]
dev = [{{ name = "pytest", specifier = ">=8" }}]
"""


def dated(version: str, *requirements: str, source: str = "editable", uv: str = "") -> list[str]:
    lines = "".join(f'    "{one}",\n' for one in requirements)
    text = (
        f'[project]\nname = "app"\nversion = "{version}"\ndependencies = [\n{lines}]\n'
        f'[dependency-groups]\ndev = ["pytest>=8,<9"]\n{uv}'
    )
    lock = "version = 1\n" + OWN.format(source=source)
    judged = project({"pyproject.toml": text, "uv.lock": lock}, tracked=["uv.lock"])
    reading = look(INSPECTOR, judged)
    return [one.message for one in reading.findings if one.rule == "lock-outdated"]


@pytest.mark.parametrize("source", ["editable", "virtual"])
def test_a_lock_made_for_another_version_is_outdated(source: str) -> None:
    (message,) = dated("1.1", "requests>=2,<3", source=source)
    assert message == (
        "the lock is that of app 1.0, pyproject.toml says 1.1: run `uv lock` and commit uv.lock"
    )


def test_a_lock_that_does_not_know_a_requirement_is_outdated() -> None:
    (message,) = dated("1.0.0", "requests>=2,<3", "Flask>=3,<4", "app[extra]")
    assert "does not know of flask:" in message


def test_a_lock_that_repeats_the_project_is_not_outdated() -> None:
    assert dated("1.0.0", "requests>=2,<3", "app[extra]") == []
    left_out = '[tool.uv]\nexclude-dependencies = ["flask"]\n'
    assert dated("1.0", "requests>=2,<3", "flask>=3,<4", uv=left_out) == []


def test_the_version_of_another_package_dates_nothing() -> None:
    assert dated("1.1", "requests>=2,<3", source="registry") == []


@pytest.mark.parametrize(
    ("head", "outdated"), [("version = 1\nrevision = 3\n", 1), ("version = 1\n", 0)]
)
def test_a_lock_of_a_project_without_requirements_is_outdated_by_the_first(
    head: str, outdated: int
) -> None:
    bare = OWN[: OWN.index("[package.metadata]")].format(source="virtual")
    text = '[project]\nname = "app"\nversion = "1.0"\ndependencies = ["idna>=3"]\n'
    judged = project({"pyproject.toml": text, "uv.lock": head + bare}, tracked=["uv.lock"])
    found = [one.rule for one in look(INSPECTOR, judged).findings]
    assert found.count("lock-outdated") == outdated


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('"requests"', '"requests>=2.32.0,<3"'),
        ("'requests'", "'requests>=2.32.0,<3'"),
        ('"Requests [socks]"', '"Requests [socks]>=2.32.0,<3"'),
        (
            "\"requests ; python_version < '3.12'\"",
            "\"requests>=2.32.0,<3 ; python_version < '3.12'\"",
        ),
    ],
)
def test_the_lock_says_what_a_bare_requirement_admits(written: str, mended: str) -> None:
    text = f'[project]\r\nname = "app"\r\ndependencies = [\r\n    {written}, # why\r\n]\r\n'
    files = {"pyproject.toml": text, "uv.lock": LOCK}
    reading = look(INSPECTOR, project(files, tracked=["uv.lock"], facts={"library": False}))
    (found,) = (one for one in reading.findings if one.rule == "unconstrained")
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE
    done = edited(text.encode(), [found.fix.edits]).content.decode()
    assert done == text.replace(written, mended)


def test_what_comes_with_a_library_is_limited_from_below_and_unsafely() -> None:
    group = '[dependency-groups]\ndev = [\n    "requests"\n]\n'
    reading = look(INSPECTOR, project(listed("requests", more=group), tracked=["uv.lock"]))
    fixes = [one.fix for one in reading.findings if one.rule == "unconstrained"]
    told = {(one.applicability, one.edits[0].content) for one in fixes if one is not None}
    assert told == {
        (Applicability.UNSAFE, ">=2.32.0"),
        (Applicability.SAFE, ">=2.32.0,<3"),
    }


@pytest.mark.parametrize("requirement", ["httpx", "requests!=2.1", "requests>=0"])
def test_what_is_not_locked_or_says_something_is_left_to_a_person(requirement: str) -> None:
    reading = look(INSPECTOR, project(listed(requirement), tracked=["uv.lock"]))
    (found,) = (one for one in reading.findings if one.rule == "unconstrained")
    assert found.fix is None
