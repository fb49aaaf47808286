"""Operations that a project declares to be critical or expensive: ``module:qualname``."""

from __future__ import annotations

from doctrine.config.place import Place
from doctrine.config.values import shown, words
from doctrine.model.stated import Declaration, OperationKind


def declared_operations(
    kind: OperationKind, value: object, place: Place
) -> tuple[Declaration, ...]:
    """Return the declarations of an array; whether they exist is for the project to say.

    Raises:
        UsageError: An item does not have the form ``module:qualname``.
    """
    return tuple(_declaration(kind, item, place) for item in dict.fromkeys(words(value, place)))


def _declaration(kind: OperationKind, item: str, place: Place) -> Declaration:
    module, _, qualname = item.partition(":")
    if not (_is_dotted(module) and _is_dotted(qualname)):
        message = f"must name each operation as MODULE:NAME, not {shown(item)}"
        raise place.error(message, "for example app.payments:charge, or app.payments:Cart.pay")
    return Declaration(
        kind=kind, module=module, qualname=qualname, place=place.evidence(item, item)
    )


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
