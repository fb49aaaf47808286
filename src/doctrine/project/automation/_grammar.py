"""Tokens of a shell script to its structure: lists, pipelines, conditions, loops, functions."""

from __future__ import annotations

from msgspec import Struct

from doctrine.project.automation._lexer import Kind, Token, tokenise

_DEEPEST = 40
_CLOSERS = frozenset({"then", "fi", "else", "elif", "do", "done", "esac", "}"})


class GrammarError(Exception):
    """The script is not one that this grammar knows."""


class Simple(Struct, frozen=True, kw_only=True):
    """A program with its words, redirections left out."""

    words: tuple[Token, ...]
    line: int


class Group(Struct, frozen=True, kw_only=True):
    """``( ... )`` or ``{ ...; }``."""

    body: Script
    subshell: bool


class If(Struct, frozen=True, kw_only=True):
    """Branches as (condition, body); ``otherwise`` is the body of ``else``."""

    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script


class Loop(Struct, frozen=True, kw_only=True):
    """``for``, ``while`` and ``until``; a ``for`` has no condition, but a variable and words."""

    condition: Script
    body: Script
    variable: str = ""
    words: tuple[Token, ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """The bodies of ``case``."""

    bodies: tuple[Script, ...]


class Function(Struct, frozen=True, kw_only=True):
    """A definition; its body runs where it is called."""

    name: str
    body: Script


Piece = Simple | Group | If | Loop | Case | Function


class Pipeline(Struct, frozen=True, kw_only=True):
    """Pieces joined by pipes."""

    pieces: tuple[Piece, ...]
    negated: bool = False


class AndOr(Struct, frozen=True, kw_only=True):
    """Pipelines joined by ``&&`` and ``||``; there is one operator fewer than pipelines."""

    pipelines: tuple[Pipeline, ...]
    operators: tuple[str, ...] = ()
    background: bool = False


Script = tuple[AndOr, ...]


def parse_script(source: str) -> Script:
    """Return the structure of a script.

    Raises:
        GrammarError: It is unbalanced, nested too deeply, or in another language.
    """
    parser = _Parser(tokenise(source))
    script = parser.script(frozenset())
    if not parser.done():
        raise GrammarError("unbalanced")
    return script


class _Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def done(self) -> bool:
        return self._at >= len(self._tokens)

    def _text(self, ahead: int = 0) -> str:
        """Return the operator or keyword that comes; an empty string for any other word."""
        at = self._at + ahead
        if at >= len(self._tokens):
            return ""
        token = self._tokens[at]
        return token.text if token.bare or token.kind is not Kind.WORD else ""

    def _is_word(self, ahead: int = 0) -> bool:
        at = self._at + ahead
        return at < len(self._tokens) and self._tokens[at].kind is Kind.WORD

    def _expect(self, text: str) -> None:
        self._blank()
        if self.done() or self._text() != text:
            raise GrammarError(f"`{text}` is missing")
        self._at += 1

    def _blank(self) -> None:
        while self._text() == "\n":
            self._at += 1

    def _separators(self) -> None:
        while self._text() in {"\n", ";"}:
            self._at += 1

    def script(self, stop: frozenset[str]) -> Script:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise GrammarError("nested too deeply")
        lists: list[AndOr] = []
        self._separators()
        while not self.done() and self._text() not in stop:
            lists.append(self._and_or())
            self._separators()
        self._depth -= 1
        return tuple(lists)

    def _and_or(self) -> AndOr:
        pipelines = [self._pipeline()]
        operators: list[str] = []
        while self._text() in {"&&", "||"}:
            operators.append(self._text())
            self._at += 1
            self._blank()
            pipelines.append(self._pipeline())
        background = self._text() == "&"
        if background:
            self._at += 1
        return AndOr(pipelines=tuple(pipelines), operators=tuple(operators), background=background)

    def _pipeline(self) -> Pipeline:
        negated = False
        while self._text() == "!":
            negated = not negated
            self._at += 1
        pieces = [self._piece()]
        while self._text() in {"|", "|&"}:
            self._at += 1
            self._blank()
            pieces.append(self._piece())
        return Pipeline(pieces=tuple(pieces), negated=negated)

    def _piece(self) -> Piece:
        start = self._at
        piece = self._compound()
        if piece is None:
            return self._simple()
        self._redirections()
        if self._at == start:
            raise GrammarError("nothing where a command should be")
        return piece

    def _compound(self) -> Piece | None:
        word = self._text()
        if word in {"(", "((", "{"}:
            return self._group(word)
        if word == "if":
            return self._if()
        if word in {"for", "while", "until", "select"}:
            return self._loop(word)
        if word == "case":
            return self._case()
        if word == "function" or (self._is_word() and self._text(1) == "("):
            return self._function(word)
        return None

    def _group(self, opening: str) -> Piece:
        self._at += 1
        if opening == "((":
            return self._arithmetic()
        closing = ")" if opening == "(" else "}"
        body = self.script(frozenset({closing}))
        self._expect(closing)
        return Group(body=body, subshell=opening == "(")

    def _arithmetic(self) -> Piece:
        line = self._tokens[self._at - 1].line
        depth = 2
        while depth > 0 and not self.done():
            depth += {"(": 1, "((": 2, ")": -1}.get(self._text(), 0)
            self._at += 1
        return Simple(words=(), line=line)

    def _if(self) -> If:
        branches: list[tuple[Script, Script]] = []
        otherwise: Script = ()
        while self._text() in {"if", "elif"}:
            self._at += 1
            condition = self.script(frozenset({"then"}))
            self._expect("then")
            branches.append((condition, self.script(frozenset({"elif", "else", "fi"}))))
        if self._text() == "else":
            self._at += 1
            otherwise = self.script(frozenset({"fi"}))
        self._expect("fi")
        return If(branches=tuple(branches), otherwise=otherwise)

    def _loop(self, keyword: str) -> Loop:
        self._at += 1
        if keyword in {"while", "until"}:
            return self._loop_body(self.script(frozenset({"do"})), "", ())
        return self._loop_body((), *self._for_words())

    def _loop_body(self, condition: Script, variable: str, words: tuple[Token, ...]) -> Loop:
        self._expect("do")
        body = self.script(frozenset({"done"}))
        self._expect("done")
        return Loop(condition=condition, body=body, variable=variable, words=words)

    def _for_words(self) -> tuple[str, tuple[Token, ...]]:
        words: list[Token] = []
        while not self.done() and self._text() != "do":
            if self._is_word():
                words.append(self._tokens[self._at])
            self._at += 1
        variable = words[0].text if words else ""
        return variable, tuple(words[2:] if [one.text for one in words[1:2]] == ["in"] else ())

    def _case(self) -> Case:
        while not self.done() and self._text() != "in":
            self._at += 1
        self._expect("in")
        bodies: list[Script] = []
        self._separators()
        while not self.done() and self._text() != "esac":
            while not self.done() and self._text() != ")":
                self._at += 1
            self._expect(")")
            bodies.append(self.script(frozenset({";;", ";&", ";;&", "esac"})))
            if self._text() in {";;", ";&", ";;&"}:
                self._at += 1
            self._separators()
        self._expect("esac")
        return Case(bodies=tuple(bodies))

    def _function(self, word: str) -> Function:
        if word == "function":
            self._at += 1
        if self.done():
            raise GrammarError("a function without a name")
        name = self._tokens[self._at].text
        self._at += 1
        if self._text() == "(":
            self._at += 1
            self._expect(")")
        self._blank()
        body = self._piece()
        return Function(name=name, body=(AndOr(pipelines=(Pipeline(pieces=(body,)),)),))

    def _redirections(self) -> None:
        while not self.done() and self._tokens[self._at].kind is Kind.REDIRECTION:
            self._at += 2 if self._is_word(1) else 1

    def _simple(self) -> Simple:
        if self.done() or (self._text() in _CLOSERS):
            raise GrammarError("nothing where a command should be")
        line = self._tokens[self._at].line
        if self._text() == "[[":
            return self._test(line)
        words: list[Token] = []
        before = self._at
        while not self.done():
            self._redirections()
            if not self._is_word():
                break
            words.append(self._tokens[self._at])
            self._at += 1
        if self._at == before:
            raise GrammarError(f"`{self._text()}` where a command should be")
        return Simple(words=tuple(words), line=line)

    def _test(self, line: int) -> Simple:
        first = self._tokens[self._at]
        while not self.done() and self._text() != "]]":
            self._at += 1
        self._expect("]]")
        return Simple(words=(first,), line=line)
