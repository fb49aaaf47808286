"""What every run of semgrep has in common: how it is started, and how its JSON is read.

The OCaml front end (``--experimental``) starts in a tenth of a second instead of two. Exit code 0
does not tell findings from none, broken syntax is no error, and source code is quoted raw, so the
JSON may not be UTF-8. Targets are named one by one: semgrep silently leaves out ``tests``, ``build``
and whatever ``.semgrepignore`` says when it walks folders itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field

from doctrine.model.observation import Finding, Location, Severity
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Flaw, Module, Role
from doctrine.model.run import Reading
from doctrine.model.tool import CrashedError, Request, UnreadableError
from doctrine.tools._decode import argument, decode_json, outside, relative_path, require_exit

RuleId = Callable[[str], str]
"""The name of a rule for doctrine, from the one that semgrep prints."""

_BATCH = 400_000
"""Bytes of file names for one process: far below what a system takes, and still few starts."""
_RULE_SECONDS = 30
_FOUND = 1
_FINISHED = frozenset({0, _FOUND})
_ENVIRONMENT: Mapping[str, str] = {
    "HOME": "{scratch}",
    "SEMGREP_SETTINGS_FILE": "{scratch}/settings.yml",
    "SEMGREP_LOG_FILE": "{scratch}/semgrep.log",
    "SEMGREP_VERSION_CACHE_PATH": "{scratch}/version",
    "SEMGREP_SEND_METRICS": "off",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "NO_COLOR": "1",
}
"""It keeps settings and a log in the home folder, and asks for news unless told not to."""
_SEVERITY = {"INFO": Severity.INFO, "LOW": Severity.INFO, "WARNING": Severity.WARNING}


class Point(Struct):
    """A position; also carries a byte offset that nobody needs."""

    line: int
    col: int


class Metadata(Struct):
    """What a rule says about itself."""

    tests: bool = False


class Extra(Struct):
    """What a match is about."""

    message: str
    severity: str
    metadata: Metadata = field(default_factory=Metadata)


class Match(Struct):
    """One entry of ``results``."""

    check_id: str
    path: str
    start: Point
    end: Point
    extra: Extra


class Trouble(Struct):
    """One entry of ``errors``: about a file where it has a path, else about the whole run."""

    message: str
    level: str
    path: str | None = None


class Skipped(Struct):
    """A file that it decided not to read."""

    path: str
    reason: str = "skipped"


class Paths(Struct):
    """What was read."""

    scanned: list[str]
    skipped: list[Skipped] = field(default_factory=list[Skipped])


class SkippedRule(Struct):
    """A rule that it could not use."""

    rule_id: str
    details: str = ""


class Output(Struct):
    """semgrep's JSON."""

    version: str
    results: list[Match]
    errors: list[Trouble]
    paths: Paths
    skipped_rules: list[SkippedRule] = field(default_factory=list[SkippedRule])


def targets(request: Request) -> list[str]:
    """Return the files that semgrep can read as a whole.

    Args:
        request: Its modules say which cannot be parsed.
    """
    flawed = _flawed(request.modules)
    return [path for path in _openable(request) if path not in flawed]


def invocations(
    request: Request,
    front_end: str,
    configs: Iterable[str],
    files: Mapping[str, bytes],
    searched: Iterable[str],
) -> tuple[Invocation, ...]:
    """Return one process for each batch of files.

    Args:
        request: The project.
        front_end: ``--experimental`` or ``--legacy``.
        configs: Where the rules are.
        files: What to write into the private folder.
        searched: Files of ``targets``.
    """
    rules = [word for config in configs for word in ("--config", config)]
    return tuple(
        Invocation(
            name=f"scan-{number}",
            argv=(
                *request.located.command,
                "scan",
                front_end,
                "-j",
                "1",
                "--metrics=off",
                "--disable-version-check",
                "--disable-nosem",
                "--json",
                *rules,
                "--no-git-ignore",
                "--max-target-bytes=0",
                f"--timeout={_RULE_SECONDS}",
                *batch,
            ),
            cwd=request.layout.root,
            env=_ENVIRONMENT,
            files=files,
            timeout=request.settings.timeout,
        )
        for number, batch in enumerate(_batches(searched), start=1)
    )


def _openable(request: Request) -> Iterator[str]:
    return (file.path for file in request.layout.files if file.flaw is not Flaw.UNREADABLE)


def _flawed(modules: tuple[Module, ...]) -> Mapping[str, str]:
    """Return the files that semgrep would silently half read."""
    return {
        module.path: module.flaw_detail or f"the file has a flaw: {module.flaw}"
        for module in modules
        if module.flaw is not None
    }


def _batches(paths: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for path in paths:
        batch.append(argument(path))
        size += len(path.encode("utf-8", "surrogateescape")) + len("./") + 1
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def reading(
    request: Request,
    completed: tuple[Completed, ...],
    *,
    tool: str,
    rule_id: RuleId,
    clean: frozenset[str] = frozenset(),
) -> Reading:
    """Return the findings of all batches; two patterns of a rule may match at one place.

    Args:
        request: The project.
        completed: The processes.
        tool: Whose findings they are.
        rule_id: Names the rules.
        clean: Files of the project that no rule can match in, and that were not given to it.

    Raises:
        CrashedError: A process did not finish, or the rules were refused.
        UnreadableError: The output is not semgrep's.
    """
    outputs = [_output(done, tool) for done in completed]
    root = request.layout.root
    roles = {file.path: file.role for file in request.layout.files}
    scanned = _scanned(outputs, root)
    partly = {
        path: why for output in outputs for path, why in _partly(output, root) if path in roles
    }
    return Reading(
        findings=_findings(outputs, root, roles, tool, rule_id),
        analysed=((scanned & roles.keys()) - partly.keys()) | clean,
        unread={**_flawed(request.modules), **partly},
        excluded=len(set(targets(request)) - scanned - partly.keys() - clean),
        undecided={
            **_undecided(outputs, rule_id),
            **outside(
                (match.path for output in outputs for match in output.results),
                root,
                roles,
                tool=tool,
            ),
        },
    )


def _output(done: Completed, tool: str) -> Output:
    """Return one process's JSON, unless it says that the whole run is worth nothing."""
    require_exit(done, _FINISHED, tool=tool)
    output = decode_json(done.stdout, Output, what="its JSON", lenient=True)
    if done.exit_code == _FOUND and not output.results:
        message = "it exited with 1, but its output holds no finding"
        raise UnreadableError(message)
    fatal = [one.message for one in output.errors if one.path is None and one.level == "error"]
    if fatal:
        message = f"semgrep gave up: {fatal[0]}"
        raise CrashedError(message)
    return output


def _partly(output: Output, root: str) -> Iterator[tuple[str, str]]:
    """Yield the files that were not read to their end, with the reason."""
    for trouble in output.errors:
        path = relative_path(trouble.path, root) if trouble.path is not None else None
        if path is not None:
            yield path, " ".join(trouble.message.split())
    for skipped in output.paths.skipped:
        path = relative_path(skipped.path, root)
        if path is not None:
            yield path, f"semgrep skipped it: {skipped.reason}"


def _scanned(outputs: Iterable[Output], root: str) -> frozenset[str]:
    """Return the files of the project's folder that semgrep says it read."""
    paths = (relative_path(path, root) for output in outputs for path in output.paths.scanned)
    return frozenset(path for path in paths if path is not None)


def _undecided(outputs: Iterable[Output], rule_id: RuleId) -> Mapping[str, str]:
    """Return the rules that no file was searched for, with the reason."""
    return {
        rule_id(rule.rule_id): f"semgrep could not use it: {rule.details}"
        for output in outputs
        for rule in output.skipped_rules
    }


def _findings(
    outputs: Iterable[Output], root: str, roles: Mapping[str, Role], tool: str, rule_id: RuleId
) -> tuple[Finding, ...]:
    """Return each match that counts, once."""
    matches = (match for output in outputs for match in output.results)
    found = (_finding(match, root, roles, tool, rule_id) for match in matches)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _finding(
    match: Match, root: str, roles: Mapping[str, Role], tool: str, rule_id: RuleId
) -> Finding | None:
    """Return a match as a finding, None where it does not count."""
    path = relative_path(match.path, root)
    if path is None or path not in roles:
        return None
    if roles[path] is not Role.SOURCE and not match.extra.metadata.tests:
        return None
    line, column = max(match.start.line, 1), max(match.start.col, 1)
    return Finding(
        tool=tool,
        rule=rule_id(match.check_id),
        message=match.extra.message,
        location=Location(
            path=path,
            line=line,
            column=column,
            end_line=max(match.end.line, line),
            end_column=max(match.end.col, 1),
        ),
        severity=_SEVERITY.get(match.extra.severity, Severity.ERROR),
    )
