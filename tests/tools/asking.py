"""Requests for adapters, of values alone: nothing is read and nothing is started."""

from __future__ import annotations

from doctrine.documents import parse_toml
from doctrine.model.observation import Evidence
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.project import (
    Automation,
    Command,
    CommandKind,
    Environment,
    Layout,
    Module,
    Role,
    SourceFile,
    Target,
)
from doctrine.model.replacing import replace
from doctrine.model.run import Origin
from doctrine.model.settings import Settings
from doctrine.model.tool import Located, Request, Skip, Tool

ROOT = "/project"


def a_layout(
    *paths: str,
    toml: str = "",
    texts: dict[str, str] | None = None,
    others: tuple[str, ...] = (),
    sources: tuple[str, ...] = (".",),
    packages: dict[str, str] | None = None,
) -> Layout:
    """Return a layout; an environment is there when packages are given."""
    texts = texts or {}
    return Layout(
        root=ROOT,
        name="project",
        pyproject=parse_toml("pyproject.toml", toml),
        files=tuple(SourceFile(path=path, role=role_of(path)) for path in paths or ("a.py",)),
        others=(*others, "pyproject.toml", *texts),
        tracked=None,
        ignored=frozenset(),
        sources=sources,
        target=Target(floor=(3, 11), minors=(11, 12, 13, 14), specifier=">=3.11"),
        environment=None if packages is None else an_environment(packages),
        texts=texts,
    )


def role_of(path: str) -> Role:
    return Role.TEST if path.startswith("tests/") else Role.SOURCE


def an_environment(packages: dict[str, str]) -> Environment:
    return Environment(
        python="/env/bin/python",
        version=(3, 12),
        site=("/env/lib/python3.12/site-packages",),
        packages=packages,
        label=".venv",
    )


def a_request(
    layout: Layout | None = None,
    *,
    version: str = "2.4.1",
    commands: tuple[tuple[str, ...], ...] = (),
    features: frozenset[str] = frozenset(),
    defaults: dict[str, object] | None = None,
    settings: Settings | None = None,
    pythons: tuple[tuple[tuple[int, int], str], ...] = (((3, 11), "/py/3.11"),),
) -> Request:
    layout = layout or a_layout()
    return Request(
        layout=layout,
        located=Located(
            command=("tool",), python="/doctrine/python", version=version, origin=Origin.DOCTRINE
        ),
        settings=settings or Settings(root=ROOT),
        modules=tuple(
            Module(path=file.path, role=file.role, features=features) for file in layout.files
        ),
        automation=Automation(commands=tuple(_command(argv) for argv in commands)),
        defaults=defaults or {},
        drivers="/drivers",
        pythons=pythons,
    )


def _command(argv: tuple[str, ...]) -> Command:
    return Command(argv=argv, kind=CommandKind.CI, place=Evidence(path="ci.yml", line=1, detail=""))


def prepared(tool: Tool, request: Request) -> Invocation:
    """Return the only invocation of a tool that is expected to run."""
    found = tool.prepare(request)
    assert not isinstance(found, Skip), found
    (invocation,) = found
    return invocation


def completed(
    invocation: Invocation, *, code: int = 0, stdout: bytes = b"", stderr: bytes = b""
) -> Completed:
    return Completed(
        invocation=invocation,
        ending=Ending.EXITED,
        exit_code=code,
        stdout=stdout,
        stderr=stderr,
    )


def restricted(layout: Layout) -> Layout:
    return replace(layout, restricted=True)
