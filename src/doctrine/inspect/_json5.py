"""JSON with comments, trailing commas, single quotes and bare keys.

``pyrightconfig.json`` and ``renovate.json5`` are written by hand in these dialects, which the
standard decoder refuses. The text is rewritten into plain JSON token by token.
"""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\\n]|\\.)*")"""
    r"""|(?P<single>'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<space>\s+)"""
    r"""|(?P<mark>[\[\]{}:,])"""
    r"""|(?P<bare>[^\s\[\]{}:,"'/]+)""",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LITERALS = frozenset({"true", "false", "null"})


class JsonError(ValueError):
    """The text is not JSON in any of the accepted dialects."""


def parse_json(source: str) -> object:
    """Return the value of a JSON text.

    Raises:
        JsonError: It is not JSON, nor one of its hand-written dialects.
    """
    try:
        value: object = json.loads("".join(_plain(source.removeprefix("\ufeff"))))
    except RecursionError as error:
        message = "its values are nested too deeply"
        raise JsonError(message) from error
    except ValueError as error:
        raise JsonError(str(error)) from error
    return value


def _plain(source: str) -> list[str]:
    """Return the tokens in plain JSON, each line break kept so that places stay true."""
    tokens: list[str] = []
    end = 0
    for match in _TOKEN.finditer(source):
        if match.start() != end:
            break
        end = match.end()
        if match["mark"] in {"]", "}"}:
            _drop_trailing_comma(tokens)
        tokens.append(_token(match))
    if end != len(source):
        line = source.count("\n", 0, end) + 1
        message = f"line {line} is not JSON"
        raise JsonError(message)
    return tokens


def _token(match: re.Match[str]) -> str:
    word = match.group()
    if match["comment"]:
        return "\n" * word.count("\n")
    if match["single"]:
        inner = word[1:-1].replace("\\'", "'")
        return '"' + re.sub(r'(?<!\\)"', r"\"", inner) + '"'
    if match["bare"] and word not in _LITERALS and not _NUMBER.fullmatch(word):
        return json.dumps(word)
    return word


def _drop_trailing_comma(tokens: list[str]) -> None:
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].strip():
            if tokens[index] == ",":
                tokens[index] = ""
            return
