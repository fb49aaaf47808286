"""Finds a Chromium for the tests, and starts it so that it leaves nothing behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

VARIABLE = "DOCTRINE_CHROMIUM"
"""Path of the browser; ``required`` means that one has to be found."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program(own: str) -> str:
    """Return the browser to use: the one that was named, of the path, or of playwright.

    Args:
        own: Where playwright would have put one.

    Returns:
        A path; empty where there is none.
    """
    named = os.environ.get(VARIABLE, "")
    if named and named != "required":
        return named
    on_path = next((found for name in _NAMES if (found := shutil.which(name))), "")
    return on_path or (own if Path(own).exists() else "")


def _arguments() -> list[str]:
    # Chromium refuses to run its sandbox as root, and a container's user is often root.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_ARGUMENTS, *(["--no-sandbox"] if is_root else [])]


def _launched(playwright: Playwright) -> Browser:
    path = program(playwright.chromium.executable_path)
    why = f"no Chromium: install one, or name it with {VARIABLE}"
    if path:
        try:
            return playwright.chromium.launch(executable_path=path, args=_arguments())
        except Error as error:
            why = f"{path} does not start: {error.message}"
    if VARIABLE in os.environ:
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def started() -> Generator[Browser]:
    """Start a browser; the test is skipped where there is none, or fails if one has to be."""
    with sync_playwright() as playwright:
        browser = _launched(playwright)
        try:
            yield browser
        finally:
            browser.close()
