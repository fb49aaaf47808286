"""What is common to the tools whose part ruff takes."""

from __future__ import annotations

import re

from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._move import Old
from doctrine.adopt.ruff import first_rows
from doctrine.documents import table

RUFF = ("tool", "ruff")
_RUNNING = (
    "tox.ini", "tox.toml", "noxfile.py", "Makefile", "justfile", ".pre-commit-config.yaml", "setup.cfg",
)  # fmt: skip
_SCRIPTS = re.compile(
    r"(?:^|/)(?:Dockerfile|Containerfile|Procfile|\.github/|\.gitlab-ci|\.travis|azure-pipelines|.*\.(?:sh|mk)$)"
)


def is_configured(old: Old) -> bool:
    """Return whether the project configures ruff itself, apart from what is moved now."""
    pyproject = old.situation.project.layout.pyproject
    others = set(old.situation.project.layout.others)
    mine = pyproject is not None and bool(table(pyproject.data, *RUFF))
    return mine or bool(others & {"ruff.toml", ".ruff.toml"})


def first_block(old: Old, *rows: Row) -> tuple[Block, ...]:
    """Return the table that ruff's others stand below, where it is not there yet.

    Args:
        old: The project.
        rows: Keys of it that are known already.
    """
    if table(old.data, *RUFF):
        return ()
    usual, _ = first_rows(old.data, old.situation)
    given = {row.keys for row in rows}
    plain = {tuple(map(str, keys)): value for keys, value in usual.items()}
    made = (Row(keys=keys, value=value) for keys, value in plain.items() if keys not in given)
    return (Block(table=RUFF, rows=(*rows, *made)),)


def runs(old: Old, tool: str) -> str:
    """Return where a tool is run, as ``path:line``; empty where nothing is known to run it."""
    project = old.situation.project
    for command in project.automation.commands:
        if "".join(command.argv[:1]) == tool:
            return f"{command.place.path}:{command.place.line}"
    named = re.compile(rf"(?<![\w\[.:/-]){tool}(?![\w\].:=-])")
    for path, text in project.texts.items():
        if path not in _RUNNING and not _SCRIPTS.search(path):
            continue
        for number, line in enumerate(text.split("\n"), start=1):
            if named.search(line.partition("#")[0]) and not line.startswith("["):
                return f"{path}:{number}"
    return ""
