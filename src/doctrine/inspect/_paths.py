"""What a path says about whose a file is."""

from __future__ import annotations

_TESTS = frozenset({"tests", "test", "testing"})
_EXAMPLES = frozenset({"examples", "example", "samples", "demo", "demos"})
_SHOWN = _EXAMPLES | {"docs", "doc"}
_SIDE = _SHOWN | {"benchmarks"}
_SPECIMENS = frozenset(
    {"fixtures", "fixture", "testdata", "test-data", "test_data", "recordings", "snapshots",
     "templates", "vendor", "_vendor", "third_party", "node_modules"}
)  # fmt: skip


def name_of(path: str) -> str:
    """Return the last component of a path."""
    return path.rpartition("/")[2]


def folders_of(path: str) -> tuple[str, ...]:
    """Return the folders above a file, outermost first."""
    return tuple(path.split("/")[:-1])


def is_material(path: str) -> bool:
    """Tell whether a folder's name or a placeholder says that a file is a fixture or vendored."""
    return "{{" in path or any(folder in _SPECIMENS for folder in folders_of(path))


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


def is_side(path: str) -> bool:
    """Tell whether a file belongs to documentation, examples or tests."""
    return any(folder in _SIDE or folder in _TESTS for folder in folders_of(path))


def is_example(path: str) -> bool:
    """Tell whether a file belongs to an example."""
    return any(folder in _EXAMPLES for folder in folders_of(path))


def is_shown(path: str) -> bool:
    """Tell whether a file is there to be read by people who learn: documentation or an example."""
    return any(folder in _SHOWN for folder in folders_of(path))
