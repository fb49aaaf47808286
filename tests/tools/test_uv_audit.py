"""What is asked of ``uv audit``, and what its answer proves."""

from __future__ import annotations

import json

import pytest

from doctrine.documents import parse_toml, table, tables
from doctrine.model.project import Lock
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.model.tool import Request, Skip, UnreadableError
from doctrine.tools.uv_audit import TOOL
from tests.tools.asking import ROOT, a_layout, a_request, completed, prepared

ONLINE = Settings(root=ROOT, network=True)
LOCK = """\
version = 1

[[package]]
name = "sample"
version = "1"
source = { editable = "." }

[[package]]
name = "brittle"
version = "1.2.0"
source = { registry = "." }

[[package]]
name = "forked"
version = "3.0"
source = { git = "https://example.org/forked#abc" }
"""


def locked(text: str = LOCK, path: str = "uv.lock") -> Request:
    lock = Lock(path=path, data=parse_toml(path, text).data, text=text)
    return replace(a_request(settings=ONLINE), lock=lock)


def answer(
    audited: int, *, vulnerable: int = 0, told: int | None = None, adverse: int = 0
) -> bytes:
    one = {"dependency": {"name": "brittle", "version": "1.2.0"}, "id": "GHSA-1"}
    summary = {
        "audited_packages": audited,
        "vulnerabilities": vulnerable if told is None else told,
        "adverse_statuses": adverse,
    }
    return json.dumps({"summary": summary, "vulnerabilities": [one] * vulnerable}).encode()


def test_nothing_is_asked_unless_the_user_allows_the_network() -> None:
    skip = TOOL.prepare(replace(locked(), settings=Settings(root=ROOT)))
    assert isinstance(skip, Skip)
    assert "--network" in skip.reason


def test_without_lock_and_environment_there_is_nothing_to_look_up() -> None:
    skip = TOOL.prepare(a_request(settings=ONLINE))
    assert isinstance(skip, Skip)
    assert "uv lock" in skip.reason


def test_the_lock_is_read_as_it_is_and_the_tree_holds_no_cache() -> None:
    invocation = prepared(TOOL, locked())
    assert invocation.cwd == ROOT
    assert {"--frozen", "--cache-dir={scratch}/cache"} <= set(invocation.argv)


def test_an_environment_is_looked_up_outside_the_tree_without_seeds_and_the_project_itself() -> (
    None
):
    packages = {"brittle": "1.2.0+cpu", "other": "3", "pip": "20.0", "project": "1"}
    invocation = prepared(TOOL, a_request(a_layout(packages=packages), settings=ONLINE))
    lock = parse_toml("uv.lock", invocation.files["environment/uv.lock"].decode()).data
    assert invocation.cwd == "{scratch}/environment"
    own, *others = tables(lock["package"])
    assert [(one["name"], one["version"]) for one in others] == [
        ("brittle", "1.2.0"),
        ("other", "3"),
    ]
    assert own["dependencies"] == [{"name": "brittle"}, {"name": "other"}]
    # uv looks at no lock without it.
    declared = parse_toml("p", invocation.files["environment/pyproject.toml"].decode()).data
    assert table(declared, "project")["name"] == own["name"]


def test_an_installed_version_that_is_none_leaves_the_rest_undecided() -> None:
    request = a_request(a_layout(packages={"sound": "2.0", "odd": "unknown"}), settings=ONLINE)
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stdout=answer(1)),))
    assert "odd" in reading.undecided["vulnerable/"]


@pytest.mark.parametrize(("audited", "decided"), [(3, True), (2, True), (1, False), (0, False)])
def test_packages_that_were_not_looked_up_leave_silence_undecided(
    audited: int, *, decided: bool
) -> None:
    request = locked()
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stdout=answer(audited)),))
    assert bool(reading.undecided) is not decided


def test_a_finding_points_at_the_package_in_the_lock_of_the_workspace() -> None:
    request = locked(path="../uv.lock")
    done = completed(prepared(TOOL, request), code=1, stdout=answer(2, vulnerable=1))
    (finding,) = TOOL.read(request, (done,)).findings
    assert (finding.location.path, finding.location.line) == ("../uv.lock", 9)
    assert "no version mends it yet" in finding.message


def test_an_archived_dependency_is_told_and_no_vulnerability() -> None:
    request = locked()
    done = completed(prepared(TOOL, request), code=1, stdout=answer(2, adverse=1))
    reading = TOOL.read(request, (done,))
    assert not reading.findings
    assert "1 are archived" in reading.note


@pytest.mark.parametrize(
    ("code", "vulnerable", "told"), [(0, 1, 1), (1, 0, 0), (1, 1, 2), (0, 0, 1)]
)
def test_an_answer_that_contradicts_itself_is_unreadable(
    code: int, vulnerable: int, told: int
) -> None:
    request = locked()
    said = answer(2, vulnerable=vulnerable, told=told)
    with pytest.raises(UnreadableError):
        TOOL.read(request, (completed(prepared(TOOL, request), code=code, stdout=said),))
