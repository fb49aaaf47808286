"""Which dotted module names are the project's, and what they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from doctrine.expressions import EndlessError, Expression
from doctrine.model.project import Layout, Role


class Reach(StrEnum):
    """Whose modules a pattern speaks of; the strongest wins."""

    SOURCE = "source"
    TESTS = "tests"
    FOREIGN = "foreign"


class FirstParty(Struct, frozen=True, kw_only=True):
    """The project's modules.

    Attributes:
        exact: Role of each module.
        prefixes: Roles found at or below each dotted prefix.
    """

    exact: Mapping[str, Role]
    prefixes: Mapping[str, frozenset[Role]]

    def reach(self, pattern: str) -> Reach:
        """Return whose modules a mypy module pattern (``app.*``, ``app.*.gen``) matches."""
        if "*" not in pattern:
            roles = frozenset({self.exact[pattern]}) if pattern in self.exact else frozenset[Role]()
        elif pattern.endswith(".*") and "*" not in pattern[:-2]:
            roles = self.prefixes.get(pattern[:-2], frozenset())
        else:
            try:
                wanted = _compiled(pattern)
                roles = frozenset(role for name, role in self.exact.items() if wanted.matches(name))
            except EndlessError:
                return Reach.SOURCE  # the worst is assumed
        if Role.SOURCE in roles:
            return Reach.SOURCE
        return Reach.TESTS if roles else Reach.FOREIGN

    def covered_by(self, patterns: tuple[str, ...]) -> bool:
        """Tell whether patterns of the form ``app.*`` cover every source module."""
        tops = {pattern.removesuffix(".*") for pattern in patterns if pattern.endswith("*")}
        sources = [name for name, role in self.exact.items() if role is Role.SOURCE]
        return bool(sources) and all(
            "*" in tops or name.partition(".")[0] in tops for name in sources
        )


def first_party(layout: Layout) -> FirstParty:
    """Return the modules of a project by their dotted names."""
    roots = sorted(
        (root for root in layout.sources if root not in {"", "."}), key=len, reverse=True
    )
    exact: dict[str, Role] = {}
    prefixes: dict[str, set[Role]] = {}
    for file in layout.files:
        name = _dotted(file.path, tuple(roots))
        exact[name] = file.role
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            prefixes.setdefault(".".join(parts[:length]), set()).add(file.role)
    return FirstParty(
        exact=exact, prefixes={name: frozenset(roles) for name, roles in prefixes.items()}
    )


def _dotted(path: str, roots: tuple[str, ...]) -> str:
    for root in roots:
        if path.startswith(f"{root}/"):
            path = path[len(root) + 1 :]
            break
    return path.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")


def _compiled(pattern: str) -> Expression:
    """Translate a pattern as mypy does: ``.*`` matches any number of components, also none."""
    head, *rest = pattern.split(".")
    expression = re.escape(head) if head != "*" else ".*"
    for part in rest:
        expression += re.escape(f".{part}") if part != "*" else r"(\..*)?"
    return Expression(expression, whole=True)
