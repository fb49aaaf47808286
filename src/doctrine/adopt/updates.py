"""A bot that proposes updates of the dependencies: Dependabot on GitHub, Renovate on GitLab."""

from __future__ import annotations

from doctrine.adopt._yaml import loaded, with_item
from doctrine.adopt.edits import Files, Reason, Section
from doctrine.adopt.situation import Platform, Situation
from doctrine.documents import table, tables, text
from doctrine.inspect import _dependabot, _renovate

_DEPENDABOT = _dependabot.FILES[0]
_RENOVATE = "renovate.json"
_PACE = (
    "  directory: /",
    "  schedule:",
    "    interval: weekly",
    "  cooldown:",
    "    default-days: 7",
)
"""A week's wait, in which a stolen account's release is usually found out."""
_PRESET = """\
{
  "$schema": "https://docs.renovatebot.com/renovate-schema.json",
  "extends": ["config:recommended"]
}
"""
FILES = (*_dependabot.FILES, *_renovate.FILES)


def updates(
    situation: Situation,
    files: Files,
    *,
    managed: bool,
) -> tuple[str, str | None, Reason] | None:
    """Return the bot's configuration: its path, its text, and why.

    Args:
        situation: The project.
        files: The files as they are.
        managed: Whether uv manages the project. What setup.py, pipenv, poetry and requirements files
            say is looked after by Dependabot's ``pip``, and by no other of its ecosystems.

    Returns:
        None where a bot does its work; a text of None where its file cannot be added to.
    """
    if not situation.lacks("DEP006.bot"):
        return None
    present = next((path for path in _dependabot.FILES if path in files), None)
    others = [path for path in _renovate.FILES if path in files]
    python = "uv" if managed else "pip"
    why = "the bot keeps Python packages current as well"
    if present is not None:
        new = _with_python(files[present].decode("utf-8"), python)
        return present, new, _reason(why)
    if others:
        return others[0], None, _reason(why)
    if situation.platform is Platform.GITLAB:
        return _RENOVATE, _PRESET, _reason("Renovate proposes updates of what the lock holds")
    items = _block(_entry(python)) + _block(_entry("github-actions"))
    why = "Dependabot proposes updates of what the project and the workflows name"
    return _DEPENDABOT, f"version: 2\nupdates:\n{items}", _reason(why)


def _reason(why: str) -> Reason:
    return Reason(section=Section.UPDATES, text=why, clauses=("DEP006",))


def _entry(ecosystem: str) -> tuple[str, ...]:
    return (f"package-ecosystem: {ecosystem}", *_PACE)


def _block(item: tuple[str, ...]) -> str:
    return "".join(f"  {mark}{line}\n" for mark, line in zip(("- ", *[""] * 9), item, strict=False))


def _with_python(before: str, ecosystem: str) -> str | None:
    """Return Dependabot's configuration with an entry of a kind; None where it has one, idle."""
    found = tables(table(loaded(before)).get("updates"))
    if any(text(entry.get("package-ecosystem")) == ecosystem for entry in found):
        return None  # a second entry of a kind is an error to Dependabot
    return with_item(before, ("updates",), _entry(ecosystem))
