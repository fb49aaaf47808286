"""What every request to a tool is made from, and where the tools are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.model.guide import Guide
from doctrine.model.project import Environment, Layout, Project
from doctrine.model.replacing import replace
from doctrine.model.run import Origin
from doctrine.model.settings import Settings
from doctrine.model.tool import Located, Request, Tool
from doctrine.plan import rules_for
from doctrine.project.toolchain import hooked, interpreters, locate, own_environment

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse

_DRIVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "drivers")  # noqa: PTH100, PTH118, PTH120 - pathlib costs 10 ms before the first tool starts


def bench_of(layout: Layout, settings: Settings, guide: Guide) -> Bench:
    """Return what requests are made from, nothing reused.

    Args:
        layout: What is known of the project's files.
        settings: What the user asked for.
        guide: What it is judged by.
    """
    return Bench(
        guide=guide,
        layout=layout,
        settings=settings,
        pythons=interpreters(layout.environment, path=settings.trust.search_path),
        own=own_environment(),
    )


class Bench(Struct, frozen=True, kw_only=True):
    """What every request is made from.

    Attributes:
        guide: What projects are judged by.
        layout: What is known of the project's files.
        settings: What the user asked for.
        pythons: The interpreters there are, by version.
        own: Doctrine's own environment.
        reuse: What earlier runs left; None where nothing is kept.
    """

    guide: Guide
    layout: Layout
    settings: Settings
    pythons: tuple[tuple[tuple[int, int], str], ...]
    own: Environment | None
    reuse: Reuse | None = None

    def locate(self, tool: Tool) -> Located | None:
        """Find a tool: the project's own copy first, then that of its hooks, then doctrine's."""
        found = locate(
            distribution=tool.distribution,
            program=tool.program,
            supported=tool.supported,
            environment=self.layout.environment,
            own=self.own,
            path=self.settings.trust.search_path,
        )
        if found is None or found.origin is not Origin.DOCTRINE or not tool.alone:
            return found
        return self._of_hooks(tool, found) or found

    def _of_hooks(self, tool: Tool, own: Located) -> Located | None:
        """Find the copy of a tool that the project's hooks pin; none where nothing is believed."""
        if not self.settings.trust.believed:
            return None
        # The first tool is none of those that hooks are asked about.
        from doctrine.project.hook_environments import hook_pins

        return hooked(
            own,
            distribution=tool.distribution,
            program=tool.program,
            supported=tool.supported,
            pins=hook_pins(self.layout.root),
        )

    def request(self, tool: Tool, located: Located, project: Project | None) -> Request:
        """Return what a tool is asked; without a project when it starts before parsing."""
        configuration = tool.distribution if tool.name not in self.guide.defaults else tool.name
        base = Request(
            layout=self.layout,
            located=located,
            settings=self.settings,
            rules=rules_for(self.guide, tool.name),
            defaults=self.guide.defaults.get(configuration, {}),
            drivers=_DRIVERS,
            pythons=self.pythons,
        )
        if project is None:
            return base
        return replace(
            base, modules=project.modules, automation=project.automation, lock=project.lock
        )
