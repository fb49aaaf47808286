"""Is uv the one package manager?"""

from __future__ import annotations

import pytest

from doctrine.documents import parse_toml
from doctrine.inspect._installs import weigh
from doctrine.inspect.dependencies import INSPECTOR as DEPENDENCIES
from doctrine.inspect.packaging import INSPECTOR
from doctrine.model.observation import Severity
from doctrine.model.replacing import replace
from doctrine.project.lockfile import lock_of
from tests.inspect.build import CI, ci, look, only, project, rules, run, seen

PYPROJECT = '[project]\nname = "app"\n'
GOOD = {"pyproject.toml": PYPROJECT, "uv.lock": "version = 1\n"}


def test_a_project_managed_by_uv_has_nothing_to_mend() -> None:
    workflow = "jobs:\n  test:\n    steps:\n      - run: uv sync --locked\n"
    reading = look(INSPECTOR, project({**GOOD, CI: workflow}, automation=ci("pytest")))
    assert reading.findings == ()
    assert {support.rule for support in reading.supports} == {
        "uv-missing-project",
        "uv-missing-lock",
        "ci-without-uv",
    }
    assert {"pyproject.toml", "uv.lock", CI} <= reading.analysed


def test_an_empty_folder_lacks_project_and_lock() -> None:
    assert seen(look(INSPECTOR, project())) == [
        ("uv-missing-lock", ".", 1, "error"),
        ("uv-missing-project", ".", 1, "error"),
    ]


@pytest.mark.parametrize(
    ("pyproject", "line"),
    [
        ("[tool.ruff]\nline-length = 100\n", 1),
        ('[project]\nname = "app"\n[tool.uv]\nmanaged = false\n', 4),
    ],
)
def test_a_pyproject_that_uv_cannot_manage(pyproject: str, line: int) -> None:
    reading = look(INSPECTOR, project({**GOOD, "pyproject.toml": pyproject}))
    assert seen(reading) == [("uv-missing-project", "pyproject.toml", line, "error")]


@pytest.mark.parametrize(
    ("pyproject", "described_first"),
    [
        ("[tool.ruff]\n", True),
        ("", True),
        (PYPROJECT, False),
        ("[tool.uv.workspace]\nmembers = []\n", False),
    ],
)
def test_who_has_nothing_to_lock_is_told_to_describe_the_project_first(
    pyproject: str, described_first: bool
) -> None:
    judged = project({"pyproject.toml": pyproject} if pyproject else {})
    readings = (look(INSPECTOR, judged), look(DEPENDENCIES, judged))
    lock = [one for reading in readings for one in reading.findings if "lock" in one.rule]
    assert len(lock) == 2
    for one in lock:
        assert "`uv lock`" in one.message
        assert ("once [project]" in one.message) is described_first


def test_the_root_of_a_workspace_needs_no_project_table() -> None:
    pyproject = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    assert look(INSPECTOR, project({**GOOD, "pyproject.toml": pyproject})).findings == ()


def test_an_unreadable_lock_is_no_missing_lock() -> None:
    judged = project({"pyproject.toml": PYPROJECT}, unread={"uv.lock": "permission denied"})
    reading = look(INSPECTOR, judged)
    assert "permission denied" in reading.undecided["uv-missing-lock"]
    assert reading.findings == ()


@pytest.mark.parametrize("content", [b"", b"\xff", b"version = 1\n[[package", b"packages = []\n"])
def test_a_lock_that_no_uv_wrote_shows_no_use_of_uv(content: bytes) -> None:
    lock = lock_of("uv.lock", content)
    reading = look(INSPECTOR, replace(project({"pyproject.toml": PYPROJECT}), lock=lock))
    assert "uv.lock could not be read" in reading.undecided["uv-missing-lock"]
    assert reading.findings == ()


@pytest.mark.parametrize(
    "path",
    [
        "poetry.lock",
        "Pipfile",
        "Pipfile.lock",
        "pdm.lock",
        "environment.yml",
        "conda-lock.yml",
        "requirements.in",
        "requirements-dev.in",
        "requirements/base.in",
        "packages/core/poetry.lock",
    ],
)
def test_files_of_rival_managers(path: str) -> None:
    reading = look(INSPECTOR, project({**GOOD, path: ""}))
    assert seen(reading) == [("rival-manager", path, 1, "error")]


@pytest.mark.parametrize(
    "path",
    ["tests/fixtures/poetry.lock", "docs/environment.yml", "binder/environment.yml", "MANIFEST.in"],
)
def test_files_that_only_look_like_rivals(path: str) -> None:
    assert look(INSPECTOR, project({**GOOD, path: ""})).findings == ()


def test_an_ignored_file_is_not_the_projects() -> None:
    judged = project({**GOOD, "poetry.lock": ""}, ignored=["poetry.lock"])
    assert look(INSPECTOR, judged).findings == ()


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("[tool.poetry]\nname = 'app'\n", 3),
        ("[tool.poetry.dependencies]\nrequests = '*'\n", 3),
        ("[tool.poetry.group.dev.dependencies]\npytest = '*'\n", 3),
        ("[tool.pdm.dev-dependencies]\ntest = []\n", 3),
        ("[tool.hatch.envs.default]\ndependencies = []\n", 3),
        ("[tool.rye]\nmanaged = true\n", 3),
    ],
)
def test_tables_of_rival_managers(table: str, line: int) -> None:
    reading = look(INSPECTOR, project({**GOOD, "pyproject.toml": PYPROJECT + table}))
    assert seen(reading) == [("rival-manager", "pyproject.toml", line, "error")]


@pytest.mark.parametrize(
    "table",
    [
        '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
        "[tool.poetry]\npackages = [{ include = 'app' }]\n",
        "[tool.pdm]\ndistribution = true\n[tool.pdm.build]\nincludes = []\n",
        "[tool.hatch.build.targets.wheel]\npackages = ['src/app']\n",
    ],
)
def test_a_build_backend_is_no_rival(table: str) -> None:
    reading = look(INSPECTOR, project({**GOOD, "pyproject.toml": PYPROJECT + table}))
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("command", "weight"),
    [
        ("pip install -r requirements.txt", Severity.ERROR),
        ("pip install -rrequirements.txt", Severity.ERROR),
        ("pip install --requirement=requirements.txt", Severity.ERROR),
        ("pip install -e .", Severity.ERROR),
        ("pip install .[dev]", Severity.ERROR),
        ("pip install --no-cache-dir .", Severity.ERROR),
        ("pip install pytest mypy", Severity.ERROR),
        ("pip --quiet install ruff==0.4", Severity.ERROR),
        ("poetry install --no-root", Severity.ERROR),
        ("pipenv sync", Severity.ERROR),
        ("pdm sync", Severity.ERROR),
        ("conda install numpy", Severity.ERROR),
        ("micromamba create -f environment.yml", Severity.ERROR),
        ("pip-compile requirements.in", Severity.ERROR),
        ("python setup.py develop", Severity.ERROR),
        ("pip install --upgrade pip", Severity.INFO),
        ("pip install dist/app-1.0-py3-none-any.whl", Severity.INFO),
        ("pipx install ruff", Severity.INFO),
        ("pip install uv", None),
        ("pip install -U pip uv", None),
        ("pip install 'uv>=0.5'", None),
        ("pipx install uv", None),
        ("pip install app", None),
        ("pip install App", None),
        ("uv pip install -r requirements.txt", None),
        ("uv sync", None),
        ("pip list", None),
        ("poetry --version", None),
        ("python setup.py --version", None),
        ("echo pip install", None),
    ],
)
def test_how_much_a_command_weighs(command: str, weight: Severity | None) -> None:
    assert weigh(run(command).argv, own="app") is weight


def test_an_install_in_ci_is_reported_where_it_is_written() -> None:
    files = {**GOOD, CI: "uses: astral-sh/setup-uv@v6\n"}
    reading = look(INSPECTOR, project(files, automation=ci("uv sync", "pip install -e .")))
    assert seen(reading) == [("foreign-install", CI, 11, "error")]
    assert "`pip install -e .`" in reading.findings[0].message
    assert "uv sync --locked" in reading.findings[0].message


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", "FROM python:3.13\nRUN pip install -r requirements.txt\n", 2),
        ("docker/Dockerfile.prod", "RUN apt-get update && \\\n    pip3 install -e .\n", 1),
        ("Dockerfile", "RUN --mount=type=cache,target=/c python -m pip install .\n", 1),
        ("Makefile", "install:\n\t@$(PIP) install -e .\n", 2),
        ("Makefile", "install:\n\t-$(PYTHON) -m pip install -r requirements.txt\n", 2),
        ("scripts/install", '#!/bin/sh\n"$PIP" install -r requirements.txt\n', 2),
        ("justfile", "install:\n    poetry install\n", 2),
        ("scripts/setup.sh", "#!/bin/sh\nif true; then .venv/bin/pip install -e .; fi\n", 2),
        ("tox.ini", "[testenv]\ncommands =\n    pip install -e .\n", 2),
        ("noxfile.py", 'def t(session):\n    session.run("poetry", "install")\n', 2),
        ("CONTRIBUTING.md", "Set up:\n\n```sh\n$ pip install -e .\n```\n", 4),
    ],
)
def test_installs_outside_ci(path: str, text: str, line: int) -> None:
    reading = look(INSPECTOR, project({**GOOD, path: text}))
    found = [one for one in seen(reading) if one[0] == "foreign-install"]
    assert found == [("foreign-install", path, line, "error")]
    assert path in reading.analysed


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "```sh\npip install app\npip install -e .\n```\n"),
        ("CONTRIBUTING.md", "Never run pip install -e . here.\n"),
        ("Dockerfile", "# RUN pip install -r requirements.txt\nRUN uv sync --locked --no-dev\n"),
        ("Dockerfile", "RUN pip install uv && uv pip install --system .\n"),
        ("tests/projects/bad/Dockerfile", "RUN pip install -r requirements.txt\n"),
        ("Makefile", "help:\n\techo 'run pytest && pip install -e .'\n"),
    ],
)
def test_what_is_no_foreign_install(path: str, text: str) -> None:
    assert look(INSPECTOR, project({**GOOD, path: text})).findings == ()


def test_a_recipe_that_ci_runs_is_reported_once() -> None:
    automation = ci(run("pip install -e .", path="Makefile", line=2), run("uv sync"))
    judged = project({**GOOD, "Makefile": "x:\n\tpip install -e .\n"}, automation=automation)
    assert seen(look(INSPECTOR, judged)) == [("foreign-install", "Makefile", 2, "error")]


def test_a_recipe_that_ci_runs_with_several_values_is_reported_as_it_is_written() -> None:
    runs = [run(f"pip install -e .[{one}]", path="Makefile", line=2) for one in ("test", "lint")]
    files = {**GOOD, "Makefile": "x:\n\tpip install -e .[$(EXTRA)]\n"}
    reading = look(INSPECTOR, project(files, automation=ci(*runs, run("uv sync"))))
    (finding,) = reading.findings
    assert "[$(EXTRA)]" in finding.message


def test_ci_that_never_uses_uv() -> None:
    files = {**GOOD, CI: "# uv run pytest\nrun: pytest\n"}
    reading = look(INSPECTOR, project(files, automation=ci("pytest")))
    assert seen(reading) == [("ci-without-uv", CI, 10, "error")]


def test_ci_without_uv_is_mended_where_ci_installs_packages() -> None:
    files = {**GOOD, "Makefile": "x:\n\tpip install -e .\n"}
    install = replace(run("pip install -e .", path="Makefile", line=2), via=(CI, "make"))
    reading = look(INSPECTOR, project(files, automation=ci("codeql", "pytest", install)))
    assert ("ci-without-uv", CI, 1, "error") in seen(reading)
    direct = project(files, automation=ci("codeql", "pytest"))
    assert ("ci-without-uv", CI, 11, "error") in seen(look(INSPECTOR, direct))


@pytest.mark.parametrize(
    "text",
    ["run: uv run pytest", "uses: astral-sh/setup-uv@v6", "run: uvx tox", "pip install tox-uv"],
)
def test_ci_that_uses_uv_in_any_way(text: str) -> None:
    judged = project({**GOOD, CI: text}, automation=ci("pytest"))
    assert rules(look(INSPECTOR, judged)) == set()


def test_ci_that_could_not_be_followed_leaves_it_open() -> None:
    automation = ci("pytest", unread={".github/workflows/x.yml": "not YAML"})
    reading = look(INSPECTOR, project(GOOD, automation=automation))
    assert "not YAML" in reading.undecided["ci-without-uv"]
    assert reading.findings == ()


def test_no_ci_is_not_this_rules_business() -> None:
    assert look(INSPECTOR, project(GOOD, automation=ci(has_ci=False))).findings == ()


@pytest.mark.parametrize(
    ("path", "text", "weak"),
    [
        ("tox.ini", "[tox]\nenv_list = py313\n", True),
        ("tox.ini", "[tox]\nrequires = tox-uv\n", False),
        ("noxfile.py", "import nox\n", True),
        ("noxfile.py", 'import nox\nnox.options.default_venv_backend = "uv"\n', False),
        ("noxfile.py", '@nox.session(venv_backend="uv|virtualenv")\n', False),
    ],
)
def test_runners_that_still_use_pip_are_advice(path: str, text: str, *, weak: bool) -> None:
    reading = look(INSPECTOR, project({**GOOD, path: text}))
    assert seen(reading) == ([("weak-runner", path, 1, "info")] if weak else [])


def test_tox_in_pyproject_is_advice_too() -> None:
    files = {**GOOD, "pyproject.toml": PYPROJECT + "[tool.tox]\nenv_list = ['3.13']\n"}
    finding = only(look(INSPECTOR, project(files)), "weak-runner")
    assert finding.location.line == 3
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("root", [{}, {"pyproject.toml": "[tool.ruff]\n"}])
def test_projects_below_the_root_are_to_be_gathered(root: dict[str, str]) -> None:
    judged = project(root)
    folders = ("packages/a", "packages/b", "c", "d")
    members = tuple(parse_toml(f"{one}/pyproject.toml", PYPROJECT) for one in folders)
    judged = replace(judged, layout=replace(judged.layout, members=members))
    message = only(look(INSPECTOR, judged), "uv-missing-project").message
    assert '`members = ["packages/a", "packages/b", "c", …]`' in message
    assert "`doctrine check packages/a`" in message
