"""Options and words of a command line whose program is known."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Argv = tuple[str, ...]


class Arguments(Struct, frozen=True, kw_only=True):
    """Arguments sorted out.

    Attributes:
        words: What is no option and no option's value.
        options: Values by option; an option without a value has an empty one.
    """

    words: Argv
    options: Mapping[str, tuple[str, ...]]

    def values(self, *names: str) -> Argv:
        """Return the values of an option by any of its names."""
        return tuple(value for name in names for value in self.options.get(name, ()))

    def has(self, *names: str) -> bool:
        """Return whether an option is given by any of its names."""
        return any(name in self.options for name in names)


def parse_arguments(argv: Argv, valued: frozenset[str]) -> Arguments:
    """Sort arguments out.

    Args:
        argv: Arguments without the program.
        valued: Options whose value is the next word, or glued on after one letter.
    """
    words: list[str] = []
    options: dict[str, list[str]] = {}
    rest = list(reversed(argv))
    while rest:
        word = rest.pop()
        if not word.startswith("-") or word in {"-", "--"}:
            words.append(word)
            continue
        name, value = _option(word, rest, valued)
        options.setdefault(name, []).append(value)
    return Arguments(
        words=tuple(words), options={name: tuple(given) for name, given in options.items()}
    )


def _option(word: str, rest: list[str], valued: frozenset[str]) -> tuple[str, str]:
    """Return an option and its value, which is taken from the end of ``rest`` if it is there."""
    name, equals, value = word.partition("=")
    if equals:
        return name, value
    if word in valued:
        given = bool(rest) and not rest[-1].startswith("-")
        return word, rest.pop() if given else ""
    if not word.startswith("--") and word[:2] in valued:
        return word[:2], word[2:]
    return word, ""


def at_dashes(words: Argv) -> tuple[Argv, Argv]:
    """Return what stands before and after the first ``--``."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]
