"""Shell text to tokens, as POSIX shells and bash split it; it never raises."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum, auto

from msgspec import Struct

_OPERATORS = (
    "&>>", "<<<", "<<-", ";;&", "&&", "((", "||", ";;", ";&", "|&", "<<", ">>", ">|", ">&", "<&", "&>",
    "<>", ";", "|", "&", "(", ")", "<", ">",
)  # fmt: skip
_REDIRECTIONS = frozenset({"&>>", "<<<", "<<-", "<<", ">>", ">|", ">&", "<&", "&>", "<>", "<", ">"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_BRACED = re.compile(r"^!?([A-Za-z_][A-Za-z0-9_]*|[@*#?])(?::?[-=](.*)|([/#%^,].*))?$", re.DOTALL)
_ARRAY = re.compile(r"[A-Za-z_]\w*(?:\[[^\]\n]*\])?\+?=")
_PLAIN = re.compile(r"[^\s'\"\\$`;|&()<>{}]+")


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    OPERATOR = auto()
    REDIRECTION = auto()
    NEWLINE = auto()


class Part(Struct, frozen=True, kw_only=True):
    """A stretch of a word: literal text, or a variable.

    Attributes:
        text: The text, quotes removed; for a variable, as it is written.
        quoted: Whether it stood in quotes, so that it is not split when expanded.
        variable: Name of the variable; empty for literal text.
        default: What the variable's default is; empty if none is given.
        change: What is done to its value, as it is written behind the name (``//./``); empty for
            nothing.
        substitution: Whether it stands for what a command prints.
    """

    text: str
    quoted: bool = False
    variable: str = ""
    default: str = ""
    change: str = ""
    substitution: bool = False


class Token(Struct, frozen=True, kw_only=True):
    """A token of a script.

    Attributes:
        kind: What it is.
        line: 1-based line in the script.
        text: Its text, quotes removed.
        parts: The stretches of a word.
        bare: Whether the word is free of quotes and variables, so that it may be a keyword.
    """

    kind: Kind
    line: int
    text: str
    parts: tuple[Part, ...] = ()
    bare: bool = False


def tokenise(script: str) -> tuple[Token, ...]:
    """Split a script into tokens; comments and bodies of here-documents are left out."""
    return _Lexer(script).run()


class _Lexer:
    def __init__(self, script: str) -> None:
        self._text = script.replace("\r\n", "\n")
        self._at = 0
        self._tokens: list[Token] = []
        self._starts = [0, *(found.end() for found in re.finditer("\n", self._text))]
        self._heredocs: list[tuple[str, bool]] = []
        self._pending = ""

    def run(self) -> tuple[Token, ...]:
        while self._at < len(self._text):
            self._step(self._text[self._at])
        return tuple(self._tokens)

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _step(self, char: str) -> None:
        if char == "\n":
            self._newline()
        elif char.isspace():
            self._at += 1
        elif self._text.startswith("\\\n", self._at):
            self._at += 2
        elif char == "#":
            end = self._text.find("\n", self._at)
            self._at = end if end >= 0 else len(self._text)
        elif (operator := self._operator()) and not self._substitution():
            self._add_operator(operator)
        else:
            self._word()

    def _operator(self) -> str:
        return next((one for one in _OPERATORS if self._text.startswith(one, self._at)), "")

    def _substitution(self) -> bool:
        return self._text.startswith(("<(", ">("), self._at)

    def _newline(self) -> None:
        self._tokens.append(Token(kind=Kind.NEWLINE, line=self._line(self._at), text="\n"))
        self._at += 1
        for delimiter, dashed in self._heredocs:
            self._skip_heredoc(delimiter, dashed=dashed)
        self._heredocs.clear()

    def _skip_heredoc(self, delimiter: str, *, dashed: bool) -> None:
        while self._at < len(self._text):
            end = self._text.find("\n", self._at)
            end = end if end >= 0 else len(self._text)
            row = self._text[self._at : end]
            self._at = min(end + 1, len(self._text))
            if (row.lstrip("\t") if dashed else row) == delimiter:
                return

    def _add_operator(self, operator: str) -> None:
        kind = Kind.REDIRECTION if operator in _REDIRECTIONS else Kind.OPERATOR
        self._tokens.append(Token(kind=kind, line=self._line(self._at), text=operator))
        self._at += len(operator)
        self._pending = operator if operator in {"<<", "<<-"} else ""

    def _word(self) -> None:
        start = self._at
        parts = self._parts()
        text = "".join(part.text for part in parts)
        bare = self._text[start : self._at] == text and not any(part.variable for part in parts)
        if self._pending:
            self._heredocs.append((text, self._pending == "<<-"))
            self._pending = ""
        if text.isdigit() and bare and self._text[self._at : self._at + 1] in {"<", ">"}:
            return  # the number of a file descriptor belongs to the redirection after it
        self._tokens.append(
            Token(kind=Kind.WORD, line=self._line(start), text=text, parts=parts, bare=bare)
        )

    def _parts(self) -> tuple[Part, ...]:
        """Read the stretches of a word, up to where it ends."""
        start = self._at
        parts: list[Part] = []
        while self._at < len(self._text) and not self._ends_word():
            self._part(parts)
        if self._text.startswith("(", self._at) and _ARRAY.fullmatch(self._text, start, self._at):
            parts.append(self._array())
        return tuple(parts)

    def _array(self) -> Part:
        """Return the list behind ``NAME=``, which is a value and neither a group nor a function."""
        start = self._at
        self._at = _balanced(self._text, start)
        return Part(text=self._text[start : self._at], quoted=True)

    def _ends_word(self) -> bool:
        char = self._text[self._at]
        return char.isspace() or (char in ";|&()<>" and not self._substitution())

    def _part(self, parts: list[Part]) -> None:
        char = self._text[self._at]
        if char == "'":
            parts.append(Part(text=self._until("'"), quoted=True))
        elif char == '"':
            self._double(parts)
        elif char == "\\":
            escaped = self._text[self._at + 1 : self._at + 2]
            if escaped != "\n":
                parts.append(Part(text=escaped, quoted=True))
            self._at += 2
        elif char in "$`" or self._substitution():
            parts.append(self._dollar(quoted=False))
        else:
            found = _PLAIN.match(self._text, self._at)
            text = found.group() if found else char
            parts.append(Part(text=text))
            self._at += len(text)

    def _until(self, quote: str) -> str:
        end = self._text.find(quote, self._at + 1)
        end = end if end >= 0 else len(self._text)
        text = self._text[self._at + 1 : end]
        self._at = end + 1
        return text

    def _double(self, parts: list[Part]) -> None:
        self._at += 1
        literal: list[str] = []
        while self._at < len(self._text) and self._text[self._at] != '"':
            char = self._text[self._at]
            if char in "$`":
                parts.append(Part(text="".join(literal), quoted=True))
                literal.clear()
                parts.append(self._dollar(quoted=True))
                continue
            if char == "\\" and self._text[self._at + 1 : self._at + 2] in {*'"\\$`\n'}:
                self._at += 1
                char = "" if self._text[self._at] == "\n" else self._text[self._at]
            literal.append(char)
            self._at += 1
        self._at += 1
        parts.append(Part(text="".join(literal), quoted=True))

    def _dollar(self, *, quoted: bool) -> Part:
        start = self._at
        if self._text[start] == "`":
            self._until("`")
            return Part(text=self._text[start : self._at], quoted=quoted, substitution=True)
        if self._text.startswith("${{", start):
            end = self._text.find("}}", start)
            self._at = end + 2 if end >= 0 else len(self._text)
            return Part(text=self._text[start : self._at], quoted=True)
        follows = self._text[start + 1 : start + 2]
        if follows in {"(", "{"}:
            self._at = _balanced(self._text, start + 1)
            return _braced(self._text[start : self._at], quoted=quoted)
        name = _NAME.match(self._text, start + 1)
        self._at = name.end() if name else start + 1
        variable = name.group() if name else ""
        return Part(text=self._text[start : self._at], quoted=quoted, variable=variable)


def _braced(written: str, *, quoted: bool) -> Part:
    found = _BRACED.match(written[2:-1]) if written.startswith("${") else None
    if found is None:
        return Part(text=written, quoted=quoted, substitution=written.startswith("$("))
    default = (found[2] or "").strip("\"'")
    change = found[3] or ""
    return Part(text=written, quoted=quoted, variable=found[1], default=default, change=change)


def _balanced(text: str, start: int) -> int:
    """Return where the bracket that opens at ``start`` is closed, quotes respected."""
    opening = text[start]
    closing = {"(": ")", "{": "}"}[opening]
    depth, at, quote = 0, start, ""
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)
