"""Installs small distributions into folders, as an installer would, for tests of identities."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from doctrine.model.project import Environment

Install = Callable[..., Path]
_LONG_AGO = 1_000_000_000


def content_digest(path: str) -> str:
    """Return the digest of a file's content, empty where there is none."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


class Memory:
    """Remembers in a dictionary, and counts what it was asked to remember."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.known: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        """Return what was written."""
        return self.known.get(name)

    def write(self, name: str, content: bytes) -> None:
        """Remember."""
        self.known[name] = content


def make_environment(folder: Path) -> Environment:
    """Make a virtual environment's folders, with a file in the interpreter's place."""
    site = folder / "lib" / "python3.12" / "site-packages"
    site.mkdir(parents=True)
    (folder / "bin").mkdir()
    python = folder / "bin" / "python"
    python.write_bytes(b"interpreter 3.12.1")
    python.chmod(0o755)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n", "utf-8")
    return Environment(
        python=str(python), version=(3, 12), site=(str(site),), packages={}, label=".venv"
    )


def install(
    environment: Environment,
    name: str,
    version: str = "1.0",
    *,
    files: Mapping[str, str] | None = None,
    requires: tuple[str, ...] = (),
    script: str = "",
) -> Path:
    """Install a distribution, and return its first file.

    Args:
        environment: Where.
        name: Its name.
        version: Its version.
        files: Contents by path in site-packages; one module of its name if None.
        requires: Values of ``Requires-Dist``.
        script: Name of a console script.
    """
    site = Path(environment.site[0])
    folder = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {one}\n" for one in requires)
    contents = dict(files if files is not None else {f"{name}.py": f"VERSION = {version!r}\n"})
    first = next(iter(contents))
    contents |= {f"{folder}/METADATA": metadata, f"{folder}/INSTALLER": f"by {site}\n"}
    if script:
        contents[f"../../../bin/{script}"] = f"#!{environment.python}\nimport {name}\n"
    rows: list[str] = []
    for path, text in contents.items():
        place = site / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        os.utime(place, (_LONG_AGO, _LONG_AGO))
        raw = hashlib.sha256(text.encode()).digest()
        written = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        rows.append(f"{path},sha256={written},{len(text.encode())}\n")
    record = site / folder / "RECORD"
    record.write_text("".join((*rows, f"{folder}/RECORD,,\n")), "utf-8")
    os.utime(record, (_LONG_AGO, _LONG_AGO))
    return site / first
