"""Where a CI job puts the repository, and where it puts other repositories."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from packaging.utils import canonicalize_name

from doctrine.documents import table, text
from doctrine.model.project import TomlFile
from doctrine.project.automation._actions import action_name
from doctrine.project.automation._expressions import Context, substitute
from doctrine.project.automation._yaml import Node

_ACTION = "actions/checkout"
_DESCRIPTIONS = ("setup.py", "setup.cfg")


class Checkout(Struct, frozen=True, kw_only=True):
    """A repository in the workspace of a job.

    Attributes:
        folder: Where it is, relative to the workspace; empty for the workspace itself.
        ours: Whether it is the project's own.
    """

    folder: str
    ours: bool


class Identity(Struct, frozen=True, kw_only=True):
    """What tells the project's own repository from others.

    Attributes:
        name: Normalised name of the project; empty if unknown.
        addresses: Texts that hold the addresses of its repository.
    """

    name: str
    addresses: str


def identity(pyproject: TomlFile | None, texts: Mapping[str, str]) -> Identity:
    """Return what the project calls itself."""
    data = pyproject.data if pyproject is not None else None
    project, poetry = table(data, "project"), table(data, "tool", "poetry")
    urls = (*table(project, "urls").values(), *table(poetry, "urls").values(), *poetry.values())
    addresses = (*map(text, urls), *(texts.get(name, "") for name in _DESCRIPTIONS))
    name = text(project.get("name")) or text(poetry.get("name"))
    return Identity(name=canonicalize_name(name), addresses="\n".join(addresses).lower())


def checkouts(steps: Node, context: Context, known: Identity) -> tuple[Checkout, ...]:
    """Return what the steps of a job check out, the innermost folders first.

    Nothing is returned for the usual case: one repository, in the workspace itself.
    """
    found: dict[str, bool] = {}
    for folder, repository in _steps(steps, context):
        found[folder] = found.get(folder, False) or _is_ours(repository, known)
    if all(ours and not folder for folder, ours in found.items()):
        return ()
    ordered = sorted(found.items(), key=lambda one: (-len(one[0]), one[0]))
    return tuple(Checkout(folder=folder, ours=ours) for folder, ours in ordered)


def _steps(steps: Node, context: Context) -> Iterator[tuple[str, str]]:
    for node in steps.items:
        if action_name(node.get("uses").text) == _ACTION:
            path, repository = (
                substitute(node.get("with", key).scalar, context) for key in ("path", "repository")
            )
            folder = posixpath.normpath(path) if path else "."
            yield "" if folder == "." else folder, repository


def _is_ours(repository: str, known: Identity) -> bool:
    if not repository or "${{" in repository:
        return True
    name = repository.lower().rpartition("/")[2]
    own = re.compile(rf"[/:]{re.escape(repository.lower())}(?:\.git)?(?![\w.-])")
    return canonicalize_name(name) == known.name or bool(own.search(known.addresses))


def located(found: tuple[Checkout, ...], path: str) -> str | None:
    """Return where a path of the workspace is in the project; None where it is another's."""
    for checkout in found:
        if not checkout.folder or f"{path}/".startswith(f"{checkout.folder}/"):
            return path[len(checkout.folder) :].lstrip("/") if checkout.ours else None
    return path


def mentions(found: tuple[Checkout, ...], argv: tuple[str, ...]) -> bool:
    """Tell whether a command names something inside the project's own repository."""
    own = tuple(f"{one.folder}/" for one in found if one.ours and one.folder)
    return any(f"{posixpath.normpath(word)}/".startswith(own) for word in argv[1:])
