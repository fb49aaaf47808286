"""Modules that left the standard library: when, and what takes their place."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Removal(Struct, frozen=True, kw_only=True):
    """A module that is gone.

    Attributes:
        minor: The 3.x version that no longer has it.
        instead: What to use in its place.
        backports: Normalised distributions that bring it back under its own name.
    """

    minor: int
    instead: str
    backports: tuple[str, ...] = ()


REMOVALS: Mapping[str, Removal] = {
    "asynchat": Removal(minor=12, instead="asyncio streams", backports=("pyasynchat",)),
    "asyncore": Removal(minor=12, instead="asyncio", backports=("pyasyncore",)),
    "distutils": Removal(
        minor=12, instead="setuptools, packaging, shutil or subprocess", backports=("setuptools",)
    ),
    "imp": Removal(minor=12, instead="importlib", backports=("zombie-imp",)),
    "smtpd": Removal(minor=12, instead="aiosmtpd", backports=("standard-smtpd",)),
    "aifc": Removal(minor=13, instead="soundfile or pydub", backports=("standard-aifc",)),
    "audioop": Removal(minor=13, instead="numpy or soundfile", backports=("audioop-lts",)),
    "cgi": Removal(
        minor=13,
        instead="a web framework, or email.message with python-multipart",
        backports=("legacy-cgi",),
    ),
    "cgitb": Removal(
        minor=13, instead="traceback and logging", backports=("legacy-cgi", "standard-cgitb")
    ),
    "chunk": Removal(minor=13, instead="struct", backports=("standard-chunk",)),
    "crypt": Removal(
        minor=13, instead="argon2-cffi for passwords", backports=("standard-crypt", "legacy-crypt")
    ),
    "imghdr": Removal(
        minor=13, instead="filetype, puremagic or Pillow", backports=("standard-imghdr",)
    ),
    "mailcap": Removal(minor=13, instead="mimetypes", backports=("standard-mailcap",)),
    "msilib": Removal(minor=13, instead="a packaging tool outside Python"),
    "nis": Removal(minor=13, instead="a directory service client such as ldap3"),
    "nntplib": Removal(minor=13, instead="pynntp", backports=("standard-nntplib",)),
    "ossaudiodev": Removal(minor=13, instead="sounddevice or pygame"),
    "pipes": Removal(minor=13, instead="subprocess and shlex", backports=("standard-pipes",)),
    "sndhdr": Removal(minor=13, instead="filetype or puremagic", backports=("standard-sndhdr",)),
    "spwd": Removal(minor=13, instead="python-pam"),
    "sunau": Removal(minor=13, instead="soundfile", backports=("standard-sunau",)),
    "telnetlib": Removal(
        minor=13, instead="telnetlib3, or asyncio streams", backports=("standard-telnetlib",)
    ),
    "uu": Removal(minor=13, instead="base64 or binascii", backports=("standard-uu",)),
    "xdrlib": Removal(minor=13, instead="struct", backports=("standard-xdrlib",)),
    "lib2to3": Removal(minor=13, instead="libcst or parso"),
    "tkinter.tix": Removal(minor=13, instead="tkinter.ttk"),
    "typing.io": Removal(minor=13, instead="typing itself"),
    "typing.re": Removal(minor=13, instead="typing itself"),
}
"""By dotted name. The two namespaces in ``typing`` never were files: they hold names only."""


_TOOLBOXES = frozenset({"setuptools"})
"""Bring a removed module back beside what they are for."""

BACKPORTS: Mapping[str, frozenset[str]] = {
    backport: frozenset(name for name, one in REMOVALS.items() if backport in one.backports)
    for removal in REMOVALS.values()
    for backport in removal.backports
    if backport not in _TOOLBOXES
}
"""The modules that a distribution brings back, for those that do nothing else."""


def removal_of(module: str, name: str) -> tuple[str, Removal] | None:
    """Return the removed module that an import reaches, with its removal.

    Args:
        module: The imported module.
        name: The name imported from it, or an empty string.
    """
    parts = [*module.split("."), name] if name else module.split(".")
    for length in (1, 2):
        dotted = ".".join(parts[:length])
        if dotted in REMOVALS and len(parts) >= length:
            return dotted, REMOVALS[dotted]
    return None
