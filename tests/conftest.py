"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

collect_ignore = ["projects", "recordings"]
"""Projects that are judged: their tests are not tests of ours."""

# What an earlier test left in the user's cache must not show in a later one's report.
os.environ.setdefault("DOCTRINE_NO_HISTORY", "1")
os.environ.setdefault("DOCTRINE_NO_CACHE", "1")

# The program is started hundreds of times: the first start compiles it for all others.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Speed is measured by benchmarks; a deadline on a busy machine says nothing.
settings.register_profile("doctrine", deadline=None)
settings.load_profile("doctrine")
