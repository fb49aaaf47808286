"""What a path says about whose a file is."""

from __future__ import annotations

import re
from collections.abc import Collection

_TESTS = frozenset({"tests", "test", "testing"})
_EXAMPLES = frozenset({"examples", "example", "samples", "demo", "demos"})
_SHOWN = _EXAMPLES | {"docs", "doc"}
_SIDE = _SHOWN | {"benchmarks"}
_SPECIMENS = frozenset(
    {"fixtures", "fixture", "testdata", "test-data", "test_data", "recordings", "snapshots",
     "templates", "vendor", "_vendor", "third_party", "node_modules"}
)  # fmt: skip
_LICENCES = (
    "LICENSE",
    "LICENSE.md",
    "LICENSE.txt",
    "LICENSE.rst",
    "LICENCE",
    "COPYING",
    "COPYING.txt",
)
_PACKAGES = ("pyproject.toml", "setup.py", "setup.cfg")


def name_of(path: str) -> str:
    """Return the last component of a path."""
    return path.rpartition("/")[2]


def folders_of(path: str) -> tuple[str, ...]:
    """Return the folders above a file, outermost first."""
    return tuple(path.split("/")[:-1])


def is_material(path: str) -> bool:
    """Tell whether a folder's name or a placeholder says that a file is a fixture or vendored."""
    return "{{" in path or any(folder in _SPECIMENS for folder in folders_of(path))


_GENERATED = re.compile(r"(?:_pb2|_pb2_grpc|_version|_generated)\.pyi?$|(?:^|/)_?generated/")


def is_generated(path: str) -> bool:
    """Tell whether a file's name says that a program writes it, so that nobody mends it by hand."""
    return bool(_GENERATED.search(path))


def is_specimen(path: str) -> bool:
    """Tell whether a file is material that the project works on, not its own configuration.

    Fixtures, templates with placeholders in their path, vendored trees, and whole projects that
    live below a test folder are specimens. A file directly in a test folder is the project's.
    """
    folders = folders_of(path)
    if is_material(path):
        return True
    below = next((folders[i + 1 :] for i, name in enumerate(folders) if name in _TESTS), ())
    return bool(below) and below[-1] != "requirements"


def comes_along(path: str, present: Collection[str]) -> bool:
    """Tell whether a file lies in a project of somebody else that was copied into a folder.

    Such a project has a licence of its own, and nothing that makes a package of it.

    Args:
        path: The file.
        present: Paths of the project's files.
    """
    folders = folders_of(path)
    above = ("/".join(folders[: depth + 1]) for depth in range(len(folders)))
    return any(
        any(f"{folder}/{name}" in present for name in _LICENCES)
        and not any(f"{folder}/{name}" in present for name in _PACKAGES)
        for folder in above
    )


def is_side(path: str) -> bool:
    """Tell whether a file belongs to documentation, examples or tests."""
    return any(folder in _SIDE or folder in _TESTS for folder in folders_of(path))


def is_example(path: str) -> bool:
    """Tell whether a file belongs to an example."""
    return any(folder in _EXAMPLES for folder in folders_of(path))


def is_shown(path: str) -> bool:
    """Tell whether a file is there to be read by people who learn: documentation or an example."""
    return any(folder in _SHOWN for folder in folders_of(path))
