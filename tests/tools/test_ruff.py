"""What the adapters of ruff promise beyond the recordings: older versions, odd requests."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import msgspec
import pytest

from doctrine.model.observation import Evidence
from doctrine.model.process import Completed, Ending
from doctrine.model.project import Automation, Command, CommandKind, Flaw, Target
from doctrine.model.replacing import replace
from doctrine.model.tool import CrashedError, Request, Skip, Tool, UnreadableError
from doctrine.tools import ruff, ruff_format, ruff_guide
from doctrine.tools._ruff import Diagnostic, edits_of, is_configured, target_version
from doctrine.tools._ruff_bans import banned
from tests.tools import recordings


def request_for(root: Path, tool: Tool, names: tuple[str, ...]) -> Request:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x = 1\n" if name.endswith(".py") else "", encoding="utf-8")
    base = recordings.request_of(tool, recordings.Case(), root)
    return replace(base, rules=("S311",))


def run_of(tool: Tool, request: Request, stdout: bytes, stderr: bytes, code: int) -> Completed:
    prepared = tool.prepare(request)
    assert not isinstance(prepared, Skip)
    return Completed(
        invocation=prepared[0],
        ending=Ending.EXITED,
        exit_code=code,
        stdout=stdout,
        stderr=stderr.replace(b"@ROOT@", request.layout.root.encode()),
    )


def test_an_audit_honours_no_noqa(tmp_path: Path) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py",))
    audited = replace(request, settings=replace(request.settings, audit=True))
    for judged, expected in ((request, False), (audited, True)):
        prepared = ruff.TOOL.prepare(judged)
        assert not isinstance(prepared, Skip)
        assert ("--ignore-noqa" in prepared[0].argv) is expected


END = b"[2026-01-01][00:00:00][ruff::commands::format][DEBUG] Formatted N files in 1.2ms\n"
SEEN = b"[2026-01-01][00:00:00][ruff::commands::format][DEBUG] format_path; path=@ROOT@/"


def old_format(root: Path) -> Request:
    names = ("a.py", "b.py", "c\nd.py", "bad.py")
    request = request_for(root, ruff_format.TOOL, names)
    return replace(request, located=replace(request.located, version="0.14.0"))


def test_the_text_of_older_formatters_is_read(tmp_path: Path) -> None:
    request = old_format(tmp_path)
    stdout = (
        b"Would reformat: a.py\nWould reformat: c\nd.py\n"
        b"2 files would be reformatted, 1 file already formatted\n"
    )
    stderr = b"".join(SEEN + name + b"\n" for name in (b"a.py", b"b.py", b"c\nd.py", b"bad.py"))
    stderr += END.replace(b"N", b"4") + b"error: Failed to parse bad.py:1:7: Expected a parameter\n"
    reading = ruff_format.read(request, (run_of(ruff_format.TOOL, request, stdout, stderr, 2),))
    assert [found.location.path for found in reading.findings] == ["a.py", "c\nd.py"]
    assert reading.analysed == {"a.py", "b.py", "c\nd.py"}
    assert reading.unread == {"bad.py": "Expected a parameter"}


def test_older_text_without_its_summary_is_unreadable(tmp_path: Path) -> None:
    request = old_format(tmp_path)
    done = run_of(ruff_format.TOOL, request, b"", SEEN + b"a.py\n", 0)
    with pytest.raises(UnreadableError):
        ruff_format.read(request, (done,))


@pytest.mark.live
def test_a_formatter_that_is_kept_from_every_file_prints_nothing_and_read_nothing(
    tmp_path: Path,
) -> None:
    request = request_for(tmp_path, ruff_format.TOOL, ("a.py",))
    told = b"warning: No Python files found under the given path(s)\n"
    reading = ruff_format.read(request, (run_of(ruff_format.TOOL, request, b"", told, 0),))
    assert (reading.analysed, reading.excluded) == (frozenset(), 1)
    with pytest.raises(UnreadableError):
        ruff_format.read(request, (run_of(ruff_format.TOOL, request, b"", b"", 0),))


@pytest.mark.parametrize("tool", [ruff.TOOL, ruff_format.TOOL], ids=lambda tool: tool.name)
def test_a_bad_configuration_is_a_crash_that_names_its_file(tool: Tool, tmp_path: Path) -> None:
    request = request_for(tmp_path, tool, ("a.py",))
    (tmp_path / "ruff.toml").write_text("line-length = 'long'\n", encoding="utf-8")
    prepared = tool.prepare(replace(request, layout=replace(request.layout, others=("ruff.toml",))))
    assert not isinstance(prepared, Skip)
    completed = recordings.run_all(prepared, tmp_path.parent / f"{tmp_path.name}-scratch")
    with pytest.raises(CrashedError, match=r"ruff\.toml"):
        tool.read(request, completed)


def test_findings_promised_by_the_exit_code_and_not_shown_are_unreadable(tmp_path: Path) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py",))
    for tool in (ruff.TOOL, ruff_guide.TOOL, ruff_format.TOOL):
        with pytest.raises(UnreadableError):
            tool.read(request, (run_of(tool, request, b"[]", b"", 1),))


@pytest.mark.parametrize(
    ("name", "configured"),
    [("ruff.toml", True), ("a/.ruff.toml", True), ("a/pyproject.toml", True), ("a/x.toml", False),
     ("tests/data/pyproject.toml", False)],
)  # fmt: skip
def test_configuration_anywhere_keeps_the_defaults_out(
    name: str, configured: bool, tmp_path: Path
) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py", name))
    assert is_configured(request.layout) is configured


@pytest.mark.parametrize(
    ("floor", "expected"),
    [(None, ""), ((3, 4), "py37"), ((3, 11), "py311"), ((3, 30), "py314")],
)
def test_the_target_stays_within_what_ruff_knows(
    floor: tuple[int, int] | None, expected: str, tmp_path: Path
) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py",))
    target = Target(floor=floor, minors=(), specifier="")
    assert target_version(replace(request.layout, target=target)) == expected


def test_nothing_to_lint_never_becomes_the_whole_folder(tmp_path: Path) -> None:
    """An empty list of files would make ruff take the folder it stands in."""
    request = request_for(tmp_path, ruff_guide.TOOL, ("a.py",))
    broken = tuple(replace(file, flaw=Flaw.UNREADABLE) for file in request.layout.files)
    prepared = ruff_guide.prepare(replace(request, layout=replace(request.layout, files=broken)))
    assert isinstance(prepared, Skip)


def test_selectors_are_wide_and_bans_exact() -> None:
    rules = ("UP045", "ASYNC2*", "UP035/collections.abc", "TID251/os.getenv", "TID251/typing.*")
    assert ruff_guide.selectors(rules) == ("ASYNC2", "E902", "TID251", "UP035", "UP045")
    names = banned(rules)
    assert "os.getenv" in names
    assert "typing.Sequence" in names
    assert "typing.Optional" not in names


def diagnostic(rule: str, message: str, row: int, columns: tuple[int, int]) -> dict[str, object]:
    return {
        "code": rule,
        "message": message,
        "filename": "@ROOT@/a.py",
        "location": {"row": row, "column": columns[0]},
        "end_location": {"row": row, "column": columns[1]},
        "fix": None,
        "cell": None,
        "noqa_row": row,
        "url": "",
    }


def guide_rules(
    root: Path, diagnostics: list[dict[str, object]], *, floor: tuple[int, int] | None = (3, 11)
) -> list[tuple[str, int]]:
    request = request_for(root, ruff_guide.TOOL, ("a.py",))
    target = Target(floor=floor, minors=(), specifier="")
    request = replace(
        request,
        layout=replace(request.layout, target=target),
        rules=("ASYNC240", "TID251/typing.*", "UP007/optional"),
    )
    stdout = json.dumps(diagnostics).replace("@ROOT@", request.layout.root).encode()
    log = b"[2026-01-01][00:00:00][ruff::commands::check][DEBUG] Checked 0 files in: 1ms\n"
    reading = ruff_guide.read(request, (run_of(ruff_guide.TOOL, request, stdout, log, 1),))
    return [(found.rule, found.location.line) for found in reading.findings]


def test_functions_on_the_text_of_a_path_block_nothing(tmp_path: Path) -> None:
    message = "Async functions should not perform blocking os.path operations"
    found = [
        diagnostic("ASYNC240", message, 1, (5, 21)),
        diagnostic("TID251", "`os.path.normpath` is banned: x", 1, (5, 21)),
        diagnostic("ASYNC240", message, 2, (5, 19)),
        diagnostic("TID251", "`os.path.normpath` is banned: x", 2, (20, 36)),
        diagnostic("ASYNC240", message, 2, (20, 36)),
    ]
    assert guide_rules(tmp_path, found) == [("ASYNC240", 2)]


def mended(*texts: str) -> dict[str, object]:
    """Return the report of a union with a fix that writes these texts."""
    places = [{"row": 1, "column": 5 + number} for number in range(len(texts))]
    edits = [
        {"content": text, "location": place, "end_location": place}
        for text, place in zip(texts, places, strict=True)
    ]
    said = diagnostic("UP007", "Use `X | Y` for type annotations", 1, (5, 21))
    return {**said, "fix": {"applicability": "safe", "message": None, "edits": edits}}


@pytest.mark.parametrize(
    ("texts", "kind"),
    [(("int | None",), "optional"), (("None | ", "int"), "optional"), (("int | str",), "other")],
)
def test_every_edit_of_a_fix_tells_what_a_union_is(
    texts: tuple[str, ...], kind: str, tmp_path: Path
) -> None:
    assert guide_rules(tmp_path, [mended(*texts)]) == [(f"UP007/{kind}", 1)]


def test_all_edits_of_a_fix_are_kept() -> None:
    said = msgspec.convert(mended("a", "b"), type=Diagnostic)
    assert [one.content for one in edits_of(said)] == ["a", "b"]


def test_a_union_that_ruff_does_not_mend_is_not_taken_for_an_optional_one(tmp_path: Path) -> None:
    found = [diagnostic("UP007", "Use `X | Y` for type annotations", 1, (5, 21))]
    assert guide_rules(tmp_path, found) == [("UP007/unknown", 1)]


@pytest.mark.parametrize(
    "found",
    [
        diagnostic("S999", "a rule that nobody asked for", 1, (1, 9)),
        diagnostic("TID251", "`typing.Callable` ist verboten", 1, (1, 9)),
        {**diagnostic("UP007", "x", 1, (1, 9)), "filename": "/elsewhere/a.py"},
        {**diagnostic("UP007", "x", 1, (1, 9)), "code": None, "name": "another"},
    ],
)
def test_what_the_private_configuration_cannot_bring_about_is_unreadable(
    tmp_path: Path, found: dict[str, object]
) -> None:
    with pytest.raises(UnreadableError):
        guide_rules(tmp_path, [found])


@pytest.mark.parametrize(
    ("floor", "asked"),
    [((3, 8), ["Sized"]), ((3, 9), ["Callable", "Sized"]), (None, ["Callable", "Sized"])],
)
def test_what_only_typing_can_write_is_not_asked_for(
    floor: tuple[int, int] | None, asked: list[str], tmp_path: Path
) -> None:
    found = [
        diagnostic("TID251", "`typing.Callable` is banned: x", 1, (1, 9)),
        diagnostic("TID251", "`typing.Sized` is banned: x", 2, (1, 9)),
    ]
    rules = [rule for rule, _ in guide_rules(tmp_path, found, floor=floor)]
    assert rules == [f"TID251/typing.{name}" for name in asked]


def test_the_private_configuration_reaches_every_file(tmp_path: Path) -> None:
    request = request_for(tmp_path, ruff_guide.TOOL, ("a b.py", "c\nd.py"))
    prepared = ruff_guide.prepare(request)
    assert not isinstance(prepared, Skip)
    table = tomllib.loads(prepared[0].files["ruff.toml"].decode())
    assert (table["exclude"], table["force-exclude"]) == ([], False)
    assert prepared[0].files["files.txt"] == b"./a b.py\n"
    assert prepared[0].argv[-1] == "./c\nd.py"


@pytest.mark.parametrize("tool", [ruff.TOOL, ruff_format.TOOL])
def test_many_paths_take_no_room_on_the_command_line(tool: Tool, tmp_path: Path) -> None:
    request = request_for(tmp_path, tool, ("a.py",))
    many = tuple(f"{number}.py" for number in range(1_000))
    prepared = tool.prepare(replace(request, settings=replace(request.settings, paths=many)))
    assert not isinstance(prepared, Skip)
    assert len(prepared[0].argv) < 30
    assert prepared[0].files["files.txt"].count(b"\n") == 1_000


def test_paths_narrow_the_run_and_stay_inside(tmp_path: Path) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py", "-b/c.py"))
    narrowed = replace(request, settings=replace(request.settings, paths=("-b", "/elsewhere")))
    prepared = ruff.prepare(narrowed)
    assert not isinstance(prepared, Skip)
    assert prepared[0].argv[-1] == "./-b"


def run_by(*argv: str) -> Automation:
    place = Evidence(path=".github/workflows/ci.yml", line=7, detail=" ".join(argv))
    return Automation(commands=(Command(argv=argv, kind=CommandKind.CI, place=place),))


@pytest.mark.parametrize(
    ("argv", "options"),
    [
        (("ruff", "check", "."), ()),
        (("ruff", "check", "--select=E,F", "--fix", "src"), ("--select=E,F",)),
        (
            ("ruff", "check", "--line-length", "120", "--preview", "--output-format", "github"),
            ("--line-length", "120", "--preview"),
        ),
        (("ruff", "check", "--select", "${{ env.RULES }}", "."), ()),
    ],
)
def test_without_configuration_the_command_in_ci_says_how_ruff_is_used(
    argv: tuple[str, ...], options: tuple[str, ...], tmp_path: Path
) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py",))
    request = replace(request, defaults={"line-length": 100}, automation=run_by(*argv))
    assert ruff.TOOL.waits(request.layout)
    prepared = ruff.TOOL.prepare(request)
    assert not isinstance(prepared, Skip)
    assert not prepared[0].files
    start = prepared[0].argv.index("--output-format=json") + 1
    assert prepared[0].argv[start:] == (*options, ".")


def test_a_project_that_never_runs_ruff_is_measured_by_the_guide(tmp_path: Path) -> None:
    request = request_for(tmp_path, ruff_format.TOOL, ("a.py",))
    request = replace(
        request, defaults={"line-length": 100}, automation=run_by("ruff", "check", ".")
    )
    prepared = ruff_format.TOOL.prepare(request)
    assert not isinstance(prepared, Skip)
    assert tomllib.loads(prepared[0].files["ruff.toml"].decode())["line-length"] == 100


def test_a_configured_project_keeps_nobody_waiting(tmp_path: Path) -> None:
    request = request_for(tmp_path, ruff.TOOL, ("a.py", "ruff.toml"))
    assert not ruff.TOOL.waits(request.layout)
    assert not ruff_format.TOOL.waits(request.layout)
