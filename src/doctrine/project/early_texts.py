"""The few configuration files that decide how tools are started, read before the sources are."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.project.reading import CannotReadError, read_regular

_NAMES = ("mypy.ini", ".mypy.ini", "setup.cfg", "pyrightconfig.json", ".coveragerc")
_LIMIT = 1024 * 1024


def early_texts(root: str) -> Mapping[str, str]:
    """Return the content of those files that exist and can be read, by name.

    Args:
        root: Absolute project root.
    """
    texts: dict[str, str] = {}
    for name in _NAMES:
        try:
            content = read_regular(f"{root}/{name}", _LIMIT)
        except CannotReadError:
            continue
        texts[name] = content.decode("utf-8", "replace")
    return texts
