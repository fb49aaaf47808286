"""Old configuration files that are moved without a project on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from doctrine.adopt.moving import Moved, moved
from doctrine.adopt.situation import Situation
from doctrine.model.replacing import replace
from tests.builders import a_project


def situation(files: Mapping[str, str]) -> Situation:
    """Return the situation of a project of which nothing but its files is known."""
    project = a_project(())
    layout = replace(project.layout, others=tuple(sorted(files)))
    return Situation(project=replace(project, layout=layout, texts=files))


def move(files: Mapping[str, str]) -> Moved:
    """Return what becomes of files."""
    contents = {path: text.encode("utf-8") for path, text in files.items()}
    return moved(situation(files), contents, files.get)


def after(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files as they are once everything is moved."""
    texts: dict[str, str] = dict(files)
    for edit in move(files).edits:
        if edit.after is None:
            del texts[edit.path]
        else:
            texts[edit.path] = edit.after.decode("utf-8")
    return texts


def plant(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files, and nothing else, into a folder."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder
