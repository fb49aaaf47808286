"""Putting the parts of a project together."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.project import Automation, Dependency, Fact, Layout, Lock, Module, Project
from doctrine.model.stated import Declaration, OperationKind
from doctrine.project.facts.linting import selected_rules
from doctrine.project.pins import read_pins


def assemble(
    layout: Layout,
    modules: tuple[Module, ...],
    automation: Automation,
    facts: Mapping[str, Fact],
    *,
    dependencies: tuple[Dependency, ...],
    lock: Lock | None,
    texts: Mapping[str, str],
    unread: Mapping[str, str],
    declarations: tuple[Declaration, ...] = (),
    secret_texts: Mapping[str, str],
) -> Project:
    """Return everything known about a project, its modules sorted by path."""
    return Project(
        layout=layout,
        modules=tuple(sorted(modules, key=lambda module: module.path)),
        dependencies=dependencies,
        lock=lock,
        automation=automation,
        facts=facts,
        texts=texts,
        unread=unread,
        secret_texts=secret_texts,
        pins=read_pins(dependencies, lock, texts),
        selected=selected_rules(layout, texts),
        declarations={
            kind: tuple(one for one in declarations if one.kind is kind) for kind in OperationKind
        },
    )
