"""What takes the place of a name in a removed module, where that is one name for another.

From the sources of the modules in their last version, and from what Python's documentation names as
the replacement (PEP 594 and PEP 632). Whatever needs other arguments, another result to be looked
at, or a package, is left to people.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Successor(Struct, frozen=True, kw_only=True):
    """A name that does the same.

    Attributes:
        module: The module that has it.
        name: Its name in there.
        same: Whether it is the same call; else it is what the documentation recommends, and may
            differ at the edges.
        more: An argument that makes it the same call; only with one argument beside it.
    """

    module: str
    name: str
    same: bool = True
    more: str = ""

    @property
    def dotted(self) -> str:
        """The name with its module."""
        return f"{self.module}.{self.name}"


SUCCESSORS: Mapping[str, Successor] = {
    "cgi.escape": Successor(module="html", name="escape", more="quote=False"),
    "cgi.parse_qs": Successor(module="urllib.parse", name="parse_qs"),
    "cgi.parse_qsl": Successor(module="urllib.parse", name="parse_qsl"),
    "distutils.core.Command": Successor(module="setuptools", name="Command", same=False),
    "distutils.core.Extension": Successor(module="setuptools", name="Extension", same=False),
    "distutils.core.setup": Successor(module="setuptools", name="setup", same=False),
    # The old one also returns files that are not executable.
    "distutils.spawn.find_executable": Successor(module="shutil", name="which", same=False),
    "distutils.sysconfig.get_config_var": Successor(
        module="sysconfig", name="get_config_var", same=False
    ),
    "distutils.sysconfig.get_config_vars": Successor(
        module="sysconfig", name="get_config_vars", same=False
    ),
    "distutils.util.get_platform": Successor(module="sysconfig", name="get_platform", same=False),
    "imp.cache_from_source": Successor(module="importlib.util", name="cache_from_source"),
    "imp.new_module": Successor(module="types", name="ModuleType"),
    "imp.reload": Successor(module="importlib", name="reload"),
    "imp.source_from_cache": Successor(module="importlib.util", name="source_from_cache"),
    "pipes.quote": Successor(module="shlex", name="quote"),
    "typing.io.BinaryIO": Successor(module="typing", name="BinaryIO"),
    "typing.io.IO": Successor(module="typing", name="IO"),
    "typing.io.TextIO": Successor(module="typing", name="TextIO"),
    "typing.re.Match": Successor(module="typing", name="Match"),
    "typing.re.Pattern": Successor(module="typing", name="Pattern"),
}
"""By dotted name."""

MODULES = frozenset(name.rpartition(".")[0] for name in SUCCESSORS)
"""The modules that have at least one such name."""
