"""Facts about a project: what it uses and promises, each with the places that say so."""

from __future__ import annotations

from doctrine.project.facts.observation import observe

__all__ = ["observe"]
