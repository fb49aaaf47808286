"""What ``nox`` runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from doctrine.documents import strings, table
from doctrine.model.observation import Evidence
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._nox_file import CLASSIFIED, Call, NoxFile, Session, parse_noxfile
from doctrine.project.automation._options import Arguments, at_dashes, parse_arguments
from doctrine.project.automation._walk import Frame, Walk, joined

_VALUED = frozenset(
    [
        "-s",
        "-e",
        "-t",
        "-k",
        "-p",
        "-P",
        "-f",
        "-db",
        "-fb",
        "--session",
        "--sessions",
        "--tags",
        "--keywords",
        "--python",
        "--pythons",
        "--extra-python",
        "--extra-pythons",
        "--noxfile",
        "--envdir",
        "--default-venv-backend",
        "--force-venv-backend",
        "--report",
        "--forcecolor",
    ]
)
_PLAIN = frozenset({"--list", "-l", "--list-sessions", "--version", "--help", "-h",
                    "--install-only"})  # fmt: skip
_VERSION = re.compile(r"^(?:python|pypy)?-?(\d\.\d+t?)$")
_CLASSIFIER = re.compile(r"^Programming Language :: Python :: (3\.\d+)$")
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.-]*")


def follow_nox(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``nox`` into the commands of its sessions."""
    words, posargs = at_dashes(argv[1:])
    parsed = _arguments(words)
    if parsed.has(*_PLAIN):
        return False
    given = next(iter(parsed.values("-f", "--noxfile")), "noxfile.py")
    found = walk.first_text(frame.cwd, given)
    if found is None:
        return False
    path, source = found
    key = f"nox:{path}:{' '.join(argv)}"
    if key in frame.active:
        return True
    file = parse_noxfile(source)
    inner = replace(frame.into(path, " ".join(argv)), active=frame.active | {key})
    inner = replace(inner, cwd=joined("", path.rpartition("/")[0]))
    for session, pythons in _chosen(walk, file, parsed, inner):
        asked = pythons or tuple(_pythons(walk, session))
        _Sessions(walk, file, posargs).run(session, _on(inner, session, asked))
    return True


def _pythons(walk: Walk, session: Session) -> Iterator[str]:
    """Yield the versions of a session, those that nox takes from the classifiers included."""
    for one in session.pythons:
        if one == CLASSIFIED:
            project = table(walk.pyproject.data if walk.pyproject else None, "project")
            found = (_CLASSIFIER.match(each) for each in strings(project.get("classifiers")))
            yield from (each[1] for each in found if each)
        else:
            yield one


def _arguments(words: Argv) -> Arguments:
    """Sort the arguments of nox out; its selecting options take several words."""
    spread: list[str] = []
    option = ""
    for word in words:
        if word.startswith("-"):
            option = word.split("=", 1)[0] if "=" not in word else ""
        elif option and spread and spread[-1] != option:
            spread.append(option)
        spread.append(word)
    return parse_arguments(tuple(spread), _VALUED)


def _chosen(
    walk: Walk, file: NoxFile, parsed: Arguments, frame: Frame
) -> Iterator[tuple[Session, Argv]]:
    """Yield the sessions that the arguments select, with the versions that they ask for."""
    asked = parsed.values("-p", "-P", "--python", "--pythons", "--extra-python", "--extra-pythons")
    names = parsed.values("-s", "-e", "--session", "--sessions")
    if not names and "NOXSESSION" in frame.env:
        names = tuple(frame.env["NOXSESSION"].split(","))
    tags = set(parsed.values("-t", "--tags"))
    sessions = [one for one in file.sessions.values() if one.is_session]
    if not names:
        for session in sessions:
            listed = file.defaults is None and session.default
            wanted = bool(tags & set(session.tags)) if tags else listed
            if wanted or (not tags and session.name in (file.defaults or ())) or asked:
                yield session, asked
        return
    for name in names:
        base, version = _split(name, sessions)
        chosen = next((one for one in sessions if one.name == base), None)
        if chosen is not None:
            yield chosen, (version,) if version else asked
        else:
            reason = "is an expression that was not resolved" if "$" in name else "is not there"
            walk.note(frame.path, f"the session `{name}` {reason}")


def _split(name: str, sessions: list[Session]) -> tuple[str, str]:
    plain = name.split("(", 1)[0]
    if any(one.name == plain for one in sessions):
        return plain, ""
    base, _, version = plain.rpartition("-")
    return base, version


def _on(frame: Frame, session: Session, asked: Argv) -> Frame:
    frame = replace(frame, line=session.line)
    versions = tuple(found[1] for one in asked if (found := _VERSION.match(one)))
    if not versions:
        return frame
    places = tuple(Evidence(path=frame.path, line=session.line, detail=one) for one in versions)
    return replace(frame, pythons=places)


class _Sessions:
    """Runs through sessions, the helpers they call and the sessions they notify, each once."""

    def __init__(self, walk: Walk, file: NoxFile, posargs: Argv) -> None:
        self._walk = walk
        self._file = file
        self._posargs = posargs
        self._seen: set[str] = set()

    def run(self, session: Session, frame: Frame) -> None:
        if session.name in self._seen:
            return
        self._seen.add(session.name)
        installed = tuple(_installed(session))
        frame = replace(frame, provides=frame.provides | frozenset(installed))
        for call in session.calls:
            self._call(call, frame)

    def _call(self, call: Call, frame: Frame) -> None:
        if call.verb in {"", "notify"}:
            target = self._target(call)
            if target is not None:
                self.run(target, frame)
            return
        if call.verb == "install" or not call.args:
            return
        why = "`success_codes` accepts a failure" if call.tolerant else ""
        args = tuple(
            word for one in call.args for word in (self._posargs if one == "{posargs}" else (one,))
        )
        inner = replace(frame, line=call.line, why_not=frame.why_not or why)
        self._walk.run(args, inner)

    def _target(self, call: Call) -> Session | None:
        wanted = next(iter(call.args), "")
        if not call.verb:
            helper = self._file.sessions.get(wanted)
            return helper if helper and not helper.is_session else None
        sessions = self._file.sessions.values()
        return next((one for one in sessions if one.is_session and one.name == wanted), None)


def _installed(session: Session) -> Iterator[str]:
    for call in session.calls:
        if call.verb == "install":
            for one in call.args:
                if found := _REQUIREMENT.match(one):
                    yield canonicalize_name(found.group())
