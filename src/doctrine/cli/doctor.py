"""``doctrine doctor``: look at a project as a check would, and start no tool."""

from __future__ import annotations

from pathlib import Path

import msgspec

from doctrine.app import examine
from doctrine.cli.check import settings_of
from doctrine.cli.doctor_view import render_doctor
from doctrine.model.diagnosis import Diagnosis, Weight
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root
from doctrine.reports._format import Canvas

SCHEMA = "doctrine.doctor/v1"


def doctor(path: str, canvas: Canvas, *, plan: bool, json: bool) -> tuple[str, int]:
    """Return what the doctor says, and the exit code.

    Args:
        path: A folder of the project.
        canvas: What it is shown on.
        plan: Whether every command is shown as it would be started.
        json: Whether programs read it.

    Returns:
        The text; 1 when something will keep a check from a full verdict, else 0.

    Raises:
        UsageError: The project or its settings cannot be used.
    """
    root, paths = resolve_root(path)
    pyproject = read_pyproject(root)
    found = examine(settings_of(root, pyproject, {"paths": list(paths)}), pyproject)
    text = _as_json(found) if json else render_doctor(found, canvas, plan=plan)
    return text, int(any(one.weight is Weight.TROUBLE for one in found.symptoms))


def _as_json(found: Diagnosis) -> str:
    """Return the diagnosis for programs; paths are this machine's, since it is about them."""
    document = {"schema": SCHEMA, **msgspec.to_builtins(found)}
    if found.environment is not None:
        document["environment"] = {
            "python": found.environment.python,
            "version": found.environment.version,
            "label": found.environment.label,
            "packages": len(found.environment.packages),
        }
    document["name"] = found.name or Path(found.root).name
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
