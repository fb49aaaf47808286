"""How a place in a file is linked, so that a click opens it at its line."""

from __future__ import annotations

from collections.abc import Mapping

VARIABLE = "DOCTRINE_LINKS"
"""Environment variable: ``none``, an editor, or a template with ``{path}``."""
FILE = "file://{path}"
_EDITORS = {
    "file": FILE,
    "kitty": "file://{path}#{line}",
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscode-insiders": "vscode-insiders://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "pycharm": "pycharm://open?file={path}&line={line}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "macvim": "mvim://open?url=file://{path}&line={line}&column={column}",
}


def link_template(environ: Mapping[str, str]) -> str:
    """Return how places are linked; empty for not at all.

    A terminal opens a plain ``file://`` link without its line, and an editor's own scheme only where
    the editor is installed; so only who reads the report can choose. kitty is the exception: it
    documents the line as a fragment.

    Args:
        environ: The environment.

    Returns:
        A template with ``{path}`` (absolute, quoted), and perhaps ``{line}`` and ``{column}``.
    """
    asked = environ.get(VARIABLE, "").strip()
    if asked.casefold() in {"none", "off", "0"}:
        return ""
    if "{path}" in asked and "\x1b" not in asked:
        return asked
    usual = "kitty" if environ.get("TERM") == "xterm-kitty" else "file"
    return _EDITORS.get(asked.casefold(), _EDITORS[usual])
