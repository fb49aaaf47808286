"""What pytest must not take for tests of ours: projects that are judged."""

from __future__ import annotations

collect_ignore = ["projects", "recordings"]
