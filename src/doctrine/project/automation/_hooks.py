"""What pre-commit runs: hooks of well-known repositories, and local ones."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct
from packaging.utils import canonicalize_name

from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._filters import blind_hook
from doctrine.project.automation._grounds import READERS
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._options import at_dashes, parse_arguments
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import Node, YamlError, parse_yaml

NAMES = (".pre-commit-config.yaml", ".pre-commit-config.yml")

_VALUED = frozenset({"-c", "--config", "--hook-stage", "--files", "--from-ref", "--to-ref", "-s",
                     "-o", "--source", "--origin", "--stage", "--color"})  # fmt: skip
_STAGES = frozenset({"pre-commit", "commit", "pre-push", "push", "pre-merge-commit",
                     "merge-commit"})  # fmt: skip
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.-]*")

KNOWN: Mapping[str, Argv] = {
    "ruff": ("ruff", "check", "--force-exclude"),
    "ruff-check": ("ruff", "check", "--force-exclude"),
    "ruff-format": ("ruff", "format", "--force-exclude"),
    "mypy": ("mypy",),
    "pyright": ("pyright",),
    "basedpyright": ("basedpyright",),
    "vulture": ("vulture",),
    "semgrep": ("semgrep", "scan"),
    "semgrep-ci": ("semgrep", "ci"),
    "xenon": ("xenon",),
    "radon": ("radon", "cc"),
    "flake8": ("flake8",),
    "black": ("black",),
    "black-jupyter": ("black",),
    "isort": ("isort",),
    "bandit": ("bandit",),
    "pip-audit": ("pip-audit",),
    "python-safety-dependencies-check": ("safety", "check"),
    "uv-lock": ("uv", "lock"),
    "uv-export": ("uv", "export"),
    "pylint": ("pylint",),
    "pyupgrade": ("pyupgrade",),
    "autoflake": ("autoflake",),
    "ty": ("ty", "check"),
    "pyrefly": ("pyrefly", "check"),
    "complexipy": ("complexipy",),
    "codespell": ("codespell",),
    "detect-secrets": ("detect-secrets-hook",),
    "gitleaks": ("gitleaks", "git", "--pre-commit", "--staged"),
    "poetry-check": ("poetry", "check"),
    "poetry-lock": ("poetry", "lock"),
}
"""What well-known hooks run, by id; their own default arguments included where they matter."""

_DEFAULT_ARGS: Mapping[str, Argv] = {
    "mypy": ("--ignore-missing-imports", "--scripts-are-modules"),
    "semgrep": ("--disable-version-check", "--quiet", "--skip-unknown-extensions"),
}
"""Arguments that a repository's manifest gives where the project gives none."""


_ALWAYS = frozenset({"file", "text", "python"})
_PYTHON = _ALWAYS | {"executable", "non-executable"}
"""Types that a Python file has, and may have, for pre-commit."""


class _Hook(Struct, frozen=True, kw_only=True):
    """A hook of the configuration with what is said around it: its repository, files left out."""

    root: Node
    node: Node
    repo: str
    excludes: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.node.get("id").scalar

    def answers_to(self, names: Argv) -> bool:
        """Whether its id or its alias is among some names."""
        return self.id in names or self.node.get("alias").scalar in names


def read_hooks(walk: Walk) -> bool:
    """Note the hooks that run on a developer's machine, and in pre-commit.ci.

    Returns:
        Whether a service runs them for every change, so that they are CI.
    """
    found = walk.first_text("", *NAMES)
    if found is None:
        return False
    path, source = found
    walk.files[path] = None
    root = _parsed(walk, path, source)
    service = root.get("ci")
    skipped = frozenset(service.get("skip").strings())
    on_service = service.is_map
    for hook in _hooks(root):
        why = "" if _staged(root, hook.node, "") else _unasked(root, hook.node)
        served = on_service and hook.id not in skipped and not why
        kind = CommandKind.CI if served else CommandKind.HOOK
        via = ("pre-commit.ci",) if served else ()
        _hook(walk, hook, Frame(kind=kind, path=path, via=via, rewrites_fail=True, why_not=why))
    return on_service


def follow_pre_commit(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``pre-commit run`` and ``prek run`` into the hooks."""
    words, _ = at_dashes(argv[1:])
    parsed = parse_arguments(words, _VALUED)
    if parsed.words[:1] != ("run",):
        return False
    given = parsed.values("-c", "--config")
    found = walk.first_text(frame.cwd, *(given or NAMES))
    if found is None:
        return False
    path, source = found
    key = f"hooks:{path}:{' '.join(argv)}"
    if key in frame.active:
        return True
    skipped = frozenset(frame.env.get("SKIP", "").split(","))
    stage = next(iter(parsed.values("--hook-stage", "--stage")), "")
    chosen = parsed.words[1:]
    inner = replace(
        frame.into(path, " ".join(argv)), active=frame.active | {key}, rewrites_fail=True
    )
    root = _parsed(walk, path, source)
    for hook in _hooks(root):
        if hook.id in skipped or not _staged(root, hook.node, stage):
            continue
        if not chosen or hook.answers_to(chosen):
            _hook(walk, hook, inner)
    return True


def _parsed(walk: Walk, path: str, source: str) -> Node:
    try:
        root = parse_yaml(source)
    except YamlError as error:
        walk.note(path, str(error))
        return Node()
    if why := next(_flaws(root), ""):
        walk.note(path, f"{why}, so pre-commit refuses the whole file: mend it")
        return Node()
    return root


def _flaws(root: Node) -> Iterator[str]:
    """Yield what has a wrong type."""
    repos = root.get("repos")
    if not repos.is_list:
        yield f"line {repos.line}: `repos` is no list" if repos.line else "it has no `repos`"
    for repo in repos.items:
        hooks = repo.get("hooks")
        if not hooks.is_list:
            yield f"line {repo.line}: a repository has no list of `hooks`"
        for hook in hooks.items:
            if not hook.get("id").scalar:
                yield f"line {hook.line}: a hook has no `id`"


def _hooks(root: Node) -> Iterator[_Hook]:
    for repo in root.get("repos").items:
        for hook in repo.get("hooks").items:
            if hook.is_map:
                yield _Hook(
                    root=root,
                    node=hook,
                    repo=repo.get("repo").scalar,
                    excludes=_excludes(root, hook),
                )


def _blind(hook: _Hook, sources: tuple[str, ...]) -> str:
    """Return why no source file gets to a hook; empty where one may."""
    if not _gets_python(hook.node):
        return "its types let no Python file through"
    return "" if _looks_itself(hook.node) else blind_hook((hook.root, hook.node), sources)


def _looks_itself(hook: Node) -> bool:
    """Return whether a hook runs for every change, and finds its files by itself."""
    takes = hook.get("pass_filenames").flag(default=True)
    return takes is False and hook.get("always_run").flag() is True


def _excludes(root: Node, hook: Node) -> tuple[str, ...]:
    """Return the patterns of files that a hook is not given; one that takes none sees them all."""
    if hook.get("pass_filenames").flag(default=True) is False:
        return ()
    return tuple(one for node in (root, hook) if (one := node.get("exclude").scalar))


def _stages(root: Node, hook: Node) -> tuple[str, ...]:
    stages = hook.get("stages")
    return (stages if stages.exists else root.get("default_stages")).strings()


def _unasked(root: Node, hook: Node) -> str:
    return f"it only runs at the stage {' or '.join(_stages(root, hook))}"


def _staged(root: Node, hook: Node, stage: str) -> bool:
    """Whether a hook runs at a stage; without one, at any that commits and pushes pass."""
    names = frozenset(_stages(root, hook))
    if not names:
        return True
    return stage in names if stage else bool(names & _STAGES)


def _hook(walk: Walk, hook: _Hook, frame: Frame) -> None:
    node = hook.node
    args = node.get("args").strings()
    extras = frozenset(_names(node.get("additional_dependencies").strings()))
    line = node.get("id").line or node.line
    frame = replace(frame, line=line, provides=frame.provides | extras, excludes=hook.excludes)
    entry = node.get("entry").scalar
    local = hook.repo in {"local", "meta", "builtin", ""}
    argv = _split(entry) if entry else KNOWN.get(hook.id, (hook.id,))
    if local or not READERS.isdisjoint(argv):  # a local one may lead to whatever it likes
        frame = replace(frame, blind=frame.blind or _blind(hook, walk.sources))
    if local and entry:
        walk.run((*argv, *args), frame)
        return
    given = args if node.get("args").exists else _DEFAULT_ARGS.get(hook.id, ())
    walk.run((*argv, *given), replace(frame, brings=not local))


def _gets_python(node: Node) -> bool:
    """Return whether a hook may be handed a Python file; one that needs none looks at what it likes."""
    if node.get("pass_filenames").flag(default=True) is False or node.get("always_run").flag():
        return True
    every, some = ({*node.get(key).strings()} for key in ("types", "types_or"))
    without = {*node.get("exclude_types").strings()}
    return every <= _PYTHON and (not some or bool(some & _PYTHON)) and not without & _ALWAYS


def _split(entry: str) -> Argv:
    try:
        return tuple(shlex.split(entry))
    except ValueError:  # an unclosed quote
        return tuple(entry.split())


def _names(requirements: Argv) -> Iterator[str]:
    for one in requirements:
        if found := _REQUIREMENT.match(one):
            yield canonicalize_name(found.group())
