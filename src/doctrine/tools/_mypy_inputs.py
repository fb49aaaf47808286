"""What mypy's result depends on: all that it can import, and every file that may configure it."""

from __future__ import annotations

from doctrine.documents import strings, text
from doctrine.model.inputs import Inputs
from doctrine.model.tool import Request
from doctrine.tools._commands import commands_of, option
from doctrine.tools._inputs import (
    leads_out_of_sight,
    leads_outside,
    noted,
    typing_facts,
    variables_in,
)
from doctrine.tools._mypy_config import NAMES, MypyConfig, find_config, places

_NAME = "mypy"
_OUTER = ("~/.config/mypy/config", "~/.mypy.ini")
_PATHS = ("mypy_path", "custom_typeshed_dir", "custom_typing_module", "files", "shadow_file")
_FOLDERS = ("mypy_path", "custom_typeshed_dir", "custom_typing_module")


def inputs(request: Request) -> Inputs | None:
    """Return what a run depends on; None where the configuration leads out of the project."""
    layout = request.layout
    config = find_config(layout)
    named = {option(one, "--config-file") for one in commands_of(request.automation, _NAME)}
    if _leads_away(config) or named - {"", config.path}:
        return None
    # A plugin is a program: it may ask for any variable.
    plugged = bool(text(config.options.get("plugins")) or strings(config.options.get("plugins")))
    return Inputs(
        files=noted(layout.files),
        importable=True,
        environment=True,
        configuration=(*(name for name in NAMES if name != "pyproject.toml"), *_OUTER),
        nested=() if config.path else NAMES,
        variables=("*",) if plugged else variables_in(config.options),
        facts=typing_facts(request, _NAME),
    )


def _leads_away(config: MypyConfig) -> bool:
    """Return whether it names folders that are neither in sight nor in its environment."""
    if text(config.options.get("python_executable")):
        return True
    folders = (place for key in _FOLDERS for place in places(config.options.get(key)))
    named = (place for key in _PATHS for place in places(config.options.get(key)))
    return any(map(leads_out_of_sight, folders)) or any(map(leads_outside, named))
