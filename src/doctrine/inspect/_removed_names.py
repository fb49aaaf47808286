"""What to write in place of a name in a removed module, where no repair can: it is not quite the same.

Each says the difference. From the sources of the modules in their last version, and from what Python's
documentation names (PEP 594, PEP 632, and "What's New In Python 3.12" for ``imp``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doctrine.inspect._removed_modules import removal_of
from doctrine.inspect._successors import SUCCESSORS

_VERSION = (
    "packaging.version.Version (declare packaging); it raises InvalidVersion for what is no version of "
    "PEP 440, so catch that or clean the text first"
)
_FIELDS = (
    "urllib.parse.parse_qsl for a query string, and the form parser of the web framework or "
    "python-multipart for a body"
)
REMOVED_NAMES: Mapping[str, str] = {
    "cgi.FieldStorage": _FIELDS,
    "cgi.parse_header": (
        "email.message.Message: set its `content-type` to the line, then read get_content_type() and "
        "get_params()"
    ),
    "distutils.dir_util.copy_tree": (
        "shutil.copytree(source, target, dirs_exist_ok=True); it returns the target, not the files copied"
    ),
    "distutils.dir_util.mkpath": "os.makedirs(path, exist_ok=True); it returns nothing",
    "distutils.dir_util.remove_tree": (
        "shutil.rmtree(path); it raises where the old one logged a warning and went on"
    ),
    "distutils.file_util.copy_file": (
        "shutil.copy2(source, target); it returns the path, not a pair"
    ),
    "distutils.file_util.move_file": "shutil.move(source, target)",
    "distutils.log": "logging.getLogger(__name__)",
    "distutils.spawn.spawn": (
        "subprocess.run(command, check=True); it raises CalledProcessError, or FileNotFoundError"
    ),
    "distutils.sysconfig.get_python_inc": 'sysconfig.get_path("include")',
    "distutils.sysconfig.get_python_lib": (
        'sysconfig.get_path("purelib"), "platlib" for plat_specific, "stdlib" for standard_lib'
    ),
    "distutils.util.strtobool": (
        'value.lower() in {"y", "yes", "t", "true", "on", "1"}; raise ValueError yourself unless it is one '
        'of "n", "no", "f", "false", "off", "0" otherwise (the old one returned 1 or 0)'
    ),
    "distutils.version.LooseVersion": _VERSION,
    "distutils.version.StrictVersion": _VERSION,
    "imp.acquire_lock": "nothing: each import locks its own module",
    "imp.find_module": (
        "importlib.util.find_spec(name), or importlib.machinery.PathFinder.find_spec(name, path) with a "
        "path; it returns None where the old one raised ImportError, and a spec instead of an open file"
    ),
    "imp.get_magic": "importlib.util.MAGIC_NUMBER, which is no call",
    "imp.get_suffixes": "importlib.machinery.all_suffixes(); it gives the suffixes alone",
    "imp.get_tag": "sys.implementation.cache_tag, which is no call",
    "imp.is_builtin": "name in sys.builtin_module_names",
    "imp.load_module": (
        "importlib.import_module(name); it does not run a module again that is imported already"
    ),
    "imp.load_source": (
        "importlib.util.spec_from_file_location(name, path), then module_from_spec(spec), the module into "
        "sys.modules[name], and spec.loader.exec_module(module)"
    ),
    "imp.release_lock": "nothing: each import locks its own module",
    "pipes.Template": "subprocess.Popen for each step, the stdout of one as the stdin of the next",
}
"""By dotted name; none that has a successor of the same meaning."""

KNOWN_MODULES = frozenset(
    parent
    for name in (*REMOVED_NAMES, *SUCCESSORS)
    for parent in (name.partition(".")[0], name.rpartition(".")[0])
    if removal_of(parent, "")
)
"""Modules whose names are told one by one, and the packages that they are in."""


def instead_of(names: Iterable[str]) -> str:
    """Return what to write in place of names; empty where that is known of none.

    Args:
        names: Dotted names, attributes of theirs included (``imp.find_module.__doc__``).
    """
    found: dict[str, list[str]] = {}
    for dotted in names:
        if known := _known(dotted):
            found.setdefault(_told(known), []).append(f"`{known.rpartition('.')[2]}`")
    return "; ".join(
        f"for {' and '.join(dict.fromkeys(olds))} write {new}" for new, olds in found.items()
    )


def _known(dotted: str) -> str:
    while dotted and dotted not in REMOVED_NAMES and dotted not in SUCCESSORS:
        dotted = dotted.rpartition(".")[0]
    return dotted


def _told(known: str) -> str:
    if known in REMOVED_NAMES:
        return REMOVED_NAMES[known]
    successor = SUCCESSORS[known]
    return f"{successor.dotted}(…, {successor.more})" if successor.more else successor.dotted
