"""The table of equivalent rules names rules that exist."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from doctrine.defects import load_defects
from doctrine.inspect.discovery import inspectors
from doctrine.tools._semgrep_rules import load_rules
from doctrine.tools.discovery import tools


def test_every_run_exists_and_every_own_rule_too() -> None:
    runs = {tool.name for tool in tools()}
    own = {one.name: one.rules for one in inspectors()}
    semgrep = {rule.id for rule in load_rules()}
    for key in load_defects().classes:
        run, _, rule = key.partition(":")
        assert run in runs | set(own), key
        assert run not in own or rule in own[run], key
        assert run != "semgrep" or rule in semgrep, key


@pytest.mark.live
def test_every_ruff_rule_exists() -> None:
    command = [sys.executable, "-m", "ruff", "rule", "--all", "--output-format", "json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    known = {rule["code"] for rule in json.loads(done.stdout)} | {"invalid-syntax"}
    named = {key.partition(":")[2] for key in load_defects().classes if key.startswith("ruff:")}
    assert named - known == set()
