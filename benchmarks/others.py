"""Doctrine beside other ways to run the same tools, all of them in one run on one machine.

For each project folder given, a copy of which is judged:

- the lower bound: every tool's own commands alone, exactly as doctrine plans them; the slowest of
  them, or all CPU time divided by the cores, whichever is more;
- ``script``: a shell script with these commands, one tool after another;
- ``make``: the same under ``make -k -j`` with as many jobs as cores;
- ``pre-commit`` and ``prek``: the same as local hooks, ``run --all-files``; with prek at once;
- ``prospector``: with the tools that it shares with doctrine, which are fewer;
- ``doctrine`` without a cache, and ``doctrine again`` where nothing has changed.

What is not installed is left out, and said. All but doctrine and prospector only run the commands:
their output is thrown away, and nobody reads, merges or judges it. Every round runs all of them by
turns; raw samples are in the JSON file.

Usage: ``python -m benchmarks.others [--runs N] [--programs BIN] [--only NAME …] [--json FILE] FOLDER …``
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from benchmarks.cold import ToolCost, lower_bound, measure_tool
from benchmarks.settled import SETTLED
from doctrine.app import planned_steps
from doctrine.children import Spent, child_environment
from doctrine.config import load_settings
from doctrine.plan import Step
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root

SHARED = ("ruff", "mypy", "pyright", "vulture")
"""The tools of doctrine that prospector can run."""
_CORES = os.cpu_count() or 1


class Contender(Struct, frozen=True, kw_only=True):
    """One way to run the tools.

    Attributes:
        name: What it is called.
        argv: What is started.
        codes: Exit codes that mean that it came to its end.
        env: Variables on top of those of children.
        before: What is run before, and not measured.
    """

    name: str
    argv: tuple[str, ...]
    codes: frozenset[int] = frozenset({0, 1})
    env: Mapping[str, str] = {}
    before: tuple[str, ...] = ()


class Took(Struct, frozen=True, kw_only=True):
    """One run of a contender.

    Attributes:
        wall: Seconds from its start to its end.
        cpu: CPU seconds of it and of all that it started; to be trusted beside other work, too.
    """

    wall: float
    cpu: float


class Result(Struct, frozen=True, kw_only=True):
    """Everything measured on one project.

    Attributes:
        project: Its name.
        tools: What each tool needs alone.
        bound: The lower bound in seconds.
        samples: What each round took, by contender.
        missing: What could not be compared, and why.
    """

    project: str
    tools: tuple[ToolCost, ...]
    bound: float
    samples: dict[str, list[Took]]
    missing: dict[str, str]


class Bench:
    """A copy of a project, with the files that the others need to run the tools on it."""

    def __init__(self, folder: Path, place: Path, programs: Sequence[Path]) -> None:
        """Make the copy.

        Args:
            folder: The project.
            place: An empty folder.
            programs: Folders with the programs of the others, before those of the path.
        """
        self._place = place
        self._path = os.pathsep.join([*map(str, programs), os.environ.get("PATH", "")])
        self.folder = place / folder.name
        shutil.copytree(folder, self.folder, symlinks=True)
        subprocess.run(["git", "init", "-q", str(self.folder)], check=True)
        subprocess.run(["git", "-C", str(self.folder), "add", "-A"], check=True)
        self.steps = _steps(self.folder)
        self.missing: dict[str, str] = {}
        for step in self.steps:
            self._write_script(step)

    def contenders(self) -> tuple[Contender, ...]:
        """Return the ways to run the tools that are possible here."""
        asked = (
            self._script(),
            self._make(),
            self._hooks("pre-commit"),
            # Hooks of one priority run at once.
            self._hooks("prek", "        priority: 0\n"),
            self._prospector(),
            *self._doctrine(),
        )
        return tuple(one for one in asked if one is not None)

    def _write_script(self, step: Step) -> None:
        """Write a tool's commands as a script that does what doctrine would start."""
        scratch = self._place / "scratch" / step.tool.name
        scratch.mkdir(parents=True)
        lines = ["#!/bin/sh"]
        for one in step.invocations:
            for name, content in one.files.items():
                (scratch / name).write_bytes(content)
            variables = {**one.env}
            words = [*(f"{key}={value}" for key, value in variables.items()), *one.argv]
            filled = [
                word.replace("{scratch}", str(scratch)).replace("{PATH}", self._path)
                for word in words
            ]
            cwd = one.cwd.replace("{scratch}", str(scratch))
            lines.append(f"cd {shlex.quote(cwd)} && env {shlex.join(filled)} >/dev/null 2>&1")
        # A tool that has found something is no reason to stop.
        script = self._script_of(step.tool.name)
        script.write_text("\n".join([*lines, "exit 0", ""]))
        script.chmod(0o755)

    def _script_of(self, name: str) -> Path:
        return self._place / f"run-{name}.sh"

    def _script(self) -> Contender:
        everything = self._place / "everything.sh"
        calls = (shlex.quote(str(self._script_of(step.tool.name))) for step in self.steps)
        everything.write_text("\n".join(["#!/bin/sh", *calls, ""]))
        return Contender(name="script", argv=("sh", str(everything)))

    def _make(self) -> Contender | None:
        if self._missing("make", "make"):
            return None
        names = [step.tool.name for step in self.steps]
        rules = [f"{name}:\n\t{self._script_of(name)}\n" for name in names]
        makefile = self._place / "Makefile"
        makefile.write_text(
            f".PHONY: all {' '.join(names)}\nall: {' '.join(names)}\n{''.join(rules)}"
        )
        return Contender(name="make", argv=("make", "-s", "-k", f"-j{_CORES}", "-f", str(makefile)))

    def _hooks(self, program: str, more: str = "") -> Contender | None:
        if self._missing(program, program):
            return None
        config = self._place / f"{program}.yaml"
        hooks = "".join(
            f"      - id: {step.tool.name}\n        name: {step.tool.name}\n"
            f"        entry: {self._script_of(step.tool.name)}\n        language: system\n"
            f"        pass_filenames: false\n        always_run: true\n{more}"
            for step in self.steps
        )
        config.write_text(f"repos:\n  - repo: local\n    hooks:\n{hooks}")
        return Contender(
            name=program,
            argv=(program, "run", "--all-files", "--config", str(config)),
            env={
                "PRE_COMMIT_HOME": str(self._place / "hooks"),
                "PREK_HOME": str(self._place / "prek"),
            },
        )

    def _prospector(self) -> Contender | None:
        if self._missing("prospector", "prospector"):
            return None
        beside = Path(shutil.which("prospector", path=self._path) or "").parent
        tools = [name for name in SHARED if (beside / name).exists()]
        absent = [name for name in SHARED if name not in tools]
        if absent:
            self.missing["prospector"] = f"without {', '.join(absent)}, which are not beside it"
        if not tools:
            return None
        words = [word for name in tools for word in ("--tool", name)]
        return Contender(
            name=f"prospector ({', '.join(tools)})",
            argv=("prospector", "--no-autodetect", "--output-format", "json", *words),
        )

    def _doctrine(self) -> tuple[Contender, ...]:
        command = (sys.executable, "-m", "doctrine", "check", str(self.folder), "--quiet")
        kept = {
            "DOCTRINE_CACHE_DIR": str(self._place / "cache"),
            "XDG_CACHE_HOME": str(self._place / "home"),
        }
        codes = frozenset({0, 1, 3})
        return (
            Contender(name="doctrine", argv=(*command, "--no-cache"), codes=codes, env=kept),
            Contender(name="doctrine again", argv=command, codes=codes, env=kept, before=command),
        )

    def _missing(self, name: str, program: str) -> bool:
        if shutil.which(program, path=self._path):
            return False
        self.missing[name] = f"{program} is not installed"
        return True

    def took(self, one: Contender) -> Took:
        """Run a contender once, and return what that took."""
        env = {**child_environment(), "PATH": self._path, **one.env}
        with tempfile.TemporaryFile() as sink:
            for _ in range(2 if one.before else 0):  # the second one draws what the first has kept
                _start(one.before, self.folder, env, sink)
                time.sleep(SETTLED)
            start, spent = time.perf_counter(), Spent()
            code = _start(one.argv, self.folder, env, sink)
            took = Took(wall=time.perf_counter() - start, cpu=spent.last())
            if code not in one.codes:
                sink.seek(0)
                said = sink.read().decode("utf-8", "replace")[-2000:]
                raise SystemExit(f"{one.name} ended with {code}:\n{said}")
        return took


def _start(argv: Sequence[str], cwd: Path, env: Mapping[str, str], sink: BinaryIO) -> int:
    """Run a program to its end, and return its exit code."""
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=env,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=subprocess.STDOUT,
    )
    return done.returncode


def _steps(folder: Path) -> tuple[Step, ...]:
    root, paths = resolve_root(str(folder))
    pyproject = read_pyproject(root)
    settings = load_settings(root, pyproject, {"paths": list(paths)})
    return planned_steps(settings, pyproject)[1]


def measure(folder: Path, runs: int, programs: Sequence[Path], only: Sequence[str]) -> Result:
    """Measure one project: the tools alone, then everybody by turns."""
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(folder, Path(scratch), programs)
        contenders = bench.contenders()
        if only:
            contenders = tuple(one for one in contenders if one.name.startswith(tuple(only)))
        samples: dict[str, list[Took]] = {one.name: [] for one in contenders}
        tools = tuple(measure_tool(step, runs) for step in bench.steps)
        for _ in range(runs):
            for one in contenders:
                samples[one.name].append(bench.took(one))
    return Result(
        project=folder.name,
        tools=tools,
        bound=lower_bound(tools),
        samples=samples,
        missing=bench.missing,
    )


def show(result: Result) -> None:
    """Print one project's figures."""
    cpu = sum(tool.cpu for tool in result.tools)
    print(
        f"\n{result.project}: lower bound {result.bound:.2f} s on {_CORES} cores, CPU {cpu:.2f} s"
    )
    for name, samples in result.samples.items():
        middle = statistics.median(one.wall for one in samples)
        used = statistics.median(one.cpu for one in samples)
        raw = ", ".join(f"{one.wall:.2f}" for one in samples)
        print(
            f"  {name:44} {middle:7.2f} s {middle / result.bound:6.2f} x the bound, "
            f"CPU {used:7.2f} s {used / cpu:5.2f} x   ({raw})"
        )
    for name, why in result.missing.items():
        print(f"  {name}: {why}")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the folders of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--programs", type=Path, action="append", default=[], help="where the others are"
    )
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of names")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    results: list[Result] = []
    for folder in options.folders:
        results.append(measure(folder.resolve(), options.runs, options.programs, options.only))
        show(results[-1])
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))


if __name__ == "__main__":
    main()
