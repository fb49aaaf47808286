"""Random edits of a Python project, as people and their tools make them.

Each edit is drawn from a seeded generator and says in a few words what it did, so that a failure can
be made again. They aim at what a cache may overlook: times and sizes that stay, contents that move,
names that others import, comments that silence, configuration that decides what counts.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_NEVER = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", "site-packages"})
_DEF = re.compile(r"^(?P<head>[ ]*(?:async )?def (?P<name>\w+)\()", re.MULTILINE)
_RETURNS = re.compile(r"(?<=-> )[\w.]+(?=:\n)")
_IMPORT = re.compile(r"^(?:from [\w.]+ import (?!\()[^\n]+|import [^\n]+)\n", re.MULTILINE)
_WORD = re.compile(r"\b[a-z_]{5,}\b")
_IGNORE = re.compile(r"[ ]*# (?:type: ignore|pyright: ignore|noqa)[^\n]*")
_IGNORES = (
    "  # type: ignore",
    "  # type: ignore[attr-defined]",
    "  # noqa: F401",
    "  # pyright: ignore",
)
_WRONG = (
    '_new_{n}: int = "text"\n',
    "import os\nimport missing_module_{n}\n",
    "def _new_{n}(value):\n    return value.nothing + undefined_{n}\n",
    "def _new_{n}(value: str) -> int:\n    return value\n",
    "from typing import Any\n\n\ndef _new_{n}(value: Any = [], *rest: Any) -> Any:\n    assert value\n    return eval(value)\n",
    "class _New{n}:\n    def one(self) -> int: return 1\n\n\nclass _Newer{n}(_New{n}):\n    def one(self) -> str: return ''\n",
)
_INLINE = (
    "# mypy: disallow-any-expr\n",
    "# mypy: ignore-errors\n",
    "# mypy: disable-error-code=assignment\n",
)
_INI = (
    "[mypy]\nstrict = True\n",
    "[mypy]\nwarn_unused_ignores = True\ncheck_untyped_defs = True\n",
    "[mypy]\nfollow_imports = silent\n",
    "[mypy]\nfollow_imports = skip\nwarn_unused_configs = True\n\n[mypy-nothing.*]\nignore_errors = True\n",
    "[mypy]\nignore_missing_imports = True\ndisallow_untyped_defs = True\n",
    "[mypy]\nlocal_partial_types = False\nwarn_unreachable = True\n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tree:
    """A project's folder, what its files held at first, and what decides what happens."""

    root: Path
    first: Mapping[str, bytes]
    chance: random.Random

    def files(self) -> list[Path]:
        """Return the Python files, sorted."""
        found: list[Path] = []
        for folder, inner, names in os.walk(self.root):
            inner[:] = sorted(one for one in inner if one not in _NEVER and not one.startswith("."))
            found.extend(Path(folder, one) for one in sorted(names) if one.endswith(".py"))
        return [one for one in found if one.is_file() and not one.is_symlink()]

    def pick(self) -> Path:
        """Return a file."""
        return self.chance.choice(self.files())

    def named(self, path: Path) -> str:
        """Return a path relative to the root."""
        return path.relative_to(self.root).as_posix()


def tree_of(root: Path, chance: random.Random) -> Tree:
    """Remember a project as it is.

    Args:
        root: Its folder, which is going to be edited.
        chance: Decides.
    """
    bare = Tree(root, {}, chance)
    return Tree(root, {bare.named(one): one.read_bytes() for one in bare.files()}, chance)


def _text(path: Path) -> str:
    return path.read_text("utf-8", "surrogateescape")


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", "surrogateescape")


def _exchanged(tree: Tree, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> str:
    """Exchange one match in one file; in another file where there is none."""
    for _ in range(20):
        path = tree.pick()
        text = _text(path)
        matches = list(pattern.finditer(text))
        if matches:
            one = tree.chance.choice(matches)
            _write(path, text[: one.start()] + make(one) + text[one.end() :])
            return f"{tree.named(path)}: {one[0].strip()[:40]!r}"
    return "nothing"


def _wrong(tree: Tree) -> str:
    path = tree.pick()
    text = _text(path)
    _write(path, f"{text}\n{tree.chance.choice(_WRONG).format(n=tree.chance.randrange(99))}")
    return tree.named(path)


def _parameter(tree: Tree) -> str:
    return _exchanged(tree, _DEF, lambda one: f"{one['head']}_more: int, ")


def _renamed(tree: Tree) -> str:
    return _exchanged(tree, _DEF, lambda one: one["head"].replace(one["name"], f"{one['name']}_x"))


def _returned(tree: Tree) -> str:
    return _exchanged(tree, _RETURNS, lambda one: "int" if one[0] == "str" else "str")


def _unimported(tree: Tree) -> str:
    return _exchanged(tree, _IMPORT, lambda _: "")


def _imported(tree: Tree) -> str:
    path, other = tree.pick(), tree.pick()
    module = tree.named(other).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    _write(path, f"import {module.removeprefix('src.')}\n{_text(path)}")
    return f"{tree.named(path)} imports {module}"


def _ignored(tree: Tree) -> str:
    path = tree.pick()
    lines = _text(path).splitlines()
    if lines:
        number = tree.chance.randrange(len(lines))
        lines[number] += tree.chance.choice(_IGNORES)
        _write(path, "\n".join(lines) + "\n")
    return tree.named(path)


def _heeded(tree: Tree) -> str:
    return _exchanged(tree, _IGNORE, lambda _: "")


def _inline(tree: Tree) -> str:
    path = tree.pick()
    _write(path, tree.chance.choice(_INLINE) + _text(path))
    return tree.named(path)


def _unnoticed(tree: Tree) -> str:
    """Exchange a word by one of its length, and set the time back."""
    path = tree.pick()
    text, status = _text(path), path.stat()
    words = list(_WORD.finditer(text))
    if words:
        one = tree.chance.choice(words)
        other = one[0][:-1] + ("x" if one[0][-1] != "x" else "y")
        _write(path, text[: one.start()] + other + text[one.end() :])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    return tree.named(path)


def _lines_gone(tree: Tree) -> str:
    path = tree.pick()
    lines = _text(path).splitlines(keepends=True)
    start = tree.chance.randrange(len(lines) + 1)
    _write(path, "".join(lines[:start] + lines[start + tree.chance.randrange(1, 6) :]))
    return f"{tree.named(path)}:{start + 1}"


def _touched(tree: Tree) -> str:
    path = tree.pick()
    second = tree.chance.choice((1_000_000_000, 1_700_000_000, None))
    os.utime(path, None if second is None else (second, second))
    return tree.named(path)


def _module_renamed(tree: Tree) -> str:
    path = tree.pick()
    target = path.with_name(f"{path.stem.strip('_')}_{tree.chance.randrange(99)}.py")
    path.rename(target)
    return f"{tree.named(path)} to {target.name}"


def _made_package(tree: Tree) -> str:
    """Turn a module into a package of the same content, or back."""
    path = tree.pick()
    if path.name == "__init__.py":
        if path.parent == tree.root or len(list(path.parent.iterdir())) > 1:
            return "nothing"
        target = path.parent.with_suffix(".py")
    else:
        target = path.with_suffix("") / "__init__.py"
        target.parent.mkdir(exist_ok=True)
    shutil.copy2(path, target)
    path.unlink()
    return f"{tree.named(path)} to {tree.named(target)}"


def _stubbed(tree: Tree) -> str:
    path = tree.pick()
    stub = path.with_suffix(".pyi")
    if stub.exists():
        stub.unlink()
    else:
        shutil.copy2(path, stub)
    return tree.named(stub)


def _copied(tree: Tree) -> str:
    path = tree.pick()
    target = path.with_name(f"copy_{tree.chance.randrange(99)}.py")
    shutil.copy2(path, target)
    return f"{tree.named(path)} to {target.name}"


def _deleted(tree: Tree) -> str:
    path = tree.pick()
    if len(tree.files()) > 1:
        path.unlink()
    return tree.named(path)


def _reverted(tree: Tree) -> str:
    path = tree.pick()
    content = tree.first.get(tree.named(path))
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    return tree.named(path)


def reverted(tree: Tree) -> str:
    """Make the Python files what they were at first, and take the configuration back."""
    for path in tree.files():
        if tree.named(path) not in tree.first:
            path.unlink()
    for path in tree.root.rglob("*.pyi"):
        if path.with_suffix(".py").name in {Path(one).name for one in tree.first}:
            path.unlink()
    for name, content in tree.first.items():
        target = tree.root / name
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    (tree.root / "mypy.ini").unlink(missing_ok=True)
    return "everything"


def _configured(tree: Tree) -> str:
    text = tree.chance.choice(_INI)
    _write(tree.root / "mypy.ini", text)
    return text.replace("\n", "; ")


EDITS: Mapping[str, tuple[int, Callable[[Tree], str]]] = {
    "add something wrong": (5, _wrong),
    "add a parameter": (4, _parameter),
    "rename a definition": (4, _renamed),
    "change what is returned": (4, _returned),
    "take an import away": (3, _unimported),
    "import a module": (2, _imported),
    "silence a line": (3, _ignored),
    "stop silencing": (3, _heeded),
    "configure in a file": (1, _inline),
    "edit without a trace": (3, _unnoticed),
    "delete lines": (2, _lines_gone),
    "touch": (2, _touched),
    "rename a module": (2, _module_renamed),
    "make a package or a module of it": (2, _made_package),
    "add or remove a stub": (2, _stubbed),
    "copy a module": (2, _copied),
    "delete a module": (2, _deleted),
    "revert a file": (5, _reverted),
    "revert everything": (1, reverted),
    "configure mypy": (2, _configured),
}
"""How often each is drawn, and what it does."""


def edit(tree: Tree) -> str:
    """Edit a project once; return what was done, in words."""
    names = list(EDITS)
    (name,) = tree.chance.choices(names, [EDITS[one][0] for one in names])
    return f"{name}: {EDITS[name][1](tree)}"
