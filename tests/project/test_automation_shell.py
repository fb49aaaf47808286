from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.project.automation._grammar import GrammarError
from doctrine.project.automation._launchers import unwrap
from doctrine.project.automation._shell import Run, Shell, shell_runs

STRICT = Shell(errexit=True)
LOOSE = Shell()
BASH = shutil.which("bash")


def runs(source: str, shell: Shell = STRICT) -> tuple[Run, ...]:
    return shell_runs(source, shell)


def lost(source: str, shell: Shell = STRICT) -> str:
    return next(run.why_not for run in runs(source, shell) if run.argv[0] == "lint")


REACHING = [
    "lint .",
    "lint . && test .",  # the last list of a script gives its status
    "prepare\nlint .",
    "lint . || exit 1",
    "lint . || { echo no; exit 2; }",
    "lint . || (echo no; false)",
    "lint . || failed=1\nother\nexit $failed",
    "set +e\nlint .\nstatus=$?\nset -e\nexit $status",
    "if ! lint .; then\n  echo broken\n  exit 1\nfi",
    "if lint .; then echo fine; else exit 1; fi",
    "for d in a b; do lint $d; done",
    "set -o pipefail\nlint . | tee log",
    "files | lint -",
    "( cd sub && lint . )",
    "check() { lint .; }\ncheck",
    "[[ a == b || c ]] && lint .",
    "lint . ; exit 0",  # with -e the failure comes before the exit
    "check() { other; lint .; }\ncheck || exit 1",
    "check() { lint .; }\ncheck\nother || other",
    "trap 'rm -rf folder' EXIT\nlint .",
    "trap 'exit 0' INT TERM\nlint .",
    "trap 'exit 0' EXIT\ntrap - EXIT\nlint .",
    "true && lint .",
    "false || lint .",
    "[ -e gone ] || lint .",
    "command -v gone || lint .",
    "command -v gone && other || lint .",
]


@pytest.mark.parametrize("source", REACHING)
def test_a_failure_that_reaches_the_caller(source: str) -> None:
    assert lost(source) == ""


_ASKED = "the script goes on: `set -e` stops nothing where the result of all is asked for"
HIDDEN = [
        ("lint . || true", "followed by `|| true`"),
        ("lint . || :", "followed by `|| :`"),
        ("lint . || echo broken", "followed by `|| echo broken`"),
        ("lint . && test .\nother", "`set -e` does not stop for what stands before `&&`"),
        ("set +e\nlint .\ntest .", "the script goes on after a failure (no `set -e`)"),
        ("lint . | tee log", "its result is lost in the pipe into `tee`"),
        ("! lint .", "`!` turns its result around"),
        ("lint . &\nwait", "it runs in the background"),
        ("if lint .; then echo fine; fi", "it is only the condition of an `if`"),
        ("while lint .; do sleep 1; done", "it is only the condition of a loop"),
        ("check() { lint .; }\ncheck || true", "followed by `|| true`"),
        ("( lint . ) || true", "followed by `|| true`"),
        ("check() { lint .; other; }\ncheck || exit 1", _ASKED),
        ("check() { set -e; lint .; other; }\nif ! check; then exit 1; fi", _ASKED),
        ("( lint .; other ) || exit 1", _ASKED),
        ("{ lint .; other; } && other", _ASKED),
        ("for d in a b; do lint .; other; done || exit 1", "the loop goes on without `set -e`"),
        ("trap 'echo done; exit 0' EXIT\nlint .", "`trap 'echo done; exit 0'` lets the script end well"),
        ("trap 'exit 0' ERR\nlint .\nother", "`trap 'exit 0'` lets the script end well"),
        ("true || lint .", "it never runs after `true ||`"),
        ("echo checked || lint .", "it never runs after `echo checked ||`"),
        ("false && lint .\nother", "it never runs after `false &&`"),
        ("other || lint .", "it runs only where `other` fails"),
        ("other one || other two || lint .", "it runs only where `other two` fails"),
        ("prepare . && other . || lint .", "it runs only where `other .` fails"),
    ]  # fmt: skip


@pytest.mark.parametrize(("source", "why"), HIDDEN)
def test_a_failure_that_is_hidden(source: str, why: str) -> None:
    assert lost(source) == why


@pytest.mark.parametrize("source", ["lint . || uv run lint --again .", "( lint . ) || lint ."])
def test_a_second_try_decides(source: str) -> None:
    assert [one.why_not for one in runs(source)][1:] == [""]


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_bash_loses_the_same_failures(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, code in {"lint": 1, "other": 0, "prepare": 0, "files": 0}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    def reaches(source: str) -> bool:
        argv = [str(BASH), "-e", "-c", source]
        env = {"PATH": path}
        run = subprocess.run(argv, check=False, cwd=tmp_path, env=env, capture_output=True)
        return run.returncode != 0

    assert [one for one in REACHING if not reaches(one)] == []
    assert [one for one, _ in HIDDEN if reaches(one)] == []


def test_without_errexit_only_the_last_command_counts() -> None:
    assert lost("lint . ; exit 0", LOOSE) == "the script goes on after a failure (no `set -e`)"
    assert lost("prepare\nlint .", LOOSE) == ""


def test_powershell_only_reports_its_last_program() -> None:
    first, last = runs("lint .\nverify .", Shell(errexit=True, last_only=True))
    assert "PowerShell" in first.why_not
    assert last.why_not == ""


POWERSHELL = Shell(errexit=True, last_only=True)
DIRTY = """\
if (git status --porcelain) {
  Write-Host "changed"
  git diff
  exit 1
}
else {
  Write-Host "clean"
}
"""


def test_powershell_is_read_line_by_line() -> None:
    found = runs(f"{DIRTY}pytest `\n  -x\n$done = 1\nruff check .\n", POWERSHELL)
    assert [(run.argv, run.line, run.why_not[:22]) for run in found] == [
        (("git", "diff"), 3, "it stands in a block o"),
        (("pytest", "-x"), 9, "only the last command "),
        (("ruff", "check", "."), 12, ""),
    ]


def test_powershell_stays_in_the_folder_that_it_enters() -> None:
    found = runs(f"{DIRTY}cd backend\nlint .", POWERSHELL)
    assert [(run.argv[0], run.cwd) for run in found] == [("git", ""), ("lint", "backend")]


def test_a_block_at_the_end_leaves_no_last_command() -> None:
    found = runs(f"lint .\n{DIRTY}", POWERSHELL)
    assert all(run.why_not for run in found)


@pytest.mark.parametrize(
    "line",
    [
        "$said = lint .",
        "& lint .",
        "lint . ; if ($?) { exit 1 }",
        "lint . | Tee-Object log",
        "}",
        "if ($x) {",
        "Invoke-Expression 'lint .'",
        "exit 0\nlint .",
        "Set-Location sub\nlint .",
        "if ($x) {\n  cd sub\n}\nlint .",
        '$env:TOXENV = "lint"\nlint .',
    ],
)
def test_powershell_that_may_hide_a_gate_is_not_understood(line: str) -> None:
    with pytest.raises(GrammarError):
        runs(f"if (Test-Path a) {{\n  lint a\n}}\n{line}", POWERSHELL)


def test_words_lines_and_variables() -> None:
    source = (
        "FLAGS='-n auto'  # parallel\n"
        "pytest \\\n"
        "  $FLAGS \"two words\" ${{ matrix.x == 'a b' }}\n"
        "cat <<EOF\n"
        "lint inside a document\n"
        "EOF\n"
        "A=1 other 2>&1 >log `date` $(ls -1 | head) ${UNKNOWN:-default}\n"
    )
    assert [(run.line, run.argv) for run in runs(source)] == [
        (2, ("pytest", "-n", "auto", "two words", "${{ matrix.x == 'a b' }}")),
        (4, ("cat",)),
        (7, ("other", "`date`", "$(ls -1 | head)", "default")),
    ]


CHANGES = [
    ("${V//./}", "v310b3"),
    ("${V/./_}", "v3_10b3"),
    (r"${V/\./}", "v310b3"),
    ("${V/#v/}", "3.10b3"),
    ("${V/%3/4}", "v3.10b4"),
    ("${V//[0-9]/x}", "vx.xxbx"),
    ("${REF////-}", "refs-heads-main"),
    ("${REF///}", "refsheadsmain"),
    (r"${REF//\//-}", "refs-heads-main"),
    ("${REF/#/x}", "xrefs/heads/main"),
    ("${V//[!0-9]/}", "3103"),
    ("${V/3*0/}", "vb3"),
    ("${V/nothing/}", "v3.10b3"),
    ("${V#v}", "3.10b3"),
    ("${V#*3}", ".10b3"),
    ("${V##*3}", ""),
    ("${V%b?}", "v3.10"),
    ("${V%3*}", "v3.10b"),
    ("${V%%3*}", "v"),
    ("${V^^}", "V3.10B3"),
    ("${V^}", "V3.10b3"),
    ("${V,,}", "v3.10b3"),
    ("$(echo $V | tr -d .)", "v310b3"),
    ("$(echo -n $V | tr . -)", "v3-10b3"),
    ("$(printf %s $V|sed 's/[.]//g')", "v310b3"),
    (r"$(echo ${V#v} | sed -e 's,\.,,')", "310b3"),
    (r"`echo $V | tr -d v | tr . _`", "3_10b3"),
    ("$(echo $(echo $V | tr -d v) | tr -d b)", "3.103"),
    ("$(echo $V | sed 's/^v//')", "3.10b3"),
    ("$(echo $V | sed 's/3$//')", "v3.10b"),
    ("${V//*/x}", "x"),
    ("${V//'.'/}", "v310b3"),
    ("${V/#/w}", "wv3.10b3"),
    ("${V/%/w}", "v3.10b3w"),
    ("${V//}", "v3.10b3"),
    ("${C^}", "AbC"),
    ("${C,}", "abC"),
    ("${C^^}", "ABC"),
]
HEAD = "V=v3.10b3\nC=abC\nREF=refs/heads/main\n"


@pytest.mark.parametrize(("written", "value"), CHANGES)
def test_what_a_shell_makes_of_a_value(written: str, value: str) -> None:
    (run,) = runs(f'{HEAD}lint "{written}"')
    assert run.argv == ("lint", value)


@pytest.mark.live
@pytest.mark.skipif(BASH is None, reason="bash decides, and is not here")
def test_bash_makes_the_same_of_each_value() -> None:
    script = HEAD + "".join(f'echo "{written}"\n' for written, _ in CHANGES)
    said = subprocess.run(
        [str(BASH), "-c", script], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert said == [value for _, value in CHANGES]


@pytest.mark.parametrize(
    "written",
    [
        "${U//./}",
        "${V//$U/}",
        "${V/*a*a*a*a*/}",
        "${V:1:2}",
        "${V^^a}",
        "${V//'*'/x}",
        "${V%'?'*}",
        "${V/b/&}",
        "${V//[/]/-}",
        "${E%.*}",
        "${E//./}",
        "$(echo -e $V)",
        "$(echo -n -e $V)",
        "$(echo *.toml)",
        "$(echo {1,2})",
        "$(echo $V | tr -s ab)",
        "$(echo $V | sed 's/a^b//')",
        "$(echo $V | sed 's/a$b//')",
        "${V//[z-a]/}",
        "${V//[a--#]/}",
        "$(echo $V | sed 's/[---]//')",
        "${V//[[:alpha:]]/}",
        "$(echo $V | sed 's/[z-a]//')",
        "$(echo $U | tr -d .)",
        "$(echo $V | tr -d a-z)",
        "$(echo $V | tr a bc)",
        "$(echo $V | sed 's/.*//')",
        "$(echo $V | sed 's/v/&&/')",
        "$(echo $V | sed -n p)",
        "$(echo $V; echo more)",
        "$(cat VERSION)",
        "$(echo " + "v" * 200 + ")",
    ],
)
def test_what_only_a_run_would_tell_stays_as_it_is_written(written: str) -> None:
    (run,) = runs(f'V=v3.10b3\nE="${{{{ matrix.v }}}}"\nlint "{written}"')
    assert run.argv == ("lint", written)


def test_what_is_printed_is_split_outside_of_quotes() -> None:
    (run,) = runs('lint $(echo a b) "$(echo c d)" x$(echo e f)y $(cat list)')
    assert run.argv == ("lint", "a", "b", "c d", "xe", "fy", "$(cat list)")


def test_a_change_is_one_of_each_argument() -> None:
    script = 'f() { lint "${@/#/t/}" "${@%b}" "${@:1}"; }\nf ab b'
    (run,) = runs(script)
    assert run.argv == ("lint", "t/ab", "t/b", "a", "", "${@:1}")


def test_quotes_keep_a_command_from_being_run() -> None:
    (run,) = runs("lint '$(echo a)' '`echo a`' $(echo a)")
    assert run.argv == ("lint", "$(echo a)", "`echo a`", "a")


def test_lists_are_values_and_neither_functions_nor_groups() -> None:
    source = (
        'args=()\nargs+=("$1" -x)\ncase $1 in\na) args+=(--fast) ;;\n*) ;;\nesac\n'
        'given=(\n  one\n  two)\nlint "${args[@]}"'
    )
    assert [run.argv for run in runs(source)] == [("lint", "${args[@]}")]


def test_functions_get_their_arguments_and_uncalled_ones_do_not_run() -> None:
    source = 'run() { pytest "$@" --tb=short; }\nnever() { lint .; }\nrun -x "a b"'
    assert [run.argv for run in runs(source)] == [("pytest", "-x", "a b", "--tb=short")]


def test_what_comes_after_an_exit_does_not_run() -> None:
    assert [run.argv for run in runs("lint .\nexit 0\npytest")] == [("lint", ".")]


def test_the_folder_follows_cd_but_not_out_of_a_subshell() -> None:
    assert [run.cwd for run in runs("(cd a && one)\ncd b/c\ntwo")] == ["a", "b/c"]


def test_recursion_ends() -> None:
    assert [run.argv for run in runs("f() { lint; f; }\nf")] == [("lint",)]


@given(st.text(max_size=200))
def test_any_text_is_runs_or_the_documented_error(source: str) -> None:
    try:
        found = shell_runs(source, STRICT)
    except GrammarError:
        return
    last = source.replace("\r\n", "\n").count("\n") + 1
    assert all(run.argv and 1 <= run.line <= last for run in found)


_BITS = st.sampled_from(
    ["if", "then", "fi", "else", "for", "do", "done", "case", "in", "esac", "{", "}", "(", ")",
     ";;", ";", "&&", "||", "|", "\n", "!", "[[", "]]", "((", "$(", "'", '"', "`", "${", "${{",
     "<<EOF", "EOF", ">", "2>", "a", "b=1", "f()", "while", "function", "\\\n", "#"]
)  # fmt: skip


@given(st.lists(_BITS, max_size=60).map(" ".join))
def test_any_jumble_of_syntax_is_runs_or_the_documented_error(source: str) -> None:
    try:
        found = shell_runs(source, STRICT)
    except GrammarError:
        return
    assert all(run.argv for run in found)


def test_deep_nesting_is_the_documented_error() -> None:
    with pytest.raises(GrammarError):
        shell_runs("( " * 5_000 + "a" + " )" * 5_000, STRICT)


@pytest.mark.parametrize(
    ("written", "argv", "brings", "python"),
    [
        ("uv run pytest -x", "pytest -x", False, ""),
        ("uv run --with pytest-cov --python 3.13t -- pytest", "pytest", False, "3.13t"),
        ("uv --quiet run --group dev -m pytest", "python -m pytest", False, ""),
        ("python3.12 -m mypy src", "mypy src", False, "3.12"),
        ("python -X dev -Im coverage report", "coverage report", False, ""),
        ("uvx ruff@0.9 check", "ruff check", True, ""),
        ("uvx --from coverage[toml] coverage report", "coverage report", True, ""),
        ("uv tool run --python=3.11 mypy .", "mypy .", True, "3.11"),
        ("pipx run --spec xenon==1 xenon -b A", "xenon -b A", True, ""),
        ("npx -y pyright@1.1.400 src", "pyright src", True, ""),
        ("poetry run pytest", "pytest", False, ""),
        ("timeout -k 5 60 pytest", "pytest", False, ""),
        ("sudo -E A=b pytest", "pytest", False, ""),
        ("xvfb-run -a pytest", "pytest", False, ""),
        ("docker compose run --rm -e A=b app pytest", "pytest", False, ""),
        ("coverage run --branch -m pytest -q", "pytest -q", False, ""),
        ("coverage run $branch_option -m pytest -q", "pytest -q", False, ""),
        ("python ${FLAGS} $MORE -m pytest", "pytest", False, ""),
    ],
)
def test_launchers_come_off(written: str, argv: str, brings: bool, python: str) -> None:
    launched = unwrap(tuple(written.split()))
    assert launched is not None
    assert launched.argv == tuple(argv.split())
    assert (launched.brings, launched.python) == (brings, python)


def test_launchers_name_what_they_install() -> None:
    launched = unwrap(("uvx", "--with", "pytest_cov,xdist>=3", "--from", "pytest==8", "py.test"))
    assert launched is not None
    assert launched.provides == ("pytest", "pytest-cov", "xdist")


@pytest.mark.parametrize(
    ("words", "argv"),
    [
        ("python setup.py pytest", ("pytest",)),
        ("python3 ./setup.py ptr --addopts --cov=app", ("pytest", "--cov=app")),
    ],
)
def test_pytest_runner_is_pytest(words: str, argv: tuple[str, ...]) -> None:
    launched = unwrap(tuple(words.split()))
    assert launched is not None
    assert launched.argv == argv


def test_what_is_no_launcher_stays() -> None:
    assert unwrap(("python", "setup.py", "test")) is None
    assert unwrap(("python", "a.py", "pytest")) is None
    assert unwrap(("python", "$SCRIPT", "-v", "-m", "pytest")) is None
    assert unwrap(("uv", "sync")) is None
    assert unwrap(("coverage", "report")) is None
