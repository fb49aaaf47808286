"""Labels as they are kept: one TOML file a project, read whole or refused with the place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

LabelOutcome = Literal["pass", "fail", "not-applicable", "unverified", "error"]
_COMMIT = re.compile(r"[0-9a-f]{40}")
_PINNED = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+")


class LabelError(Exception):
    """A label file that cannot be used, with the file and what to do about it."""


class ProjectLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to get the project that was read.

    Attributes:
        kind: What it is, in a few words.
        pypi: Source distribution as ``NAME==VERSION``; empty for a repository.
        git: Address of a public git repository; empty for a source distribution.
        commit: The commit that was read, all 40 digits.
    """

    kind: str
    pypi: str = ""
    git: str = ""
    commit: str = ""


class FindingLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says about one sighting.

    Attributes:
        clause: Id of the clause.
        path: POSIX path below the project's root.
        line: 1-based line.
        verdict: Whether the line violates the clause.
        why: One sentence in the labeller's own words.
        rule: ``tool:rule`` that reported it when it was read; tells labels of one line apart.
    """

    clause: str
    path: str
    line: int
    verdict: bool
    why: str
    rule: str = ""


class OutcomeLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The outcome that doctrine ought to give a clause, and why."""

    clause: str
    outcome: LabelOutcome
    why: str


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: a project and what is known about it."""

    project: ProjectLabel
    findings: tuple[FindingLabel, ...] = ()
    outcomes: tuple[OutcomeLabel, ...] = ()


def parse(text: str, name: str) -> Labels:
    """Read one file of labels.

    Args:
        text: Its TOML.
        name: What to call it in an error.

    Raises:
        LabelError: It is no TOML, has an unknown or missing key, a stub without a verdict, or two
            labels for the same thing.
    """
    try:
        labels = msgspec.convert(tomllib.loads(text), type=Labels)
    except tomllib.TOMLDecodeError as error:
        raise LabelError(f"{name} is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        hint = "a stub is a label only once a person has filled in its verdict or outcome"
        raise LabelError(f"{name}: {error}; {hint}") from error
    flaws = [*_origin(labels.project), *_blank(labels), *_repeated(labels)]
    if flaws:
        raise LabelError(f"{name}: {'; '.join(flaws)}")
    return labels


def _origin(project: ProjectLabel) -> Iterable[str]:
    if bool(project.pypi) == bool(project.git):
        yield "project needs either pypi or git"
    if project.pypi and not _PINNED.fullmatch(project.pypi):
        yield "project.pypi must be NAME==VERSION"
    if project.git and not _COMMIT.fullmatch(project.commit):
        yield "project.commit must be the 40 digits of a commit"


def _blank(labels: Labels) -> Iterable[str]:
    reasons = [(one.clause, one.why) for one in labels.findings]
    reasons += [(one.clause, one.why) for one in labels.outcomes]
    for clause, why in reasons:
        if not why.strip():
            yield f"a label of {clause} does not say why"
    for label in labels.findings:
        if label.line < 1:
            yield f"{label.clause} {label.path} has no line {label.line}"


def _repeated(labels: Labels) -> Iterable[str]:
    seen: set[tuple[object, ...]] = set()
    keys: list[tuple[object, ...]] = [(one.clause,) for one in labels.outcomes]
    keys += [(one.clause, one.path, one.line, one.rule) for one in labels.findings]
    for key in keys:
        if key in seen:
            yield f"{' '.join(str(part) for part in key if part)} is labelled twice"
        seen.add(key)


def load(folder: Path, only: Iterable[str] = ()) -> dict[str, Labels]:
    """Read the labels of a folder.

    Args:
        folder: Holds one TOML file a project.
        only: Names of projects to read; empty for all.

    Returns:
        Labels by project, in the order of the names.

    Raises:
        LabelError: A file cannot be used, or a project has none.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    wanted = set(only) or set(files)
    unknown = sorted(wanted - set(files))
    if unknown:
        raise LabelError(f"no labels for {', '.join(unknown)} in {folder}; there are: "
                         f"{', '.join(files) or 'none'}")  # fmt: skip
    return {
        name: parse(path.read_text("utf-8"), str(path))
        for name, path in files.items()
        if name in wanted
    }
