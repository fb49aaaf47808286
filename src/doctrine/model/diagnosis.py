"""What ``doctrine doctor`` finds out: which tools would run, how, and what stands in their way."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from doctrine.model.observation import Evidence
from doctrine.model.project import Environment
from doctrine.model.run import Origin


class Weight(StrEnum):
    """How much a symptom matters."""

    TROUBLE = "trouble"
    """Something will be `error` or `unverified`, or judged by another version than the project's."""
    NOTE = "note"
    """Worth knowing; nothing is lost by it."""


class Symptom(Struct, frozen=True, kw_only=True, order=True):
    """One thing that is not as it should be.

    Attributes:
        topic: What it is about (``environment``, ``versions``, ``configuration`` …).
        weight: How much it matters.
        message: What is so, and what follows from it.
        remedy: The command or edit that mends it.
        places: Where it shows.
    """

    topic: str
    weight: Weight
    message: str
    remedy: str
    places: tuple[Evidence, ...] = ()


class Station(Struct, frozen=True, kw_only=True):
    """One tool, as it would take part in a check.

    Attributes:
        name: The tool.
        distribution: Normalised name of the distribution that brings it.
        configured: Whether it is judged as the project configured it, so that versions matter.
        version: Its version; empty where it is not known.
        origin: Whose copy it is; None where there is none.
        path: What would be started; empty where there is none.
        parser: Which grammar reads the sources: the tool's own, or that of an interpreter.
        commands: What would be started, in order, as argument lists.
        seconds: Rough time it takes alone on this project, from its usual pace.
        idle: Why it would not run; empty where it would.
    """

    name: str
    distribution: str
    configured: bool
    version: str
    origin: Origin | None
    path: str
    parser: str
    commands: tuple[tuple[str, ...], ...] = ()
    seconds: float = 0.0
    idle: str = ""


class Diagnosis(Struct, frozen=True, kw_only=True):
    """Everything that the doctor has to say of one project.

    Attributes:
        root: Absolute folder of the project.
        name: The project's name.
        target: Lowest Python it promises to run on, as ``3.11``; empty where nothing says.
        files: Python files.
        lines: Lines in them.
        environment: The project's own environment; None where none is installed.
        stations: Every tool, by name.
        jobs: Tools at a time.
        seconds: Rough time of a whole cold check.
        symptoms: What is not as it should be, trouble first.
    """

    root: str
    name: str
    target: str
    files: int
    lines: int
    environment: Environment | None
    stations: tuple[Station, ...]
    jobs: int
    seconds: float
    symptoms: tuple[Symptom, ...]
