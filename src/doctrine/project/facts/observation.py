"""All facts of a project together, with what its user states put over them."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.project import Automation, Dependency, Fact, Layout, Module, Role
from doctrine.model.stated import Declaration, StatedFact
from doctrine.project.facts.coverage import coverage_facts
from doctrine.project.facts.kind import kind_facts
from doctrine.project.facts.linting import linting_facts
from doctrine.project.facts.pages import own_pages
from doctrine.project.facts.sightings import index, observed
from doctrine.project.facts.signs import fact_signs
from doctrine.project.facts.stated import operation_facts, overridden
from doctrine.project.facts.targets import target_facts
from doctrine.project.facts.testing import testing_facts


def observe(
    layout: Layout,
    modules: tuple[Module, ...],
    dependencies: tuple[Dependency, ...],
    automation: Automation,
    texts: Mapping[str, str],
    *,
    stated: Mapping[str, StatedFact],
    declarations: tuple[Declaration, ...] = (),
) -> Mapping[str, Fact]:
    """Return every fact by id.

    Args:
        layout: The project's files, configuration and target.
        modules: One per Python file.
        dependencies: Declared requirements.
        automation: CI and hooks.
        texts: Content of configuration files by path.
        stated: Facts that the user states; they override what is observed.
        declarations: Operations that the project declares.
    """
    found = index(layout, modules, dependencies)
    facts = {signs.id: observed(signs, found) for signs in fact_signs()}
    computed = (
        *target_facts(layout, modules, dependencies, automation.systems, texts),
        *kind_facts(layout, modules, dependencies, found),
        *testing_facts(layout, modules, dependencies, automation, texts),
        *coverage_facts(layout, automation, texts),
        *linting_facts(layout, texts),
        *operation_facts(declarations),
    )
    facts |= {fact.id: fact for fact in computed}
    facts["web-ui"] = own_pages(facts["web-ui"], facts["library"], found.paths[Role.SOURCE])
    facts |= {name: overridden(name, said, facts.get(name)) for name, said in stated.items()}
    return facts
