"""Facts about what the configurations of linters make them look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.model.observation import Evidence
from doctrine.model.project import Fact, Layout, TomlFile
from doctrine.project.facts.outcomes import settled, unsettled
from doctrine.project.settings_text import Setting, ini_setting

_OWN_FILES = (".ruff.toml", "ruff.toml")
_RULE = "C901"
_EVERYTHING = "ALL"
_FLAKE8 = tuple((path, "flake8") for path in ("setup.cfg", "tox.ini", ".flake8"))


class _Configuration(Struct, frozen=True, kw_only=True):
    """The file that ruff reads, and where its table is in it."""

    file: TomlFile
    keys: tuple[str, ...]

    def selectors(self, *names: str) -> Iterator[tuple[str, Evidence]]:
        """Yield the selectors of some options, in both of their places."""
        for section in ((), ("lint",)):
            options = table(self.file.data, *self.keys, *section)
            for name in names:
                keys = (*self.keys, *section, name)
                for one in strings(options.get(name)):
                    line = line_of(self.file, keys, one)
                    yield one, Evidence(path=self.file.path, line=line, detail=f"{name} {one}")


def linting_facts(layout: Layout, texts: Mapping[str, str]) -> Iterator[Fact]:
    """Yield whether the configurations of ruff and of flake8 make them watch complexity.

    Args:
        layout: The project's configuration.
        texts: Content of configuration files by path.
    """
    yield _ruff(layout, texts)
    yield _flake8(texts)


def selected_rules(layout: Layout, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes and prefixes that ruff's configuration selects; none where it says nothing.

    Args:
        layout: The project's configuration.
        texts: Content of configuration files by path.
    """
    try:
        found = _configuration(layout, texts)
    except ConfigError:
        return ()
    chosen = found.selectors("select", "extend-select") if found else ()
    return tuple(dict.fromkeys(one for one, _ in chosen))


def _ruff(layout: Layout, texts: Mapping[str, str]) -> Fact:
    name = "complexity-linted"
    try:
        found = _configuration(layout, texts)
    except ConfigError as error:
        detail = f"ruff's configuration cannot be read: {error}"
        return unsettled(name, (_own_file(texts),), detail)
    selected = _selecting(found) if found is not None else ()
    if not selected and found is not None and "extend" in table(found.file.data, *found.keys):
        detail = f"it extends another configuration, which may select {_RULE}"
        return unsettled(name, (found.file.path,), detail)
    return settled(name, selected, f"ruff's configuration does not select {_RULE}")


def _flake8(texts: Mapping[str, str]) -> Fact:
    limits = [
        one.place
        for key in ("max-complexity", "max_complexity")
        for one in ini_setting(texts, _FLAKE8, key)
        if one.value.strip().isdecimal() and not _is_ignored(texts, one)
    ]
    return settled("complexity-flaked", limits, "flake8's configuration sets no max-complexity")


def _is_ignored(texts: Mapping[str, str], limit: Setting) -> bool:
    """Return whether the file that sets the limit also ignores the rule."""
    section = ((limit.place.path, "flake8"),)
    ignored = (
        word
        for key in ("ignore", "extend-ignore", "extend_ignore")
        for one in ini_setting(texts, section, key)
        for word in one.value.replace(",", " ").split()
    )
    return any(_RULE.startswith(word) for word in ignored)


def _configuration(layout: Layout, texts: Mapping[str, str]) -> _Configuration | None:
    path = _own_file(texts)
    if path:
        return _Configuration(file=parse_toml(path, texts[path]), keys=())
    if layout.pyproject is None:
        return None
    return _Configuration(file=layout.pyproject, keys=("tool", "ruff"))


def _own_file(texts: Mapping[str, str]) -> str:
    return next((path for path in _OWN_FILES if path in texts), "")


def _selecting(found: _Configuration) -> tuple[Evidence, ...]:
    """Return what selects the rule, unless what ignores it is at least as specific, as for ruff."""
    chosen = [one for one in found.selectors("select", "extend-select") if _covers(one[0])]
    ignored = _closest(word for word, _ in found.selectors("ignore", "extend-ignore"))
    if _closest(word for word, _ in chosen) <= ignored:
        return ()
    return tuple(place for _, place in chosen)


def _covers(selector: str) -> bool:
    return selector == _EVERYTHING or (bool(selector) and _RULE.startswith(selector))


def _closest(selectors: Iterable[str]) -> int:
    """Return how specific the most specific selector of the rule is; 0 if none covers it."""
    return max(
        (1 if one == _EVERYTHING else 1 + len(one) for one in selectors if _covers(one)), default=0
    )
