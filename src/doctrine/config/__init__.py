"""``[tool.doctrine]`` and command-line flags -> ``Settings`` that remember their origin."""

from __future__ import annotations

from doctrine.config.loading import load_settings

__all__ = ["load_settings"]
