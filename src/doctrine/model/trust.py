"""How far a run believes the project that it judges, as values that every step can ask."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Trust(Struct, frozen=True, kw_only=True):
    """What of the project may have a say beside its sources.

    Attributes:
        believed: Whether its environment is used, and its configuration handed to tools as it is.
        search_path: Where programs beside doctrine's own are looked for; None for the usual search
            path, empty for nowhere.
        refused: Why tools are not started, by name.
        remarks: What the report has to say about it.
    """

    believed: bool = True
    search_path: str | None = None
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    remarks: tuple[str, ...] = ()


BELIEVED = Trust()
"""The project is one whose code the user would also run."""
