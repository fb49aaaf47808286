"""The file of a project's baseline: where it lies, and how it is read and written."""

from __future__ import annotations

import os
from pathlib import Path

from doctrine.errors import UsageError
from doctrine.model.baseline import Baseline
from doctrine.model.settings import Settings
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.project.replacing import Replacement, replace_files

NAME = "doctrine-baseline.txt"
"""Found at the root of a project without being named."""
_LIMIT = 64 << 20


def baseline_name(settings: Settings) -> str:
    """Return the POSIX path of a project's baseline, relative to its root.

    Args:
        settings: The root, and the file if one is named.

    Raises:
        UsageError: The file that is named lies outside of the project.
    """
    if not settings.baseline:
        return NAME
    root = Path(settings.root).resolve()
    # The folder may be reached through a link; the file itself may be one, which is checked later.
    named = Path(root, settings.baseline)
    place = named.parent.resolve() / named.name
    if not place.is_relative_to(root) or place == root:
        raise UsageError(
            f"the baseline {settings.baseline} does not lie in the project",
            hint="it belongs to what it accepts: keep it in the project, under version control",
        )
    return place.relative_to(root).as_posix()


def exists(settings: Settings) -> bool:
    """Return whether a project has a file where its baseline is expected.

    Args:
        settings: The root, and the file if one is named.
    """
    return os.path.lexists(Path(settings.root, baseline_name(settings)))


def read_baseline(settings: Settings) -> Baseline | None:
    """Return a project's baseline; None where it has none, or none is wanted.

    Args:
        settings: The root, the file if one is named, and whether it is wanted.

    Raises:
        UsageError: A file that is named does not exist, or the file cannot be used.
    """
    if settings.no_baseline:
        return None
    name = baseline_name(settings)
    if not exists(settings):
        if settings.baseline:
            raise UsageError(
                f"there is no baseline {name}", hint="`doctrine baseline create` makes one"
            )
        return None
    # Most projects have none, and nothing may delay the start of the first tool.
    from doctrine.baseline.document import parsed

    return parsed(_content(settings.root, name), name)


def _content(root: str, name: str) -> bytes:
    try:
        return read_regular(str(Path(root, name)), _LIMIT)
    except CannotReadError as error:
        raise UsageError(f"the baseline {name} cannot be read: {error}") from error


def write_baseline(settings: Settings, baseline: Baseline) -> bool:
    """Write a project's baseline, whole or not at all.

    Args:
        settings: The root, and the file if one is named.
        baseline: What is accepted.

    Returns:
        False where the file holds exactly this already.

    Raises:
        UsageError: The file cannot be written.
    """
    from doctrine.baseline.document import rendered

    name = baseline_name(settings)
    after = rendered(baseline).encode("utf-8", "surrogatepass")
    before = _content(settings.root, name) if exists(settings) else None
    if before == after:
        return False
    replace_files(settings.root, (Replacement(name=name, before=before, after=after),))
    return True
