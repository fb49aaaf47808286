"""Which library encrypts, signs and keeps keys.

``encryption``, ``signing``, ``keys``: another library does what ``cryptography`` does as well, a
cipher is made at home, a key comes from a password by a fast hash, or is written out.
``mac`` (advice): hmac, itsdangerous and tokens by HS256 authenticate with a shared secret, which is
no signature. PyJWT stands on ``cryptography`` where its algorithm has a private key, and only there.
``derivation``, ``unencrypted-key`` (advice): few iterations, and keys that are written in the clear.

Sound libraries that do what ``cryptography`` does not (sealed boxes of PyNaCl, age, PGP) decide
nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._code import CodeReporter, name_of
from doctrine.inspect._crypto_tables import (
    ENCRYPTION,
    KEYS,
    ROOTS,
    SIGNING,
    other_call,
    sorts_of_import,
)
from doctrine.inspect._file_calls import calls, roots
from doctrine.inspect._fixed_values import KEYED, fixed_key
from doctrine.inspect._gathered import weighing
from doctrine.inspect._jwt_algorithms import CALLS as TOKENS
from doctrine.inspect._jwt_algorithms import Signing, signing_of
from doctrine.inspect._password_schemes import FAST
from doctrine.inspect._password_words import is_password, makes_key
from doctrine.inspect._secret_names import words
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.model.observation import Severity, Support
from doctrine.model.project import Import, Project, Role
from doctrine.syntax.language import of_types, walk
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "crypto-libraries"
_MAC = "mac"
_DERIVATION = "derivation"
_CLEAR = "unencrypted-key"
_OPEN = "open"
_RULES = (ENCRYPTION, SIGNING, KEYS)
_MACS = frozenset({"hmac", "itsdangerous"})
_SHARES = "signs with a secret that both sides share; whoever can check can also sign"
_ITERATIONS = 600_000
_PBKDF2 = "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC"
_NO_ENCRYPTION = "cryptography.hazmat.primitives.serialization.NoEncryption"
_CALLED = frozenset(
    {"rsa", "ecdsa", "jwt", "OpenSSL", "hashlib", "cryptography", "Crypto", "Cryptodome"}
)
"""Modules whose calls are looked at; of the others the import says enough."""
_ASKS = {
    ENCRYPTION: "look at each place that encrypts or decrypts",
    SIGNING: "look at each place that signs or verifies",
    KEYS: "look at how keys come to be and where they rest",
}


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    if parsed.module.role is not Role.SOURCE:
        return
    if parsed.wording.holds(b"crypt") and b"^" in parsed.source:
        yield from _home_made(parsed)
    if not roots(parsed) & ROOTS:
        return
    for item in parsed.module.imports:
        if _counts(item, parsed):
            yield from _import(item, parsed.module.path)
    if not roots(parsed) & _CALLED:
        return
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in calls(parsed):
        yield from _call(call, dotted, reporter)


def _counts(item: Import, parsed: ParsedFile) -> bool:
    """Return whether an import says anything: that of hmac for ``compare_digest`` signs nothing."""
    if item.dots or item.typing_only or item.dotted == "hmac.compare_digest":
        return False
    return item.dotted != "hmac" or "keyed-hash" in parsed.module.features


def _import(item: Import, path: str) -> Iterator[Sighting]:
    spot = Spot(path=path, line=item.location.line)
    reporter = Reporter(tool=_NAME)
    for sort in sorts_of_import(item.dotted):
        match sort.verdict:
            case "own":
                yield support(sort.rule, spot, f"imports {item.dotted}")
                if sort.name in _MACS and sort.rule == SIGNING:
                    message = f"{sort.name} {_SHARES}"
                    yield reporter.advice(_MAC, spot, message, symbol=sort.name)
            case "other":
                message = f"{item.dotted}: {sort.rule} {'go' if sort.rule.endswith('s') else 'goes'} through {sort.name.partition('.')[0]} and not cryptography"
                if item.guarded:
                    yield reporter.advice(sort.rule, spot, f"{message}, where that is installed")
                else:
                    yield reporter.finding(
                        sort.rule, spot, message, Severity.WARNING, symbol=sort.rule
                    )
            case _:
                yield support(f"{_OPEN}/{sort.rule}", spot, sort.name)


def _call(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    for rule in other_call(dotted):
        message = f"{dotted}() is not of cryptography, which has it as well"
        yield reporter.finding(rule, call, message, Severity.WARNING, symbol=dotted)
    if dotted in TOKENS:
        yield from _token(call, dotted, reporter)
    elif dotted in FAST or dotted in {"hashlib.pbkdf2_hmac", "hashlib.scrypt"}:
        yield from _derived(call, dotted, reporter)
    elif dotted == _PBKDF2:
        yield from _iterations(call, keywords(call).get("iterations"), reporter)
    elif dotted == _NO_ENCRYPTION:
        message = (
            "a private key is written in the clear; use BestAvailableEncryption, or guard the file"
        )
        yield reporter.finding(_CLEAR, call, message, Severity.INFO)
    if dotted in KEYED and fixed_key(call, KEYED[dotted], reporter.parsed):
        message = (
            "the key is written out in the source; load it from a key store or the environment"
        )
        yield reporter.finding(KEYS, call, message, Severity.WARNING, symbol=dotted)


def _token(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    spot = Spot(path=reporter.parsed.module.path, line=line_of(call))
    match signing_of(call, dotted, reporter.parsed):
        case Signing.PAIR:
            yield support(SIGNING, spot, f"{dotted}() signs by cryptography's private keys")
        case Signing.SHARED:
            yield support(SIGNING, spot, f"{dotted}() takes a shared secret, no signature")
            message = f"{dotted}() {_SHARES}"
            yield reporter.finding(_MAC, call, message, Severity.INFO, symbol=dotted)
        case Signing.UNKNOWN:
            yield support(
                f"{_OPEN}/{SIGNING}", spot, f"{dotted}() with an algorithm named elsewhere"
            )


def _derived(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    """Yield keys that are made from passwords without ``cryptography``."""
    given = positional(call)
    if not any(is_password(one) for one in given) or not makes_key(call):
        return
    if dotted in FAST:
        message = f"{dotted}() makes a key from a password, and is fast to guess; use PBKDF2HMAC, Scrypt or Argon2id"
    else:
        message = f"{dotted}() derives a key; cryptography has it as well"
        if dotted.endswith("pbkdf2_hmac"):
            count = keywords(call).get("iterations") or (given[3] if len(given) > 3 else None)  # noqa: PLR2004
            yield from _iterations(call, count, reporter)
    yield reporter.finding(KEYS, call, message, Severity.WARNING, symbol=dotted)


def _iterations(call: Node, count: Node | None, reporter: CodeReporter) -> Iterator[Sighting]:
    written = text_of(count).replace("_", "") if count is not None else ""
    if written.isdigit() and int(written) < _ITERATIONS:
        message = f"{int(written):,} iterations of PBKDF2 are few; take {_ITERATIONS:,}"
        yield reporter.finding(_DERIVATION, call, message, Severity.INFO)


def _home_made(parsed: ParsedFile) -> Iterator[Sighting]:
    """Yield functions that encrypt with XOR; one without a key undoes a known disguise."""
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for function in of_types(parsed.tree, "function_definition"):
        name = words(name_of(function))
        if not {"encrypt", "decrypt", "crypt", "cipher"} & set(name) or not _has_xor(function):
            continue
        listed = function.child_by_field_name("parameters")
        keyed = (
            {"key", "password", "secret"} & set(words(text_of(listed))) if listed else set[str]()
        )
        if keyed:
            message = f"{name_of(function)}() is a cipher made at home; use Fernet or AESGCM"
            yield reporter.finding(ENCRYPTION, function, message, Severity.WARNING)
        else:
            reason = f"{parsed.module.path}:{line_of(function)} disguises bytes with XOR: confirm that a protocol asks for it and nothing relies on it"
            yield Undecided(rule=ENCRYPTION, reason=reason)


def _has_xor(function: Node) -> bool:
    return any(
        node.type in {"binary_operator", "augmented_assignment"}
        and any(child.type in {"^", "^="} for child in node.children)
        for node in walk(function)
    )


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    del project
    supports = [one for one in seen if isinstance(one, Support)]
    yield from (one for one in seen if not _is_open(one))
    shown = {one.rule for one in supports}
    for rule in _RULES:
        if rule not in shown:
            yield _unsettled(rule, supports)


def _is_open(one: Sighting) -> bool:
    """Return whether a sighting only notes a library that somebody has to think about."""
    return isinstance(one, Support) and one.rule.startswith(f"{_OPEN}/")


def _unsettled(rule: str, supports: list[Support]) -> Undecided:
    """Return what to ask where no library of the guide's is seen."""
    others = [one.evidence for one in supports if one.rule == f"{_OPEN}/{rule}"]
    if others:
        first = others[0]
        reason = f"{first.detail} is used ({first.path}:{first.line}): {_ASKS[rule]}, and confirm that it stands on cryptography, or does what that does not offer"
    else:
        reason = f"no library was recognised: {_ASKS[rule]}, and confirm that it goes through cryptography or a key store"
    return Undecided(rule=rule, reason=reason)


INSPECTOR = weighing(
    name=_NAME, rules=(*_RULES, _MAC, _DERIVATION, _CLEAR), look=_look, weigh=_weigh
)
