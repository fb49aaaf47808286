"""What the network changes: nothing until it is allowed, and no pass where it does not answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary.running import doctrine, write

pytestmark = pytest.mark.live

FILES = {
    "pyproject.toml": (
        '[project]\nname = "sample"\nversion = "1"\nrequires-python = ">=3.11"\n'
        'dependencies = ["sound>=2"]\n'
    ),
    "uv.lock": (
        'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "sample"\nversion = "1"\n'
        'source = { virtual = "." }\ndependencies = [{ name = "sound" }]\n\n'
        '[[package]]\nname = "sound"\nversion = "2.0"\nsource = { registry = "." }\n'
    ),
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: uvx pip-audit --strict\n"
    ),
    "src/sample/__init__.py": "",
}
DEAD = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("flags", "outcome", "status"),
    [((), "pass", "skipped"), (("--network",), "error", "crashed")],
)
def test_a_service_that_does_not_answer_is_an_error_only_where_it_was_to_be_asked(
    tmp_path: Path, flags: tuple[str, ...], outcome: str, status: str
) -> None:
    folder = write(tmp_path, FILES)
    proxies = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), DEAD) | {"NO_PROXY": ""}
    report = doctrine("check", ".", "--format", "json", *flags, cwd=folder, env=proxies).report
    assert report.outcome("DEP005") == outcome
    assert report.status("uv-audit") == status
    assert ("--network" in report.reason("DEP005")) is not bool(flags)
