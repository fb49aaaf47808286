"""What ``nox`` runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from doctrine.documents import strings, table
from doctrine.model.observation import Evidence
from doctrine.model.replacing import replace
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
    tags = frozenset(parsed.values("-t", "--tags"))
    sessions = _selectable(file)
    by_name = {one.name: one for one in reversed(sessions)}  # of two, the first counts
    names = _names(parsed, frame)
    for name in names:
        session, version = _named(name, by_name)
        if session is not None:
            yield session, (version,) if version else asked
        else:
            walk.note(frame.path, f"the session `{name}` {_unresolved(name)}")
    for session in () if names else sessions:
        if asked or _runs_unnamed(session, file, tags):
            yield session, asked


def _selectable(file: NoxFile) -> list[Session]:
    """Return the sessions, helpers left out."""
    return [one for one in file.sessions.values() if one.is_session]


def _names(parsed: Arguments, frame: Frame) -> Argv:
    """Return the sessions that the command line names, or else the variable for it."""
    names = parsed.values("-s", "-e", "--session", "--sessions")
    if names or "NOXSESSION" not in frame.env:
        return names
    return tuple(frame.env["NOXSESSION"].split(","))


def _runs_unnamed(session: Session, file: NoxFile, tags: frozenset[str]) -> bool:
    """Whether a session runs without its name: by a tag, the file's choice, or by default."""
    if tags:
        return not tags.isdisjoint(session.tags)
    return session.default if file.defaults is None else session.name in file.defaults


def _named(name: str, by_name: Mapping[str, Session]) -> tuple[Session | None, str]:
    """Return the session of a name, and the version that the name may end with."""
    plain = name.split("(", 1)[0]
    if plain in by_name:
        return by_name[plain], ""
    base, _, version = plain.rpartition("-")
    return by_name.get(base), version


def _unresolved(name: str) -> str:
    return "is an expression that was not resolved" if "$" in name else "is not there"


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
        installed = _installed(session, self._file, frozenset())
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
            return _helper(call, self._file)
        return next((one for one in _selectable(self._file) if one.name == wanted), None)


def _installed(session: Session, file: NoxFile, active: frozenset[str]) -> frozenset[str]:
    """Return what a session installs, by itself or through helpers, which pass on what they are given."""
    found: set[str] = set()
    for call in session.calls:
        if call.verb == "install":
            found.update(_distributions(call.args))
        elif not call.verb and (helper := _helper(call, file)) and helper.name not in active:
            found |= _installed(helper, file, active | {helper.name})
            if any(one.verb == "install" for one in helper.calls):
                found.update(_distributions(call.args[1:]))
    return frozenset(found)


def _helper(call: Call, file: NoxFile) -> Session | None:
    helper = file.sessions.get(next(iter(call.args), ""))
    return helper if helper and not helper.is_session else None


def _distributions(words: Argv) -> Iterator[str]:
    for one in words:
        if found := _REQUIREMENT.match(one):
            yield canonicalize_name(found.group())
