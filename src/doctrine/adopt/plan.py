"""From a situation and the files as they are to what each file is to hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct, field

from doctrine.adopt import github, gitignore, gitlab, hooks, updates
from doctrine.adopt.apart import stops_mypy
from doctrine.adopt.edits import PYPROJECT, Edit, Files, Left, Plan, Reason, Section
from doctrine.adopt.environment import beyond_the_lock
from doctrine.adopt.gates import other_runner
from doctrine.adopt.pipeline import pipeline_of
from doctrine.adopt.project import is_managed
from doctrine.adopt.pyproject import pyproject_edit
from doctrine.adopt.situation import Platform, Situation
from doctrine.adopt.tables import Data
from doctrine.model.project import Role
from doctrine.model.replacing import replace

EDITED = (PYPROJECT, hooks.PATH, github.PATH, gitlab.PATH, *updates.FILES, gitignore.PATH)
"""Every file that a plan may change, and so asks for."""
_MYPY = "TYP001.gate"


class _Draft(Struct):
    """A plan while it is being made."""

    files: Files
    edits: list[Edit] = field(default_factory=list[Edit])
    left: list[Left] = field(default_factory=list[Left])
    unrun: frozenset[str] = frozenset()

    def text(self, path: str) -> str | None:
        """Return the text of a file; None where there is none."""
        content = self.files.get(path)
        return None if content is None else content.decode("utf-8")

    def write(self, path: str, new: str | None, *reasons: Reason) -> None:
        """Note what a file is to hold; None where it cannot be edited."""
        before = self.files.get(path)
        if new is None:
            first = reasons[0]
            hint = f"add it yourself: {first.text}"
            text = f"{path} is built in a way that cannot be added to without changing the rest"
            self.left.append(Left(section=first.section, text=text, hint=hint))
        elif (after := new.encode("utf-8")) != before:
            self.edits.append(Edit(path=path, before=before, after=after, reasons=reasons))


def plan_edits(situation: Situation, files: Files, sections: Collection[Section]) -> Plan:
    """Return what brings a project to the configuration that the guide asks.

    Args:
        situation: The project.
        files: Content of those of ``EDITED`` that exist, all of it UTF-8.
        sections: The parts that are asked for.
    """
    draft = _Draft(files=files)
    edit, left, data = pyproject_edit(situation, files.get(PYPROJECT), sections)
    draft.edits += [edit] if edit else []
    draft.left += left
    _beside(draft, situation, data, frozenset(sections))
    return Plan(
        edits=tuple(one for one in draft.edits if _is_wanted(one, situation)),
        left=tuple(draft.left) if situation.wants(()) else (),
        managed=is_managed(data),
    )


def _is_wanted(edit: Edit, situation: Situation) -> bool:
    reasons = (situation.wants(reason.clauses) for reason in edit.reasons)
    return situation.wants(()) or any(reasons)


def _beside(
    draft: _Draft,
    situation: Situation,
    data: Data,
    sections: frozenset[Section],
) -> None:
    """Plan the files that cannot live in ``pyproject.toml``."""
    managed = is_managed(data)
    if managed and situation.lacks(_MYPY) and stops_mypy(situation.project, data):
        draft.left += _unrun(sections)
        draft.unrun = frozenset({_MYPY})
    steps = {
        Section.HOOKS: (_hooks, managed),
        Section.CI: (_ci, managed),
        Section.UPDATES: (_updates, True),
        Section.GITIGNORE: (_gitignore, True),
    }
    for section, (step, possible) in steps.items():
        if section not in sections:
            continue
        if possible:
            step(draft, situation, data)
        else:
            text = f"{section.value}: what would run starts with uv, which cannot manage this yet"
            hint = "describe the project under [project], then run `doctrine init` again"
            draft.left.append(Left(section=section, text=text, hint=hint))


def _unrun(sections: frozenset[Section]) -> Iterator[Left]:
    """Yield that nothing is made to run mypy, where it would stop each time."""
    wanted = next((one for one in (Section.CI, Section.HOOKS) if one in sections), None)
    if wanted is not None:
        text = "mypy stops at files that are modules of one name, so neither CI nor a hook runs it"
        hint = "`doctrine check` lets it check some of them at a time; rename them for a gate of its own"
        yield Left(section=wanted, text=text, hint=hint)


def _hooks(draft: _Draft, situation: Situation, data: Data) -> None:
    new, reason = hooks.hooks(draft.text(hooks.PATH), situation, draft.unrun)
    if new is not None or hooks.PATH in draft.files:
        draft.write(hooks.PATH, new, reason)


def _ci(draft: _Draft, situation: Situation, data: Data) -> None:
    situation = replace(situation, lacking=situation.lacking - draft.unrun)
    pipeline = pipeline_of(situation, data)
    if (runner := other_runner(situation)) and situation.lacks("COV001.gate", "COV002.gate"):
        text = f"the tests are run by {runner}, so no job runs them with pytest"
        hint = "let CI measure their coverage, and fail below 80 percent"
        draft.left.append(Left(section=Section.CI, text=text, hint=hint))
    if pipeline.is_empty:
        return
    files = situation.project.layout.files
    if pipeline.tests and not any(file.role is Role.TEST for file in files):
        text = "there is no test yet, so the job that runs the tests fails"
        hint = "write the first one: tests/test_….py"
        draft.left.append(Left(section=Section.CI, text=text, hint=hint))
    if pipeline.tests and (missing := beyond_the_lock(situation)):
        draft.left.append(missing)
    if situation.platform is Platform.GITLAB:
        new = gitlab.jobs(draft.text(gitlab.PATH), pipeline)
        draft.write(gitlab.PATH, new, pipeline.reason)
    else:
        new = github.workflow(draft.text(github.PATH), pipeline)
        draft.write(github.PATH, new, pipeline.reason)


def _updates(draft: _Draft, situation: Situation, data: Data) -> None:
    found = updates.updates(situation, draft.files, managed=is_managed(data))
    if found is not None:
        path, new, reason = found
        draft.write(path, new, reason)


def _gitignore(draft: _Draft, situation: Situation, data: Data) -> None:
    if not situation.versioned:
        return  # nothing is ignored where git does not look
    new, reasons = gitignore.ignored(draft.text(gitignore.PATH))
    if reasons:
        draft.write(gitignore.PATH, new, *reasons)
