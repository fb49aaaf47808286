"""Syntax and habits of a file that facts and the choice of interpreters depend on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tree_sitter import Node

from doctrine.syntax.language import of_types
from doctrine.syntax.modern import is_template, needs_pep701
from doctrine.syntax.oddities import oddities
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.wording import Wording

CALLS = frozenset(
    {
        "AsyncConnectionPool",
        "AsyncMongoClient",
        "CircuitBreaker",
        "ClientSession",
        "FastAPI",
        "Flask",
        "HTMLResponse",
        "HTTPSConnection",
        "Litestar",
        "Parallel",
        "Process",
        "ProcessPoolExecutor",
        "Quart",
        "Sanic",
        "TemplateResponse",
        "Thread",
        "ThreadPoolExecutor",
        "WebSocketResponse",
        "add_url_rule",
        "autoretry_for",
        "create_connection",
        "derive",
        "executemany",
        "feature_enabled",
        "fork",
        "generate_key",
        "generate_private_key",
        "given",
        "load_der_private_key",
        "load_pem_private_key",
        "load_pem_public_key",
        "lru_cache",
        "open_connection",
        "private_bytes",
        "public_bytes",
        "render",
        "render_template",
        "run_app",
        "run_forever",
        "run_in_executor",
        "run_until_complete",
        "start_new_thread",
        "to_thread",
        "urlopen",
        "urlretrieve",
        "ws_connect",
    }
)
"""Names whose call is a feature of its own (``call:to_thread``), since facts ask for it."""

_CALL_WORDS = frozenset(name.encode() for name in CALLS)
# What stands before is asked for last: a pattern that begins with one byte is searched at once, and one
# that begins with several, or with the beginning of a word, is tried at every byte.
_TEMPLATE_START = tuple(
    re.compile(mark + rb"(?:(?<=\b[tT].)|(?<=\b(?:[tT][rR]|[rR][tT]).))") for mark in (b"'", b'"')
)
_TEMPLATE_PREFIXES = frozenset(b"t T tr tR Tr TR rt rT Rt RT".split())
_MENTIONS = frozenset({"comment", "string_content"})
_FORMATTER = re.compile(rb"#\s*(?:fmt:\s*(?=o)|yapf:\s*(?=[de]))(off|on|disable|enable)\s*")
_OFF = frozenset({b"off", b"disable"})
_BLOCKS = ("module", "block", "_definition", "_statement", "_clause")
"""How the names of nodes end that hold statements, or a comment before the first one of these."""
"""How ruff is told to leave the lines below a comment alone, until it is told otherwise."""
_SECRET_VALUE = re.compile(
    rb"(?im)^[^#\n]*\b\w*(?:token|passw(?:or)?d|secret|api_?key|salt|nonce|otp)\b\s*=(?!=)"
    rb"[^#\n]*\b(?:secrets?\.|random\.|uuid\d|urandom|getrandbits)"
)
_DRAWN = re.compile(rb"(?i)secret|rand|uuid")
"""What the end of a secret value holds, and few lines do."""
_TEXTUAL = (
    (
        "system-random",
        (b"urandom", b"SystemRandom"),
        rb"\b(?:urandom|SystemRandom)\(",
    ),
    (
        "platform-branch",
        (b"sys.platform", b"os.name", b"platform.system()"),
        rb"\b(?:sys\.platform|os\.name|platform\.system\(\))\s*(?:[!=]=|\bin\b|\.s)",
    ),
    (
        "write-route",
        (b".post(", b".put(", b".patch(", b".delete(", b".route("),
        rb"@[\w.]+\.(?:post|put|patch|delete)\(|@[\w.]+\.route\([^)]*\b(?:POST|PUT|PATCH|DELETE)\b",
    ),
    (
        "sql-write",
        (b"INSERT", b"insert", b"UPDATE", b"update", b"DELETE", b"delete"),
        rb"""["'](?i:INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b""",
    ),
    (
        "flag-environment",
        (b"FEATURE_",),
        rb"""(?i:environ(?:\.get)?|getenv|\benv(?:\.\w+)?|\bconfig)\s*[\[(]\s*["']FEATURE_[A-Z0-9_]+["']""",
    ),
    (
        # a hash over a name that is a password's, what hashes nothing else, or a password compared with
        # one that is kept
        "password-hash",
        (b"passw", b"pwd", b"Passw", b"hashpw", b"checkpw"),
        (
            rb"(?m)^[^#\n]*(?:"
            rb"\b(?:md5|sha1|sha\d{3}|blake2[bs]|pbkdf2_hmac|scrypt)\([^\n]{0,60}(?:password|passwd|pwd|passphrase)"
            rb"|\b(?:hashpw|checkpw)\("
            rb"|\.(?:password|passwd|pwd)[ \t]*[!=]=[ \t]*(?:password|passwd|pwd)\b(?!\.)"
            rb"|\b(?<!\.)(?:password|passwd|pwd)[ \t]*[!=]=[ \t]*\w+\.(?:password|passwd|pwd)\b"
            rb")"
        ),
    ),
    (
        # a client that takes whatever certificate it is shown
        "unchecked-peer",
        (
            b"verify=False",
            b"verify = False",
            b"ssl=False",
            b"ssl = False",
            b"verify_ssl",
            b"AutoAddPolicy",
            b"WarningPolicy",
        ),
        rb"\b(?:verify(?:_ssl)?|ssl)[ \t]*=[ \t]*False\b|\b(?:AutoAdd|Warning)Policy\b",
    ),
    # an alias may be that of anything
    ("keyed-hash", (b"hmac",), rb"hmac\.(?:new|digest|HMAC)\(|\bimport[ \t]+hmac[ \t]+as\b"),
    ("no-type-check", (b"no_type_check",), rb"(?m)^[ \t]*@(?:\w+\.)?no_type_check\b"),
    ("django-auth", (b"INSTALLED_APPS",), rb"[\"']django\.contrib\.auth[\"']"),
    (
        "retry",
        (b"Retry(", b"autoretry_for", b"HTTPTransport("),
        rb"\bRetry\(|\bautoretry_for\s*=|HTTPTransport\([^)]*\bretries\s*=",
    ),
    (
        # a loop that counts its attempts, and waits before the next one
        "retry",
        (b"sleep(",),
        (
            rb"(?m)(?:^[ \t]*for[ \t]+\w*(?:attempt|retry|retries|trial)\w*[ \t]+in\b(?:[^\n]*\n){1,30}?"
            rb"|\b(?:attempts?|retries|tries)[ \t]*[-+]=[ \t]*1\b(?:[^\n]*\n){1,8}?)"
            rb"[^\n]*\b(?:sleep|_?wait\w*|_?back_?off\w*)\("
        ),
    ),
    (
        # a loop that ends with the first success, and waits after a failure
        "retry",
        (b"sleep(",),
        (
            rb"(?m)^[ \t]*while\b[^\n]*\n[ \t]*try:\n(?:[^\n]*\n){0,4}?[ \t]*(?:return|break)\b[^\n]*\n"
            rb"(?:[^\n]*\n){0,3}?[ \t]*except\b[^\n]*\n(?:[^\n]*\n){0,8}?[^\n]*\bsleep\("
        ),
    ),
    (
        "memory-cache",
        (b"cache", b"CACHE", b"memo"),
        (
            rb"(?m)@(?:functools\.)?(?:lru_cache|cache)\b"
            rb"|^[ \t]*(?:self\.)?(?i:\w*_)?(?i:cached?|memo(?:ized)?)(?:(?i:s|_\w*))?\b[^=\n(]*=[ \t]*"
            rb"(?:\{\}|dict\(\)|(?:collections\.)?(?:OrderedDict|defaultdict)\(\w*\))[ \t]*(?:#|$)"
        ),
    ),
    (
        "async-cache",
        (b"cache", b"Cache"),
        (
            rb"@(?:[\w.]+\.)?(?:lru_cache|cache|cached|cachedmethod|cached_property|ttl_cache|alru_cache)"
            rb"\b[^\n]*\n(?:\s*@[^\n]*\n){0,4}\s*async\s+def\b"
        ),
    ),
    (
        "pickle-cache",
        (b"pickle.dump(", b"marshal.dump("),
        (
            rb"\b(?:pickle|marshal)\.dump\([^\n]*(?i:cache)"
            rb"|(?i:cache)[^\n]*\n[^\n]*\b(?:pickle|marshal)\.dump\("
            rb"|\bdef\s+\w*cache\w*\((?:[^\n]*\n){1,12}?[^\n]*\b(?:pickle|marshal)\.dump\("
        ),
    ),
)
"""Feature, words one of which a file must hold for it (a plain search is cheap), pattern."""
_SCREENS = {
    "memory-cache": re.compile(
        rb"@(?:functools\.)?(?:lru_cache|cache)\b"
        rb"|=[ \t]*(?:\{\}|dict\(\)|(?:collections\.)?(?:OrderedDict|defaultdict)\()"
    ),
    "password-hash": re.compile(rb"password|passwd|pwd|passphrase|hashpw|checkpw"),
}
"""What a line holds that has a feature, where the pattern itself tries every line from its start."""


def features(wording: Wording, root: Node, found: Mapping[str, list[Node]]) -> Mapping[str, int]:
    """Return the features of a file with the first line of each.

    Args:
        wording: Its words.
        root: Its tree.
        found: Its nodes of interest, by capture.
    """
    lines: dict[str, int] = {}
    for name, line in (
        *_syntax(wording, root, found),
        *oddities(found),
        *_guards(wording, root),
        *_calls(wording, root),
        *_unformatted(wording, found),
        *_textual(wording, root),
    ):
        lines[name] = min(line, lines.get(name, line))
    return lines


def _syntax(
    wording: Wording, root: Node, found: Mapping[str, list[Node]]
) -> Iterator[tuple[str, int]]:
    for name in ("async", "annotations", "pep695", "pep758"):
        yield from ((name, line_of(node)) for node in found.get(name, [])[:1])
    for node in found.get("string701", []):
        if needs_pep701(node):
            yield "pep701", line_of(node)
            break
    if not wording.words.isdisjoint(_TEMPLATE_PREFIXES) and any(
        start.search(wording.text) for start in _TEMPLATE_START
    ):
        strings = of_types(root, "string")
        yield from (("pep750", line_of(node)) for node in strings if is_template(node))


def _guards(wording: Wording, root: Node) -> Iterator[tuple[str, int]]:
    if wording.holds(b"__main__"):
        yield from (("main-guard", line_of(node)) for node in main_guards(root))


def main_guards(root: Node) -> Iterator[Node]:
    """Yield the ``if __name__ == "__main__"`` statements of a module."""
    for node in root.named_children:
        condition = node.child_by_field_name("condition") if node.type == "if_statement" else None
        text = text_of(condition) if condition is not None else ""
        if "__name__" in text and "__main__" in text and "!=" not in text:
            yield node


def _calls(wording: Wording, root: Node) -> Iterator[tuple[str, int]]:
    for word in wording.words & _CALL_WORDS:
        for start in wording.places(word):
            node = root.descendant_for_byte_range(start, start + len(word))
            if node is not None and _is_called(node):
                yield f"call:{word.decode()}", line_of(node)
                break


def _is_called(name: Node) -> bool:
    """Return whether a name is what a call calls, by itself or as an attribute of anything."""
    above = name.parent
    if above is not None and above.type == "attribute":
        if above.child_by_field_name("attribute") != name:
            return False
        name, above = above, above.parent
    return (
        above is not None and above.type == "call" and above.child_by_field_name("function") == name
    )


def _unformatted(wording: Wording, found: Mapping[str, list[Node]]) -> Iterator[tuple[str, int]]:
    """Yield where the formatter is first switched off, if that is for at least half of the lines."""
    if not wording.holds(b"fmt:", b"yapf:"):
        return
    end = wording.text.count(b"\n") + 1
    stretches = tuple(_switched_off(found.get("comment", []), wording.text))
    if stretches and 2 * sum(stop - start for start, stop in stretches) >= end - 1:
        yield "format-off", stretches[0][0]


def _switched_off(comments: Iterable[Node], source: bytes) -> Iterator[tuple[int, int]]:
    """Yield from which line on, and up to which, the formatter is switched off.

    It is until it is switched on in the same block, or that ends. In an expression nothing is.

    Args:
        comments: Those of the file.
        source: Its text.
    """
    off, stop, indent = 0, 0, 0
    for node, switches_off in _switches(comments, source):
        line, column = line_of(node), node.start_point.column
        if off and (line >= stop or (not switches_off and column == indent)):
            yield off, min(line, stop)
            off = 0
        if not off and switches_off:
            off, stop, indent = line, _behind(node), column
    if off:
        yield off, stop


def _switches(comments: Iterable[Node], source: bytes) -> Iterator[tuple[Node, bool]]:
    """Yield the comments that switch the formatter, and whether off."""
    for node in comments:
        switch = _FORMATTER.fullmatch(node.text or b"")
        if switch and _is_in_block(node, source):
            yield node, switch[1] in _OFF


def _is_in_block(comment: Node, source: bytes) -> bool:
    """Return whether a comment has its line for itself, and is among statements."""
    start = comment.start_byte
    above = comment.parent
    alone = not source[start - comment.start_point.column : start].strip()
    return alone and above is not None and above.type.endswith(_BLOCKS)


def _behind(comment: Node) -> int:
    """Return the line behind the block that a comment is in."""
    end = (comment.parent or comment).end_point
    return end.row + 1 + (end.column > 0)


def _textual(wording: Wording, root: Node) -> Iterator[tuple[str, int]]:
    source = wording.text
    for name, words, pattern in _TEXTUAL:
        if wording.holds(*words):
            matches = _matches(name, pattern, source)
            found = next((one for one in matches if not _is_mentioned(one, root)), None)
            if found:
                yield name, source.count(b"\n", 0, found.start()) + 1
    yield from _secret_value(wording)


def _matches(name: str, pattern: bytes, source: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the matches of a pattern, where it is dear on those lines alone that a cheap one finds."""
    screen = _SCREENS.get(name)
    if screen is None:
        yield from re.finditer(pattern, source)
        return
    compiled = re.compile(pattern)
    end = 0
    for candidate in screen.finditer(source):
        if candidate.start() >= end:  # no line twice
            start = source.rfind(b"\n", 0, candidate.start()) + 1
            end = source.find(b"\n", candidate.start()) + 1 or len(source)
            yield from compiled.finditer(source, start, end)


def _is_mentioned(found: re.Match[bytes], root: Node) -> bool:
    """Return whether a match stands in a comment or a text, from its first to its last byte."""
    return all(
        (node := root.descendant_for_byte_range(at, at)) is not None and node.type in _MENTIONS
        for at in (found.start(), found.end() - 1)
    )


def _secret_value(wording: Wording) -> Iterator[tuple[str, int]]:
    # Looked for on its own lines only, since the pattern is dear.
    if not wording.holds(b"secrets.", b"random", b"uuid"):
        return
    for number, line in enumerate(wording.text.split(b"\n"), start=1):
        if b"=" in line and _DRAWN.search(line) and _SECRET_VALUE.search(line):
            yield "secret-value", number
            return
