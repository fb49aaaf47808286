"""Is a bot set up to update the Python dependencies?"""

from __future__ import annotations

import pytest

from doctrine.inspect.updates import INSPECTOR
from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, DependencyKind
from doctrine.model.replacing import replace
from tests.inspect.build import look, project, seen

BOT = ".github/dependabot.yml"


def dependabot(*ecosystems: str, more: str = "") -> str:
    entries = "".join(
        f'  - package-ecosystem: "{one}"\n    directory: "/"\n    schedule:\n'
        f"      interval: weekly\n{more}"
        for one in ecosystems
    )
    return f"version: 2\nupdates:\n{entries}"


@pytest.mark.parametrize("path", [BOT, ".github/dependabot.yaml"])
@pytest.mark.parametrize("ecosystems", [("uv",), ("pip",), ("github-actions", "uv")])
def test_dependabot_for_python(path: str, ecosystems: tuple[str, ...]) -> None:
    reading = look(INSPECTOR, project({path: dependabot(*ecosystems)}))
    assert reading.findings == ()
    assert [(one.rule, one.evidence.path) for one in reading.supports] == [("no-update-bot", path)]
    assert path in reading.analysed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (dependabot("github-actions"), "github-actions"),
        (dependabot("npm", "docker"), "docker, npm"),
        ("version: 2\nupdates: []\n", "nothing"),
        ("", "nothing"),
        (dependabot("uv", more="    open-pull-requests-limit: 0\n"), "stops version updates"),
        (dependabot("uv", more="    ignore:\n      - dependency-name: '*'\n"), "every package"),
    ],
)
def test_dependabot_that_leaves_python_alone(text: str, said: str) -> None:
    reading = look(INSPECTOR, project({BOT: text}))
    assert seen(reading) == [("wrong-ecosystem", BOT, 1, "error")]
    assert said in reading.findings[0].message


@pytest.mark.parametrize(
    ("where", "works"),
    [
        ("directory: /", True),
        ("directory: ./", True),
        ("directory: ''", True),
        ("directories: [/docs, /]", True),
        ("directories: ['/*']", True),
        ("directories: ['**/*']", True),
        ("directory: /packages/core", True),
        ("directories: ['/packages/*']", True),
        ("directory: /tests/plugins", False),
        ("directories: [/docs, /tests]", False),
        ("directories: ['/tests/**']", False),
    ],
)
def test_dependabot_has_to_look_where_the_dependencies_are(where: str, *, works: bool) -> None:
    text = dependabot("pip").replace('directory: "/"', where)
    files = {
        BOT: text,
        "pyproject.toml": '[project]\ndependencies = ["a>=1"]\n',
        "tests/plugins/requirements.txt": "b==1\n",
    }
    found = project(files)
    member = Dependency(
        name="c",
        raw="c>=1",
        specifier=">=1",
        url="",
        kind=DependencyKind.RUNTIME,
        group="",
        place=Evidence(path="packages/core/pyproject.toml", line=2, detail="c>=1"),
    )
    reading = look(INSPECTOR, replace(found, dependencies=(*found.dependencies, member)))
    assert (reading.findings == ()) is works


def test_requirements_elsewhere_count_where_there_are_no_others() -> None:
    text = dependabot("pip").replace('directory: "/"', "directory: /requirements")
    place = Evidence(path="requirements/base.txt", line=1, detail="a==1")
    only = Dependency(
        name="a",
        raw="a==1",
        specifier="==1",
        url="",
        kind=DependencyKind.FOREIGN,
        group="",
        place=place,
    )
    reading = look(INSPECTOR, replace(project({BOT: text}), dependencies=(only,)))
    assert reading.findings == ()


def test_requirements_beside_the_project_leave_it_open() -> None:
    text = dependabot("pip").replace('directory: "/"', "directory: /requirements")
    found = project({BOT: text, "pyproject.toml": '[project]\ndependencies = ["a>=1"]\n'})
    beside = Dependency(
        name="coverage",
        raw="coverage==7.8.0",
        specifier="==7.8.0",
        url="",
        kind=DependencyKind.FOREIGN,
        group="test",
        place=Evidence(path="requirements/test.txt", line=1, detail="coverage==7.8.0"),
    )
    reading = look(INSPECTOR, replace(found, dependencies=(*found.dependencies, beside)))
    assert reading.findings == ()
    assert "requirements files" in reading.undecided["no-update-bot"]
    assert set(reading.undecided) == {"no-update-bot", "wrong-ecosystem"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (BOT, "updates: [\n"),
        (BOT, "a: 2020-13-45\n"),
        (BOT, dependabot("uv").replace("version: 2\n", "")),
        (BOT, dependabot("uv").replace("version: 2\n", "version: 1\n")),
        ("renovate.json", "{"),
        ("renovate.json", "[]"),
        ("renovate.json", '{"enabled": false}'),
    ],
)
def test_a_broken_file_is_no_bot(path: str, text: str) -> None:
    reading = look(INSPECTOR, project({path: text}))
    assert seen(reading) == [("no-update-bot", path, 1, "error")]


def test_no_bot_at_all() -> None:
    reading = look(INSPECTOR, project({"package.json": "{}", "pyproject.toml": ""}))
    assert seen(reading) == [("no-update-bot", ".", 1, "error")]
    assert "package-ecosystem: uv" in reading.findings[0].message


@pytest.mark.parametrize(
    "path",
    [
        "renovate.json",
        "renovate.json5",
        ".github/renovate.json",
        ".github/renovate.json5",
        ".gitlab/renovate.json",
        ".renovaterc",
        ".renovaterc.json",
        ".renovaterc.json5",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        '{"extends": ["config:recommended"]}',
        "// hello\n{extends: ['config:recommended',], /* all */}\n",
        '{"enabledManagers": ["pep621", "github-actions"]}',
        '{"packageRules": [{"matchManagers": ["npm"], "enabled": false}]}',
        '{"packageRules": [{"matchManagers": ["pep621"], "matchDepNames": [], "enabled": false}]}',
    ],
)
def test_renovate(path: str, text: str) -> None:
    assert look(INSPECTOR, project({path: text})).findings == ()


def test_renovate_in_a_package_file() -> None:
    package = '{"renovate": {"extends": ["config:base"]}}'
    assert look(INSPECTOR, project({"package.json": package})).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        '{"enabledManagers": ["github-actions"]}',
        '{"pep621": {"enabled": false}}',
        '{"packageRules": [{"matchManagers": ["pep621"], "enabled": false}]}',
    ],
)
def test_renovate_that_leaves_python_alone(text: str) -> None:
    reading = look(INSPECTOR, project({"renovate.json": text}))
    assert seen(reading) == [("wrong-ecosystem", "renovate.json", 1, "error")]
    assert "pep621" in reading.findings[0].message


def test_one_working_bot_is_enough() -> None:
    files = {BOT: dependabot("github-actions"), "renovate.json": "{}"}
    assert look(INSPECTOR, project(files)).findings == ()


def test_a_file_that_could_not_be_read_leaves_it_open() -> None:
    reading = look(INSPECTOR, project(unread={BOT: "too big"}))
    assert reading.findings == ()
    assert set(reading.undecided) == {"no-update-bot", "wrong-ecosystem"}


@pytest.mark.parametrize(
    "ignored",
    [
        "- dependency-name: django",
        "- {dependency-name: '*', update-types: ['version-update:semver-major']}",
        "- {dependency-name: '*', versions: ['>=9']}",
    ],
)
def test_dependabot_may_leave_out_some_updates(ignored: str) -> None:
    text = dependabot("uv", more=f"    ignore:\n      {ignored}\n")
    assert look(INSPECTOR, project({BOT: text})).findings == ()


@pytest.mark.parametrize(
    ("rules", "works"),
    [
        ('{"matchManagers": ["pep621"], "enabled": false}', False),
        ('{"matchPackageNames": ["*"], "enabled": false}', False),
        ('{"matchDatasources": ["pypi"], "enabled": false}', False),
        ('{"matchCategories": ["python"], "matchPackagePatterns": ["*"], "enabled": false}', False),
        ('{"matchDatasources": ["npm"], "enabled": false}', True),
        ('{"matchDatasources": ["pypi"], "matchUpdateTypes": ["major"], "enabled": false}', True),
        ('{"matchPackageNames": ["*"], "enabled": false}, {"matchManagers": ["pep621"], "enabled": true}', True),
    ],
)  # fmt: skip
def test_renovates_rules_may_leave_out_everything(rules: str, *, works: bool) -> None:
    reading = look(INSPECTOR, project({"renovate.json": f'{{"packageRules": [{rules}]}}'}))
    assert (reading.findings == ()) is works
