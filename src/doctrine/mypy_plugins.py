"""Which distribution brings a plugin that mypy's configuration names. Pure.

mypy imports its plugins before it looks at anything, and stops where one is missing: nothing of the
project is checked then, and no baseline accepts what nobody could see.
"""

from __future__ import annotations

from collections.abc import Mapping

BROUGHT: Mapping[str, str] = {
    "classes": "classes",
    "kubernetes_typed": "kubernetes-typed",
    "loguru_mypy": "loguru-mypy",
    "marshmallow_dataclass": "marshmallow-dataclass",
    "mypy_django_plugin": "django-stubs",
    "mypy_drf_plugin": "djangorestframework-stubs",
    "mypy_zope": "mypy-zope",
    "numpy": "numpy",
    "pandera": "pandera",
    "pydantic": "pydantic",
    "pynamodb": "pynamodb",
    "returns": "returns",
    "sqlalchemy": "sqlalchemy",
    "sqlmypy": "sqlalchemy-stubs",
    "strawberry": "strawberry-graphql",
    "trio_typing": "trio-typing",
}
"""Distribution by the first part of a plugin's name, as the documentation of each has it."""
WITH: Mapping[str, tuple[str, ...]] = {"django-stubs": ("djangorestframework-stubs",)}
"""What brings a distribution along with itself."""


def brought_by(plugin: str) -> str:
    """Return the distribution that brings a plugin; empty where that is not known.

    Args:
        plugin: As it is configured: ``module``, ``module:entry`` or the path of a file.
    """
    module = plugin.partition(":")[0]
    return "" if "/" in module or "\\" in module else BROUGHT.get(module.partition(".")[0], "")
