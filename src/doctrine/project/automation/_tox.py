"""What ``tox`` runs."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from doctrine.documents import line_of, parse_toml, table, text
from doctrine.errors import ConfigError
from doctrine.ini import ini_flaw
from doctrine.model.replacing import replace
from doctrine.project.automation._ini import Row, parse_ini
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._options import Arguments, at_dashes, parse_arguments
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._tox_config import IniTox, ToxConfig, ToxEnv
from doctrine.project.automation._tox_names import expand_names, python_of
from doctrine.project.automation._tox_toml import TomlTox
from doctrine.project.automation._walk import Frame, Walk

_RUNS = {"run", "r", "run-parallel", "p", "legacy", "le"}
_PLAIN = {"--notest", "-n", "--showconfig", "--version", "--help", "-h", "--listenvs", "-l",
          "--listenvs-all", "-a", "--devenv"}  # fmt: skip
_VALUED = frozenset(
    [
        "-e",
        "-m",
        "-f",
        "-c",
        "-x",
        "-p",
        "-o",
        "--conf",
        "--workdir",
        "--root",
        "--override",
        "--result-json",
        "--installpkg",
        "--parallel",
        "--env",
        "--skip-env",
        "--discover",
        "--index-url",
        "-i",
        "--colored",
        "--num",
        "-s",
        "--skip-missing-interpreters",
        "--runner",
        "--hashseed",
    ]
)
_BY_INTERPRETER = (
    "tox picks its environments there by the Python that runs it, and only a run resolves which"
)
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.-]*")


def follow_tox(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``tox`` into the commands of its environments."""
    words, rest = at_dashes(argv[1:])
    parsed = parse_arguments(words, _VALUED)
    config = _find(walk, parsed, frame) if _runs_something(parsed, words) else None
    if config is None:
        return False
    names = _picked(config, _chosen(config, parsed, frame), parsed, frame)
    key = f"tox:{config.path}:{','.join(names)}"
    if key in frame.active:
        return True
    label = " ".join(argv)
    inner = replace(
        frame.into(config.path, label), active=frame.active | {key}, cwd=_folder(config)
    )
    fixed = _keeps_interpreter(config, parsed, frame)
    if fixed and not frame.pythons:
        inner = replace(inner, perhaps=_BY_INTERPRETER)
    for name in names:
        _env(walk, config, name, _place(inner, frame, name, fixed=fixed), shlex.join(rest))
    return True


def _runs_something(parsed: Arguments, words: Argv) -> bool:
    """Whether a command line runs environments, and does not only list or prepare them."""
    verb = parsed.words[0] if parsed.words else ""
    return (not verb or verb in _RUNS) and not _PLAIN & set(words)


def _keeps_interpreter(config: ToxConfig, parsed: Arguments, frame: Frame) -> bool:
    """Whether only those environments of the list run that suit the interpreter at hand."""
    if _named(parsed, frame):
        return False
    if not frame.pythons:
        return config.by_interpreter and frame.unresolved is not None
    return config.skip_missing or config.by_interpreter


def _folder(config: ToxConfig) -> str:
    return posixpath.dirname(config.path)


def _named(parsed: Arguments, frame: Frame) -> Argv:
    """Return the environments that the command line names, or else a variable."""
    variables = (frame.env.get(name) for name in ("TOXENV", "TOX_ENV"))
    return parsed.values("-e", "--env") or tuple(value for value in variables if value)[:1]


def _chosen(config: ToxConfig, parsed: Arguments, frame: Frame) -> tuple[str, ...]:
    """Return the environments to run: those of labels, the named ones, or the list's."""
    if labels := parsed.values("-m"):
        return tuple(name for one in labels for name in config.labels.get(one, ()))
    named = _named(parsed, frame)
    if named and "ALL" not in named:
        return expand_names(",".join(named))
    return _with_factors(config.env_list or ("py",), parsed.values("-f"))


def _picked(
    config: ToxConfig, names: tuple[str, ...], parsed: Arguments, frame: Frame
) -> tuple[str, ...]:
    """Return those of the list that a plugin picks on GitHub, unless the command line chooses."""
    chosen = _named(parsed, frame) or parsed.values("-m") or parsed.values("-f")
    if config.picks is None or chosen or not (frame.via or (frame.path,))[0].startswith(".github/"):
        return names
    return config.picks.of(names, (one.detail for one in frame.pythons))


def _with_factors(names: tuple[str, ...], asked: Argv) -> tuple[str, ...]:
    """Return the names that have every factor that is asked for."""
    wanted = {factor for one in asked for factor in one.split("-")}
    return tuple(name for name in names if wanted <= set(name.split("-")))


def _place(inner: Frame, outer: Frame, name: str, *, fixed: bool) -> Frame:
    """Return the frame of one environment, on the interpreter that its name asks for."""
    version = "" if fixed else python_of(name)
    return replace(inner, pythons=outer.on(version).pythons)


def _find(walk: Walk, parsed: Arguments, frame: Frame) -> ToxConfig | None:
    given = next(iter(parsed.values("-c", "--conf")), "")
    folder = frame.cwd
    names = (given,) if given else ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml")
    for name in names:
        found = walk.first_text(folder, name)
        config = _read(walk, *found) if found else None
        if config is not None:
            return config
    return None


def _read(walk: Walk, path: str, source: str) -> ToxConfig | None:
    name = posixpath.basename(path)
    if name.endswith(".toml"):
        return _toml(walk, path, source)
    sections = parse_ini(source)
    ours = {"tox:tox"} if name == "setup.cfg" else {"tox", "testenv"}
    flaw = ini_flaw(source)
    if flaw and (ours & set(sections) or name == "tox.ini"):
        walk.note(path, f"{flaw}, so tox refuses the file: mend it")
        return None
    if not ours & set(sections):
        return None
    return IniTox(sections, prefix="tox:" if name == "setup.cfg" else "").config(path)


def _toml(walk: Walk, path: str, source: str) -> ToxConfig | None:
    try:
        file = parse_toml(path, source)
    except ConfigError as error:
        walk.note(path, error.reason)
        return None
    if posixpath.basename(path) == "tox.toml":
        return TomlTox(file, ()).config()
    tox = table(file.data, "tool", "tox")
    legacy = text(tox.get("legacy_tox_ini"))
    if legacy:
        line = line_of(file, ("tool", "tox", "legacy_tox_ini"))
        return IniTox(parse_ini(legacy, first_line=line + 1)).config(path)
    return TomlTox(file, ("tool", "tox")).config() if tox else None


def _env(walk: Walk, config: ToxConfig, name: str, frame: Frame, posargs: str) -> None:
    if "$" in name:
        walk.note(config.path, f"the environment `{name}` is an expression that was not resolved")
        return
    env = config.env(name, posargs, frame.env)
    if env is None:
        walk.note(config.path, f"it has no environment `{name}`, which {frame.via[-1]!r} asks for")
        return
    why = "`ignore_outcome` of tox" if env.ignored else ""
    provides = frame.provides | frozenset(_names(env))
    frame = replace(
        frame, why_not=frame.why_not or why, provides=provides, env={**frame.env, **env.variables}
    )
    for row in env.commands:
        _command(walk, row, frame)


def _names(env: ToxEnv) -> Iterator[str]:
    for dep in env.deps:
        requirement = dep.split(": ", 1)[-1]
        if found := _REQUIREMENT.match(requirement):
            yield canonicalize_name(found.group())


def _command(walk: Walk, row: Row, frame: Frame) -> None:
    text_ = row.text
    why = frame.why_not
    while text_[:1] in {"-", "!", "@"} and text_:
        if text_[0] != "@":
            why = why or f"`{text_[0]}` before the command makes tox ignore its failure"
        text_ = text_[1:].lstrip()
    inner = replace(frame, line=row.line, why_not=why)
    walk.script(text_, Shell(errexit=True), inner, lambda _line, _argv: row.line)
