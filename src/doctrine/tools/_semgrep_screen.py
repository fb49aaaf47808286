"""Which of doctrine's own rules for semgrep can match in a file at all.

Most files hold nothing that any rule is about, and semgrep parses a large project for ten seconds to find
that out. A rule says what it needs; where that is missing the rule cannot match, and a file in which no
rule can match has been searched by looking for those words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from doctrine.syntax.tree import ParsedFile

_GAP = r"(?:[\s\\]|#[^\n]*\n)*"
"""What may stand between two tokens; a blank in a pattern."""


class Screen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every match of a rule needs.

    Names come from imports of the same file, so that the parts of a dotted name stand in the file even
    where it is imported under another name.

    Attributes:
        words: Lower-case texts that the file holds in any case; of ``a|b``, one is enough.
        written: Expression for how the file writes it, a blank for white space and comments; the
            empty one matches everywhere.
        feature: Feature of the file; the empty one is no condition.
    """

    words: tuple[str, ...] = ()
    written: str = ""
    feature: str = ""

    def lets(self, parsed: ParsedFile) -> bool:
        """Return whether a rule can match in a file."""
        if self.feature and self.feature not in parsed.module.features:
            return False
        lowered = parsed.wording.lowered
        if not all(lowered.holds(*_either(words)) for words in self.words):
            return False
        return not self.written or _pattern(self.written).search(parsed.source) is not None


@cache
def _either(words: str) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in words.split("|"))


@cache
def _pattern(written: str) -> re.Pattern[bytes]:
    return re.compile(written.replace(" ", _GAP).encode())


def suspects(parsed: ParsedFile, screens: Iterable[tuple[str, Screen]]) -> frozenset[str]:
    """Return the rules that can match in a file.

    Args:
        parsed: The file.
        screens: Ids of rules with what they need.
    """
    return frozenset(rule for rule, screen in screens if screen.lets(parsed))
