"""What the report of a whole run depends on: everything that doctrine and its tools could look at.

Parts are named and grouped, so that it can be said which of them has changed. None holds an
absolute path, so that the same commit on another machine, or in another folder, has the same parts.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

import doctrine
from doctrine import __version__
from doctrine.cache._records import distributions, recorded, stat_of
from doctrine.cache.changes import Parts
from doctrine.cache.digests import Digests
from doctrine.cache.identity import (
    PROGRAMS,
    combined,
    environment_identity,
    executable_identity,
)
from doctrine.cache.memo import StoreMemo, recalled
from doctrine.cache.opening import folder_inside
from doctrine.cache.outside import held_elsewhere, named_elsewhere, surrounding
from doctrine.cache.store import Store, digest_of
from doctrine.cache.tree import Tree, carried, look
from doctrine.children import child_environment
from doctrine.model.project import Environment
from doctrine.model.settings import OF_THE_RUN, Settings
from doctrine.project.candidates import LIST, Capture
from doctrine.project.environment import find_environment, read_environment
from doctrine.project.hook_environments import hook_environment, hook_pins
from doctrine.threads import Aside

FILES = "files"
_NOT_ORIGINS = frozenset({"cache-dir", "cache-size", "format", "jobs", "no-cache", "output"})
_SHORT = 60
"""Characters of a value that is shown as it is."""
_MINORS = range(30)
_VOLATILE = frozenset(
    {
        "COLORTERM", "COLUMNS", "DISPLAY", "EDITOR", "HOME", "HOST", "HOSTNAME", "INVOCATION_ID",
        "JOURNAL_STREAM", "LANG", "LANGUAGE", "LINES", "LOGNAME", "LS_COLORS", "MAIL", "OLDPWD",
        "PAGER", "PATH", "PS1", "PWD", "SHELL", "SHLVL", "STY", "TEMP", "TMP", "TMPDIR", "USER",
        "USERNAME", "VISUAL", "WAYLAND_DISPLAY", "WINDOWID", "XAUTHORITY", "_",
    }
)  # fmt: skip
_VOLATILE_PREFIXES = (
    "ACTIONS_", "ALACRITTY_", "CI_", "DBUS_", "DOCTRINE_", "GITHUB_", "GITLAB_", "GPG_", "INPUT_",
    "ITERM_", "KITTY_", "LC_", "LESS", "RUNNER_", "SSH_", "TERM", "TMUX", "VSCODE_", "VTE_",
    "WEZTERM_", "WT_", "XDG_",
)  # fmt: skip
"""Variables that differ from one terminal, session or pipeline to the next and mean nothing to a
tool. What ``PATH``, ``HOME`` and ``XDG_…`` lead to counts by content; any other variable counts."""


class Moment(Struct, frozen=True, kw_only=True):
    """Everything that a report depends on, as it was at one moment.

    Attributes:
        tree: The project's folder.
        letters: What git says of each path, as ``git ls-files -t`` does.
        rest: Every other part.
        elsewhere: What the project's configuration names outside of it, and where that lies.
    """

    tree: Tree
    letters: Mapping[str, str]
    rest: Parts
    elsewhere: Mapping[str, str]

    def parts(self, digests: Digests, disregarded: Collection[str] = ()) -> Parts:
        """Return every part.

        Args:
            digests: Reads the project's files.
            disregarded: Paths that do not count.
        """
        held = self.tree.contents(digests)
        known = {
            path: f"{self.letters.get(path, '')} {text}".strip() for path, text in held.items()
        }
        gone = {path: f"{one} missing" for path, one in self.letters.items() if path not in held}
        files = {**known, **gone}
        for path in disregarded:
            files.pop(path, None)
        return {**self.rest, FILES: files}


def moment(
    settings: Settings,
    name: str,
    *,
    store: Store,
    digests: Digests,
    capture: Capture,
    more: Mapping[str, str],
) -> Moment | str:
    """Look at everything that the report of a run depends on.

    Args:
        settings: What was asked.
        name: What the project is called.
        store: Remembers what environments are.
        digests: Reads files.
        capture: Runs git.
        more: What else there is: commits that something is compared with.

    Returns:
        What there is; or why nobody can say it, in words.

    Raises:
        UsageError: The interpreter that the user named is none.
    """
    if reason := unfit(settings):
        return reason
    root = settings.root
    # Git looks at the same folders: at the same time, since it needs no interpreter.
    asking = Aside(lambda: _letters(root, capture))
    inside = folder_inside(settings, store)
    tree = look(root, {inside} if inside else ())
    if tree is None:
        return "the project has too many files"
    elsewhere = {
        **named_elsewhere(root, tree.paths),
        **{f"linked folder {number}": path for number, path in enumerate(tree.outside)},
    }
    held = held_elsewhere(root, elsewhere, digests)
    if held is None:
        return f"{next(iter(elsewhere))}: too large to be looked at"
    rest = _rest(settings, name, store, digests)
    letters = asking.result()
    if isinstance(rest, str):
        return rest
    outer = {**surrounding(root, digests), **held}
    rest = {**rest, "outside": outer, "compared": more, "asked": dict(_asked(settings, name))}
    return Moment(tree=tree, letters=letters, rest=rest, elsewhere=elsewhere)


def unfit(settings: Settings) -> str:
    """Return why a run depends on more than can be looked at; empty where it does not."""
    if settings.network:
        return "services were asked, and may answer otherwise now"
    return "the tests were run, and may end otherwise now" if settings.tests else ""


def _rest(settings: Settings, name: str, store: Store, digests: Digests) -> Parts | str:
    environment = find_environment(settings.root, settings, name)
    if environment is None and settings.install:
        return "the packages were installed aside, which asks an index"
    own = read_environment(sys.prefix, label="doctrine's own", any_prefix=True)
    sites = own.site if own else ()
    memo = StoreMemo(store)
    known = dict(_installed(sites, memo))
    # A program that doctrine does not bring may be anybody's: then nobody can say what it is.
    for program in sorted(PROGRAMS - known.keys()):
        if shutil.which(program):
            return f"{program} is not installed beside doctrine, and another one was found"
    return {
        "doctrine": {
            "doctrine": f"{__version__} {_itself(digests, sites)}",
            "interpreter": _running(),
        },
        "tools": {**known, **dict(_of_hooks(settings))},
        "environment": _environment(environment, settings.root, digests, memo),
        "interpreters": dict(_interpreters(digests)),
        "variables": dict(_variables()),
    }


def _itself(digests: Digests, sites: Collection[str]) -> str:
    """Return what doctrine consists of: in a checkout it changes without its version."""
    folder = Path(doctrine.__file__).parent
    if str(folder.parent) in sites:
        return "as installed"
    tree = look(str(folder))
    held = tree.contents(digests) if tree else {}
    return digest_of(*(text for pair in sorted(held.items()) for text in pair))


def _running() -> str:
    machine = os.uname().machine if hasattr(os, "uname") else ""
    return f"{sys.implementation.name} {sys.version} {sys.platform} {machine}"


def _installed(sites: tuple[str, ...], memo: StoreMemo) -> Mapping[str, str]:
    """Return what is installed beside doctrine, by what the installer has recorded."""
    known = distributions(sites)
    stats = [(one.folder, stat_of(f"{one.site}/{one.folder}/RECORD")) for one in known.values()]
    name = digest_of("beside", repr(stats))
    return recalled(
        memo,
        name,
        lambda: {name: f"{one.version} {recorded(one)}" for name, one in known.items()},
    )


def _of_hooks(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the versions of tools that are taken from the environments of the project's hooks."""
    if not settings.trust.believed:
        return
    pins = hook_pins(settings.root)
    for name in sorted(pins.keys() & PROGRAMS):
        if hook_environment(name, pins[name].detail, os.environ) is not None:
            yield f"{name} of a hook", pins[name].detail


def _environment(
    environment: Environment | None, root: str, digests: Digests, memo: StoreMemo
) -> Mapping[str, str]:
    if environment is None:
        return {}
    identity = environment_identity(environment, digests.of, root, memo)
    return {"called": environment.label, **identity.parts}


def _interpreters(digests: Digests) -> Iterator[tuple[str, str]]:
    for minor in _MINORS:
        name = f"python3.{minor}"
        if path := shutil.which(name):
            yield name, executable_identity(path, digests.of)


def _variables() -> Iterator[tuple[str, str]]:
    for name, value in child_environment().items():
        if name not in _VOLATILE and not name.startswith(_VOLATILE_PREFIXES):
            # A value may be a secret.
            yield carried(name), digest_of(value)


def _asked(settings: Settings, name: str) -> Iterator[tuple[str, str]]:
    yield "project", name
    origins = {key: one for key, one in settings.origins.items() if key not in _NOT_ORIGINS}
    yield (
        "origins of settings",
        digest_of(*(f"{key} {one}" for key, one in sorted(origins.items()))),
    )
    for field in settings.__struct_fields__:
        if field not in OF_THE_RUN:
            value = getattr(settings, field)
            text = msgspec.json.encode(value, order="deterministic").decode()
            yield field.replace("_", "-"), text if len(text) <= _SHORT else digest_of(text)
    if settings.entries:
        # Waivers and attestations end on a day.
        yield "today", str(settings.today)


def _letters(root: str, capture: Capture) -> Mapping[str, str]:
    """Return what git says of each path; nothing outside of a repository."""
    folders = (Path(root), *Path(root).parents)
    if not any(os.path.lexists(folder / ".git") for folder in folders):
        return {}
    code, said = capture(LIST, root)
    if code != 0:
        return {"": f"git {code}"}
    records = (os.fsdecode(one) for one in said.split(b"\0") if one)
    return {carried(one[2:]): one[0] for one in records}


def digest(parts: Parts) -> str:
    """Return one digest of all parts."""
    return combined({name: combined(group) for name, group in parts.items()})
