"""Whole runs: what is reused is what a run without a cache would say, whatever was done meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import doctrine.app
from doctrine.cache import whole
from doctrine.cache._records import Distribution, distributions
from doctrine.cache.digests import RACY
from doctrine.model.replacing import replace
from tests.cache.judging import judge, now, run
from tests.repositories import git

_PYPROJECT = '[project]\nname = "demo"\nversion = "1"\nrequires-python = ">=3.11"\n'


def make_project(folder: Path) -> Path:
    root = folder / "around" / "demo"
    (root / "src").mkdir(parents=True)
    (root / "pyproject.toml").write_text(_PYPROJECT)
    for name in "abc":
        (root / "src" / f"{name}.py").write_text(f"{name} = 1\n")
    git(root, "init", "-q")
    install(root, "helper", "1.0")
    (root / ".gitignore").write_text(".venv\nignored.py\n")
    return root


def install(root: Path, name: str, version: str) -> None:
    """Leave behind what an installer would."""
    site = root / ".venv/lib/python3.11/site-packages"
    if not site.exists():
        (root / ".venv/bin").mkdir(parents=True)
        (root / ".venv/bin/python").symlink_to(sys.executable)
        (root / ".venv/pyvenv.cfg").write_text("version = 3.11.4\n")
        site.mkdir(parents=True)
    for old in site.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    info = site / f"{name}-{version}.dist-info"
    info.mkdir()
    (site / f"{name}.py").write_text(f"version = '{version}'\n")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "RECORD").write_text(f"{name}.py,,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")


def _unchanging(*_: object) -> str:
    return "itself"


def _changed(*_: object) -> str:
    return "another"


def _none(*_: object) -> Iterator[tuple[str, str]]:
    return iter(())


@pytest.fixture(scope="module", autouse=True)
def _quickly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Judge at once, and look at doctrine's own files, which no test changes, a single time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctrine.app, "check", judge)
        patch.delenv("DOCTRINE_NO_CACHE", raising=False)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(whole, "_itself", _unchanging)
        patch.setattr(whole, "_interpreters", _none)
        yield


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCTRINE_CACHE_DIR", str(tmp_path / "cache"))
    return make_project(tmp_path)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def test_what_has_not_changed_is_not_judged_again(
    root: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(root, target)
    assert not first.reused
    told = capsys.readouterr()
    assert "reused" not in told.err
    second = run(root, target)
    assert second.reused
    assert second.truth == first.truth == now(root, target).truth
    again = capsys.readouterr()
    assert again.out.startswith(told.out)
    (line,) = again.err.splitlines()
    assert line.startswith("nothing changed since ")
    assert line.endswith(": reused; --no-cache judges again")


def _upgraded(sites: Iterable[str]) -> Mapping[str, Distribution]:
    """Return what is installed, with another ruff."""
    known = distributions(sites)
    other = replace(known["ruff"], version="99", folder="ruff-99.dist-info")
    return {**known, "ruff": other}


_CHANGES: dict[str, Callable[[Path, pytest.MonkeyPatch], object]] = {
    "source": lambda root, _: (root / "src/a.py").write_text("a = 2\n"),
    "ignored module": lambda root, _: (root / "ignored.py").write_text("x = 1\n"),
    "not Python": lambda root, _: (root / "notes.txt").write_text("x"),
    "deleted": lambda root, _: (root / "src/a.py").unlink(),
    "executable": lambda root, _: (root / "src/a.py").chmod(0o755),
    "staged": lambda root, _: git(root, "add", "."),
    "configuration above": lambda root, _: (root.parent / "ruff.toml").write_text(""),
    "variable": lambda _, patch: patch.setenv("PLUGIN_MODE", "strict"),
    "package upgraded": lambda root, _: install(root, "helper", "1.1"),
    "package added": lambda root, _: install(root, "more", "1.0"),
    "package edited": lambda root, _: (
        root / ".venv/lib/python3.11/site-packages/helper.py"
    ).write_text("version = 'edited'\n"),
    "environment gone": lambda root, _: shutil.rmtree(root / ".venv"),
    "setting": lambda root, _: (root / "pyproject.toml").write_text(
        f"{_PYPROJECT}[tool.doctrine]\nfail-on = 'should'\n"
    ),
    "doctrine": lambda _, patch: patch.setattr(whole, "_itself", _changed),
    "tool": lambda _, patch: patch.setattr(whole, "distributions", _upgraded),
    "interpreter": lambda _, patch: patch.setattr(sys, "version", "3.99"),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_whatever_can_change_a_report_is_noticed(
    root: Path, target: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(root, target)
    assert run(root, target).reused
    _CHANGES[change](root, monkeypatch)
    said = run(root, target)
    assert not said.reused
    assert said.truth == now(root, target).truth
    assert run(root, target).reused


@pytest.mark.parametrize(
    "options", [{"audit": True}, {"fail_on": "should"}, {"timeout": 5.0}, {"python": ".venv"}]
)
def test_another_question_has_another_answer(
    root: Path, target: Path, options: dict[str, object]
) -> None:
    run(root, target)
    assert not run(root, target, **options).reused
    assert run(root, target, **options).reused
    assert run(root, target).reused


def test_what_only_chooses_how_it_is_shown_is_no_other_question(root: Path, target: Path) -> None:
    run(root, target)
    assert run(root, target, jobs=1, format="concise").reused


@pytest.mark.parametrize("options", [{"network": True}, {"tests": True}])
def test_what_depends_on_the_world_is_judged_each_time(
    root: Path, target: Path, options: dict[str, object]
) -> None:
    assert not run(root, target, **options).reused
    assert not run(root, target, **options).reused


def test_a_checkout_elsewhere_is_the_same(root: Path, target: Path, tmp_path: Path) -> None:
    first = run(root, target)
    elsewhere = tmp_path / "elsewhere" / "under" / "another name"
    elsewhere.parent.mkdir(parents=True)
    shutil.copytree(root, elsewhere, symlinks=True)
    moved = run(elsewhere, target)
    assert moved.reused
    assert moved.truth == first.truth


def test_a_report_inside_the_project_is_no_reason_to_judge_again(root: Path) -> None:
    inside = root / "report.json"
    first = run(root, inside)
    assert not first.reused
    assert run(root, inside).reused
    assert run(root, inside).truth == first.truth
    inside.write_text("{}")  # somebody else's: it is read as any other file
    assert not run(root, inside).reused


def test_a_cache_inside_the_project_is_no_part_of_it(
    root: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCTRINE_CACHE_DIR")
    (root / "pyproject.toml").write_text(f"{_PYPROJECT}[tool.doctrine]\ncache-dir = '.kept'\n")
    listed = ("git", "ls-files", "--others", "--exclude-standard")
    before = subprocess.run(listed, cwd=root, capture_output=True, check=True).stdout
    assert not run(root, target).reused
    assert run(root, target).reused
    assert (root / ".kept/CACHEDIR.TAG").is_file()
    assert subprocess.run(listed, cwd=root, capture_output=True, check=True).stdout == before


def test_what_changes_while_it_is_judged_is_not_kept(
    root: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busily(*given: object, **named: object) -> object:
        report = judge(*given, **named)  # type: ignore[arg-type]
        # The same size and the same time: only its content tells, or the time of its change.
        file = root / "src/a.py"
        status = file.stat()
        file.write_text("a = 2\n")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        return report

    monkeypatch.setattr(doctrine.app, "check", busily)
    run(root, target)
    monkeypatch.setattr(doctrine.app, "check", judge)
    said = run(root, target)
    assert not said.reused
    assert said.truth == now(root, target).truth


def test_no_answer_is_given_from_a_damaged_cache(root: Path, target: Path, tmp_path: Path) -> None:
    run(root, target)
    for kind in ("judged", "report", "stat"):
        run(root, target)
        entries = list((tmp_path / "cache").glob(f"v*/{kind}/*/*"))
        assert entries
        for entry in entries:
            raw = bytearray(entry.read_bytes())
            raw[len(raw) // 2] ^= 1
            entry.write_bytes(raw)
        for drawn in (tmp_path / "cache").glob("v*/drawn/*/*"):
            drawn.unlink()
        assert run(root, target).truth == now(root, target).truth


def test_exit_code_and_output_are_those_of_the_judged_run(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from doctrine.cli.main import run as command

    words = ["check", str(root), "--format", "concise", "--output", f"junit={tmp_path}/j.xml"]
    codes: list[int] = []
    said: list[str] = []
    for _ in range(3):
        codes.append(command(words))
        said.append(capsys.readouterr().out + (tmp_path / "j.xml").read_text())
        (tmp_path / "j.xml").unlink()
    assert len(set(codes)) == len(set(said)) == 1
    assert command([*words, "--quiet"]) == codes[0]
    assert capsys.readouterr().err == ""


class Life(RuleBasedStateMachine):
    """A project that lives: after each step, what is answered is what is so."""

    names = st.sampled_from(["src/a.py", "src/b.py", "src/new.py", "ignored.py", "data.txt"])
    texts = st.sampled_from(["x = 1\n", "x = 2\n", "x = 30\n", ""])

    @initialize()
    def begin(self) -> None:
        from tempfile import mkdtemp

        self.folder = Path(mkdtemp(prefix="doctrine-life-"))
        self.root = make_project(self.folder)
        self.target = self.folder / "report.json"
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("DOCTRINE_CACHE_DIR", str(self.folder / "cache"))
        self.options: dict[str, object] = {}
        self.known: dict[str, bytes] = {}

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder)

    @rule(name=names, text=texts)
    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    @rule(name=names, text=texts)
    def write_with_old_times(self, name: str, text: str) -> None:
        file = self.root / name
        times = (file.stat().st_atime_ns, file.stat().st_mtime_ns) if file.exists() else None
        file.write_text(text)
        if times:
            os.utime(file, ns=times)

    @rule(name=names, other=names)
    def move(self, name: str, other: str) -> None:
        if (self.root / name).exists():
            (self.root / name).replace(self.root / other)

    @rule(name=names)
    def delete(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule(name=names)
    def touch(self, name: str) -> None:
        if (self.root / name).exists():
            (self.root / name).touch()

    @rule(name=names, mode=st.sampled_from([0o644, 0o755, 0o600]))
    def chmod(self, name: str, mode: int) -> None:
        if (self.root / name).exists():
            (self.root / name).chmod(mode)

    @rule()
    def save(self) -> None:
        self.known = {
            str(one.relative_to(self.root)): one.read_bytes() for one in self.root.glob("src/*.py")
        }

    @rule()
    def revert(self) -> None:
        for name, content in self.known.items():
            (self.root / name).write_bytes(content)

    @rule()
    def stage(self) -> None:
        git(self.root, "add", "-A")

    @rule(fail_on=st.sampled_from(["must", "should"]))
    def configure(self, fail_on: str) -> None:
        text = f"{_PYPROJECT}[tool.doctrine]\nfail-on = '{fail_on}'\n"
        (self.root / "pyproject.toml").write_text(text)

    @rule(text=texts)
    def configure_above(self, text: str) -> None:
        (self.root.parent / "ruff.toml").write_text(text)

    @rule(version=st.sampled_from(["1.0", "1.1"]))
    def upgrade(self, version: str) -> None:
        install(self.root, "helper", version)

    @rule(value=st.sampled_from(["strict", "lax"]))
    def set_variable(self, value: str) -> None:
        self.patch.setenv("PLUGIN_MODE", value)

    @rule(audit=st.sampled_from([None, True]))
    def ask(self, audit: bool | None) -> None:
        self.options = {"audit": audit}

    @rule(seconds=st.integers(-4, 4))
    def set_clock(self, seconds: int) -> None:
        self.patch.setattr(
            "doctrine.cache.tree.time.time_ns", lambda: _moment() + seconds * RACY, raising=True
        )

    @invariant()
    def what_is_answered_is_so(self) -> None:
        if hasattr(self, "root"):
            said = run(self.root, self.target, **self.options)
            assert said.truth == now(self.root, self.target, **self.options).truth


_moment = time.time_ns
TestLife = pytest.mark.usefixtures("_quickly")(Life.TestCase)
TestLife.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

_WORKER = """
import random, shutil, sys, tempfile
from pathlib import Path

import doctrine.app
from doctrine.cache import whole
from tests.cache.judging import judge, run, truth
from doctrine.model.settings import Settings

doctrine.app.check = judge
whole._itself = lambda *_: "itself"
whole._interpreters = lambda _digests: iter(())
numbers = random.Random(int(sys.argv[2]))
folder = Path(tempfile.mkdtemp(dir=sys.argv[1]))
root = folder / "around" / "demo"
shutil.copytree(Path(sys.argv[1], "original"), root, symlinks=True)
reused = 0
while True:
    (root / "src" / "a.py").write_text(f"a = {numbers.randrange(3)}\\n")
    said = run(root, folder / "report.json")
    seen = run(root, folder / "other.json", no_cache=True)
    if said.truth != seen.truth:
        print("WRONG", flush=True)
    reused += said.reused
    if reused > 2:
        Path(sys.argv[1], "reused").touch()
"""


def test_several_at_once_and_killed_at_any_moment(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "original", symlinks=True)
    running: list[subprocess.Popen[bytes]] = []

    def start(seed: int) -> None:
        argv = [sys.executable, "-c", _WORKER, str(tmp_path), str(seed)]
        where = Path(__file__).parents[2]
        with (tmp_path / "errors").open("ab") as errors:
            running.append(subprocess.Popen(argv, cwd=where, stdout=subprocess.PIPE, stderr=errors))

    said = b""
    deadline = time.monotonic() + 60
    try:
        for seed in range(3):
            start(seed)
        for seed in range(3, 9):
            while seed == 3 and not (tmp_path / "reused").exists():
                assert time.monotonic() < deadline, (tmp_path / "errors").read_text()
                time.sleep(0.05)
            time.sleep(0.2)
            victim = running.pop(0)
            victim.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            said += victim.communicate()[0]
            start(seed)
    finally:
        for one in running:
            one.kill()
            said += one.communicate()[0]
    assert b"WRONG" not in said
