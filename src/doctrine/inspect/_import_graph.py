"""Which of the project's modules import which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.model.project import Import, Module, Project, Role


class ImportGraph(Struct, frozen=True, kw_only=True):
    """First-party imports among source modules.

    Attributes:
        targets: By path, the paths it imports.
        importers: By path, the paths that import it.
        names: Path of each module by its dotted name.
    """

    targets: Mapping[str, frozenset[str]]
    importers: Mapping[str, frozenset[str]]
    names: Mapping[str, str]

    def neighbours(self, path: str) -> frozenset[str]:
        """Return the modules that a module imports, and those that import it."""
        none = frozenset[str]()
        return self.targets.get(path, none) | self.importers.get(path, none)

    def resolve(self, item: Import, importer: str) -> str:
        """Return the path of the module that an import statement reads; empty if foreign."""
        return next(_candidates(item, importer, self.names), "")


def import_graph(project: Project) -> ImportGraph:
    """Return the import graph of a project's source modules."""
    sources = [one for one in project.modules if one.role is Role.SOURCE]
    roots = tuple(
        sorted((root for root in project.layout.sources if root not in {"", "."}), key=len)
    )
    names = _names(sources, roots)
    targets = {module.path: frozenset(_targets(module, names)) for module in sources}
    return ImportGraph(targets=targets, importers=_turned(targets), names=names)


def _names(sources: Iterable[Module], roots: tuple[str, ...]) -> Mapping[str, str]:
    """Return the path of each module by its dotted names; the first to have a name keeps it."""
    names: dict[str, str] = {}
    for module in sources:
        for name in _dotted(module.path, roots):
            names.setdefault(name, module.path)
    return names


def _turned(targets: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """Return the same edges the other way round: who imports a path."""
    importers: dict[str, set[str]] = {}
    for path, imported in targets.items():
        for target in imported:
            importers.setdefault(target, set()).add(path)
    return {path: frozenset(above) for path, above in importers.items()}


def _targets(module: Module, names: Mapping[str, str]) -> Iterator[str]:
    for item in module.imports:
        for path in _candidates(item, module.path, names):
            if path != module.path:
                yield path


def _candidates(item: Import, importer: str, names: Mapping[str, str]) -> Iterator[str]:
    prefix = ""
    if item.dots:
        folders = importer.split("/")[: -item.dots]
        prefix = ".".join(folders)
    base = ".".join(part for part in (prefix, item.module) if part)
    for name in (f"{base}.{item.name}" if item.name else base, base):
        if name in names:
            yield names[name]


def _dotted(path: str, roots: tuple[str, ...]) -> Iterator[str]:
    """Yield the names a module may be imported by: below its root, and below the project's."""
    plain = path.rpartition(".")[0].removesuffix("/__init__")
    yield plain.replace("/", ".")
    for root in roots:
        if path.startswith(f"{root}/"):
            yield plain[len(root) + 1 :].replace("/", ".")
    # A service in a folder of its own (``backend/app``) is imported from that folder.
    first, _, rest = plain.partition("/")
    if first and rest:
        yield rest.replace("/", ".")
