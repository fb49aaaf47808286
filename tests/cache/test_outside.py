"""Configuration that lies outside of a project: found where tools look, and where it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.cache.digests import Digests
from doctrine.cache.outside import held_elsewhere, named_elsewhere, surrounding
from doctrine.cache.store import Store

DIGESTS = Digests(Store(None), "")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    root = tmp_path / "around" / "project"
    root.mkdir(parents=True)
    (tmp_path / "home").mkdir()
    return root


@pytest.mark.parametrize(
    "path",
    [
        "around/pyproject.toml", "around/ruff.toml", "around/.gitignore", "mypy.ini", "uv.toml",
        "home/.gitconfig", "home/.config/ruff/ruff.toml", "home/.config/git/ignore",
        "around/.git/info/exclude",
    ],
)  # fmt: skip
def test_what_tools_look_for_is_seen(root: Path, tmp_path: Path, path: str) -> None:
    if ".git/" in path:
        (tmp_path / "around/.git").mkdir()
    seen = [dict(surrounding(str(root), DIGESTS))]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    for text in ("", "[x]\n"):
        (tmp_path / path).write_text(text)
        seen.append(dict(surrounding(str(root), DIGESTS)))
    assert seen[0] != seen[1] != seen[2]


def test_a_configuration_folder_of_another_name_is_seen(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configured"))
    before = surrounding(str(root), DIGESTS)
    (tmp_path / "configured/mypy").mkdir(parents=True)
    (tmp_path / "configured/mypy/config").write_text("[mypy]\nstrict = true\n")
    assert surrounding(str(root), DIGESTS) != before


def test_of_a_repositorys_configuration_only_what_is_about_files_counts(root: Path) -> None:
    config = root / ".git" / "config"
    config.parent.mkdir()

    def seen_with(text: str) -> object:
        config.write_text(text)
        return surrounding(str(root), DIGESTS)

    plain = seen_with("[core]\n\tbare = false\n")
    assert seen_with('[core]\n\tbare = false\n[remote "origin"]\n\turl = https://x:y@z\n') == plain
    assert seen_with("[core]\n\tbare = false\n\texcludesFile = ~/ignored\n") != plain


def test_the_declarations_of_the_workspace_count(root: Path) -> None:
    outer = root.parent
    (outer / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["*"]\n')
    (outer / "other").mkdir()
    before = surrounding(str(root), DIGESTS)
    (outer / "other" / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert surrounding(str(root), DIGESTS) != before


_ELSEWHERE = {
    "[tool.mypy]\nmypy_path = '../stubs'\n": ("../stubs",),
    "[tool.mypy]\nmypy_path = 'src:../stubs'\n": (),
    "[tool.uv.sources]\nlib = { path = '../stubs' }\n": ("../stubs",),
    "[tool.ruff]\nextend = '../stubs/ruff.toml'\n": ("../stubs/ruff.toml",),
    "[tool.pyright]\nvenvPath = '..'\n": ("..",),
    "[tool.pytest.ini_options]\naddopts = '-c ../stubs/ruff.toml -q'\n": ("../stubs/ruff.toml",),
    "[tool.cibuildwheel]\nbefore-all = '../stubs'\n": (),
    "[project]\nurls = { a = 'https://example.org/stubs' }\n": (),
    "[tool.mypy]\nexclude = '^(/stubs|build/)'\n": (),
}


@pytest.mark.parametrize("text", _ELSEWHERE)
def test_what_the_configuration_names_elsewhere_is_found(root: Path, text: str) -> None:
    (root.parent / "stubs").mkdir()
    (root.parent / "stubs" / "ruff.toml").touch()
    (root / "pyproject.toml").write_text(text)
    found = named_elsewhere(str(root), ["pyproject.toml"])
    expected = _ELSEWHERE[text] or (("../stubs",) if ":../stubs" in text else ())
    assert tuple(sorted(found)) == tuple(f"pyproject.toml: {one}" for one in expected)


def test_what_is_elsewhere_counts_by_content(root: Path) -> None:
    stubs = root.parent / "stubs"
    stubs.mkdir()
    targets = {"folder": str(stubs), "file": str(root.parent / "a.toml")}
    seen = [held_elsewhere(str(root), targets, DIGESTS)]
    (stubs / "a.pyi").write_text("a: int\n")
    seen.append(held_elsewhere(str(root), targets, DIGESTS))
    (root.parent / "a.toml").touch()
    seen.append(held_elsewhere(str(root), targets, DIGESTS))
    assert seen[0] != seen[1] != seen[2]
    assert None not in seen


def test_what_is_too_large_or_around_the_project_cannot_be_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held_elsewhere(str(root), {"..": str(root.parent)}, DIGESTS) is None
    monkeypatch.setattr("doctrine.cache.outside._MOST", 1)
    stubs = root.parent / "stubs"
    stubs.mkdir()
    for name in "abc":
        (stubs / name).touch()
    assert held_elsewhere(str(root), {"stubs": str(stubs)}, DIGESTS) is None
