"""What mypy says when it cannot import a plugin, and what mends that.

It names the plugin and the module that is missing, and knows neither the distribution nor whose
packages it looked among: a plugin is imported by the Python that runs mypy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from doctrine.model.project import Environment
from doctrine.model.run import Origin
from doctrine.model.tool import Request
from doctrine.mypy_plugins import brought_by
from doctrine.tools._mypy_config import find_config

_DOCTOR = "`doctrine doctor` names the command"
_FAILED = re.compile(r"Error importing plugin \"(?P<plugin>[^\"]+)\": (?P<why>.*)")
_MODULE = re.compile(r"No module named '(?P<module>[\w.]+)'")


class _Missing(Struct, frozen=True, kw_only=True):
    plugin: str
    module: str
    why: str

    @property
    def is_itself(self) -> bool:
        """Whether the plugin is what is missing, not something that it imports."""
        return self.module.partition(".")[0] == self.plugin.partition(":")[0].partition(".")[0]


def plugin_trouble(words: Iterable[str], request: Request) -> str | None:
    """Return which plugin cannot be imported, and what to do; None where it is something else.

    Args:
        words: What mypy said.
        request: What it was asked.
    """
    found = next(filter(None, map(_missing, words)), None)
    if found is None:
        return None
    named = find_config(request.layout).path or "the configuration"
    told = f'mypy stopped: {named} names the plugin "{found.plugin}", which cannot be imported'
    return f"{told} ({found.why}); {_remedy(found, request)}"


def _missing(words: str) -> _Missing | None:
    failed = _FAILED.search(words)
    if failed is None:
        return None
    module = _MODULE.search(failed["why"])
    return _Missing(
        plugin=failed["plugin"],
        module=module["module"] if module else "",
        why=failed["why"].strip(),
    )


def _remedy(found: _Missing, request: Request) -> str:
    brought = brought_by(found.plugin) if found.is_itself else ""
    comes = f"it comes with {brought}: " if brought else ""
    environment = request.layout.environment
    if environment is not None:
        return _within(environment, brought, found.module, request)
    if request.settings.install:
        return f"{comes}the private environment could not be made, see the problem of uv"
    return f"{comes}install the project's environment ({_DOCTOR}), or check with --install"


def _within(environment: Environment, brought: str, module: str, request: Request) -> str:
    """Return what to do where there is an environment."""
    label = environment.label
    if not brought:
        lacking = f"what brings `{module}`" if module else "what the plugin needs"
        return f"{label} lacks {lacking}: `uv sync`, or install it there"
    if brought not in environment.packages:
        return f"it comes with {brought}, which {label} lacks: {_DOCTOR}, or install it there"
    if request.located.origin is not Origin.PROJECT:
        beside = "but mypy is not, and another one does not see it"
        return f"{brought} is in {label}, {beside}: {_DOCTOR}, or install mypy there"
    other = "name a plugin that it has, or install another version there"
    return f"{brought} is in {label} and has no module `{module}`: {other}"
