"""What a tool's result depends on, beside its command lines and the program itself."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

NO_PACKAGES = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Names of folders that mypy and doctrine pass over."""


def may_be_package(folder: str) -> bool:
    """Return whether modules are imported from a folder of that name, environments left out."""
    return "." not in folder and folder not in NO_PACKAGES


class Inputs(Struct, frozen=True, kw_only=True):
    """Everything that can change what a tool says of a project; a name left out is a false reuse.

    Whatever is named here counts by content: that something is missing is a content, too.

    Attributes:
        files: What the tool reads of the project: paths relative to the root, each with what else
            its reader knows of the file (its role).
        importable: Whether it follows imports: every module and stub below the root counts then,
            those that git ignores among them.
        environment: Whether it looks into the project's environment.
        configuration: Files that may configure it: relative to the root, absolute, or in the home
            folder (``~/…``).
        nested: Names of configuration files that count in each folder of the files, and in all
            folders above the root.
        references: Regular expressions; the first group of a match in a configuration file names
            another one, relative to the folder of the first.
        variables: Environment variables that reach it and change what it says; a name that ends in
            an asterisk stands for all that begin so.
        distributions: Further distributions of doctrine's own environment that it consists of.
        facts: Everything else that its reader takes from the request, by name.
        command: What counts of the command lines; all of them where None. Only for a tool whose
            command lines hold the names of ``files``, which count by themselves.
        silent_only: Whether only a run that found nothing may be reused, because what it says of
            a defect depends on the state of the world.
    """

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    importable: bool = False
    environment: bool = False
    configuration: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    command: tuple[str, ...] | None = None
    silent_only: bool = False
