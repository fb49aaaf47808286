from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Automation, CommandKind
from tests.project.automation_helper import argvs, automation, ci, named, places, workflow

TOX = """\
[tox]
env_list = py{311,312}, lint

[testenv]
deps =
    pytest>=8
    cov: pytest-cov
commands =
    !cov: pytest {posargs:tests}
    cov: pytest --cov \\
        {posargs}

[testenv:lint]
deps = ruff
commands =
    ruff check {[base]paths}
    - ruff format --check src

[testenv:all]
commands =
    {[testenv:lint]commands}

[base]
paths = src tests
"""


def test_tox_with_its_default_environments() -> None:
    found = ci("- run: uvx tox", **{"tox.ini": TOX})
    assert places(found) == [
        ("pytest", "tox.ini", 9),
        ("ruff", "tox.ini", 16),
        ("ruff", "tox.ini", 17),
    ]
    assert argvs(found) == [
        ("pytest", "tests"), ("ruff", "check", "src", "tests"), ("ruff", "format", "--check", "src"),
    ]  # fmt: skip
    assert [one.can_fail for one in found.commands] == [True, True, False]
    assert found.commands[0].via == (".github/workflows/ci.yml", "tox")
    assert [one.detail for one in found.pythons] == ["3.11", "3.12"]
    assert "ruff" in found.commands[1].provides


def test_tox_environments_by_name_factor_and_reference() -> None:
    found = ci("- run: tox run -e py312-cov,all -- -x", **{"tox.ini": TOX})
    assert argvs(found)[0] == ("pytest", "--cov", "-x")
    assert found.commands[0].place.line == 10
    assert argvs(found)[1] == ("ruff", "check", "src", "tests")
    assert [one.detail for one in found.pythons] == ["3.12"]
    assert set(found.commands[0].provides) == {"pytest", "pytest-cov"}


def test_a_tox_environment_inherits_from_another_by_its_name() -> None:
    tox = "[tox]\n[testenv:{3.11,3.12}-unit]\nbase = unit\n[testenv:unit]\ncommands = pytest -x\n"
    found = ci("- run: tox -e 3.12-unit", **{"tox.ini": tox})
    assert argvs(found) == [("pytest", "-x")]
    assert [one.detail for one in found.pythons] == ["3.12"]


def test_a_tox_environment_that_is_not_there_is_unread() -> None:
    found = ci("- run: tox -e nothing", **{"tox.ini": TOX})
    assert "nothing" in found.unread["tox.ini"]


@pytest.mark.parametrize("name", ["py312", "3.12", "py3.12", "3.13t"])
def test_tox_makes_up_an_environment_for_every_python(name: str) -> None:
    found = ci(f"- run: tox -e {name}", **{"tox.ini": "[testenv]\ncommands = pytest\n"})
    assert argvs(found) == [("pytest",)]


def test_a_tox_environment_that_an_expression_names_is_unread() -> None:
    found = ci("- run: tox -e ${{ vars.env }}", **{"tox.ini": TOX})
    assert "expression" in found.unread["tox.ini"]


VARIABLES = """\
[testenv]
setenv =
    OPTIONS = {env:WORKERS:} {env:PATHS:tests}
    parallel: WORKERS = -n auto
    cov: RUN = coverage run -m
    MARKED = {env:MARKED:} -m fast
    PYTEST_ADDOPTS = --strict-markers
commands =
    {env:RUN:} pytest {posargs:{env:OPTIONS:}}
    marked: pytest {env:MARKED} {env:UNKNOWN} {envtmpdir}
"""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("py312", "tests"),
        ("py312-parallel", "-n auto tests"),
        ("py312-cov-parallel", "-n auto tests"),
        ("py312-parallel -- -x", "-x"),
    ],
)
def test_variables_of_a_tox_environment_are_filled_in(name: str, words: str) -> None:
    found = ci(f"- run: tox -e {name}", **{"tox.ini": VARIABLES})
    assert named(found, "pytest").argv == ("pytest", "--strict-markers", *words.split())
    assert ("coverage" in [argv[0] for argv in argvs(found)]) is ("cov" in name)


def test_variables_from_outside_a_tox_environment_are_known_inside() -> None:
    step = "- run: tox -e py312-marked\n  env: {MARKED: -s, PATHS: src}"
    found = ci(step, **{"tox.ini": VARIABLES})
    assert argvs(found) == [
        ("pytest", "--strict-markers", "src"),
        ("pytest", "--strict-markers", "-s", "-m", "fast", "{env:UNKNOWN}", "{envtmpdir}"),
    ]


@pytest.mark.parametrize("value", ["{env:A}", "{env:B}{env:B}", "{env:A:x}{env:B:y}{env:A}"])
def test_tox_variables_that_name_each_other_come_to_an_end(value: str) -> None:
    text = f"[testenv]\nset_env =\n  A = {value}\n  B = {value}\ncommands = pytest {{env:A}}\n"
    found = ci("- run: tox -e py312", **{"tox.ini": text})
    assert named(found, "pytest").can_fail


def test_variables_of_tox_in_toml() -> None:
    text = """\
        [env_run_base]
        set_env = { WORKERS = "-n auto" }
        commands = [
            ["pytest", "{env:WORKERS}", {replace = "env", name = "PATHS", default = "tests"}],
        ]
        """
    found = ci("- run: tox -e py312", **{"tox.toml": text})
    assert argvs(found) == [("pytest", "-n", "auto", "tests")]


def test_no_shell_reads_a_command_of_tox_in_toml() -> None:
    text = """\
        [env_run_base]
        commands = [
            ["python", "-c", 'print("{env:HOME:}/(x; y")'],
            ["pytest", "--root={tox_root}/a b", "{posargs:-q tests}"],
        ]
        """
    found = ci("- run: tox -e py312", **{"tox.toml": text})
    assert not found.unread
    assert argvs(found) == [
        ("python", "-c", 'print("/(x; y")'),
        ("pytest", "--root={tox_root}/a b", "-q", "tests"),
    ]


def test_tox_in_toml() -> None:
    text = """\
        [tool.tox]
        env_list = ["lint", {product = [["py"], {prefix = "3.", start = 12, stop = 13}]}]
        [tool.tox.env_run_base]
        commands = [
            ["pytest", {replace = "posargs", default = ["-q", "a b"], extend = true}],
        ]
        [tool.tox.env.lint]
        ignore_outcome = true
        commands = [["mypy", "src"], {replace = "ref", of = ["tool", "tox", "env_run_base", "commands"]}]
        """
    found = ci("- run: tox -e lint", **{"pyproject.toml": text})
    assert argvs(found) == [("mypy", "src"), ("pytest", "-q", "a b")]
    assert [one.place.line for one in found.commands] == [9, 5]
    assert not found.commands[0].can_fail


def test_nox_sessions_helpers_and_versions() -> None:
    noxfile = """\
        import nox

        VERSIONS = ["3.12", "3.13"]
        nox.options.sessions = ["lint"]

        def _types(session):
            session.run("mypy", "src")

        @nox.session
        def lint(session: nox.Session) -> None:
            session.install("ruff==0.9")
            session.run("ruff", "check", *session.posargs)
            session.run("flake8", success_codes=[0, 1])
            _types(session)

        @nox.session(python=VERSIONS, name="tests")
        def run_tests(session):
            parallel = ["-n", "auto"]
            session.run(
                "python", "-m", "pytest", *parallel,
            )
        """
    found = ci("- run: nox -- src", **{"noxfile.py": noxfile})
    assert argvs(found) == [("ruff", "check", "src"), ("flake8",), ("mypy", "src")]
    assert [one.place.line for one in found.commands] == [12, 13, 7]
    assert [one.can_fail for one in found.commands] == [True, False, True]
    assert "ruff" in found.commands[0].provides
    tests = ci("- run: nox -s tests", **{"noxfile.py": noxfile})
    assert argvs(tests) == [("pytest", "-n", "auto")]
    assert [one.detail for one in tests.pythons] == ["3.12", "3.13"]
    one = ci("- run: nox --session tests-3.13", **{"noxfile.py": noxfile})
    assert [place.detail for place in one.pythons] == ["3.13"]
    several = ci("- run: nox -s tests lint", **{"noxfile.py": noxfile})
    assert len(several.commands) == 4


def test_what_helpers_of_a_noxfile_install_is_there_for_the_session() -> None:
    noxfile = """\
        import nox

        def install_locked(session, *names):
            session.run("poetry", "export", external=True)
            session.install("--constraint=requirements.txt", *names)

        def install_tests(session):
            session.install("pytest>=8")
            install_tests(session)

        def announce(session, text):
            session.log(text)

        @nox.session
        def tests(session):
            announce(session, "radon")
            install_locked(session, "pytest-cov", "mypy")
            install_tests(session)
            session.run("pytest", "--cov")
        """
    found = named(ci("- run: nox", **{"noxfile.py": noxfile}), "pytest")
    assert set(found.provides) == {"pytest", "pytest-cov", "mypy"}


def test_nox_takes_versions_from_the_classifiers() -> None:
    noxfile = """\
        import nox

        VERSIONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))

        @nox.session(python=VERSIONS)
        def tests(session):
            session.run("pytest")
        """
    pyproject = """\
        [project]
        name = "p"
        classifiers = [
            "Programming Language :: Python :: 3",
            "Programming Language :: Python :: 3.12",
            "Programming Language :: Python :: 3.13",
        ]
        """
    files = {"noxfile.py": noxfile, "pyproject.toml": pyproject}
    found = ci("- run: nox", **files)
    assert argvs(found) == [("pytest",)]
    assert [one.detail for one in found.pythons] == ["3.12", "3.13"]
    one = ci("- run: nox -p 3.13", **files)
    assert [place.detail for place in one.pythons] == ["3.13"]


def test_make_with_dependencies_variables_and_prefixes() -> None:
    makefile = (
        "PYTHON ?= python3\n"
        "FLAGS = --strict \\\n"
        "  --pretty\n"
        "all: lint test\n"
        "lint: deps\n"
        "\t@$(PYTHON) -m mypy $(FLAGS) $(EXTRA)\n"
        "\t-ruff check; \\\n"
        "\tvulture src\n"
        "test:; pytest -q\n"
        "deps:\n"
        "\t$(MAKE) other\n"
        "other: deps\n"
        "\techo $$HOME; pip-audit\n"
    )
    found = ci("- run: make all EXTRA=src", Makefile=makefile)
    assert places(found) == [
        ("pip-audit", "Makefile", 13),
        ("mypy", "Makefile", 6),
        ("ruff", "Makefile", 7),
        ("vulture", "Makefile", 8),
        ("pytest", "Makefile", 9),
    ]
    assert named(found, "mypy").argv == ("mypy", "--strict", "--pretty", "src")
    assert not named(found, "vulture").can_fail
    assert named(found, "mypy").can_fail


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("test", ()),
        ("test-cover", ("--cov=app",)),
        ("all", ("--cov=app",)),
        ("test-cover COV=--no-cov", ("--no-cov",)),
        ("more", ("-q", "--cov=tests")),
    ],
)
def test_variables_of_a_make_target_count_for_what_it_needs(
    target: str, words: tuple[str, ...]
) -> None:
    text = (
        "test-cover: COV=--cov=app\n"
        "default:\n\truff check\n"
        "all: test-cover\n"
        "more: COV := -q\nmore: private COV += --cov=tests\n"
        "more test-cover: test\n"
        "test:\n\tpytest $(COV)\n"
    )
    assert named(ci(f"- run: make {target}", Makefile=text), "pytest").argv == ("pytest", *words)
    assert argvs(ci("- run: make", Makefile=text)) == [("ruff", "check")]


def test_make_keeps_the_blank_between_a_value_and_a_comment() -> None:
    makefile = (
        "ifdef TOXENV\nTOX := tox -- # each in its own environment\nendif\nt:\n\t$(TOX)pytest -q\n"
    )
    tox = "[tox]\nenv_list = py\n[testenv]\ncommands = {posargs:pytest}\n"
    found = ci("- run: make t", Makefile=makefile, **{"tox.ini": tox})
    assert argvs(found) == [("pytest", "-q")]


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("html", [("sphinx-build",)]),  # any name
        ("check-types", [("mypy", ".")]),  # the pattern that fits best
        ("check-", [("sphinx-build",)]),  # the sign stands for something
        ("clean", [("rm", "-r", "build")]),  # a rule of its own
    ],
)
def test_make_targets_by_pattern(target: str, found: list[tuple[str, ...]]) -> None:
    makefile = "%: Makefile\n\tsphinx-build\ncheck-%:\n\tmypy .\nclean:\n\trm -r build\n"
    assert argvs(ci(f"- run: make {target}", Makefile=makefile)) == found


@pytest.mark.parametrize(
    ("makefile", "target", "found"),
    [
        ("lint-%:\n\truff check $*\n", "lint-src", [("ruff", "check", "src")]),
        ("test-%:\n\tpytest tests/$(*) -k $@\n", "test-a", [("pytest", "tests/a", "-k", "test-a")]),
        ("a b:\n\tlint $@\n", "b", [("lint", "b")]),
        ("run-%: %.py\n\tlint $< $^\n", "run-a", [("lint", "a.py", "a.py")]),
        ('f:\n\tfor x in a; do lint "$$@" $$x; done\n', "f", [("lint", "a")]),
        (".PHONY: lint-all\nlint-%:\n\truff check .\n", "lint-all", [("make", "lint-all")]),
        (
            "lint-all: x\nx:\n\tmypy\nlint-%:\n\truff check\n",
            "lint-all",
            [("mypy",), ("ruff", "check")],
        ),
        (
            ".PHONY: lint-all\nlint-all: x\nx:\n\tmypy\nlint-%:\n\truff check\n",
            "lint-all",
            [("mypy",)],
        ),
        (".ONESHELL:\nlint-%:\n\tlint $*\n", "lint-a", [("lint", "a")]),
    ],
)
def test_what_make_fills_into_a_recipe(
    makefile: str, target: str, found: list[tuple[str, ...]]
) -> None:
    assert argvs(ci(f"- run: make {target}", Makefile=makefile)) == found


MACROS = """\
define exec
	@echo "running $(1)"
	@$(1)
endef

define twice =
$(call exec,$(1))
-$(call exec,$(2) $@)
endef

quiet = @$(1) -q
ARGS ?= -n auto

lint:
	$(call exec,uv run ruff check --select $(shell cat a,b))
	$(call quiet,mypy)
test: lint  # Run tests
	$(call exec,pytest tests/ $(ARGS))
all:
	$(call twice,ruff format --check,vulture)
	${call exec,radon cc .}
other:
	$(call elsewhere,mypy)
"""


def test_macros_of_make() -> None:
    found = ci("- run: make test", Makefile=MACROS)
    assert argvs(found) == [
        ("ruff", "check", "--select", "$(shell cat a,b)"),
        ("mypy", "-q"),
        ("pytest", "tests/", "-n", "auto"),
    ]
    assert places(found)[-1] == ("pytest", "Makefile", 18)
    assert not found.unread
    assert [one.argv for one in ci("- run: make", Makefile=MACROS).commands][-1][0] == "mypy"
    every = ci("- run: make all", Makefile=MACROS)
    assert named(every, "vulture").argv == ("vulture", "all")
    assert named(every, "ruff").can_fail
    assert named(every, "radon").argv == ("radon", "cc", ".")
    assert "elsewhere" in ci("- run: make other", Makefile=MACROS).unread["Makefile"]


def test_a_pattern_stands_for_what_is_asked_for_alone() -> None:
    found = ci("- run: make all", Makefile="all: a.py\n\tlint\n%.py:\n\tgenerate\n")
    assert argvs(found) == [("lint",)]


def test_a_target_that_is_not_there_is_unread() -> None:
    assert "nothing" in ci("- run: make nothing", Makefile="a:\n\ttrue\n").unread["Makefile"]


def test_make_has_nothing_to_do_for_a_folder_without_a_rule() -> None:
    steps = {".github/workflows/ci.yml": workflow("- run: make docs")}
    rule = "doc:\n\tsphinx-build\n"
    found = automation({**steps, "Makefile": rule}, sources=("docs/conf.py",))
    assert (found.unread, found.commands) == ({}, ())
    assert "docs" in automation({**steps, "Makefile": rule}, sources=("doc.py",)).unread["Makefile"]
    more = automation({**steps, "Makefile": f"include more.mk\n{rule}"}, sources=("docs/conf.py",))
    assert "docs" in more.unread["Makefile"], "the rule may be in the other file"


def test_just_and_task() -> None:
    justfile = (
        "args := '-q'\ntest version='3.12': lint\n    uv run -p {{version}} pytest {{args}}\n"
    )
    justfile += "lint:\n    -ruff check\n"
    found = ci("- run: just test 3.13", justfile=justfile)
    assert argvs(found) == [("ruff", "check"), ("pytest", "-q")]
    assert not found.commands[0].can_fail
    assert [one.detail for one in found.pythons] == ["3.13"]
    taskfile = (
        "tasks:\n  lint:\n    deps: [types]\n    cmds:\n      - ruff check\n  types: mypy .\n"
    )
    other = ci("- run: task lint", **{"Taskfile.yml": taskfile})
    assert places(other) == [("mypy", "Taskfile.yml", 6), ("ruff", "Taskfile.yml", 5)]


def test_tasks_in_pyproject() -> None:
    text = """\
        [tool.poe.tasks]
        lint = "ruff check"
        types.cmd = "mypy src"
        check = ["lint", "types"]
        [tool.pdm.scripts]
        lint = "ruff check"
        all = {composite = ["lint", "mypy ."]}
        [tool.hatch.envs.default.scripts]
        test = "pytest {args:tests}"
        cov = ["test --cov", "coverage report"]
        """
    poe = ci("- run: poetry run poe check", **{"pyproject.toml": text})
    assert argvs(poe) == [("ruff", "check"), ("mypy", "src")]
    assert poe.commands[0].place.line == 2
    pdm = ci("- run: pdm run all", **{"pyproject.toml": text})
    assert argvs(pdm) == [("ruff", "check"), ("mypy", ".")]
    hatch = ci("- run: hatch run cov", **{"pyproject.toml": text})
    assert argvs(hatch) == [("pytest", "--cov"), ("coverage", "report")]


HATCH_MATRIX = """\
    [tool.hatch.envs.test.scripts]
    test = "pytest"
    _measured = ["coverage run -m pytest", "coverage xml"]
    measured = "test"
    all = ["measured", "lint"]
    lint = "ruff check"
    [[tool.hatch.envs.test.matrix]]
    python = ["3.11", "3.12"]
    kind = ["usual", "oldest"]
    [tool.hatch.envs.test.overrides]
    matrix.kind.scripts = [{ key = "measured", value = "_measured", if = ["usual"] }]
    """
MEASURED = [("coverage", "run", "-m", "pytest"), ("pytest",), ("coverage", "xml")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("+py=3.11 test:measured", [("pytest",), *MEASURED]),
        ("+kind=usual test:measured", MEASURED),
        ("-kind=usual test:measured", [("pytest",)]),
        ("-kind=oldest test:measured", MEASURED),
        ("test:test", [("pytest",)]),
        ("+kind=usual test:all", [*MEASURED, ("ruff", "check")]),
    ],
)
def test_scripts_that_some_environments_of_a_matrix_have(
    asked: str, found: list[tuple[str, ...]]
) -> None:
    hatch = ci(f"- run: hatch run {asked}", **{"pyproject.toml": HATCH_MATRIX})
    assert argvs(hatch) == found


@pytest.mark.parametrize(
    ("scripts", "measured"),
    [
        ('[{ key = "test", value = "coverage run -m pytest" }]', True),  # for every environment
        ('{ key = "test", value = "coverage run -m pytest" }', True),
        ('[{ key = "other", value = "coverage run -m pytest" }]', False),
        ('[{ key = "test", value = "coverage run -m pytest", if = ["3.9"] }]', False),
        ('[{ key = "test" }]', False),
        ('["test=coverage run"]', False),
    ],
)
def test_what_an_override_of_hatch_changes(*, scripts: str, measured: bool) -> None:
    text = f"""\
        [tool.hatch.envs.ci]
        scripts.test = "pytest"
        matrix = [{{ python = ["3.12"] }}]
        overrides.matrix.python.scripts = {scripts}
        """
    hatch = ci("- run: hatch run ci:test", **{"pyproject.toml": text})
    assert argvs(hatch) == [*MEASURED[:1], ("pytest",)][not measured :]


NAMED_TOX = """\
    [testenv]
    commands = pytest
    [testenv:py310-types]
    commands = mypy .
    """


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('"py${VERSION/\\./}"', [("pytest",)]),
        ("py${VERSION//./}-types", [("mypy", ".")]),
        ("py$(echo ${{ matrix.python }} | tr -d .)", [("pytest",)]),
        ("py$(echo $VERSION | sed 's/\\.//')-types", [("mypy", ".")]),
        ("py$(unknown)", []),
    ],
)
def test_an_environment_of_tox_that_the_shell_names(
    written: str, found: list[tuple[str, ...]]
) -> None:
    workflow = f"""\
        on: push
        jobs:
          test:
            strategy:
              matrix:
                python: ["3.10"]
            env:
              VERSION: ${{{{ matrix.python }}}}
            steps:
            - run: >-
                tox -e {written}
        """
    found_there = automation({".github/workflows/ci.yml": workflow, "tox.ini": NAMED_TOX})
    assert argvs(found_there) == found
    assert bool(found_there.unread) is not bool(found)


def test_shell_scripts_of_the_repository() -> None:
    script = "#!/bin/sh -e\nruff check\nmypy .\n"
    found = ci("- run: ./scripts/lint", scripts__lint=script)
    assert places(found) == [("ruff", "scripts/lint", 2), ("mypy", "scripts/lint", 3)]
    assert all(one.can_fail for one in found.commands)
    loose = ci("- run: bash scripts/lint", scripts__lint=script)
    assert [one.can_fail for one in loose.commands] == [False, True]
    assert argvs(ci("- run: bash -c 'ruff check && mypy .'")) == [("ruff", "check"), ("mypy", ".")]
    checked = ci("- run: bash -n tests.sh", **{"tests.sh": "pytest\n"})
    assert argvs(checked) == [("bash", "-n", "tests.sh")], "it reads the script, and runs nothing"
    assert argvs(ci("- run: ./../outside.sh")) == [("./../outside.sh",)]


def test_options_that_a_script_works_out_do_not_hide_the_tests() -> None:
    script = "#!/bin/sh -e\nflags=$(python -c 'print(1)')\ncoverage run $flags -m pytest $@\n"
    found = ci("- run: scripts/test", scripts__test=script)
    assert named(found, "pytest").place.path == "scripts/test"
    assert [one.detail for one in found.systems] == ["linux"]


def test_a_command_is_shown_as_a_shell_takes_it() -> None:
    found = ci("- run: pytest -m 'not slow' $WHERE")
    assert found.commands[0].place.detail == "pytest -m 'not slow' $WHERE"


HOOKS = """\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.9.0
    hooks:
      - id: ruff
        args: [--fix]
      - id: ruff-format
  - repo: https://github.com/pre-commit/mirrors-mypy
    rev: v1.0
    hooks:
      - id: mypy
        args: []
        additional_dependencies: [types-PyYAML>=6]
  - repo: local
    hooks:
      - {id: audit, name: audit, entry: uv run pip-audit, language: system, stages: [manual]}
      - id: types
        name: types
        entry: uv run pyright
        language: system
"""


@pytest.mark.parametrize(
    ("hook", "gets"),
    [
        ("id: ruff", True),
        ("id: ruff, types: [python]", True),
        ("id: ruff, types: [text, executable]", True),
        ("id: ruff, types_or: [python, pyi]", True),
        ("id: ruff, exclude_types: [jupyter]", True),
        ("id: ruff, types: [markdown]", False),
        ("id: ruff, types_or: [toml, pyi]", False),
        ("id: ruff, exclude_types: [python]", False),
        ("id: ruff, types: [toml], pass_filenames: false", True),
        ("id: ruff, types: [toml], always_run: true", True),
        ("id: ruff, types: [toml], pass_filenames: False", True),
        ("id: lint, entry: uv run ruff check, language: system, types: [toml]", False),
        ("id: uv-lock, types: [toml]", True),
    ],
)
def test_a_hook_that_no_python_file_gets_to_is_no_gate(hook: str, gets: bool) -> None:
    text = f"repos: [{{repo: 'https://example.invalid/hooks', hooks: [{{{hook}}}]}}]\n"
    (command,) = automation({".pre-commit-config.yaml": text}).commands
    assert command.why_not == ("" if gets else "its types let no Python file through")


def test_hooks_of_developers() -> None:
    found = automation({".pre-commit-config.yaml": HOOKS})
    assert [(one.argv, one.place.line) for one in found.commands] == [
        (("ruff", "check", "--force-exclude", "--fix"), 5),
        (("ruff", "format", "--force-exclude"), 7),
        (("mypy",), 11),
        (("pip-audit",), 16),
        (("pyright",), 17),
    ]
    assert all(one.kind is CommandKind.HOOK and one.rewrites_fail for one in found.commands)
    assert [one.brings_tool for one in found.commands] == [True, True, True, False, False]
    assert [one.why_not for one in found.commands if not one.can_fail] == [
        "it only runs at the stage manual"
    ]
    assert found.commands[2].provides == ("types-pyyaml",)
    assert not found.has_ci


def test_hooks_say_which_files_they_leave_out() -> None:
    hooks = """\
    exclude: 'docs/|ext/'
    repos:
      - repo: https://github.com/astral-sh/ruff-pre-commit
        hooks:
          - id: ruff-check
          - id: ruff-format
            exclude: tests/odd.py
          - id: mypy
            pass_filenames: false
    """
    found = automation({".pre-commit-config.yaml": hooks})
    assert [one.excludes for one in found.commands] == [
        ("docs/|ext/",),
        ("docs/|ext/", "tests/odd.py"),
        (),
    ]


def test_hooks_in_ci() -> None:
    service = automation({".pre-commit-config.yaml": "ci: {skip: [mypy]}\n" + HOOKS})
    kinds = {one.argv[0]: one.kind for one in service.commands}
    assert kinds == {
        "ruff": CommandKind.CI, "mypy": CommandKind.HOOK, "pyright": CommandKind.CI,
        "pip-audit": CommandKind.HOOK,
    }  # fmt: skip
    assert service.has_ci
    action = ci("- uses: pre-commit/action@v3", **{".pre-commit-config.yaml": HOOKS})
    assert [one.argv[0] for one in action.commands if one.kind is CommandKind.CI] == [
        "ruff", "ruff", "mypy", "pyright",
    ]  # fmt: skip
    manual = ci("- run: prek run audit --hook-stage manual", **{".pre-commit-config.yaml": HOOKS})
    assert [one.argv for one in manual.commands if one.kind is CommandKind.CI] == [("pip-audit",)]
    skipping = ci("- run: SKIP=mypy pre-commit run -a", **{".pre-commit-config.yaml": HOOKS})
    assert "mypy" not in [o.argv[0] for o in skipping.commands if o.kind is CommandKind.CI]


def plugin_of_pytest(command: str, **files: str) -> list[tuple[str, ...]]:
    return [argv for argv in argvs(ci(f"- run: {command}", **files)) if argv[0] != "pytest"]


def test_plugins_of_pytest_run_checkers() -> None:
    config = {"pytest.ini": "[pytest]\naddopts = --mypy --ruff\n"}
    found = ci("- run: coverage run -m pytest -q", **config)
    assert named(found, "mypy").argv == ("mypy",)
    assert named(found, "mypy").via == (".github/workflows/ci.yml", "pytest -q")
    assert named(found, "ruff").argv == ("ruff", "check")
    assert named(found, "pytest").argv == ("pytest", "-q")
    assert plugin_of_pytest("pytest --ruff-format") == [("ruff", "format", "--check")]
    assert plugin_of_pytest("pytest -q") == []
    assert plugin_of_pytest("pytest -p no:mypy", **config) == [("ruff", "check")]
    enabled = '[tool.pytest-enabler.mypy]\naddopts = "--mypy"\n'
    assert plugin_of_pytest("pytest", **{"pyproject.toml": enabled}) == [("mypy",)]


@pytest.mark.parametrize(
    ("command", "config", "looked_at"),
    [
        ("pytest --mypy tests", "", ("tests",)),
        ("pytest --mypy -k fast src tests", "", ("src", "tests")),
        ("pytest --mypy", "testpaths = tests more", ("tests", "more")),
        ("pytest --mypy src", "testpaths = tests", ("src",)),
    ],
)
def test_a_checker_inside_of_pytest_sees_what_pytest_collects(
    command: str, config: str, looked_at: tuple[str, ...]
) -> None:
    files = {"pytest.ini": f"[pytest]\n{config}\n"}
    assert plugin_of_pytest(command, **files) == [("mypy", *looked_at)]


def test_a_checker_inside_of_pytest_is_no_gate_where_tests_alone_are_collected() -> None:
    files = {".github/workflows/ci.yml": workflow("- run: pytest --mypy tests")}
    assert not named(automation(files, sources=("src/app.py",)), "mypy").can_fail
    assert named(automation(files, sources=("tests/app.py",)), "mypy").can_fail


def test_a_job_of_gitlab_takes_in_several_others() -> None:
    text = (
        ".first: &first {image: 'python:3.11', script: [first]}\n"
        ".second: &second {image: 'python:3.12', before_script: [second]}\n"
        "test:\n  <<: *first\n  <<: *second\n  script: [pytest]\n"
    )
    found = automation({".gitlab-ci.yml": text})
    assert argvs(found) == [("second",), ("pytest",)]
    assert [one.detail for one in found.pythons] == ["3.12"]
    assert not found.unread
    twice = automation({".gitlab-ci.yml": "test:\n  script: [a]\n  script: [b]\n"})
    assert "`script` is there twice" in twice.unread[".gitlab-ci.yml"]


def test_gitlab() -> None:
    text = """\
        image: python:3.12-slim
        .base:
          before_script:
            - pip install uv
        .lines:
          script: [ruff check]
        include:
          - local: /ci/more.yml
          - template: Security.gitlab-ci.yml
        lint:
          extends: .base
          allow_failure: true
          script:
            - !reference [.lines, script]
            - mypy src
        by-hand:
          when: manual
          script: [pip-audit]
        """
    more = """\
        test:
          image: python:$PYTHON
          parallel:
            matrix:
              - PYTHON: ["3.11", "3.13"]
          script:
            - |
              echo begin
              pytest
        """
    found = automation({".gitlab-ci.yml": text, "ci/more.yml": more})
    assert [(one.argv[0], one.can_fail) for one in found.commands] == [
        ("pip", False), ("ruff", False), ("mypy", False), ("pytest", True),
    ]  # fmt: skip
    pytest_ = named(found, "pytest")
    assert (pytest_.place.path, pytest_.place.line) == ("ci/more.yml", 9)
    assert named(found, "ruff").place.line == 6
    assert [one.detail for one in found.pythons] == ["3.11", "3.13"]
    assert ".gitlab-ci.yml:9" in found.unread
    assert found.has_ci


def test_circleci_and_azure() -> None:
    circle = """\
        version: 2.1
        jobs:
          build:
            docker: [{image: "cimg/python:3.12"}]
            steps:
              - checkout
              - run: pip install uv
              - run: {name: test, command: pytest}
        """
    azure = """\
        pool: {vmImage: $(image)}
        strategy:
          matrix:
            one: {image: ubuntu-latest, python: "3.12"}
            two: {image: windows-latest, python: "3.13"}
        steps:
          - task: UsePythonVersion@0
            inputs: {versionSpec: $(python)}
          - script: ruff check && pytest
            continueOnError: true
        """
    one = automation({".circleci/config.yml": circle})
    assert places(one)[-1] == ("pytest", ".circleci/config.yml", 8)
    assert [place.detail for place in one.pythons] == ["3.12"]
    two = automation({"azure-pipelines.yml": azure})
    assert not two.pythons
    assert {one.detail for one in two.tolerated} == {"3.12", "3.13", "linux", "windows"}
    assert not named(two, "ruff").can_fail
    three = automation({"azure-pipelines.yml": azure.replace("continueOnError: true", "")})
    assert [place.detail for place in three.pythons] == ["3.12", "3.13"]
    assert [place.detail for place in three.systems] == ["linux", "windows"]
    assert not three.tolerated


AZURE_STEPS = """\
stages:
  - stage: test
    jobs:
      - job: one
        steps:
          - task: Bash@3
            inputs:
              script: |
                uv sync
                pytest --cov
          - pwsh: ruff check
          - task: PublishTestResults@2
            inputs: {testRunTitle: all}
          - task: CmdLine@2
            inputs: {script: mypy src}
"""


@pytest.mark.parametrize("path", ["azure-pipeline.yml", ".azure-pipelines/ci.yml"])
def test_azure_gives_variables_of_its_matrix_to_a_step(path: str) -> None:
    pipeline = """\
        strategy:
          matrix:
            old: {version: '3.8', environment: py38}
            new: {version: '3.11', environment: py311}
        steps:
          - task: UsePythonVersion@0
            inputs: {versionSpec: $(version)}
          - bash: |
              set -e
              tox
            env: {TOXENV: $(environment)}
        """
    tox = "[tox]\nenvlist = lint\n[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = mypy\n"
    found = automation({path: pipeline, "tox.ini": tox})
    assert set(argvs(found)) == {("pytest",)}
    assert [one.detail for one in found.pythons] == ["3.8", "3.11"]


def test_azure_runs_scripts_of_tasks_too() -> None:
    found = automation({"azure-pipelines.yml": AZURE_STEPS})
    assert not found.unread
    assert places(found) == [
        ("uv", "azure-pipelines.yml", 9), ("pytest", "azure-pipelines.yml", 10),
        ("ruff", "azure-pipelines.yml", 11), ("mypy", "azure-pipelines.yml", 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        "      - template: run.yml\n",
        "  - template: run.yml\n",
        "extends:\n  template: run.yml\n",
        "      - job: two\n        steps: [{template: run.yml}]\n",
    ],
)
def test_a_template_of_azure_is_said_wherever_it_stands(more: str) -> None:
    found = automation({"azure-pipelines.yml": AZURE_STEPS + more})
    (reason,) = found.unread.values()
    assert reason == "the template run.yml is not followed"


CIRCLE_MATRIX = """\
version: 2.1
executors:
  cpython:
    parameters:
      version: {type: string, default: "3.9"}
    docker:
      - image: "ghcr.io/astral-sh/uv:python<<parameters.version>>-bookworm"
  pypy:
    docker: [{image: "pypy:3.11-bookworm"}]
jobs:
  test:
    executor: {name: cpython, version: << parameters.python >>}
    parameters:
      python: {type: string}
    steps:
      - run: pytest
  other:
    executor: pypy
    steps:
      - run: pytest
  lint:
    executor: cpython
    steps:
      - run: ruff check
workflows:
  all:
    jobs:
      - lint
      - other: {name: elsewhere}
      - test:
          matrix:
            parameters:
              python: ["3.11", "3.12", "3.13"]
            exclude:
              - python: "3.12"
      - test: {python: "3.14"}
"""


def test_a_job_of_circleci_runs_on_what_its_workflows_give_to_it() -> None:
    found = automation({".circleci/config.yml": CIRCLE_MATRIX})
    assert {one.detail for one in found.pythons} == {"3.11", "3.13", "3.14", "pypy3.11"}
    lines = {one.detail: one.line for one in found.pythons}
    assert lines["3.13"] == 33
    assert lines["3.14"] == 36
    assert not found.unread


def test_what_no_workflow_of_circleci_gives_stays_open() -> None:
    source = CIRCLE_MATRIX.partition("workflows:")[0].replace("  test:", "  build:")
    found = automation({".circleci/config.yml": source})
    assert found.pythons == ()
    assert ".circleci/config.yml:7" in found.unread
    assert argvs(found) == [("pytest",)]


INVOKE = """\
from invoke import Collection, call, task
from elsewhere import other

LINT = "ruff check"
GLUED = "mypy"
GLUED += " src"

@task
def clean(c):
    c.run("rm -rf build")

@task(pre=[clean], aliases=["t"], optional=["cov"])
def run_tests(c, cov=True, module=""):
    line = "pytest"
    if cov:
        line += " --cov"
    with c.cd("sub"):
        c.run(f"uv lock --check --project={module}")
        _helper(c)
    c.run("vulture src" + module)
    c.run(LINT, warn=True)

def _helper(context: Context):
    context.run("pytest -q || true")

@task(name="types", post=[call(clean, which=1)])
def check_types(c):
    kind = "mypy --strict"
    c.run(kind)

@task(default=True)
def unknown(c, args=""):
    line = "pytest {}".format(args)
    c.run(line)

@task
def deep(c):
    c.run("pytest" DEEP)

@task
def glued(c):
    c.run(GLUED)
    other(c)
    print(c)
""".replace("DEEP", "+ ''" * 5_000)


def invoked(command: str, **others: str) -> Automation:
    files = {"tasks.py": INVOKE, **{name.replace("__", "/"): text for name, text in others.items()}}
    return ci(f"- run: {command}", **files)


def test_invoke_is_followed_into_what_its_tasks_run() -> None:
    found = invoked("inv -e t --module x")
    assert not found.unread
    assert [(one.argv[0], one.place.line, one.can_fail) for one in found.commands] == [
        ("rm", 10, True), ("uv", 18, True), ("pytest", 24, False), ("vulture", 20, True),
        ("ruff", 21, False),
    ]  # fmt: skip
    assert named(found, "pytest").via[-1] == "inv -e t --module x"


def test_invoke_runs_a_task_by_its_name_and_what_comes_after_it() -> None:
    assert argvs(invoked("invoke types")) == [("mypy", "--strict"), ("rm", "-rf", "build")]
    assert argvs(invoked("python -m invoke check-types")) == []
    assert named(invoked("inv --warn-only types"), "mypy").why_not


def test_tasks_of_invoke_are_looked_for_in_the_folders_above() -> None:
    step = "- {run: inv types, working-directory: deep/down}"
    for path in ("tasks.py", "deep/tasks/__init__.py", "deep/down/tasks.py"):
        found = automation({".github/workflows/ci.yml": workflow(step), path: INVOKE})
        assert named(found, "mypy").place.path == path
    found = ci("- run: inv -c own types", **{"own.py": INVOKE})
    assert named(found, "mypy").place.path == "own.py"


@pytest.mark.parametrize(
    ("command", "place", "why"),
    [
        ("inv", "tasks.py:34", "put together"),
        ("inv deep", "tasks.py:38", "put together"),
        ("inv glued", "tasks.py:42", "put together"),
        ("inv glued", "tasks.py", "`other`"),
        ("inv release.build", "tasks.py", "`release.build` is not in it"),
        ("inv -c gone types", ".github/workflows/ci.yml", "are not there"),
    ],
)
def test_what_invoke_runs_from_elsewhere_is_said(command: str, place: str, why: str) -> None:
    assert why in invoked(command).unread[place]


CIRCLE_ORBS = """\
version: 2.1
orbs:
  shared: example/shared@1.6.0
  win: circleci/windows@5
  own:
    commands:
      lint: {steps: [{run: ruff check}]}
    jobs:
      checks: {steps: [lint, own/lint, {run: mypy}]}
jobs:
  test:
    executor: win/default
    steps: [shared/setup, own/lint, {run: pytest}]
  left: {steps: [{run: vulture}]}
workflows:
  version: 2
  never:
    when: false
    jobs: [left]
  all:
    jobs:
      - wait: {type: approval}
      - own/checks
      - test:
          pre-steps: [{run: uv lock --check}]
          post-steps: [{run: coverage report}]
"""


def test_a_job_of_circleci_runs_where_a_workflow_starts_it() -> None:
    found = automation({".circleci/config.yml": CIRCLE_ORBS})
    assert not found.unread
    ran = [one.argv for one in found.commands]
    assert ("vulture",) not in ran
    assert {("mypy",), ("ruff", "check"), ("pytest",), ("uv", "lock", "--check")} <= set(ran)
    assert ran.index(("uv", "lock", "--check")) < ran.index(("coverage", "report"))
    assert [one.detail for one in found.systems] == ["windows"]


@pytest.mark.parametrize(
    ("more", "place", "why"),
    [
        ("      - shared/coverage: {name: Test}\n", ":27", "of the orb example/shared@1.6.0"),
        ("      - absent\n", ":27", "`absent` is not there"),
        ("setup: true\n", "", "is made while it runs"),
    ],
)
def test_what_circleci_has_from_elsewhere_is_said(more: str, place: str, why: str) -> None:
    found = automation({".circleci/config.yml": CIRCLE_ORBS + more})
    assert why in found.unread[f".circleci/config.yml{place}"]


def test_a_circleci_file_that_starts_no_job_is_said() -> None:
    source = "version: 2.1\njobs:\n  test: {steps: [{run: pytest}]}\n"
    found = automation({".circleci/config.yml": source})
    assert not found.commands
    assert "a job `build`" in found.unread[".circleci/config.yml"]


def test_travis_runs_every_command_of_its_phases() -> None:
    travis = """
        language: python
        python:
          - "3.8"
          - "3.12"
        env:
          global: LEVEL=high
          jobs:
            - TOXENV=a
            - TOXENV=b
        before_install: pip install uv
        install:
          - pip install -e .
        script:
          - echo $TOXENV; pytest --cov -e $TOXENV || true
          - .travis/run.sh
        after_success:
          - codecov
        jobs:
          include:
            - os: osx
              python: "3.13"
              script: ruff check
            - python: nightly
              script: mypy src
          allow_failures:
            - python: nightly
            - python: "3.8"
    """
    found = automation(
        {".travis.yml": travis, ".travis/run.sh": "#!/bin/sh\nruff format --check\n"}
    )
    assert found.has_ci
    assert not found.unread
    assert places(found)[:2] == [("pip", ".travis.yml", 11), ("pip", ".travis.yml", 13)]
    tests = [one for one in found.commands if one.argv[0] == "pytest"]
    assert [one.argv[-1] for one in tests] == ["a", "b"]
    assert not any(one.can_fail for one in tests)
    assert named(found, "ruff").place.path == ".travis/run.sh"
    assert ("ruff", ".travis.yml", 23) in places(found)
    assert not named(found, "codecov").can_fail
    assert not named(found, "mypy").can_fail
    assert {place.detail for place in found.tolerated} == {"3.12", "linux"}


def test_travis_jobs_that_are_all_included_have_no_job_beside_them() -> None:
    travis = """
        script: pytest
        matrix:
          include:
            - {os: osx, python: 3.12}
            - {os: windows, script: ruff check}
    """
    found = automation({".travis.yml": travis})
    assert argvs(found) == [("pytest",), ("ruff", "check")]
    assert [place.detail for place in found.systems] == ["macos"]


@pytest.mark.parametrize(
    "text", ["x", "a: [", "import: ./other.yml\nscript: pytest", 'script: "if ["']
)
def test_what_of_travis_cannot_be_read_is_said(text: str) -> None:
    found = automation({".travis.yml": text})
    assert found.has_ci
    assert ".travis.yml" in found.unread


@pytest.mark.parametrize("name", ["appveyor.yml", "Jenkinsfile", ".build.yml", ".zuul.yaml"])
def test_services_that_are_not_read_are_said_to_be(name: str) -> None:
    found = automation({name: "x"})
    assert found.has_ci
    assert name in found.unread


def test_nothing_at_all() -> None:
    found = automation({})
    assert (found.commands, found.has_ci, dict(found.unread)) == ((), False, {})


_FILES = st.sampled_from(
    [".github/workflows/a.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml", "tox.ini",
     "noxfile.py", "Makefile", "justfile", "Taskfile.yml", ".circleci/config.yml",
     "azure-pipelines.yml", ".travis.yml", "setup.cfg", "s.sh", "tasks.py"]
)  # fmt: skip
_TEXTS = st.text(max_size=120) | st.lists(
    st.sampled_from(
        ["on: push\n", "jobs:\n", "  a:\n", "    steps:\n", "      - run: tox\n", "repos:\n",
         "  - hooks:\n", "    - id: ruff\n", "[tox]\n", "envlist = a{b,c}-{d\n", "[testenv]\n",
         "commands = {posargs} {[testenv]commands}\n", "a: b\n", "\tmake a\n", "b: a\n", "A = $(A)\n",
         "include: {local: .gitlab-ci.yml}\n", "job: {extends: job, script: *x}\n", "&x [", "]\n",
         "tasks: {a: {deps: [a]}}\n", "@nox.session\ndef f(s):\n    s.run(*s.posargs)\n",
         "@task(f, pre=[call(f)])\ndef f(c):\n    with c.cd('a'):\n        c.run(f'{f} a' + f)\n        f(c)\n"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(st.dictionaries(_FILES, _TEXTS, max_size=4))
def test_any_texts_give_a_value(files: dict[str, str]) -> None:
    runner = "on: push\njobs: {a: {runs-on: x, steps: [{run: 'tox; nox; make a; just; task a; ./s.sh; inv f'}]}}"
    found = automation({".github/workflows/run.yml": runner, **files})
    assert found.has_ci
    assert all(one.argv and one.place.path for one in found.commands)


@pytest.mark.parametrize(
    ("rules", "can_fail"),
    [
        ("[{if: $CI_COMMIT_BRANCH, allow_failure: true}]", False),
        ("[{when: manual}, {if: $CI_COMMIT_BRANCH, allow_failure: true}]", False),
        ("[{if: $CI_COMMIT_TAG, allow_failure: true}, {if: $CI_COMMIT_BRANCH}]", True),
        ("[{if: $CI_COMMIT_BRANCH, allow_failure: false}]", True),
    ],
)
def test_gitlabs_rules_allow_failures_as_well(rules: str, can_fail: bool) -> None:
    source = f"lint:\n  rules: {rules}\n  script: [ruff check .]\n"
    assert named(automation({".gitlab-ci.yml": source}), "ruff").can_fail is can_fail


@pytest.mark.parametrize(("condition", "runs"), [("false", False), ("succeeded()", True)])
def test_azures_steps_that_never_run(condition: str, runs: bool) -> None:
    source = f"steps:\n- script: ruff check .\n  condition: {condition}\n"
    assert bool(automation({"azure-pipelines.yml": source}).commands) is runs


@pytest.mark.parametrize(
    ("task", "can_fail"),
    [
        ("lint.cmd = 'ruff check .'", True),
        ("lint.cmd = 'ruff check .'\nlint.ignore_fail = true", False),
        ("lint.sequence = [{cmd = 'ruff check .'}]\nlint.ignore_fail = 'return_zero'", False),
        ("lint.sequence = [{cmd = 'ruff check .'}]\nlint.ignore_fail = 'return_non_zero'", True),
    ],
)
def test_tasks_of_poe_that_accept_failures(task: str, can_fail: bool) -> None:
    found = automation(
        {
            ".github/workflows/ci.yml": workflow("- run: poe lint"),
            "pyproject.toml": f"[tool.poe.tasks]\n{task}\n",
        }
    )
    assert named(found, "ruff").can_fail is can_fail


_PICKED = """
    [tox]
    envlist = py{{311,312}}-unit, lint, types
    [{section}]
    python =
        3.11: {first}
        3.12: {second}
    [testenv]
    commands =
        unit: pytest
        lint: ruff check .
        types: mypy src
    """


@pytest.mark.parametrize(
    ("section", "names", "command", "version", "expected"),
    [
        ("gh-actions", ("py311", "py312, lint"), "tox", "3.12", ["pytest", "ruff"]),
        ("gh-actions", ("py311", "py312, lint"), "tox", "3.11", ["pytest"]),
        ("gh-actions", ("py311", "py312, lint"), "tox", "3.13", []),
        ("gh-actions", ("py311", "py312, lint"), "tox", "3.x", ["pytest", "ruff"]),
        ("gh-actions", ("py311", "py312,\n          lint"), "tox", "3.12", ["pytest", "ruff"]),
        ("gh-actions", ("py311", "py312, lint"), "tox -e types", "3.12", ["mypy"]),
        ("gh", ("py311-unit", "py312-unit, types"), "tox", "3.12", ["mypy", "pytest"]),
        ("testenv:other", ("py311", "py312, lint"), "tox", "3.12", ["mypy", "pytest", "ruff"]),
    ],
)
def test_a_plugin_of_tox_runs_what_it_picks_and_nothing_else(
    section: str, names: tuple[str, str], command: str, version: str, expected: list[str]
) -> None:
    tox = _PICKED.format(section=section, first=names[0], second=names[1])
    steps = f"- uses: actions/setup-python@v5\n  with: {{python-version: '{version}'}}\n- run: {command}"
    found = ci(steps, **{"tox.ini": tox})
    assert sorted({one[0] for one in argvs(found)}) == expected


def test_a_table_says_what_a_plugin_of_tox_picks() -> None:
    tox = """
        env_list = ["3.12", "lint", "types"]
        [gh.python]
        "3.12" = ["3.12", "lint"]
        [env_run_base]
        commands = [["pytest"]]
        [env.lint]
        commands = [["ruff", "check"]]
        [env.types]
        commands = [["mypy"]]
        """
    steps = "- uses: actions/setup-python@v5\n  with: {python-version: '3.12'}\n- run: tox"
    assert sorted(one[0] for one in argvs(ci(steps, **{"tox.toml": tox}))) == ["pytest", "ruff"]


def test_elsewhere_than_on_github_it_picks_nothing() -> None:
    tox = _PICKED.format(section="gh-actions", first="py311", second="py312")
    found = automation({".gitlab-ci.yml": "lint: {script: [tox]}\n", "tox.ini": tox})
    assert {one[0] for one in argvs(found)} == {"pytest", "ruff", "mypy"}
