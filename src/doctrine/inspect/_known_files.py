"""Data: which files configure which tool, which of them wins, and which need no excuse."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Source(Struct, frozen=True, kw_only=True):
    """One place a tool may read its configuration from.

    Attributes:
        file: File name at the project root.
        sections: Section names, or prefixes ending in ``*``, one of which the file must have to
            count; empty when the file wins by being there, even without content.
        table: Table of ``pyproject.toml`` below ``[tool]``.
    """

    file: str
    sections: tuple[str, ...] = ()
    table: tuple[str, ...] = ()


class ConfiguredTool(Struct, frozen=True, kw_only=True):
    """A tool that can read ``pyproject.toml``.

    Attributes:
        name: The tool.
        sources: Where it looks, in its own order: the first that counts is the only one read.
    """

    name: str
    sources: tuple[Source, ...]


def _pyproject(*table: str) -> Source:
    return Source(file="pyproject.toml", table=table)


def _own(*files: str) -> tuple[Source, ...]:
    return tuple(Source(file=file) for file in files)


TOOLS: tuple[ConfiguredTool, ...] = (
    ConfiguredTool(name="ruff", sources=(*_own(".ruff.toml", "ruff.toml"), _pyproject("ruff"))),
    ConfiguredTool(
        name="mypy",
        sources=(
            *_own("mypy.ini", ".mypy.ini"),
            _pyproject("mypy"),
            Source(file="setup.cfg", sections=("mypy", "mypy-*")),
        ),
    ),
    ConfiguredTool(name="pyright", sources=(*_own("pyrightconfig.json"), _pyproject("pyright"))),
    ConfiguredTool(
        name="pytest",
        sources=(
            *_own("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"),
            _pyproject("pytest"),
            Source(file="tox.ini", sections=("pytest",)),
            Source(file="setup.cfg", sections=("tool:pytest",)),
        ),
    ),
    ConfiguredTool(
        name="coverage",
        sources=(
            *_own(".coveragerc", ".coveragerc.toml"),
            Source(file="setup.cfg", sections=("coverage:*",)),
            Source(file="tox.ini", sections=("coverage:*",)),
            _pyproject("coverage"),
        ),
    ),
    ConfiguredTool(
        name="tox",
        sources=(
            Source(file="tox.ini", sections=("tox", "testenv", "testenv:*")),
            Source(file="setup.cfg", sections=("tox:tox", "testenv", "testenv:*")),
            _pyproject("tox"),
            Source(file="tox.toml"),
        ),
    ),
    ConfiguredTool(name="pip-tools", sources=(*_own(".pip-tools.toml"), _pyproject("pip-tools"))),
    # uv.toml, hatch.toml and .bandit do not silence the whole table in pyproject.toml
    ConfiguredTool(name="uv", sources=_own("uv.toml")),
    ConfiguredTool(name="Hatch", sources=_own("hatch.toml")),
    ConfiguredTool(name="bandit", sources=_own(".bandit")),
    ConfiguredTool(name="ty", sources=(*_own("ty.toml"), _pyproject("ty"))),
    ConfiguredTool(
        name="isort",
        sources=(
            *_own(".isort.cfg"),
            _pyproject("isort"),
            Source(file="setup.cfg", sections=("isort", "tool:isort")),
            Source(file="tox.ini", sections=("isort",)),
        ),
    ),
    ConfiguredTool(
        name="pylint",
        sources=(
            *_own("pylintrc", ".pylintrc"),
            _pyproject("pylint"),
            Source(file="setup.cfg", sections=("pylint", "pylint.*")),
            Source(file="tox.ini", sections=("pylint", "pylint.*")),
        ),
    ),
    ConfiguredTool(
        name="flake8",
        sources=(
            Source(file="setup.cfg", sections=("flake8",)),
            Source(file="tox.ini", sections=("flake8",)),
            *_own(".flake8"),
        ),
    ),
    ConfiguredTool(
        name="pydocstyle",
        sources=(
            Source(file="setup.cfg", sections=("pydocstyle",)),
            Source(file="tox.ini", sections=("pydocstyle",)),
            *_own(".pydocstyle"),
            _pyproject("pydocstyle"),
        ),
    ),
    ConfiguredTool(
        name="radon", sources=(*_own("radon.cfg"), Source(file="setup.cfg", sections=("radon",)))
    ),
    ConfiguredTool(
        name="import-linter",
        sources=(
            Source(file="setup.cfg", sections=("importlinter",)),
            *_own(".importlinter"),
            _pyproject("importlinter"),
        ),
    ),
)
"""Orders observed with ruff 0.17.6, mypy 2.4.1, pyright 1.1.414, pytest 9.2, coverage 7.17."""

TOOL_FILES: Mapping[str, str] = {
    "ruff.toml": "ruff",
    ".ruff.toml": "ruff",
    "mypy.ini": "mypy",
    ".mypy.ini": "mypy",
    "pyrightconfig.json": "pyright",
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pytest.toml": "pytest",
    ".pytest.toml": "pytest",
    "tox.ini": "tox",
    "tox.toml": "tox",
    ".coveragerc": "coverage",
    ".coveragerc.toml": "coverage",
    ".flake8": "flake8",
    ".isort.cfg": "isort",
    ".pylintrc": "pylint",
    "pylintrc": "pylint",
    ".pydocstyle": "pydocstyle",
    ".style.yapf": "yapf",
    ".bandit": "bandit",
    "radon.cfg": "radon",
    "uv.toml": "uv",
    ".pip-tools.toml": "pip-tools",
    ".importlinter": "import-linter",
    ".pyre_configuration": "pyre",
    "pyre.toml": "pyre",
    "ty.toml": "ty",
    "hatch.toml": "Hatch",
    "cibuildwheel.toml": "cibuildwheel",
}
"""Files of one tool that ``pyproject.toml`` could replace; ``.vulture*`` is matched by prefix."""

SETTINGS: Mapping[str, frozenset[str]] = {
    "hatch.toml": frozenset(
        {"build", "env", "envs", "metadata", "publish", "version", "workspace"}
    ),
    "pytest.toml": frozenset({"pytest"}),
    "tox.toml": frozenset(
        {
            "base", "env", "env_base", "env_list", "env_pkg_base", "env_run_base", "labels",
            "min_version", "no_package", "on_platform", "package_env", "package_root",
            "provision_tox_env", "requires", "skip_missing_interpreters", "temp_dir", "tox_root",
            "use_develop", "work_dir",
        }
    ),
}  # fmt: skip
"""Keys that a tool reads from a file which, in some folder, may be about the tool instead."""

ALLOWED_FILES: Mapping[str, str] = {
    ".pre-commit-config.yaml": "pre-commit reads no other file",
    ".github/": "GitHub reads workflows and bot settings only from there",
    ".gitlab-ci.yml": "GitLab reads its pipeline only from there",
    ".circleci/": "CircleCI reads its pipeline only from there",
    "azure-pipelines.yml": "Azure reads its pipeline only from a file of its own",
    "azure-pipeline.yml": "Azure reads its pipeline only from a file of its own",
    "renovate.json": "Renovate runs outside Python and reads no TOML",
    "renovate.json5": "Renovate runs outside Python and reads no TOML",
    "uv.lock": "a lock is a result, not a setting",
    ".python-version": "uv and version managers read the interpreter to use from it",
    ".gitignore": "git reads no other file",
    ".gitattributes": "git reads no other file",
    ".editorconfig": "editors read no other file",
    "alembic.ini": "Alembic keeps deployment settings there, beside the migrations",
    "Dockerfile": "the container builder reads no other file",
    "mkdocs.yml": "MkDocs reads no other file",
    ".readthedocs.yaml": "Read the Docs reads no other file",
    ".semgrepignore": "semgrep reads its ignore list only from there",
    "MANIFEST.in": "setuptools reads the source distribution's content only from there",
    "Makefile": "make reads no other file",
    "justfile": "just reads no other file",
    "noxfile.py": "nox sessions are code",
}
"""Files that have no form in ``pyproject.toml``, each with the reason why it is no violation."""
