"""Secrets in the settings that git tracks: ``.env``, TOML, YAML, JSON, INI, keys in files.

``tracked-secret``: a token or key that its form gives away, or a value behind the name of a key or
password that looks like one. ``tracked-doubt`` (advice): the same where it is mostly a stand-in
(workflows, compose files, test material). ``scanner``: a scanner of secrets is set up; it is
advice to have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._secret_values import (
    is_address_secret,
    is_key,
    is_password,
    names_key,
    names_password,
)
from doctrine.inspect._sightings import Reporter, Sighting, Spot, reading, support
from doctrine.model.observation import Finding
from doctrine.model.project import Project
from doctrine.model.run import Reading
from doctrine.secret_formats import PRIVATE_KEY, credentials

_NAME = "secret-files"
_SECRET = "tracked-secret"  # noqa: S105 - a rule, not a secret
_DOUBT = "tracked-doubt"
_SCANNER = "scanner"

_ASSIGNED = re.compile(
    r"""^[ \t]*(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|-[ \t]+)?["']?(?P<name>[A-Za-z][\w.-]{1,60})["']?[ \t]*"""
    r"""(?::=|[:=])[ \t]*(?P<quote>["']?)(?P<value>[^\s"'#,;]{6,200})(?P=quote)[ \t]*,?[ \t]*(?:#.*)?$"""
)
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s:/@\"'<>{}$%]{0,60}):"
    r"(?P<password>[^\s:/@\"'<>{}$%]{1,80})@(?P<host>[A-Za-z0-9.-]+)"
)
_MATERIAL = re.compile(
    r"(?i)(?:^|/)(?:[^/]*tests?|testing|testdata|fixtures?|docs?|examples?|samples?|demos?|cassettes|benchmarks?)/"
    r"|(?:^|[/._-])(?:tests?|example|sample|template|dist|dummy|fake|snakeoil|localhost|self-?signed)(?:[/._-]|$)"
)
_STAND_INS = re.compile(
    r"(?i)(?:^|/)\.(?:github|gitlab|circleci|devcontainer)/|\.gitlab-ci|compose|(?:^|[/._-])"
    r"(?:ci|dev|develop|development|local|default|vagrant|docker\w*)(?:[/._-]|$)|\.sh$"
)
_SCANNERS = frozenset(
    {"gitleaks", "detect-secrets", "detect-secrets-hook", "trufflehog", "ggshield", "talisman"}
)
_REVOKE = "take it out, and revoke it: it stays in the history"


def _inspect(project: Project) -> Reading:
    reporter = Reporter(tool=_NAME)
    sightings: list[Sighting] = []
    for path, text in sorted(project.secret_texts.items()):
        sightings += _in_file(path, text, reporter) if text else ()
    sightings += _scanner(project, reporter)
    analysed = {*project.secret_texts, *(file.path for file in project.layout.files)}
    if not any(isinstance(one, Finding) and one.rule == _SECRET for one in sightings):
        detail = f"no secret in the {len(project.secret_texts)} tracked settings files"
        sightings.append(support(_SECRET, Spot(path="."), detail))
    return reading(sightings, analysed)


def _in_file(path: str, text: str, reporter: Reporter) -> Iterator[Sighting]:
    material = _MATERIAL.search(path) is not None
    for found in credentials(text):
        spot = Spot(path=path, line=text.count("\n", 0, found.start) + 1)
        if found.doubt or (material and found.kind == PRIVATE_KEY):
            message = f"a {found.kind} is tracked by git; make sure that it opens nothing"
            yield reporter.advice(_DOUBT, spot, message, symbol=found.kind)
        else:
            message = f"a {found.kind} is tracked by git: {_REVOKE}"
            yield reporter.finding(_SECRET, spot, message, symbol=found.kind)
    if not material:
        yield from _assigned(path, text, reporter)


def _assigned(path: str, text: str, reporter: Reporter) -> Iterator[Sighting]:
    doubtful = _STAND_INS.search(path) is not None
    for number, line in enumerate(text.splitlines(), start=1):
        message = _told(line)
        if not message:
            continue
        spot = Spot(path=path, line=number)
        if doubtful:
            yield reporter.advice(_DOUBT, spot, f"{message}; make sure that it opens nothing else")
        else:
            yield reporter.finding(_SECRET, spot, f"{message}: {_REVOKE}")


def _told(line: str) -> str:
    """Return what secret a line sets, in words that do not hold it; empty if none."""
    if found := _ASSIGNED.match(line):
        name, value = found["name"], found["value"]
        password = names_password(name)
        if is_password(value) if password else names_key(name) and is_key(value):
            kind = "password" if password else "secret"
            return f"`{name}` holds a {kind} of {len(value)} characters that git tracks"
    found = _ADDRESS.search(line) if "://" in line else None
    if found and is_address_secret(found["user"], found["password"], found["host"]):
        return f"the address of {found['host']} holds a password that git tracks"
    return ""


def _scanner(project: Project, reporter: Reporter) -> Iterator[Sighting]:
    for command in project.automation.commands:
        named = _SCANNERS & {word.rpartition("/")[2].lower() for word in command.argv[:4]}
        if named:
            spot = Spot(path=command.place.path, line=command.place.line)
            yield support(_SCANNER, spot, f"{min(named)} looks for secrets")
            return
    message = "no scanner of secrets runs in CI or as a hook; gitleaks or detect-secrets would"
    yield reporter.advice(_SCANNER, Spot(path="."), message)


INSPECTOR = ProjectInspector(name=_NAME, rules=(_SECRET, _DOUBT, _SCANNER), inspect=_inspect)
