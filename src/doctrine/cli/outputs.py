"""Which files the reports go to, settled before minutes are spent on tools."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path, PurePath

from doctrine.errors import UsageError
from doctrine.model.replacing import replace
from doctrine.model.settings import Output
from doctrine.reports.discovery import formats

STDOUT = "-"
_NO_FILES = ("/dev", "/proc")
_FILES_ALL_THE_SAME = "/dev/shm"  # noqa: S108 - a folder that users may name, not one of ours


def settled(outputs: Iterable[Output], *, inside: str = "") -> tuple[Output, ...]:
    """Return the outputs with the format of each, and refuse what cannot be written.

    Args:
        outputs: What was asked for; the file name decides where no format is named.
        inside: Absolute folder that relative paths start from and none may lead out of, links
            followed: that of the project, where its own configuration asks. Empty where the user
            does.

    Raises:
        UsageError: The file name decides nothing, two reports are meant for stdout or for one file,
            or what stands in its place is no file.
    """
    done: list[Output] = []
    seen: set[str] = set()
    for output in outputs:
        one = output if output.format else replace(output, format=_format_of(output.path))
        if one.path != STDOUT:
            if inside:
                one = replace(one, path=_contained(one, inside))
            _require_a_file(one)
        real = one.path if one.path == STDOUT else _real(one.path)
        if real in seen:
            where = "stdout" if real == STDOUT else one.path
            raise UsageError(
                f"only one report can go to {where}", hint="give the others a file name"
            )
        seen.add(real)
        done.append(one)
    return tuple(done)


def _format_of(path: str) -> str:
    """Return the format that a file name asks for: the one of that name, or the only one."""
    suffix, known = PurePath(path).suffix, formats()
    if suffix[1:] in known:
        return suffix[1:]
    names = [name for name, form in known.items() if form.suffix == suffix]
    if len(names) == 1:
        return names[0]
    if names:
        raise UsageError(
            f"--output {path}: several formats are kept in {suffix} files: {', '.join(names)}",
            hint=f"say which: --output {names[0]}={path}",
        )
    raise UsageError(
        f"--output {path}: no format is kept in {suffix or 'such'} files",
        hint=f"say which: --output FORMAT={path}, FORMAT one of: {', '.join(known)}",
    )


def _real(path: str) -> str:
    """Return where a file will lie; a link in its own place is replaced, and so not followed."""
    try:
        return os.path.join(os.path.realpath(Path(path).parent), PurePath(path).name)  # noqa: PTH118 - a path, to compare
    except (OSError, ValueError) as error:
        raise UsageError(f"{path!r} is no file name: {error}") from error


def _contained(output: Output, root: str) -> str:
    path = os.path.join(root, output.path)  # noqa: PTH118 - an absolute path stays what it is
    real, whole = os.path.realpath(root), _real(path)
    if os.path.commonpath((real, whole)) != real:
        raise UsageError(
            f"the project's configuration asks for a report outside the project: {output.path}",
            hint=f"name it on the command line if you want it: --output {output.format}=FILE",
        )
    return path


def _require_a_file(output: Output) -> None:
    path, form = output.path, output.format
    real = _real(path)
    unfit = any(real.startswith(f"{folder}/") for folder in _NO_FILES)
    if unfit and not real.startswith(f"{_FILES_ALL_THE_SAME}/"):
        raise UsageError(
            f"the {form} report cannot be written to {path}: that is no place for files",
            hint=f"--output {form}=- is stdout",
        )
    try:
        mode = Path(path).lstat().st_mode
    except OSError:
        return
    except ValueError as error:
        raise UsageError(f"{path!r} is no file name: {error}") from error
    if stat.S_ISDIR(mode) or Path(path).is_dir():
        raise UsageError(
            f"the {form} report cannot be written to {path}: it is a folder",
            hint=f"name a file: --output {form}={path}/FILE",
        )
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        raise UsageError(
            f"the {form} report cannot be written to {path}: it is a pipe, a socket or a device",
            hint=f"--output {form}=- is stdout, which can be piped anywhere",
        )
