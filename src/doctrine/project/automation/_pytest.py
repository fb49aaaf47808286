"""Checkers that run inside of pytest: what its plugins start for each file that it collects."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.documents import strings, table
from doctrine.model.replacing import replace
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._options import parse_arguments
from doctrine.project.automation._targets import sourceless
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.settings_text import PYTEST_FILES, addopts, pytest_words

_STARTED = {
    "--mypy": ("mypy", ("mypy",)),
    "--ruff": ("ruff", ("ruff", "check")),
    "--ruff-format": ("ruff", ("ruff", "format", "--check")),
}
"""Options with which pytest-mypy and pytest-ruff start something: the plugin's name, and what."""
_VALUED = frozenset({
    "-k", "-m", "-n", "-p", "-c", "-o", "-W", "-r", "--rootdir", "--maxfail", "--durations", "--tb", "--junitxml",
    "--ignore", "--cov-report", "--cov-config", "--numprocesses", "--dist", "--timeout", "--basetemp", "--color",
})  # fmt: skip


def follow_pytest(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Note what pytest's plugins start; pytest itself is noted as any other program."""
    if frame.cwd:
        return False
    texts = {path: text for path in PYTEST_FILES if (text := walk.text(path)) is not None}
    given = (*addopts(walk.pyproject, texts)[0], *_enabled(walk), *argv[1:])
    if wanted := tuple(_wanted(given)):
        paths = parse_arguments(argv[1:], _VALUED).words
        paths = paths or pytest_words(walk.pyproject, texts, "testpaths")[0]
        # Whatever it is, it reports on the files that pytest collects and on no others.
        blind = frame.blind or sourceless(("ruff", *paths), frame.cwd, walk.sources)
        inner = replace(frame.into(frame.path, " ".join(argv)), blind=blind)
        for started in wanted:
            walk.run((*started, *paths), inner)
    return False


def _wanted(given: Argv) -> Iterator[Argv]:
    for option, (plugin, started) in _STARTED.items():
        if option in given and f"no:{plugin}" not in given:
            yield started


def _enabled(walk: Walk) -> Iterator[str]:
    """Yield the options that pytest-enabler adds for the plugins that are there."""
    tables = table(walk.pyproject.data if walk.pyproject else None, "tool", "pytest-enabler")
    for name in tables:
        for options in strings(table(tables, name).get("addopts")):
            yield from options.split()
