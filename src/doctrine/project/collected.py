"""The files in which a project has pytest look for tests, by its own patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from doctrine.documents import strings, table
from doctrine.model.project import TomlFile
from doctrine.project.reading import CannotReadError, read_regular

_INI = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")
_LIMIT = 1024 * 1024
_SETTING = re.compile(r"^python_files[ \t]*[=:](?P<value>.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_COMMENT = re.compile(r"(?:^|[ \t])[#;].*$", re.MULTILINE)


def collected_files(root: str, pyproject: TomlFile | None) -> tuple[str, ...]:
    """Return the patterns of ``python_files``; nothing where the project leaves them as they are.

    Args:
        root: Absolute project root.
        pyproject: The project's ``pyproject.toml``.
    """
    for keys in (("tool", "pytest"), ("tool", "pytest", "ini_options")):
        options: Mapping[str, object] = table(pyproject.data if pyproject else None, *keys)
        if "python_files" in options:
            return tuple(" ".join(strings(options["python_files"])).split())
    for name in _INI:
        try:
            content = read_regular(f"{root}/{name}", _LIMIT).decode("utf-8", "replace")
        except CannotReadError:
            continue
        if found := _SETTING.search(content):
            return tuple(_COMMENT.sub("", found["value"]).split())
    return ()
