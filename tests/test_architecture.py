"""Who may import whom is a contract, and every module keeps it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_the_import_contracts_are_kept(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--config", root / "pyproject.toml", "--no-cache"],
        cwd=root,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()
    declared = (root / "pyproject.toml").read_text("utf-8").count("[[tool.importlinter.contracts]]")
    assert f"{declared} kept, 0 broken" in done.stdout.decode()


def test_a_new_report_format_tool_or_inspector_is_one_module() -> None:
    from doctrine.inspect.discovery import inspectors
    from doctrine.reports.discovery import formats
    from doctrine.tools.discovery import tools

    package = Path(__file__).parent.parent / "src" / "doctrine"
    found = {
        "tools": len(tools()),
        "inspect": len(inspectors()),
        "reports": len(formats()),
    }
    for folder, count in found.items():
        public = [
            path
            for path in (package / folder).iterdir()
            if not path.name.startswith(("_", "."))
            and path.stem != "discovery"
            and (path.suffix == ".py" or (path / "__init__.py").is_file())
        ]
        assert len(public) == count, folder


def test_every_decoder_is_made_where_one_thread_at_a_time_makes_them() -> None:
    package = Path(__file__).parent.parent / "src" / "doctrine"
    home = package / "model" / "decoders.py"
    making = re.compile(r"\bmsgspec\.(?:(?:\w+\.)?(?:Decoder|decode)|convert)\(")
    found = {path for path in package.rglob("*.py") if making.search(path.read_text("utf-8"))}
    assert found == {home}
