"""Are mypy, pyright and ruff as strict as they claim to be?"""

from __future__ import annotations

import pytest
from mypy.main import process_options

from doctrine.inspect._strict_sets import MYPY_STRICT, PYRIGHT_STRICT_ERRORS
from doctrine.inspect.strictness import INSPECTOR
from doctrine.model.observation import Finding
from doctrine.model.project import Role, Silencer, Suppression
from doctrine.model.run import Reading
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import CI, ci, look, module, only, project, rules, run, seen, silence

SOURCE = {"src/app/__init__.py": "", "src/app/a.py": "", "tests/test_a.py": ""}
STRICT_MYPY = "[tool.mypy]\nstrict = true\n"
STRICT_PYRIGHT = '[tool.pyright]\ntypeCheckingMode = "strict"\n'


def of(reading: Reading, start: str) -> list[Finding]:
    return [finding for finding in reading.findings if finding.rule.startswith(start)]


def mypy(config: str, **more: str) -> Reading:
    """Judge a pyproject with that mypy configuration; pyright is strict."""
    return look(INSPECTOR, project({**SOURCE, "pyproject.toml": config + STRICT_PYRIGHT, **more}))


def pyright(config: str, **more: str) -> Reading:
    return look(INSPECTOR, project({**SOURCE, "pyproject.toml": config + STRICT_MYPY, **more}))


def test_strict_projects_have_nothing_to_mend() -> None:
    reading = mypy(STRICT_MYPY)
    assert reading.findings == ()
    assert reading.undecided == {}
    assert [(one.rule, one.evidence.line) for one in reading.supports] == [
        ("mypy-not-strict", 2),
        ("pyright-not-strict", 4),
    ]


def test_a_project_without_any_configuration() -> None:
    assert rules(look(INSPECTOR, project(SOURCE))) == {"mypy-not-strict", "pyright-not-strict"}


def test_the_strict_set_is_the_one_of_the_installed_mypy() -> None:
    plain = ["--config-file=", "-c", "pass"]
    lax = dict(process_options(plain)[1].snapshot())
    strict = dict(process_options(["--strict", *plain])[1].snapshot())
    changed = {name for name, value in strict.items() if value is not lax[name]}
    known = {one.removeprefix("no_") if one.startswith("no_") else one for one in MYPY_STRICT}
    switches = {name for name in changed if isinstance(strict[name], bool)}
    assert switches == {name for name in known if lax[name] is not strict[name]}
    assert all(strict[name] is (name != "implicit_reexport") for name in known)


def every_flag(*without: str) -> str:
    return "".join(f"{flag} = true\n" for flag in MYPY_STRICT if flag not in without)


def test_every_flag_by_itself_is_strict() -> None:
    reading = mypy("[tool.mypy]\n" + every_flag())
    assert of(reading, "mypy") == []
    other = every_flag("no_implicit_reexport", "extra_checks")
    spelled = f"[tool.mypy]\n{other}implicit_reexport = false\nstrict_concatenate = true\n"
    assert of(mypy(spelled), "mypy") == []


@pytest.mark.parametrize("flag", MYPY_STRICT)
def test_one_missing_flag_is_not_strict(flag: str) -> None:
    (finding,) = of(mypy("[tool.mypy]\n" + every_flag(flag)), "mypy")
    assert finding.rule == "mypy-not-strict"
    assert flag in finding.message
    assert finding.location.line == 1


@pytest.mark.parametrize("flag", MYPY_STRICT)
def test_one_flag_taken_back_weakens(flag: str) -> None:
    (finding,) = of(mypy(f"[tool.mypy]\nstrict = true\n{flag} = false\n"), "mypy")
    assert (finding.rule, finding.location.line, finding.symbol) == ("mypy-weakened", 3, flag)


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("ignore_errors = true", "error"),
        ("allow_untyped_defs = true", "error"),
        ('disable_error_code = ["misc"]', "error"),
        ('disable_error_code = "attr-defined, misc"', "error"),
        ('disable_error_code = ["import-untyped"]', "info"),
        ('follow_imports = "skip"', "error"),
        ('follow_imports = "silent"', "info"),
    ],
)
def test_other_ways_to_weaken_mypy(line: str, severity: str) -> None:
    reading = mypy(f"[tool.mypy]\nstrict = true\n{line}\n")
    assert seen(reading) == [("mypy-weakened", "pyproject.toml", 3, severity)]


@pytest.mark.parametrize(
    "line",
    [
        "warn_unreachable = true",
        "ignore_errors = false",
        "disable_error_code = []",
        "ignore_missing_imports = true",
        'follow_imports = "normal"',
        "strict_bytes = false",
    ],
)
def test_what_does_not_weaken_mypy(line: str) -> None:
    assert mypy(f"[tool.mypy]\nstrict = true\n{line}\n").findings == ()


@pytest.mark.parametrize(
    ("modules", "setting", "severity"),
    [
        ('"app.*"', "disallow_untyped_defs = false", "error"),
        ('"app.a"', "ignore_errors = true", "error"),
        ('["yaml.*", "app"]', "warn_return_any = false", "error"),
        ('"*.a"', "ignore_errors = true", "error"),
        ('"*"', "strict = false", "error"),
        ('"*.*.*.*.*.*.x"', "ignore_errors = true", None),
        (f'"{"*." * 40}x"', "ignore_errors = true", "error"),
        ('"tests.*"', "disallow_untyped_defs = false", "info"),
        ('"tests.test_a"', "ignore_errors = true", "info"),
        ('"yaml.*"', "ignore_errors = true", None),
        ('"yaml.*"', "ignore_missing_imports = true", None),
        ('"app.*"', "ignore_missing_imports = true", None),
        ('"app.missing"', "ignore_errors = true", None),
        ('"application.*"', "ignore_errors = true", None),
    ],
)
def test_overrides(modules: str, setting: str, severity: str | None) -> None:
    override = f"[[tool.mypy.overrides]]\nmodule = {modules}\n{setting}\n"
    expected = [("mypy-weakened", "pyproject.toml", 5, severity)] if severity else []
    assert seen(mypy(STRICT_MYPY + override)) == expected


@pytest.mark.parametrize(
    ("version", "pattern", "strict"),
    [("2.4.1", "app.*", True), ("1.18.2", "app.*", False), ("2.4.1", "app.a.*", False)],
)
def test_strict_in_an_override_counts_from_mypy_2_on(
    version: str, pattern: str, *, strict: bool
) -> None:
    config = f'[tool.mypy]\n[[tool.mypy.overrides]]\nmodule = "{pattern}"\nstrict = true\n'
    files = {**SOURCE, "pyproject.toml": config + STRICT_PYRIGHT}
    reading = look(INSPECTOR, project(files, packages={"mypy": version}))
    assert (of(reading, "mypy") == []) is strict
    lock = f'version = 1\n[[package]]\nname = "mypy"\nversion = "{version}"\n'
    assert (of(look(INSPECTOR, project({**files, "uv.lock": lock})), "mypy") == []) is strict


@pytest.mark.parametrize("name", ["mypy.ini", ".mypy.ini"])
def test_an_own_file_shadows_pyproject(name: str) -> None:
    reading = mypy(STRICT_MYPY, **{name: ""})
    assert seen(reading) == [("mypy-not-strict", name, 1, "error")]


@pytest.mark.parametrize("word", ["True", "true", "yes", "1", "on"])
def test_strict_in_ini(word: str) -> None:
    reading = mypy("", **{"mypy.ini": f"# x\n[mypy]\nstrict = {word}\n"})
    assert reading.findings == ()


def test_overrides_in_ini() -> None:
    ini = "[mypy]\nstrict = True\n[mypy-yaml.*,app.*]\nignore_errors = True\n[mypy-tests.*]\n"
    reading = mypy("", **{"mypy.ini": ini + "disallow_untyped_defs = no\n"})
    assert seen(reading) == [
        ("mypy-weakened", "mypy.ini", 4, "error"),
        ("mypy-weakened", "mypy.ini", 6, "info"),
    ]


def test_setup_cfg_counts_only_without_a_table_in_pyproject() -> None:
    cfg = {"setup.cfg": "[mypy]\nstrict = false\n"}
    assert of(mypy(STRICT_MYPY, **cfg), "mypy") == []
    (finding,) = of(mypy("", **cfg), "mypy")
    assert finding.location.path == "setup.cfg"


@pytest.mark.parametrize("name", ["mypy.ini", "pyrightconfig.json", "ruff.toml"])
def test_a_deciding_file_that_could_not_be_read(name: str) -> None:
    files = {**SOURCE, "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT}
    reading = look(INSPECTOR, project(files, unread={name: "permission denied"}))
    assert reading.findings == ()
    assert name.split(".", maxsplit=1)[0].removesuffix("config") in " ".join(reading.undecided)
    assert all("permission denied" in reason for reason in reading.undecided.values())


def gated(*commands: str, config: str = "[tool.mypy]\n", **more: str) -> Reading:
    files = {**SOURCE, "pyproject.toml": config + STRICT_PYRIGHT, **more}
    return look(INSPECTOR, project(files, automation=ci(*commands)))


def test_strict_on_every_gating_command_is_strict() -> None:
    assert gated("mypy --strict src", "mypy --strict tests").findings == ()
    flags = " ".join("--" + flag.replace("_", "-") for flag in MYPY_STRICT)
    assert gated(f"mypy {flags} src").findings == ()


def test_strict_on_some_commands_only_is_not() -> None:
    finding = only(gated("mypy --strict src", "mypy tests"), "mypy-not-strict")
    assert f"{CI}:11" in finding.message


def test_a_command_that_cannot_fail_is_no_gate() -> None:
    automation = ci(run("mypy --strict src", can_fail=False))
    files = {**SOURCE, "pyproject.toml": STRICT_PYRIGHT}
    assert rules(look(INSPECTOR, project(files, automation=automation))) == {"mypy-not-strict"}


def test_strict_on_the_command_line_overrules_flags_of_the_file() -> None:
    config = "[tool.mypy]\nstrict = true\nwarn_return_any = false\n"
    assert gated("mypy --strict src", config=config).findings == ()
    assert rules(gated("mypy src", config=config)) == {"mypy-weakened"}


@pytest.mark.parametrize(
    ("option", "weak"),
    [
        ("--allow-untyped-defs", True),
        ("--no-warn-return-any", True),
        ("--disable-error-code=misc", True),
        ("--disable-error-code=import-untyped", False),
        ("--follow-imports=skip", True),
        ("--no-error-summary", False),
        ("--show-error-codes", False),
    ],
)
def test_options_that_take_strictness_back(option: str, *, weak: bool) -> None:
    reading = gated(f"mypy {option} src", config=STRICT_MYPY)
    assert seen(reading) == ([("mypy-weakened", CI, 10, "error")] if weak else [])


def test_a_named_configuration_file_is_the_one_that_counts() -> None:
    lax = gated("mypy --config-file lax.ini", config=STRICT_MYPY, **{"lax.ini": "[mypy]\n"})
    assert seen(lax) == [("mypy-not-strict", "lax.ini", 1, "error")]
    reading = gated("mypy --config-file=ci/x.ini", config=STRICT_MYPY)
    assert "ci/x.ini" in reading.undecided["mypy-not-strict"]


def test_a_gate_that_could_not_be_followed_may_be_strict() -> None:
    files = {**SOURCE, "pyproject.toml": STRICT_PYRIGHT}
    reading = look(INSPECTOR, project(files, automation=ci(unread={"x.yml": "loop"})))
    assert "x.yml" in reading.undecided["mypy-not-strict"]
    assert reading.findings == ()


@pytest.mark.parametrize("mode", ["basic", "standard", "off"])
def test_modes_that_are_not_strict(mode: str) -> None:
    reading = pyright(f'[tool.pyright]\ntypeCheckingMode = "{mode}"\n')
    assert seen(reading) == [("pyright-not-strict", "pyproject.toml", 2, "error")]


@pytest.mark.parametrize(
    ("folders", "strict"),
    [
        ('["src"]', True),
        ('["src/app"]', True),
        ('["./src/"]', True),
        ('["."]', True),
        ('["**"]', True),
        ('["src/**/*.py"]', True),
        ('["src/*"]', True),
        ('["src/app/a.py"]', False),
        ('["lib"]', False),
        ('["sr"]', False),
    ],
)
def test_strict_folders_must_cover_every_source_root(folders: str, *, strict: bool) -> None:
    reading = pyright(f"[tool.pyright]\nstrict = {folders}\n")
    assert (reading.findings == ()) is strict


def test_strict_folders_cannot_be_weakened_by_settings() -> None:
    config = '[tool.pyright]\nstrict = ["src"]\nreportUnknownMemberType = false\n'
    assert pyright(config).findings == ()


@pytest.mark.parametrize("value", ["false", '"none"', '"warning"', '"information"'])
@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("reportUnknownMemberType", "warning"),
        ("reportMissingTypeStubs", "warning"),
        ("reportPrivateUsage", "error"),
        ("reportOptionalMemberAccess", "error"),
    ],
)
def test_lowered_rules(rule: str, value: str, severity: str) -> None:
    reading = pyright(STRICT_PYRIGHT + f"{rule} = {value}\n")
    assert seen(reading) == [("pyright-weakened", "pyproject.toml", 3, severity)]


@pytest.mark.parametrize(
    "line",
    [
        'reportPrivateUsage = "error"',
        "reportPrivateUsage = true",
        "reportMissingModuleSource = false",
        "reportImportCycles = false",
        'reportUnnecessaryTypeIgnoreComment = "warning"',
        "strictListInference = true",
        'include = ["src"]',
        'exclude = ["tests", "**/node_modules"]',
        'ignore = ["tests"]',
        'pythonVersion = "3.11"',
    ],
)
def test_what_does_not_weaken_pyright(line: str) -> None:
    assert pyright(STRICT_PYRIGHT + line + "\n").findings == ()


@pytest.mark.parametrize(
    "line",
    [
        'ignore = ["src"]',
        'exclude = ["src/app/a.py"]',
        'exclude = ["**/a.py"]',
        'include = ["src/other"]',
        "strictListInference = false",
        "analyzeUnannotatedFunctions = false",
    ],
)
def test_other_ways_to_weaken_pyright(line: str) -> None:
    reading = pyright(STRICT_PYRIGHT + line + "\n")
    assert seen(reading) == [("pyright-weakened", "pyproject.toml", 3, "error")]


def test_generated_modules_may_be_left_out() -> None:
    config = STRICT_PYRIGHT + 'exclude = ["**/*_pb2.py"]\n'
    assert pyright(config, **{"src/app/api_pb2.py": ""}).findings == ()


@pytest.mark.parametrize(("root", "severity"), [("src", "error"), ("tests", "info")])
def test_environments_with_lowered_rules(root: str, severity: str) -> None:
    config = (
        STRICT_PYRIGHT
        + f'executionEnvironments = [{{ root = "{root}", reportPrivateUsage = false }}]\n'
    )
    reading = pyright(config)
    assert seen(reading) == [("pyright-weakened", "pyproject.toml", 3, severity)]


def test_an_own_json_file_shadows_the_table() -> None:
    reading = pyright(STRICT_PYRIGHT, **{"pyrightconfig.json": "{}"})
    assert seen(reading) == [("pyright-not-strict", "pyrightconfig.json", 1, "error")]


def test_json_with_comments_is_read_and_located() -> None:
    source = '{\n  // mode\n  "typeCheckingMode": "strict",\n  "reportPrivateUsage": "none",\n}\n'
    reading = pyright("", **{"pyrightconfig.json": source})
    assert seen(reading) == [("pyright-weakened", "pyrightconfig.json", 4, "error")]


def test_broken_json_is_left_open() -> None:
    reading = pyright("", **{"pyrightconfig.json": "{"})
    assert set(reading.undecided) == {"pyright-not-strict", "pyright-weakened"}


def test_an_extended_file_counts() -> None:
    config = '[tool.pyright]\nextends = "base.json"\n'
    strict = pyright(config, **{"base.json": '{"typeCheckingMode": "strict"}'})
    assert strict.findings == ()
    assert "base.json" in pyright(config).undecided["pyright-not-strict"]


@pytest.mark.parametrize(("mode", "strict"), [("all", True), ("recommended", True), ("off", False)])
def test_the_forks_modes(mode: str, *, strict: bool) -> None:
    reading = pyright(f'[tool.basedpyright]\ntypeCheckingMode = "{mode}"\n')
    assert (reading.findings == ()) is strict


def test_the_fork_is_strict_by_default() -> None:
    assert pyright("[tool.basedpyright]\npythonVersion = '3.11'\n").findings == ()


def test_scripts_beside_the_source_root_may_be_left_out() -> None:
    files = {**SOURCE, "scripts/x.py": ""}
    config = STRICT_MYPY + STRICT_PYRIGHT + 'include = ["src"]\n'
    judged = project({**files, "pyproject.toml": config}, sources=("src", "."))
    assert look(INSPECTOR, judged).findings == ()


def ruff(config: str, **more: str) -> Reading:
    return mypy(STRICT_MYPY + config, **more)


@pytest.mark.parametrize(
    ("config", "line", "severity"),
    [
        ("[tool.ruff.lint]\nselect = []\n", 4, "error"),
        ("[tool.ruff]\nselect = []\n", 4, "error"),
        ('[tool.ruff.lint]\nignore = ["F"]\n', 4, "error"),
        ('[tool.ruff.lint]\nextend-ignore = ["E501",\n"ALL"]\n', 5, "error"),
        ('[tool.ruff.lint]\nignore = ["D"]\n', 4, "info"),
        ('[tool.ruff.lint.per-file-ignores]\n"**" = ["F"]\n', 4, "error"),
        ('[tool.ruff.lint.per-file-ignores]\n"src/**" = ["ALL"]\n', 4, "error"),
        ('[tool.ruff.lint.per-file-ignores]\n"*.py" = ["E4"]\n', 4, "error"),
        ('[tool.ruff.lint.per-file-ignores]\n"src/app/old.py" = ["ALL"]\n', 4, "info"),
    ],
)
def test_a_hollow_linter_configuration(config: str, line: int, severity: str) -> None:
    reading = ruff(config, **{"src/app/old.py": ""})
    assert seen(reading) == [("ruff-weakened", "pyproject.toml", line, severity)]


@pytest.mark.parametrize(
    "config",
    [
        '[tool.ruff.lint]\nselect = ["E", "F"]\nignore = ["E501", "F401"]\n',
        '[tool.ruff.lint]\nselect = []\nextend-select = ["F"]\n',
        '[tool.ruff.lint.per-file-ignores]\n"tests/**" = ["ALL"]\n',
        '[tool.ruff.lint.per-file-ignores]\n"__init__.py" = ["F401"]\n',
        '[tool.ruff.lint.per-file-ignores]\n"**" = ["E501"]\n',
        "[tool.ruff]\nline-length = 100\n",
    ],
)
def test_a_linter_configuration_with_narrow_exceptions(config: str) -> None:
    assert ruff(config).findings == ()


_HOLLOW = "[lint]\nselect = []\n"
_PART = {f"src/app/part{number}.py": "" for number in range(3)}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"src/app/ruff.toml": _HOLLOW}, [("src/app/ruff.toml", 2, "error")]),
        ({"src/.ruff.toml": _HOLLOW}, [("src/.ruff.toml", 2, "error")]),
        ({"src/pyproject.toml": "[tool.ruff]\nlint.select = []\n"}, [("src/pyproject.toml", 2, "error")]),
        ({"src/pyproject.toml": "[project]\n"}, []),
        ({"src/ruff.toml": _HOLLOW, "src/.ruff.toml": ""}, []),
        ({"src/ruff.toml": _HOLLOW, "src/app/ruff.toml": ""}, []),
        ({"tests/ruff.toml": _HOLLOW, "docs/ruff.toml": _HOLLOW}, []),
        ({"src/other/ruff.toml": _HOLLOW, "src/other/a.py": "", **_PART}, [("src/other/ruff.toml", 2, "info")]),
        ({"src/app/ruff.toml": 'lint.ignore = ["F"]\n'}, [("src/app/ruff.toml", 1, "error")]),
        ({"src/ruff.toml": 'lint.per-file-ignores."app/**" = ["ALL"]\n'}, [("src/ruff.toml", 1, "error")]),
        ({"src/ruff.toml": 'extend = "../base.toml"\n', "base.toml": _HOLLOW}, [("base.toml", 2, "error")]),
        ({"src/ruff.toml": _HOLLOW, "src/app/pyproject.toml": "[project]\n"}, [("src/ruff.toml", 2, "error")]),
        (
            {"src/ruff.toml": 'extend = "../base.toml"\n', "src/b/ruff.toml": 'extend = "../../base.toml"\n',
             "src/b/a.py": "", "base.toml": _HOLLOW},
            [("base.toml", 2, "error")],
        ),
        (  # a table for ruff is what ruff asks for, and not its name in a list
            {"src/ruff.toml": _HOLLOW, "src/app/pyproject.toml": "[dependency-groups]\ndev = ['ruff']\n"},
            [("src/ruff.toml", 2, "error")],
        ),
        (  # one setting for many files, although the first folder has few
            {"src/a/ruff.toml": 'extend = "../../base.toml"\n', "src/b/ruff.toml": 'extend = "../../base.toml"\n',
             "src/a/x.py": "", **{f"src/b/{number}.py": "" for number in range(4)}, "base.toml": _HOLLOW},
            [("base.toml", 2, "error")],
        ),
        (  # many settings for few files each come to the same
            {f"src/{name}/ruff.toml": _HOLLOW for name in "abc"} | {f"src/{name}/x.py": "" for name in "abc"},
            [(f"src/{name}/ruff.toml", 2, "error") for name in "abc"],
        ),
    ],
)  # fmt: skip
def test_ruffs_files_of_single_folders_count_for_what_they_decide(
    more: dict[str, str], expected: list[tuple[str, int, str]]
) -> None:
    found = ruff("[tool.ruff]\n", **{"src/app/main.py": "", **more})
    assert seen(found) == [("ruff-weakened", *one) for one in expected]


@pytest.mark.parametrize(
    ("base", "nearer", "lines"),
    [  # as ruff 0.15 does it: the rules of one file are the first word on those of what it extends
        ("[lint]\nselect = []\n", "", [2]),
        ("[lint]\nselect = []\n", '[lint]\nselect = ["F"]\n', []),
        ("[lint]\nselect = []\n", '[lint]\nextend-select = ["F"]\n', []),
        ("[lint]\nselect = []\n", '[lint]\nignore = ["E501"]\n', [2]),
        ('[lint]\nignore = ["F"]\n', "", [2]),
        ('[lint]\nignore = ["F"]\n', '[lint]\nselect = ["F"]\n', []),
        ('[lint]\nextend-ignore = ["F"]\n', 'select = ["F"]\n', []),
        ('[lint]\nignore = ["F"]\n', '[lint]\nignore = ["E501"]\n', [2]),
        ('[lint]\nignore = ["F"]\n', '[lint]\nextend-select = ["F401"]\n', [2]),
        ('[lint]\nignore = ["F4", "E"]\n', '[lint]\nextend-select = ["F"]\n', [2]),
        ('[lint.per-file-ignores]\n"*.py" = ["F"]\n', '[lint]\nselect = ["F"]\n', [2]),
        ('[lint.per-file-ignores]\n"*.py" = ["F"]\n', '[lint.per-file-ignores]\n"a.py" = ["E501"]\n', []),
        ('[lint.extend-per-file-ignores]\n"*.py" = ["F"]\n', '[lint.per-file-ignores]\n"a.py" = ["E501"]\n', [2]),
    ],
)  # fmt: skip
def test_what_a_nearer_file_has_in_its_place_is_no_weakness_of_what_is_extended(
    base: str, nearer: str, lines: list[int]
) -> None:
    reading = ruff("", **{"ruff.toml": f'extend = "base.toml"\n{nearer}', "base.toml": base})
    assert seen(reading) == [("ruff-weakened", "base.toml", line, "error") for line in lines]


def test_who_loses_everything_has_lost_each_family() -> None:
    files = {f"src/{name}.py": "" for name in ("a/x", "a/y", "b/x", "b/y", "c")}
    without_f = {"src/b/ruff.toml": 'lint.ignore = ["F", "W"]\n'}
    found = ruff("[tool.ruff]\n", **{"src/a/ruff.toml": _HOLLOW}, **without_f, **files)
    assert seen(found) == [
        ("ruff-weakened", "src/a/ruff.toml", 2, "info"),  # all, but of less than half
        ("ruff-weakened", "src/b/ruff.toml", 1, "error"),
        ("ruff-weakened", "src/b/ruff.toml", 1, "info"),
    ]


def test_configuration_behind_more_files_than_anybody_reads_leaves_it_open() -> None:
    chain = {f"b{number}.toml": f'extend = "b{number + 1}.toml"\n' for number in range(9)}
    reading = ruff("", **{"ruff.toml": 'extend = "b0.toml"\n', **chain, "b9.toml": _HOLLOW})
    assert set(reading.undecided) == {"ruff-weakened"}
    first = {"pyrightconfig.json": '{"extends": "b0.json"}'}
    files = {f"b{number}.json": f'{{"extends": "b{number + 1}.json"}}' for number in range(9)}
    pyright = look(INSPECTOR, project({**first, **files, "b9.json": '{"ignore": ["**"]}'}))
    assert "pyright-weakened" in pyright.undecided


def test_a_file_of_a_folder_that_cannot_be_read_leaves_it_open() -> None:
    more = {"src/app/main.py": "", "src/ruff.toml": 'extend = "gone.toml"\n'}
    assert set(ruff("", **more).undecided) == {"ruff-weakened"}


@pytest.mark.parametrize(
    ("dotted", "plain", "expected"),
    [(_HOLLOW, "", [(".ruff.toml", 2, "error")]), ("", _HOLLOW, [])],
)
def test_of_two_files_of_ruff_in_the_root_the_one_with_a_dot_counts(
    dotted: str, plain: str, expected: list[tuple[str, int, str]]
) -> None:
    found = ruff("", **{".ruff.toml": dotted, "ruff.toml": plain})
    assert seen(found) == [("ruff-weakened", *one) for one in expected]


def test_ruffs_own_file_wins_and_what_it_extends_counts() -> None:
    reading = ruff(
        '[tool.ruff.lint]\nignore = ["F"]\n',
        **{"ruff.toml": 'extend = "base.toml"\n', "base.toml": '[lint]\nignore = ["E"]\n'},
    )
    assert seen(reading) == [("ruff-weakened", "base.toml", 2, "error")]


@pytest.mark.parametrize(
    "more", [{"ruff.toml": 'extend = "gone.toml"\n'}, {"ruff.toml": "select = [\n"}]
)
def test_a_linter_configuration_that_cannot_be_read(more: dict[str, str]) -> None:
    assert set(ruff("", **more).undecided) == {"ruff-weakened"}


@pytest.mark.parametrize(
    ("suppression", "rule"),
    [
        (silence(Silencer.TYPE_IGNORE), "mypy-blanket-ignore"),
        (silence(Silencer.TYPE_IGNORE, whole=True), "mypy-blanket-ignore"),
        (silence(Silencer.PYRIGHT_IGNORE), "pyright-blanket-ignore"),
        (silence(Silencer.PYRIGHT_IGNORE, whole=True), "pyright-weakened"),
        (silence(Silencer.PYRIGHT_IGNORE, "basic", whole=True), "pyright-weakened"),
        (silence(Silencer.NOQA), "ruff-blanket-noqa"),
        (silence(Silencer.NOQA, whole=True), "ruff-blanket-noqa"),
        (silence(Silencer.TYPE_IGNORE, "misc"), None),
        (silence(Silencer.TYPE_IGNORE, "misc", whole=True), None),
        (silence(Silencer.PYRIGHT_IGNORE, "reportPrivateUsage"), None),
        (silence(Silencer.PYRIGHT_IGNORE, "strict", whole=True), None),
        (silence(Silencer.NOQA, "F401"), None),
        (silence(Silencer.NOQA, "F401", whole=True), None),
        (silence(Silencer.NOSEMGREP), "semgrep-blanket-ignore"),
        (silence(Silencer.NOSEMGREP, "a.rule"), None),
    ],
)
def test_blanket_suppressions(suppression: Suppression, rule: str | None) -> None:
    files = {**SOURCE, "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT}
    judged = project(files, modules=(module("src/app/a.py", suppression),))
    reading = look(INSPECTOR, judged)
    assert seen(reading) == ([(rule, "src/app/a.py", 3, "warning")] if rule else [])
    assert "src/app/a.py" in reading.analysed


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("src/app/api_pb2.py", False),
        ("src/app/api_pb2_grpc.pyi", False),
        ("src/app/generated/client.py", False),
        ("src/app/password_gen.py", True),
        ("src/app/generated.py", True),
    ],
)
def test_what_a_program_writes_may_be_silenced_as_a_whole(path: str, *, counts: bool) -> None:
    files = {**SOURCE, path: "", "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT}
    blankets = [
        silence(one, path=path, whole=True) for one in (Silencer.TYPE_IGNORE, Silencer.NOQA)
    ]
    reading = look(INSPECTOR, project(files, modules=(module(path, *blankets),)))
    assert len(reading.findings) == (2 if counts else 0)


@pytest.mark.parametrize(
    ("silencer", "severity"),
    [
        (Silencer.TYPE_IGNORE, "info"),
        (Silencer.PYRIGHT_IGNORE, "info"),
        (Silencer.NOQA, "warning"),
    ],
)
def test_blanket_suppressions_in_tests(silencer: Silencer, severity: str) -> None:
    files = {**SOURCE, "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT}
    blanket = silence(silencer, path="tests/test_a.py")
    reading = look(INSPECTOR, project(files, modules=(module("tests/test_a.py", blanket),)))
    assert [one.severity.value for one in reading.findings] == [severity]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/app/a.py", "@no_type_check\ndef f(a): ...\n", [(1, "warning")]),
        (
            "src/app/a.py",
            "class A:\n    @typing.no_type_check\n    def f(s): ...\n",
            [(2, "warning")],
        ),
        ("tests/test_a.py", "@no_type_check\ndef test(): ...\n", [(1, "info")]),
        ("src/app/a.py", "from typing import no_type_check\n", []),
        ("src/app/a.py", 'TEXT = """\n@no_type_check\n"""\n', []),
        ("src/app/a.py", "@no_type_checks\ndef f(): ...\n", []),
    ],
)
def test_a_decorator_that_hides_a_function(
    path: str, text: str, expected: list[tuple[int, str]]
) -> None:
    files = {**SOURCE, "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT, path: text}
    role = Role.SOURCE if path.startswith("src/") else Role.TEST
    parsed = parse(path, role, text.encode())
    assert isinstance(parsed, ParsedFile)
    found = look(INSPECTOR, project(files, modules=(parsed.module,))).findings
    assert [(one.location.line, one.severity.value) for one in found] == expected
    assert all(one.rule == "mypy-blanket-ignore" for one in found)


def test_suppressions_in_fixtures_are_material() -> None:
    files = {**SOURCE, "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT}
    path = "tests/recordings/ruff/input.py"
    judged = project(files, modules=(module(path, silence(Silencer.NOQA, path=path)),))
    assert look(INSPECTOR, judged).findings == ()


def test_pyrights_strict_set_has_the_size_of_the_recorded_version() -> None:
    assert len(PYRIGHT_STRICT_ERRORS) == 70
    assert all(rule.startswith("report") for rule in PYRIGHT_STRICT_ERRORS)


@pytest.mark.parametrize(
    ("comment", "weak"),
    [
        ("# mypy: disallow-untyped-defs=False", True),
        ("# mypy: allow-untyped-defs", True),
        ("# mypy: allow_untyped_calls, warn-return-any = false", True),
        ("# mypy: check-untyped-defs=false", True),
        ("# mypy: allow-untyped-defs=False", False),
        ("# mypy: disallow-untyped-defs", False),
        ("# mypy: disable-error-code=misc", False),
        ("# mypy: warn-unreachable=False", False),
    ],
)
def test_a_comment_that_takes_a_strict_flag_back_is_found(comment: str, weak: bool) -> None:
    parsed = parse("src/app/a.py", Role.SOURCE, f"'''Doc.'''\n{comment}\nx = 1\n".encode())
    assert isinstance(parsed, ParsedFile)
    reading = look(INSPECTOR, project({"src/app/a.py": ""}, modules=(parsed.module,)))
    found = [one for one in reading.findings if one.rule == "mypy-weakened"]
    assert [one.location.line for one in found] == [2] * weak


def test_a_bare_nosemgrep_is_a_blanket_and_a_named_one_is_not() -> None:
    bare = silence(Silencer.NOSEMGREP, line=4)
    named = silence(Silencer.NOSEMGREP, "python.lang.security", line=5)
    judged = project({"src/app/a.py": ""}, modules=(module("src/app/a.py", bare, named),))
    assert ("semgrep-blanket-ignore", "src/app/a.py", 4, "warning") in seen(look(INSPECTOR, judged))
    assert only(look(INSPECTOR, judged), "semgrep-blanket-ignore").location.line == 4


def linted(*commands: str, config: str = "", unread: bool = False) -> Reading:
    automation = ci(*commands, unread={"tox.ini": "broken"} if unread else None)
    files = {**SOURCE, "pyproject.toml": STRICT_MYPY + STRICT_PYRIGHT + config}
    return look(INSPECTOR, project(files, automation=automation))


@pytest.mark.parametrize(
    ("commands", "config", "told"),
    [
        (["ruff check ."], "", ""),
        (["ruff check --select E9 ."], "", "--select E9"),
        (["ruff check --select=E9,F63,F7,F82 ."], "", "--select E9,F63,F7,F82"),
        (["ruff check . --select E --select F"], "", ""),
        (["ruff check --select ALL --ignore D"], "", ""),
        (["ruff check --ignore E501 ."], "", ""),
        (["ruff check --ignore F ."], "", "--ignore F"),
        (["ruff check --extend-ignore=E501,F ."], "", "--ignore F"),
        (["ruff check --extend-select I ."], "", ""),
        (["ruff check --select I .", "ruff check ."], "", ""),
        (["ruff check --select I .", "ruff check --exit-zero ."], "", "--select I"),
        (["ruff check --select I .", "ruff check --fix ."], "", "--select I"),
        (["ruff check --select I ."], '[tool.ruff.lint]\nselect = ["I"]', ""),
        (["ruff check --select I001 ."], '[tool.ruff.lint]\nselect = ["I"]', "--select I001"),
        (["ruff check --select I ."], '[tool.ruff.lint]\nextend-select = ["I"]', "--select I"),
        (["ruff check --select E,F ."], '[tool.ruff.lint]\nselect = ["E", "F", "I"]', ""),
        (["ruff check --select E9 --exit-zero ."], "", ""),
        (["ruff format --select E9"], "", ""),
        (["ruff check --select E9 ."], '[tool.ruff]\nextend = "gone.toml"', ""),
    ],
)
def test_a_command_that_selects_less_than_the_configuration(
    commands: list[str], config: str, told: str
) -> None:
    found = [one for one in of(linted(*commands, config=config), "ruff") if one.location.path == CI]
    assert [f"`{told}`" in one.message for one in found] == [True] * bool(told)


def test_what_cannot_be_followed_may_check_the_rest() -> None:
    reading = linted("ruff check --select E9 .", unread=True)
    assert "without `--select E9`" in reading.undecided["ruff-weakened"]
    assert not of(reading, "ruff")
