"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

collect_ignore = ["projects", "recordings"]
"""Projects that are judged: their tests are not tests of ours."""

# Speed is measured by benchmarks; a deadline on a busy machine says nothing.
settings.register_profile("doctrine", deadline=None)
settings.load_profile("doctrine")
