from __future__ import annotations

import subprocess
import sys

from doctrine.reports.discovery import formats


def test_the_formats_are_found_by_being_there() -> None:
    found = formats()
    assert {"json", "terminal"} <= set(found)
    assert all(name == form.name for name, form in found.items())
    assert list(found) == sorted(found)


def test_naming_the_formats_imports_nothing_that_renders() -> None:
    program = (
        "import sys; from doctrine.reports.discovery import formats; formats();"
        "print(sorted({'rich', 'json'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
