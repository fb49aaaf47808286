"""Is a ``setup.py`` there only because compiled extensions still need one?"""

from __future__ import annotations

import re

_BUILDS = re.compile(
    r"\bext_modules\s*=|\bcythonize\s*\(|\bcffi_modules\s*=|\brust_extensions\s*=|\bmypycify\s*\("
)
_DESCRIBES = re.compile(
    r"\b(?P<key>install_requires|extras_require|tests_require|python_requires|entry_points"
    r"|classifiers|description|author|author_email|version|packages|license|url)\s*="
    r"|\b(?P<found>find_packages)\s*\("
)
_BUILDER = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+(?:setuptools|distutils|numpy\.distutils|skbuild|d2to1|pbr)\b",
    re.MULTILINE,
)


def imports_builder(script: str) -> bool:
    """Tell whether the script imports what builds distributions."""
    return bool(_BUILDER.search(script))


def builds_extensions(script: str) -> bool:
    """Tell whether the script declares extension modules."""
    return bool(_BUILDS.search(script))


def metadata_in(script: str) -> tuple[str, ...]:
    """Return the names of settings in the script that ``[project]`` could hold."""
    keys = (match["key"] or match["found"] for match in _DESCRIBES.finditer(script))
    return tuple(sorted(set(keys)))
