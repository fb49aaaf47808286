"""Inspectors that note sightings file by file, and weigh them together at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from doctrine.inspect._inspector import GatheringInspector, gathering
from doctrine.inspect._sightings import Sighting, Undecided, reading
from doctrine.model.observation import Support
from doctrine.model.project import Layout, Project
from doctrine.model.run import Reading
from doctrine.syntax.tree import ParsedFile

Weigh = Callable[[list[Sighting], Project], Iterable[Sighting]]


def weighing(
    *,
    name: str,
    rules: tuple[str, ...],
    look: Callable[[ParsedFile], Iterable[Sighting]],
    weigh: Weigh,
) -> GatheringInspector:
    """Return an inspector that sees a whole project's sightings before it speaks.

    Args:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        look: What is seen in one file.
        weigh: What remains of the sightings of all files, in the order of paths.
    """

    def note(parsed: ParsedFile, layout: Layout) -> tuple[Sighting, ...] | None:
        del layout
        return tuple(look(parsed)) or None

    def conclude(project: Project, notes: Mapping[str, tuple[Sighting, ...]]) -> Reading:
        seen = [one for path in sorted(notes) for one in notes[path]]
        return reading(weigh(seen, project), sound_paths(project))

    return gathering(name=name, rules=rules, note=note, conclude=conclude)


def sound_paths(project: Project) -> Iterator[str]:
    """Yield the paths of the modules that could be parsed, which every inspector was shown."""
    return (module.path for module in project.modules if module.flaw is None)


def unless_supported(seen: list[Sighting], rule: str, reason: str) -> Iterator[Sighting]:
    """Yield that a rule is undecided where nothing speaks for it, nor against it.

    Args:
        seen: What was seen.
        rule: The rule.
        reason: What a person has to look at.
    """
    if not any(isinstance(one, Support) and one.rule == rule for one in seen):
        yield Undecided(rule=rule, reason=reason)
