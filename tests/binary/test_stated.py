"""What people state in ``[tool.doctrine]``, refused by the program where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary.running import doctrine, write

PAYMENTS = "def charge() -> None: ...\n"


@pytest.mark.parametrize(
    ("table", "said", "hint"),
    [
        (
            'critical-operations = ["app.payments:chrage"]',
            "pyproject.toml:2: tool.doctrine.critical-operations names 'app.payments:chrage'",
            "did you mean 'app.payments:charge'?",
        ),
        (
            'expensive-operations = ["app.pyaments:charge"]',
            "the project has no module app.pyaments",
            "did you mean 'app.payments'?",
        ),
        (
            "facts = { international = true }",
            "tool.doctrine.facts.international is stated without a reason",
            'write international = { value = true, reason = "why it is so" }',
        ),
        (
            'facts = { interational = { value = true, reason = "we sell abroad" } }',
            "tool.doctrine.facts.interational is not a fact",
            "did you mean 'international'?",
        ),
    ],
)
def test_a_wrong_statement_ends_with_usage_and_nothing_judged(
    tmp_path: Path, table: str, said: str, hint: str
) -> None:
    folder = write(
        tmp_path,
        {"pyproject.toml": f"[tool.doctrine]\n{table}\n", "src/app/payments.py": PAYMENTS},
    )
    ran = doctrine("check", ".", cwd=folder)
    assert (ran.code, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert hint in ran.stderr
