"""How mypy is started: as the project runs it, but without writing anything.

Its configuration, what that names to check, and where it is silent the words of the command in
CI. Mypy gives up all files over one that it cannot parse, so those are kept away from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import tomli_w

from doctrine.documents import text
from doctrine.model.process import Invocation
from doctrine.model.tool import Request, Skip
from doctrine.tools._commands import (
    commands_of,
    existing,
    judged_version,
    option,
    positionals,
    source_targets,
)
from doctrine.tools._decode import argument
from doctrine.tools._drivers import flawed
from doctrine.tools._mypy_config import MypyConfig, find_config

_NAME = "mypy"
_CONFIG = "mypy.toml"
_BASE = (
    "-v",
    "--output=json",
    "--no-error-summary",
    "--show-error-end",
    "--hide-error-context",
    "--no-incremental",
    "--no-install-types",
    "--interactive",
)
_VALUED = frozenset(
    {
        "--config-file", "--python-version", "--platform", "--python-executable", "--cache-dir",
        "--exclude", "--follow-imports", "--enable-error-code", "--disable-error-code",
        "--always-true", "--always-false", "--custom-typeshed-dir", "--output", "--junit-xml",
        "-p", "--package", "-m", "--module", "-c", "--command", "-n", "--num-workers",
        "--shadow-file", "--any-exprs-report", "--cobertura-xml-report", "--html-report",
        "--linecount-report", "--linecoverage-report", "--lineprecision-report", "--txt-report",
        "--xml-report", "--xslt-html-report", "--xslt-txt-report",
    }
)  # fmt: skip
_PASSED_ON = (
    "--strict", "--disallow-", "--allow-", "--warn-", "--no-warn-", "--check-untyped-defs",
    "--ignore-missing-imports", "--explicit-package-bases", "--namespace-packages", "--implicit-",
    "--no-implicit-", "--local-partial-types", "--extra-checks", "--follow-", "--enable-error-code",
    "--disable-error-code", "--exclude", "--config-file", "--python-version", "--platform",
    "--always-", "--scripts-are-modules",
)  # fmt: skip
"""Options of the command in CI that change what is found, and write nothing."""

_LISTED = "@"
"""What a file of further options is marked with; it counts behind ``--`` as well."""
_DROPPED_38 = 16
_FILE = "--config-file"
_CHECK = "check"
"""Name of the one run over all that there is to check."""
_NOTHING: Mapping[str, str] = {}
_LONGEST = 100_000
"""Characters of one ``--exclude``: the system bounds a single argument."""


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the one command that checks the types without writing."""
    if not any(module.flaw is None for module in request.modules):
        return Skip(reason="there is no Python file that can be parsed")
    config, content = configuration(request)
    gate = gate_of(request)
    targets = targets_of(request, config, gate)
    if not targets and not config.names_targets:
        return Skip(reason="there is no source file to check")
    argv = (*command(request, config, content), *_kept_away(request), *targets)
    return (invocation(request, _CHECK, argv, content),)


def gate_of(request: Request) -> tuple[str, ...]:
    """Return the words of the command in CI, without the files that hold further ones.

    mypy reads what ``@name`` holds as options, wherever it stands: a project that is not believed
    would name a plugin in one.
    """
    commands = commands_of(request.automation, _NAME)
    kept: list[str] = []
    for word in commands[0] if commands else ():
        if not word.startswith(_LISTED):
            kept.append(word)
        elif kept and kept[-1] in _VALUED:
            kept.pop()
    return tuple(kept)


def command(request: Request, config: MypyConfig, content: bytes | None) -> tuple[str, ...]:
    """Return the command but for what it is to check."""
    gate = gate_of(request)
    return (
        *request.located.command,
        *_BASE,
        f"--cache-dir={_nowhere(request)}",
        *_writes(config),
        *((f"--config-file={{scratch}}/{_CONFIG}",) if content is not None else ()),
        *_interpreter(request, config),
        *_version(request, config, gate),
        *_passed_on(gate, believed=request.settings.trust.believed),
    )


def invocation(
    request: Request,
    name: str,
    argv: tuple[str, ...],
    content: bytes | None,
    env: Mapping[str, str] = _NOTHING,
) -> Invocation:
    """Return a run.

    Args:
        request: What mypy is asked.
        name: Tells it from others.
        argv: Its command.
        content: Doctrine's own configuration file, if there is one.
        env: Variables that only this run has.
    """
    return Invocation(
        name=name,
        argv=argv,
        cwd=request.layout.root,
        env={"PYTHONDONTWRITEBYTECODE": "1", **env},
        files={} if content is None else {_CONFIG: content},
        timeout=request.settings.timeout,
    )


def configuration(request: Request) -> tuple[MypyConfig, bytes | None]:
    """Return what configures mypy, and the content of a file of doctrine's own, if it is one."""
    config = find_config(request.layout)
    if not config.path and not commands_of(request.automation, _NAME):
        return config, _defaults(request)
    if request.settings.trust.believed:
        return config, None
    from doctrine.tools._mypy_confined import confined_config

    return confined_config(request, config)


def _nowhere(request: Request) -> str:
    """Return the null device: a cache that is thrown away costs more than none."""
    return "nul" if "\\" in request.located.python else "/dev/null"


def _defaults(request: Request) -> bytes:
    """Return the guide's configuration; the version is the project's, not the guide's."""
    options = dict(request.defaults) or {"strict": True}
    options.pop("python_version", None)
    return tomli_w.dumps({"tool": {"mypy": options}}).encode()


def _writes(config: MypyConfig) -> Iterator[str]:
    """Yield options that send what the configuration makes mypy write elsewhere."""
    for report in config.reports:
        yield f"--{report.replace('_', '-')}={{scratch}}/{report}"
    if "junit_xml" in config.options:
        yield "--junit-xml={scratch}/junit.xml"
    if "num_workers" in config.options:
        yield "--num-workers=0"  # workers need a cache, and their log shows nothing


def _interpreter(request: Request, config: MypyConfig) -> tuple[str, ...]:
    """Say whose packages count: never those of doctrine itself."""
    if text(config.options.get("python_executable")):
        return ()
    environment = request.layout.environment
    if environment is None:
        return ("--no-site-packages",)
    return (f"--python-executable={environment.python}",)


def _version(request: Request, config: MypyConfig, gate: tuple[str, ...]) -> tuple[str, ...]:
    version = judged_version(request.layout, configured=bool(config.path or gate))
    elsewhere = option(gate, "--python-version") or option(gate, "--config-file")
    if version is None or elsewhere or config.options.get("python_version"):
        return ()
    return (f"--python-version=3.{max(version[1], _oldest(request.located.version))}",)


def _oldest(version: str) -> int:
    """Return the oldest minor version that this mypy can judge for."""
    found = re.match(r"(\d+)\.(\d+)", version)
    major, minor = (int(found[1]), int(found[2])) if found else (2, 0)
    if major > 1:
        return 10
    return 9 if minor >= _DROPPED_38 else 8


def targets_of(request: Request, config: MypyConfig, gate: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to check; empty when the configuration says it."""
    layout = request.layout
    unfit = flawed(request)
    named = existing(request.settings.paths, layout)
    if not named and config.names_targets:
        return ()
    packages = option(gate, "-p", "--package")
    if not named and packages:
        return ("-p", packages)
    found = named or existing(positionals(gate, _VALUED), layout) or source_targets(layout)
    return tuple(spelled(path) for path in found if path not in unfit)


def spelled(path: str) -> str:
    """Return a path so that mypy takes it neither for an option nor for a file of options."""
    return argument(path) if path.startswith(("-", _LISTED)) else path


def _passed_on(gate: tuple[str, ...], *, believed: bool) -> Iterator[str]:
    """Yield the words of the command in CI that change what mypy finds."""
    names = _PASSED_ON if believed else tuple(set(_PASSED_ON) - {_FILE})
    words = iter(gate)
    for word in words:
        if not word.startswith(names):
            continue
        yield word
        if word in _VALUED:
            yield next(words, "")


def _kept_away(request: Request) -> Iterator[str]:
    """Yield patterns for the files that would make mypy stop."""
    chunk = ""
    for path in flawed(request):
        pattern = re.escape(path)
        if len(chunk) + len(pattern) > _LONGEST:
            yield f"--exclude=^({chunk})$"
            chunk = ""
        chunk = f"{chunk}|{pattern}" if chunk else pattern
    if chunk:
        yield f"--exclude=^({chunk})$"
    for link in request.layout.linked:
        # mypy follows links to folders, and a link to a folder around it never ends.
        yield f"--exclude=^{re.escape(link)}/"
