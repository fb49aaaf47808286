"""The action of this repository does what it says, and nothing that its inputs say."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.ci.action import Done, action, run_step
from tests.guide.examples import plant

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("bash") is None, reason="the scripts are for bash"
)
SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "src/shop/__init__.py": '"""Sell things."""\n',
}
REPORTS = {"report.json", "report.html", "junit.xml", "doctrine.sarif", "summary.md", "comment.md"}
GH = """\
#!{python}
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
with open(here / "calls", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if (here / "refuses").exists():
    sys.exit("HTTP 403: Resource not accessible by integration")
if "--paginate" in sys.argv:
    sys.stdout.write((here / "comments").read_text())
"""
MARKER = "<!-- doctrine:pr-comment:shop -->"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "shop"
    folder.mkdir(parents=True)
    plant(folder, SHOP)
    return folder


def check(shop: Path, **inputs: str) -> Done:
    context = {"steps.install.outputs.python": sys.executable}
    context.update({f"inputs.{key.replace('_', '-')}": text for key, text in inputs.items()})
    return run_step("Check", shop, context=context)


@pytest.mark.live
def test_a_gate_that_is_not_satisfied_fails_the_step_after_all_reports_are_written(
    shop: Path,
) -> None:
    done = check(shop)
    assert done.code == 1, done.log
    assert done.outputs["exit-code"] == "1"
    assert done.outputs["verdict"] == "non-conformant"
    assert done.outputs["grade"] in "CDF"
    reports = Path(done.outputs["reports"])
    assert {one.name for one in reports.iterdir()} >= REPORTS
    assert shop not in reports.parents
    assert re.search(r"^::error .*title=LNT001", done.log, re.MULTILINE)
    said = run_step(
        "Summary",
        shop,
        context={
            "steps.check.outputs.reports": str(reports),
            "steps.check.outputs.exit-code": "1",
        },
    )
    assert said.code == 0
    assert said.summary == (reports / "summary.md").read_text()
    assert "non-conformant" in said.summary


@pytest.mark.live
def test_what_is_printed_for_people_is_no_command(shop: Path) -> None:
    plant(shop, {"src/shop/::error::odd.py": "import random\ntoken = random.random()\n"})
    done = check(shop, fail_on="never", annotations="false")
    assert done.code == 0, done.log
    before, stop, rest = done.log.partition("::stop-commands::")
    token, _, rest = rest.partition("\n")
    printed, resume, after = rest.partition(f"::{token}::\n")
    assert stop
    assert resume
    assert token not in printed
    assert "NON-CONFORMANT" in printed
    assert not re.search(r"^::", before + after, re.MULTILINE)


@pytest.mark.parametrize(
    "inputs",
    [
        {"path": "$(touch pwned)"},
        {"path": "--audit"},
        {"path": "`touch pwned`;touch pwned"},
        {"fail_on": "must; touch pwned"},
        {"fail_on": "--fail-on never"},
        {"since": "--output=$(touch pwned)"},
        {"baseline": "nowhere.txt' \"$(touch pwned)"},
        {"base": "nowhere.json"},
        {"arguments": "--no-such-option $(touch pwned)"},
    ],
)
def test_inputs_are_words_and_never_commands(shop: Path, inputs: dict[str, str]) -> None:
    before = sorted(shop.rglob("*"))
    done = check(shop, **inputs)
    assert done.code == 2, done.log
    assert done.outputs["exit-code"] == "2"
    assert "verdict" not in done.outputs
    assert "error" in done.log.lower()
    assert sorted(shop.rglob("*")) == before
    said = run_step(
        "Summary",
        shop,
        context={
            "steps.check.outputs.reports": done.outputs["reports"],
            "steps.check.outputs.exit-code": "2",
        },
    )
    assert "judged nothing** (exit code 2)" in said.summary


@pytest.mark.live
def test_further_arguments_stand_one_a_line(shop: Path) -> None:
    plant(
        shop, {"inside/main.py": '"""Start."""\n', "inside/pyproject.toml": SHOP["pyproject.toml"]}
    )
    done = check(shop, path="inside", arguments="--fail-on\nnever\n\n--jobs=1\n")
    assert done.code == 0, done.log
    assert (
        json.loads(Path(done.outputs["reports"], "report.json").read_text())["project"]["lines"]
        == 1
    )


class Desk:
    """Where comments are written: a `gh` that only keeps what it is told."""

    def __init__(self, tmp_path: Path, shop: Path, comments: str) -> None:
        self.shop, self.bin, self.reports = shop, tmp_path / "bin", tmp_path / "reports"
        self.bin.mkdir()
        self.reports.mkdir()
        (self.bin / "comments").write_text(comments)
        gh = self.bin / "gh"
        gh.write_text(GH.format(python=sys.executable))
        gh.chmod(0o755)

    def write(self, path: str) -> Done:
        context = {
            "github.event.pull_request.head.sha": "0" * 40,
            "github.event.pull_request.number": "7",
            "github.event.pull_request.node_id": "PR_7",
            "inputs.token": "secret",
            "steps.check.outputs.reports": str(self.reports),
        }
        env = {"PATH": f"{self.bin}:{path}"}
        return run_step("Comment on the pull request", self.shop, context=context, env=env)

    def calls(self) -> list[list[str]]:
        kept = self.bin / "calls"
        return [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []


@pytest.mark.parametrize(
    ("comments", "written"),
    [
        ("", ["addComment", "id=PR_7"]),
        (
            "IC_1\tSomething else\nIC_2\t<!-- doctrine:pr-comment:other -->\n",
            ["addComment", "id=PR_7"],
        ),
        (f"IC_1\tSomething else\nIC_2\t{MARKER}\n", ["updateIssueComment", "id=IC_2"]),
    ],
    ids=["first", "of-other-projects", "again"],
)
def test_a_comment_is_written_once_and_then_brought_up_to_date(
    tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch, comments: str, written: list[str]
) -> None:
    desk = Desk(tmp_path, shop, comments)
    body = desk.reports / "comment.md"
    body.write_text(f"{MARKER}\nAll is well.\n")
    done = desk.write("/usr/bin:/bin")
    assert done.code == 0, done.log
    listed, wrote = desk.calls()
    assert {"owner=acme", "name=shop", "number=7", "--paginate"} <= set(listed)
    assert "viewerDidAuthor" in listed[listed.index("--jq") + 1]
    assert written[0] in " ".join(wrote)
    assert written[1] in wrote
    assert f"body=@{body}" in wrote
    assert body.read_text() == f"{MARKER}\nAll is well.\n\n<sub>Commit {'0' * 40}</sub>\n"
    assert "secret" not in done.log + json.dumps(desk.calls())


def test_a_token_that_may_not_write_is_told_and_spoils_nothing(tmp_path: Path, shop: Path) -> None:
    desk = Desk(tmp_path, shop, "")
    (desk.bin / "refuses").touch()
    (desk.reports / "comment.md").write_text(f"{MARKER}\n")
    done = desk.write("/usr/bin:/bin")
    assert done.code == 0
    assert "::notice title=doctrine::The comment could not be written" in done.log
    assert "`pull-requests: write`" in done.log
    assert len(desk.calls()) == 1


def test_where_nothing_was_judged_no_comment_is_touched(tmp_path: Path, shop: Path) -> None:
    desk = Desk(tmp_path, shop, f"IC_2\t{MARKER}\n")
    done = desk.write("/usr/bin:/bin")
    assert done.code == 0
    assert "Nothing was judged" in done.log
    assert desk.calls() == []


def test_the_key_of_the_cache_is_what_is_in_it(tmp_path: Path, shop: Path) -> None:
    cache = tmp_path / "cache"

    def key() -> str | None:
        context = {
            "steps.install.outputs.cache": str(cache),
            "steps.install.outputs.prefix": "doctrine-Linux-X64-1-",
        }
        done = run_step("Look at the cache", shop, context=context)
        assert done.code == 0, done.log
        return done.outputs.get("key")

    assert key() is None
    plant(cache, {"environments/one/lib.py": "", "history/one": ""})
    shutil.rmtree(cache / ".git")
    assert key() is None
    (cache / "commits").mkdir()
    (cache / "commits" / "one.txt").touch()
    first = key()
    assert first is not None
    assert first.startswith("doctrine-Linux-X64-1-")
    assert key() == first
    (cache / "commits" / "two.txt").touch()
    assert key() not in {None, first}


def test_an_installation_of_the_same_job_is_used_again(tmp_path: Path, shop: Path) -> None:
    first = run_step(
        "Install doctrine",
        shop,
        env={
            "PATH": "/usr/bin:/bin",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "",
            "PIP_CONFIG_FILE": "/dev/null",
        },
    )
    assert first.code != 0  # nothing is there yet, and there is no index
    assert first.outputs == {}
    (home,) = (tmp_path / "work" / "runner").glob("doctrine-*")
    (home / "venv").symlink_to(sys.prefix)
    (home / "requirements.txt").write_text("ruff==1\n")
    (home / "complete").touch()
    again = run_step("Install doctrine", shop)
    assert again.code == 0, again.log
    assert again.outputs["python"] == f"{home}/venv/bin/python"
    assert Path(again.outputs["cache"]).name == "doctrine"
    assert re.fullmatch(r"doctrine-Linux-X64-[0-9a-f]{40}-", again.outputs["prefix"])


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step.run for step in action().runs.steps if step.run]
    assert len(scripts) >= 5
    assert not [one for one in scripts if "${{" in one]


def test_every_input_is_explained() -> None:
    for name, one in action().inputs.items():
        assert len(one.description) > 20, name
