"""What is published for CI and hooks is what the platforms accept."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from doctrine.cli.quick import read
from tests.ci.action import REPOSITORY

BIN = Path(sys.executable).parent
_FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_USES = re.compile(r"^\s*(?:- )?uses: (\S+)(?: # (\S+))?$", re.MULTILINE)


def run(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def examples(mark: str) -> list[str]:
    """Return the YAML examples of the page that hold a text."""
    page = (REPOSITORY / "docs" / "ci.md").read_text("utf-8")
    return [one for one in _FENCE.findall(page) if mark in one]


def fits(schema: str, *files: Path) -> None:
    run(f"{BIN}/check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files))


@pytest.mark.live
def test_the_action_fits_its_schema_and_no_weakness_of_it_is_known() -> None:
    path = REPOSITORY / "action.yml"
    fits("github-actions", path)
    run(f"{BIN}/zizmor", "--offline", "--no-progress", "--persona", "auditor", str(path))


@pytest.mark.live
def test_workflows_of_the_documentation_are_sound(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    found = examples("jobs:")
    assert len(found) == 2
    for number, text in enumerate(found):
        # Nobody can write down the commit of a version that this page is part of.
        own = re.sub(r"(doctrine-check/doctrine)@\S+", rf"\1@{'0' * 40} # v0.1.0", text)
        (folder / f"{number}.yml").write_text(own)
    fits("github-workflows", *sorted(folder.iterdir()))
    run(f"{BIN}/zizmor", "--offline", "--no-progress", str(tmp_path))


@pytest.mark.live
def test_the_template_for_gitlab_fits_its_schema(tmp_path: Path) -> None:
    text = (REPOSITORY / "templates" / "doctrine.yml").read_text("utf-8")
    parts = text.split("\n---\n")
    assert len(parts) == 2  # what it takes, and what it becomes
    for number, part in enumerate((*parts, *examples("include:"))):
        path = tmp_path / f"{number}.yml"
        path.write_text(part)
        fits("gitlab-ci", path)


def test_the_template_for_gitlab_takes_what_it_uses() -> None:
    text = (REPOSITORY / "templates" / "doctrine.yml").read_text("utf-8")
    head, body = text.split("\n---\n")
    taken = msgspec.yaml.decode(head, type=dict[str, dict[str, dict[str, object]]])
    used = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", body))
    assert used == set(taken["spec"]["inputs"])


def test_no_script_for_gitlab_holds_an_input() -> None:
    text = (REPOSITORY / "templates" / "doctrine.yml").read_text("utf-8")
    _, _, script = text.partition("\n  script:\n")
    assert "$DOCTRINE_PATH" in script
    assert "$[[" not in script


@pytest.mark.parametrize("name", ["action.yml", "docs/ci.md"])
def test_what_others_wrote_is_pinned_to_a_commit_with_its_version(name: str) -> None:
    used = _USES.findall((REPOSITORY / name).read_text("utf-8"))
    foreign = [one for one in used if not one[0].startswith("doctrine-check/")]
    assert len(foreign) >= 2
    for action, version in foreign:
        assert re.search(r"@[0-9a-f]{40}$", action), action
        assert re.fullmatch(r"v\d+\.\d+\.\d+", version), action


def test_only_the_quick_hook_takes_files() -> None:
    hooks = msgspec.yaml.decode(
        (REPOSITORY / ".pre-commit-hooks.yaml").read_bytes(), type=list[dict[str, object]]
    )
    entries = {one["id"]: str(one["entry"]).split() for one in hooks}
    assert set(entries) == {"doctrine", "doctrine-full"}
    assert [name for name, words in entries.items() if "--files" in words] == ["doctrine"]
    for words in entries.values():
        assert read(words[2:]) is not None, "flags that exist"
    for one in hooks:
        # Without the flag, a path of a staged file would be taken for the project.
        assert one.get("pass_filenames", True) is (one["id"] == "doctrine")
        assert one["require_serial"] is True
    # What a run over a few files left open has to be seen even where nothing stops the commit.
    assert [one["id"] for one in hooks if one.get("verbose")] == ["doctrine"]
