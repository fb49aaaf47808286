"""Python versions and system families as CI names them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VERSION = re.compile(
    r"^(?:python-?|cpython-?|py)?(?P<digits>[23](?:\.(?:\d+|x))?)(?:\.\d+|\.x)?"
    r"(?P<free>t)?(?:[-.]?(?:dev|alpha|beta|rc|a|b)[\d.~-]*\S*)?$"
)
_PYPY = re.compile(r"^pypy-?(?P<digits>[23]\.\d+)")
_IMAGE = re.compile(
    r"(?:^|/)(?:(?:python|cimg/python|circleci/python):v?|uv:(?:[\w.]+-)?(?=python)|(?=pypy:))"
    r"(?P<tag>(?:pypy:)?[\w.]+)"
)
_IMAGE_NAME = re.compile(r"(?:^|/)(?P<name>[\w.-]+)(?::[\w.-]+)?(?:@[\w:]+)?$")
_FAMILIES = (
    ("windows", re.compile(r"windows|\bwin\b|win-", re.IGNORECASE)),
    ("macos", re.compile(r"mac-?os|\bmac\b|darwin|osx", re.IGNORECASE)),
    ("linux", re.compile(r"ubuntu|linux|debian|fedora|alpine|docker", re.IGNORECASE)),
)


def versions_in(text: str) -> Iterator[str]:
    """Yield the Python versions in a text such as ``3.12``, ``3.13t`` or several lines of them."""
    for word in re.split(r"[\s,;]+", text):
        if found := _VERSION.match(word):
            yield found["digits"] + (found["free"] or "")
        elif found := _PYPY.match(word):
            yield f"pypy{found['digits']}"


def image_version(image: str) -> str:
    """Return the Python version of an official image, or an empty string."""
    found = _IMAGE.search(image)
    return next(versions_in(found["tag"].replace(":", "")), "") if found else ""


def held_by(image: str) -> frozenset[str]:
    """Return the distribution that an image holds by its name: ``semgrep/semgrep:1`` is semgrep."""
    found = _IMAGE_NAME.search(image)
    return frozenset({found["name"].lower()}) if found else frozenset()


def family_of(label: str) -> str:
    """Return ``linux``, ``macos`` or ``windows`` for a runner's label; empty if unknown."""
    return next((name for name, pattern in _FAMILIES if pattern.search(label)), "")
