"""The project's ``pyproject.toml``."""

from __future__ import annotations

import os
from pathlib import Path

from doctrine.documents import parse_toml
from doctrine.errors import ConfigError
from doctrine.model.project import TomlFile
from doctrine.project.reading import CannotReadError, read_regular

NAME = "pyproject.toml"

_LIMIT = 8 * 1024 * 1024


def read_pyproject(root: str) -> TomlFile | None:
    """Return the parsed file, or None when the project has none.

    Raises:
        ConfigError: It exists and cannot be read, is not UTF-8, or is not TOML.
    """
    path = Path(root, NAME)
    if not os.path.lexists(path):
        return None
    try:
        content = read_regular(str(path), _LIMIT)
    except CannotReadError as error:
        raise ConfigError(f"the file cannot be read: {error}", path=NAME) from error
    return parse_toml(NAME, _decoded(content))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        start = before.rfind(b"\n") + 1
        raise ConfigError(
            f"the file is not UTF-8: byte 0x{content[error.start]:02x} cannot be decoded",
            path=NAME,
            line=before.count(b"\n") + 1,
            column=len(before[start:].decode("utf-8", "replace")) + 1,
            hint="save the file as UTF-8",
        ) from error
