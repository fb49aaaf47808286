"""What well-known GitHub actions run, as data."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from msgspec import Struct

from doctrine.project.automation._launchers import Argv


class Action(Struct, frozen=True, kw_only=True):
    """A command that an action comes to.

    Attributes:
        argv: Program and fixed arguments.
        inputs: Inputs whose words are appended, with what they are when not given.
        options: Inputs whose value becomes an option.
        script: Input that is a shell script; the argv is then empty.
        folder: Input that names the folder it runs in.
    """

    argv: Argv = ()
    inputs: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    script: str = ""
    folder: str = "working-directory"


_PYRIGHT = Action(argv=("pyright",), inputs=(("extra-args", ""),), options=(("project", "-p"),))
_SEMGREP = Action(argv=("semgrep", "ci"))
_PRE_COMMIT = Action(argv=("pre-commit", "run"), inputs=(("extra_args", "--all-files"),))

_ACTIONS: Mapping[str, Action] = {
    "astral-sh/ruff-action": Action(argv=("ruff",), inputs=(("args", "check"), ("src", ""))),
    "chartboost/ruff-action": Action(argv=("ruff",), inputs=(("args", "check"), ("src", ""))),
    "jakebailey/pyright-action": _PYRIGHT,
    "pypa/gh-action-pip-audit": Action(argv=("pip-audit",), inputs=(("inputs", ""),)),
    "trailofbits/gh-action-pip-audit": Action(argv=("pip-audit",), inputs=(("inputs", ""),)),
    "pre-commit/action": _PRE_COMMIT,
    "tox-dev/action-pre-commit-uv": _PRE_COMMIT,
    "j178/prek-action": Action(argv=("prek", "run"), inputs=(("extra-args", "--all-files"),)),
    "returntocorp/semgrep-action": _SEMGREP,
    "semgrep/semgrep-action": _SEMGREP,
    "jpetrucciani/mypy-check": Action(argv=("mypy",), inputs=(("mypy_flags", ""), ("path", "."))),
    "psf/black": Action(argv=("black",), inputs=(("options", "--check --diff"), ("src", "."))),
    "py-actions/flake8": Action(argv=("flake8",), inputs=(("args", ""), ("path", ""))),
    "pycqa/bandit-action": Action(argv=("bandit", "-r"), inputs=(("targets", "."),)),
    "pyupio/safety-action": Action(argv=("safety", "scan"), inputs=(("args", ""),)),
    "google/osv-scanner-action/osv-scanner-action": Action(argv=("osv-scanner",)),
    "aquasecurity/trivy-action": Action(argv=("trivy",), inputs=(("scan-type", "image"),),
                                        options=(("exit-code", "--exit-code"),)),
    "anchore/scan-action": Action(argv=("grype",)),
    "actions/dependency-review-action": Action(argv=("dependency-review",)),
    "github/codeql-action/analyze": Action(argv=("codeql", "analyze")),
    "fedora-python/tox-github-action": Action(argv=("tox",), options=(("tox_env", "-e"),)),
    "pypa/cibuildwheel": Action(argv=("cibuildwheel",)),
    "codecov/codecov-action": Action(argv=("codecov",)),
    "nick-fields/retry": Action(script="command"),
    "nick-invision/retry": Action(script="command"),
    "wandalen/wretry.action": Action(script="command"),
    "codspeedhq/action": Action(script="run"),
    "coactions/setup-xvfb": Action(script="run"),
    "gabrielbb/xvfb-action": Action(script="run"),
    "aganders3/headless-gui": Action(script="run"),
    "devcontainers/ci": Action(script="runCmd"),
}  # fmt: skip

PYTHON_SETUPS: Mapping[str, str] = {
    "actions/setup-python": "python-version",
    "astral-sh/setup-uv": "python-version",
    "conda-incubator/setup-miniconda": "python-version",
    "pdm-project/setup-pdm": "python-version",
    "deadsnakes/action": "python-version",
    "quansight-labs/setup-python": "python-version",
    "hynek/setup-cached-uv": "python-version",
}
"""Actions that install an interpreter, with the input that names it."""


def action_name(uses: str) -> str:
    """Return the name of an action without its version, lowered."""
    return uses.split("@", 1)[0].strip().strip("/").lower()


def known_action(uses: str) -> Action | None:
    """Return what a well-known action runs, or None."""
    return _ACTIONS.get(action_name(uses))


def action_argv(action: Action, given: Mapping[str, str]) -> Argv:
    """Return the command of an action with the inputs that a step gives."""
    words = list(action.argv)
    for name, option in action.options:
        if value := given.get(name, ""):
            words += [option, value]
    for name, default in action.inputs:
        words += _split(given.get(name) or default)
    return tuple(words)


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # an unclosed quote
        return re.split(r"\s+", text.strip())
