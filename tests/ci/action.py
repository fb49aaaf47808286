"""The steps of the composite action, run as GitHub's runner would run their scripts."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

REPOSITORY = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


class Input(msgspec.Struct):
    description: str
    default: str


class Step(msgspec.Struct):
    name: str
    run: str = ""
    uses: str = ""
    env: dict[str, str] = {}


class Runs(msgspec.Struct):
    steps: list[Step]


class Action(msgspec.Struct):
    inputs: dict[str, Input]
    runs: Runs

    def step(self, name: str) -> Step:
        return next(one for one in self.runs.steps if one.name == name)


class Done(msgspec.Struct):
    code: int
    log: str
    outputs: dict[str, str]
    summary: str


def action() -> Action:
    return msgspec.yaml.decode((REPOSITORY / "action.yml").read_bytes(), type=Action)


def run_step(
    name: str,
    folder: Path,
    *,
    context: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
) -> Done:
    """Run the script of a step.

    Args:
        name: Name of the step.
        folder: The workspace.
        context: What expressions stand for; inputs are their defaults otherwise.
        env: Variables of the runner.

    Returns:
        What it left.
    """
    found = action()
    values = {f"inputs.{key}": one.default for key, one in found.inputs.items()}
    values.update(context or {})
    step = found.step(name)
    runner = folder.parent / "runner"
    runner.mkdir(exist_ok=True)
    output, summary = runner / "output", runner / "summary"
    output.write_text("")
    summary.write_text("")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.run],
        cwd=folder,
        env={
            **os.environ,
            "GITHUB_ACTION_PATH": str(REPOSITORY),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(folder),
            "RUNNER_ARCH": "X64",
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(runner),
            **{
                key: _EXPRESSION.sub(lambda m: values[m[1]], text) for key, text in step.env.items()
            },
            **(env or {}),
        },
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )
    lines = [line.partition("=") for line in output.read_text().splitlines()]
    return Done(
        code=done.returncode,
        log=done.stdout + done.stderr,
        outputs={key: value for key, _, value in lines},
        summary=summary.read_text(),
    )
