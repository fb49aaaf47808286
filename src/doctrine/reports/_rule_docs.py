"""Where the tools document their rules; only addresses that the tools themselves publish."""

from __future__ import annotations

import re

_RUFF_CODE = re.compile(r"[A-Z]+[0-9]+\Z")
_MYPY_CODE = re.compile(r"[a-z][a-z-]*\Z")
_PYRIGHT_RULE = re.compile(r"report[A-Za-z]+\Z")
_RUFF = frozenset({"ruff", "ruff-guide"})


def documentation(tool: str, rule: str) -> str:
    """Return the address of a rule's documentation; empty where none is known.

    ruff's site leads from the code of a rule to the page of its name; mypy prints its addresses with
    ``--show-error-code-links``; pyright hands its own to editors.

    Args:
        tool: Who reported; anything may be in it.
        rule: Its rule, likewise.
    """
    if tool in _RUFF and _RUFF_CODE.match(rule):
        return f"https://docs.astral.sh/ruff/rules/{rule}/"
    if tool == "mypy" and _MYPY_CODE.match(rule):
        return f"https://mypy.rtfd.io/en/stable/_refs.html#code-{rule}"
    if tool == "pyright" and _PYRIGHT_RULE.match(rule):
        return f"https://github.com/microsoft/pyright/blob/main/docs/configuration.md#{rule}"
    return ""
