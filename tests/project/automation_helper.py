"""Reading automation from texts alone."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from doctrine.documents import parse_toml
from doctrine.model.project import Automation, Command
from doctrine.project.automation import read_automation


def automation(files: Mapping[str, str], sources: tuple[str, ...] = ()) -> Automation:
    texts = {path: dedent(text) for path, text in files.items()}
    pyproject = texts.get("pyproject.toml")
    known = {path: text for path, text in texts.items() if path.startswith(".github/workflows")}
    return read_automation(
        known,
        texts.get,
        parse_toml("pyproject.toml", pyproject) if pyproject is not None else None,
        sources=sources,
    )


def workflow(steps: str, *, job: str = "runs-on: ubuntu-latest", on: str = "push") -> str:
    """Return a workflow whose steps begin on line 6 (``job`` being one line)."""
    body = "".join(f"      {line}\n" for line in dedent(steps).strip().splitlines())
    head = "".join(f"    {line}\n" for line in dedent(job).strip().splitlines())
    return f"on: [{on}]\njobs:\n  check:\n{head}    steps:\n{body}"


def ci(steps: str, **others: str) -> Automation:
    files = {name.replace("__", "/"): text for name, text in others.items()}
    return automation({".github/workflows/ci.yml": workflow(steps), **files})


def argvs(found: Automation) -> list[tuple[str, ...]]:
    return [command.argv for command in found.commands]


def named(found: Automation, program: str) -> Command:
    return next(command for command in found.commands if command.argv[0] == program)


def places(found: Automation) -> list[tuple[str, str, int]]:
    return [(one.argv[0], one.place.path, one.place.line) for one in found.commands]
