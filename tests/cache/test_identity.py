"""What doctrine, a program and an environment are: every change counts, and no place does."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from doctrine.cache.identity import (
    PROGRAMS,
    environment_identity,
    executable_identity,
    own_identity,
    program_identity,
)
from doctrine.model.project import Environment
from doctrine.tools.discovery import tools
from tests.cache.installing import Memory, content_digest, install, make_environment


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Return an environment with a typed package, a tool and what the tool needs."""
    made = make_environment(tmp_path / "env")
    install(made, "typed", files={"typed/__init__.py": "A: int\n", "typed/py.typed": ""})
    install(made, "tool", requires=("helper>=1", "absent; extra == 'test'"), script="tool")
    install(made, "helper")
    install(made, "absent")
    return made


def _whole(environment: Environment, root: str = "/nowhere", memory: Memory | None = None) -> str:
    return environment_identity(environment, content_digest, root, memory or Memory()).digest


def _add_module(environment: Environment) -> None:
    Path(environment.site[0], "sitecustomize.py").write_text("x = 1\n", "utf-8")


def _add_path(environment: Environment) -> None:
    Path(environment.site[0], "more.pth").write_text("import os\n", "utf-8")


def _upgrade(environment: Environment) -> None:
    shutil.rmtree(Path(environment.site[0], "helper-1.0.dist-info"))
    install(environment, "helper", "1.1")


def _edit_by_hand(environment: Environment) -> None:
    Path(environment.site[0], "helper.py").write_text("VERSION = '9.9'\n", "utf-8")


def _remove_file(environment: Environment) -> None:
    Path(environment.site[0], "typed/py.typed").unlink()


def _add_distribution(environment: Environment) -> None:
    install(environment, "another")


def _change_interpreter(environment: Environment) -> None:
    Path(environment.python).write_bytes(b"interpreter 3.12.2")


_CHANGES = (
    _add_module,
    _add_path,
    _upgrade,
    _edit_by_hand,
    _remove_file,
    _add_distribution,
    _change_interpreter,
)


@pytest.mark.parametrize("change", _CHANGES)
def test_an_environment_is_another_after_each_change(
    environment: Environment, change: Callable[[Environment], None]
) -> None:
    memory = Memory()
    before = _whole(environment, memory=memory)
    change(environment)
    after = _whole(environment, memory=memory)
    assert after != before
    assert after == _whole(environment), "what is remembered says the same as what is read"


def test_an_environment_is_the_same_elsewhere_and_after_touching_it(
    environment: Environment, tmp_path: Path
) -> None:
    other = make_environment(tmp_path / "elsewhere" / "env")
    install(other, "helper")
    install(other, "absent")
    install(other, "typed", files={"typed/__init__.py": "A: int\n", "typed/py.typed": ""})
    install(other, "tool", requires=("helper>=1", "absent; extra == 'test'"), script="tool")
    for path in Path(other.site[0]).rglob("*.py"):
        os.utime(path)
    assert _whole(other) == _whole(environment)


def test_nothing_is_read_again_where_no_size_and_time_differs(environment: Environment) -> None:
    asked: list[str] = []

    def digest(path: str) -> str:
        asked.append(path)
        return content_digest(path)

    _add_module(environment)
    memory = Memory()
    environment_identity(environment, digest, "/nowhere", memory)
    assert os.path.join(environment.site[0], "sitecustomize.py") in asked  # noqa: PTH118
    asked.clear()
    environment_identity(environment, digest, "/nowhere", memory)
    assert asked == [os.path.realpath(environment.python)]


def test_what_is_remembered_and_damaged_is_made_anew(environment: Environment) -> None:
    memory = Memory()
    before = _whole(environment, memory=memory)
    memory.known = dict.fromkeys(memory.known, b"[1")
    assert _whole(environment, memory=memory) == before


def test_what_a_pth_file_leads_to_counts_by_content_but_not_inside_the_project(
    environment: Environment, tmp_path: Path
) -> None:
    root, library = tmp_path / "project", tmp_path / "library"
    (root / "src").mkdir(parents=True)
    library.mkdir()
    module = library / "lib.py"
    module.write_text("a = 1\n", "utf-8")
    pth = Path(environment.site[0], "linked.pth")
    pth.write_text(f"# a comment\n{library}\n{root / 'src'}\n", "utf-8")
    before = _whole(environment, str(root))
    (root / "src" / "own.py").write_text("a = 1\n", "utf-8")
    (library / "README").write_text("not importable\n", "utf-8")
    assert _whole(environment, str(root)) == before
    module.write_text("a = 2\n", "utf-8")
    assert _whole(environment, str(root)) != before


def _program(environment: Environment, name: str = "tool") -> str | None:
    path = f"{Path(environment.python).parent}/{name}"
    found = program_identity(path, (name,), environment.site, content_digest)
    return found.digest if found else None


def test_a_program_is_another_with_another_version_dependency_script_or_interpreter(
    environment: Environment,
) -> None:
    seen = [_program(environment)]
    _upgrade(environment)
    seen.append(_program(environment))
    _change_interpreter(environment)
    seen.append(_program(environment))
    script = Path(environment.python).with_name("tool")
    script.write_text(f"#!{environment.python}\nimport other\n", "utf-8")
    seen.append(_program(environment))
    shutil.rmtree(Path(environment.site[0], "tool-1.0.dist-info"))
    install(environment, "tool", "2.0", script="tool")
    seen.append(_program(environment))
    assert None not in seen
    assert len(set(seen)) == len(seen)


def test_a_program_is_the_same_beside_other_packages_and_elsewhere(
    environment: Environment, tmp_path: Path
) -> None:
    before = _program(environment)
    install(environment, "another")
    install(environment, "absent", "1.0")
    assert _program(environment) == before
    other = make_environment(tmp_path / "elsewhere")
    install(other, "tool", requires=("helper>=1", "absent; extra == 'test'"), script="tool")
    install(other, "helper")
    assert _program(other) == before


def test_the_packages_of_an_extra_count_where_the_extra_is_asked_for(
    environment: Environment,
) -> None:
    install(environment, "crypto")
    install(environment, "token", requires=('crypto>=1; extra == "crypto"',))
    install(environment, "plain", requires=("token",), script="plain")
    install(environment, "sealed", requires=("token[crypto]",), script="sealed")
    before = _program(environment, "plain"), _program(environment, "sealed")
    shutil.rmtree(Path(environment.site[0], "crypto-1.0.dist-info"))
    install(environment, "crypto", "2.0")
    after = _program(environment, "plain"), _program(environment, "sealed")
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_program_of_which_nothing_is_known_has_no_identity(environment: Environment) -> None:
    assert _program(environment, "unknown") is None
    Path(environment.site[0], "helper-1.0.dist-info", "RECORD").unlink()
    assert _program(environment) is None, "a dependency without a record may be anything"


def test_an_executable_counts_by_its_content(tmp_path: Path) -> None:
    binary, script = tmp_path / "binary", tmp_path / "script"
    binary.write_bytes(b"\x7fELF 1")
    script.write_text(f"#!{binary} -I\nrun()\n", "utf-8")
    seen = [executable_identity(str(path), content_digest) for path in (binary, script)]
    binary.write_bytes(b"\x7fELF 2")
    seen += [executable_identity(str(path), content_digest) for path in (binary, script)]
    assert all(seen)
    assert len(set(seen)) == len(seen)
    script.write_text("#!/no/such/interpreter\n", "utf-8")
    assert executable_identity(str(script), content_digest) == ""
    assert executable_identity(str(tmp_path / "missing"), content_digest) == ""


def test_doctrine_is_what_its_files_and_libraries_are(environment: Environment) -> None:
    asked: list[str] = []

    def digest(path: str) -> str:
        asked.append(path)
        return "same"

    own = own_identity(digest, environment.site)
    names = {Path(path).name for path in asked}
    assert {"app.py", "radon_driver.py", "SEC005.toml"} <= names, "code, drivers and data count"
    assert not any(path.endswith(".pyc") for path in asked)
    assert own.digest == own_identity(digest, environment.site).digest
    assert own.digest != own_identity(lambda _: "another", environment.site).digest
    assert sys.platform in own.parts["interpreter"]


def test_the_libraries_of_doctrine_are_part_of_it_and_its_tools_are_not() -> None:
    sites = tuple(path for path in sys.path if path.endswith("site-packages"))
    parts = own_identity(lambda _: "", sites).parts
    assert {"msgspec", "tree-sitter", "tree-sitter-python", "packaging"} <= parts.keys()
    assert not PROGRAMS & parts.keys()


def test_every_tool_is_known_to_be_started_and_not_imported() -> None:
    assert {tool.distribution for tool in tools()} <= PROGRAMS
