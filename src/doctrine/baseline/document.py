"""A baseline as text: one entry a line, sorted, so that branches merge without a conflict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, unquote

from doctrine.errors import ConfigError
from doctrine.model.baseline import Accepted, Baseline, Standard

VERSION = 1
_TITLE = "# doctrine baseline"
_HEAD = f"""{_TITLE} v{VERSION}
# What is accepted for now: checks and findings, one a line, sorted. `doctrine check` looks at what
# is not in here. After a merge, keep the lines of both sides and run `doctrine baseline update`.
"""
_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_CHECK = re.compile(r"[A-Z0-9]+\.[A-Za-z0-9._-]+")
_NOTHING = "-"
_UNQUOTED = "".join(chr(code) for code in range(33, 127) if chr(code) not in "%#")


def rendered(baseline: Baseline) -> str:
    """Return the text of a baseline's file.

    Args:
        baseline: What is accepted.
    """
    lines = [
        *(
            f"guide {one.guide} {one.version} {one.registry}"
            for one in sorted(set(baseline.standards))
        ),
        *(f"check {one}" for one in sorted(set(baseline.checks))),
        *(" ".join(("finding", *_words(one))) for one in sorted(baseline.findings)),
    ]
    return _HEAD + "".join(f"{line}\n" for line in lines)


def _words(one: Accepted) -> Iterator[str]:
    yield _quoted(one.path)
    yield _quoted(one.symbol) or _NOTHING
    yield _quoted(one.rule)
    yield ",".join(one.clauses) or _NOTHING
    yield one.digest


def _quoted(text: str) -> str:
    """Return a text without white space, so that it is one word; letters stay as they are."""
    return "".join(
        one if one.isalnum() or one in _UNQUOTED else quote(one, errors="surrogatepass")
        for one in text
    )


def parsed(raw: bytes, path: str) -> Baseline:
    """Read a baseline's file.

    Args:
        raw: Its bytes.
        path: How the file is called.

    Returns:
        What it accepts; the order of the lines means nothing.

    Raises:
        ConfigError: It is damaged, in conflict, or written by another version of doctrine.
    """
    try:
        lines = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        place = raw.count(b"\n", 0, error.start) + 1
        raise _unusable(path, place, "is no text in UTF-8") from error
    _check_conflicts(lines, path)
    _check_version(lines, path)
    standards: list[Standard] = []
    checks: list[str] = []
    findings: list[Accepted] = []
    for number, line in enumerate(lines, 1):
        match line.split():
            case ["guide", guide, version, registry]:
                made = Standard(guide=guide, version=version, registry=registry)
                standards.append(made)
            case ["check", check] if _CHECK.fullmatch(check):
                checks.append(check)
            case ["finding", *words] if (entry := _entry(words)) is not None:
                findings.append(entry)
            case []:
                continue
            case [first, *_] if first.startswith("#"):
                continue
            case _:
                raise _unusable(path, number, "holds no entry of a baseline")
    return Baseline(
        path=path,
        standards=tuple(sorted(set(standards))),
        findings=tuple(sorted(findings)),
        checks=tuple(sorted(set(checks))),
    )


def _entry(words: Sequence[str]) -> Accepted | None:
    match words:
        case [path, symbol, rule, clauses, digest] if _DIGEST.fullmatch(digest):
            try:
                return Accepted(
                    path=unquote(path, errors="surrogatepass"),
                    symbol="" if symbol == _NOTHING else unquote(symbol, errors="surrogatepass"),
                    rule=unquote(rule, errors="surrogatepass"),
                    digest=digest,
                    clauses=() if clauses == _NOTHING else tuple(sorted(set(clauses.split(",")))),
                )
            except UnicodeDecodeError:  # what is quoted is no UTF-8
                return None
        case _:
            return None


def _check_conflicts(lines: Iterable[str], path: str) -> None:
    for number, line in enumerate(lines, 1):
        if line.startswith(_MARKERS):
            raise ConfigError(
                "the baseline has an unresolved merge conflict",
                path=path,
                line=number,
                hint="keep the lines of both sides, remove the markers, and let `doctrine baseline "
                "update` drop what is mended",
            )


def _check_version(lines: Sequence[str], path: str) -> None:
    first = lines[0].strip() if lines else ""
    if not first.startswith(_TITLE):
        raise _unusable(path, 1, f"does not begin with `{_TITLE} v{VERSION}`")
    version = first.removeprefix(_TITLE).strip()
    if version != f"v{VERSION}":
        raise ConfigError(
            f"the baseline has the format {version!r}, and this doctrine reads v{VERSION}",
            path=path,
            line=1,
            hint="use the doctrine that wrote it, or make it anew: doctrine baseline create --force",
        )


def _unusable(path: str, line: int, why: str) -> ConfigError:
    return ConfigError(
        f"the baseline {why}",
        path=path,
        line=line,
        hint="restore the file from git, or make it anew: doctrine baseline create --force",
    )
