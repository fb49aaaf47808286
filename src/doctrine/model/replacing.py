"""How a frozen value is changed: by making another one.

Values are ``msgspec.Struct``: a dataclass takes 0.7 ms to define, forty times as long, of which two
hundred were a fifth of what a check of a small project costs doctrine itself, and an instance ten
times as long to make, of which there are hundreds of thousands in a large one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Type checkers know what this does to a struct as to a dataclass, field by field; msgspec's
    # own is declared to take anything.
    from dataclasses import replace as replace  # noqa: PLC0414, TID251 - the repetition exports it
else:
    from msgspec.structs import replace

__all__ = ["replace"]
