"""Cryptography that is switched off, outdated, or fed with what repeats.

``weak-cipher``: DES, triple DES, RC2, RC4, Blowfish and ECB by libraries that no other rule looks
at. ``fixed-nonce``: a nonce, initialisation vector or salt that is written out. ``unchecked-peer``:
TLS without verification that nobody chose. ``weak-hash``: MD5 or SHA-1 over something with a
secret's name, or under a signature. ``hash-advice`` (advice): either of them anywhere else, where
it may be a checksum, or what a protocol asks for.
``digest-equality``: a message's digest compared with ``==``. ``unverified-token``: a token is read
without its signature; whether another place verifies it nobody can see, so it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._code import CodeReporter, function_around
from doctrine.inspect._direct_target import direct_target
from doctrine.inspect._file_calls import calls, roots
from doctrine.inspect._fixed_values import VARYING, fixed, only_decrypts
from doctrine.inspect._gathered import weighing
from doctrine.inspect._peers import speaks_of_peers, unchecked_peers
from doctrine.inspect._secret_names import words
from doctrine.inspect._sightings import Sighting, Spot, Undecided, support
from doctrine.inspect._signature_hashes import asked_for, signs
from doctrine.inspect._word_set import word_set
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Project, Role
from doctrine.syntax.language import ancestors, walk
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "cryptography-use"
_CIPHER = "weak-cipher"
_NONCE = "fixed-nonce"
_PEER = "unchecked-peer"
_HASH = "weak-hash"
_ADVICE = "hash-advice"
_EQUAL = "digest-equality"
_TOKEN = "unverified-token"  # noqa: S105 - a rule, not a secret

_CALLED = word_set("cryptography Crypto Cryptodome hashlib hmac jwt jose OpenSSL")
_CLIENTS = word_set("ssl aiohttp urllib3 httpx requests OpenSSL websockets")
_OUTDATED = {
    f"{root}.Cipher.{name}.new": shown
    for root in ("Crypto", "Cryptodome")
    for name, shown in (
        ("DES", "DES"), ("DES3", "triple DES"), ("ARC2", "RC2"), ("ARC4", "RC4"),
        ("Blowfish", "Blowfish"), ("CAST", "CAST"), ("XOR", "XOR"),
    )
} | {
    f"cryptography.hazmat.{home}.algorithms.{name}": shown
    for home in ("primitives.ciphers", "decrepit.ciphers")
    for name, shown in (
        ("TripleDES", "triple DES"), ("ARC4", "RC4"), ("Blowfish", "Blowfish"), ("RC2", "RC2"),
        ("IDEA", "IDEA"), ("CAST5", "CAST5"), ("SEED", "SEED"),
    )
}  # fmt: skip
_ECB = frozenset({"Crypto.Cipher.AES.new", "Cryptodome.Cipher.AES.new"})
_WEAK_HASHES = frozenset({"hashlib.md5", "hashlib.sha1"})
_HASHES = "cryptography.hazmat.primitives.hashes"
_PRIMITIVES = {f"{_HASHES}.MD5": "MD5", f"{_HASHES}.SHA1": "SHA1"}
_DIGESTS = frozenset({"digest", "hexdigest"})
_SECRET = word_set("token secret password passwd signature csrf otp apikey")


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    imported = roots(parsed) if parsed.module.role is Role.SOURCE else frozenset[str]()
    trusts = bool(imported & _CLIENTS) and speaks_of_peers(parsed)
    if not trusts and not imported & _CALLED:
        return
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in calls(parsed):
        yield from _called(call, dotted, reporter)
    if trusts:
        yield from _peers(reporter)


def _called(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    if dotted in _WEAK_HASHES:
        yield from _hash(call, dotted, reporter)
    elif dotted in _PRIMITIVES:
        yield from _primitive(call, _PRIMITIVES[dotted], reporter)
    elif dotted.endswith(("jwt.decode", "jwt.PyJWT().decode")):
        yield from _token(call, reporter)
    else:
        yield from _cipher(call, dotted, reporter)
        yield from _repeated(call, dotted, reporter)
        yield from _equality(call, dotted, reporter)


def _peers(reporter: CodeReporter) -> Iterator[Sighting]:
    parsed = reporter.parsed
    for node, message, doubt in unchecked_peers(parsed, parsed.names):
        severity = Severity.INFO if doubt else Severity.ERROR
        yield reporter.finding(_PEER, node, f"{message}{doubt}", severity)


def _encrypting(call: Node) -> Severity:
    """Return how severe a weakness is, which who only decrypts did not choose."""
    return Severity.INFO if only_decrypts(call) else Severity.ERROR


def _cipher(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    if dotted in _OUTDATED and not _is_one_of_many(call):
        message = f"{_OUTDATED[dotted]} is broken or outdated; use AESGCM or Fernet"
        yield reporter.finding(_CIPHER, call, message, _encrypting(call), symbol=dotted)
    if dotted in _ECB and any("MODE_ECB" in text_of(one) for one in positional(call)[1:2]):
        message = "ECB encrypts equal blocks alike; use a mode with a nonce, such as GCM"
        yield reporter.finding(_CIPHER, call, message, _encrypting(call), symbol="ECB")


def _repeated(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    """Yield what has to differ each time, and is written out."""
    if dotted not in VARYING:
        return
    position, keyword = VARYING[dotted]
    if fixed(call, position, keyword, reporter.parsed) is None:
        return
    message = f"the {keyword.replace('_', ' ')} is the same every time; draw it anew and keep it"
    yield reporter.finding(_NONCE, call, message, _encrypting(call), symbol=keyword)


def _is_one_of_many(call: Node) -> bool:
    """Return whether a call stands in a table or a branch that the other side chooses from."""
    return any(one.type in {"dictionary", "elif_clause", "else_clause"} for one in ancestors(call))


def _hash(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    if "usedforsecurity" in keywords(call):
        return
    shown = dotted.rpartition(".")[2].upper()
    context = direct_target(call)
    if words(context)[-1:] and words(context)[-1] in _SECRET and positional(call):
        message = f"{shown} can be forged and makes {context}; use hmac with SHA-256"
        yield reporter.finding(_HASH, call, message, Severity.ERROR, symbol=dotted)
        return
    message = (
        f"{shown} is for checksums only: say so with usedforsecurity=False, or use SHA-256 where"
        " anybody could gain from a collision"
    )
    yield reporter.finding(_ADVICE, call, message, Severity.INFO, symbol=dotted)


def _primitive(call: Node, shown: str, reporter: CodeReporter) -> Iterator[Sighting]:
    """Yield MD5 and SHA-1 of ``cryptography``, where what matters is what takes them."""
    if signs(call) and not _is_one_of_many(call) and not asked_for(call):
        message = f"a signature over {shown} can be moved to another text; use SHA-256"
        yield reporter.finding(_HASH, call, message, Severity.ERROR, symbol=shown)
        return
    message = f"{shown} is for old protocols only; use SHA-256 where you choose"
    yield reporter.finding(_ADVICE, call, message, Severity.INFO, symbol=shown)


def _token(call: Node, reporter: CodeReporter) -> Iterator[Sighting]:
    given = keywords(call)
    written = "".join(text_of(call).split())
    if '"none"' in written or "'none'" in written:
        message = "a token that is signed by nobody is accepted; name the algorithms you use"
        yield reporter.finding(_TOKEN, call, message, Severity.ERROR)
    elif (
        'verify_signature":False' in written
        or "verify_signature':False" in written
        or ("verify" in given and text_of(given["verify"]) == "False")
    ):
        place = f"{reporter.parsed.module.path}:{line_of(call)}"
        yield Undecided(
            rule=_TOKEN,
            reason=f"{place} reads a token without its signature: confirm that nothing is decided "
            "by it, or that it is verified elsewhere",
        )
        message = "a token is read without its signature, so anybody can have written it"
        yield reporter.finding(_TOKEN, call, message, Severity.INFO)


def _equality(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    """Yield comparisons of the digest of a keyed hash, directly or by one variable."""
    made = dotted.startswith("hmac.new().") and dotted.rpartition(".")[2] in _DIGESTS
    if not made and dotted != "hmac.digest":
        return
    comparison = _compared(call) or _compared_later(call)
    if comparison is not None:
        message = "== tells by its time how much of a guess is right; use hmac.compare_digest"
        yield reporter.finding(_EQUAL, comparison, message, Severity.ERROR)


def _compared(call: Node) -> Node | None:
    above = call.parent
    equal = above is not None and above.type == "comparison_operator" and _is_equality(above)
    return above if equal else None


def _compared_later(call: Node) -> Node | None:
    """Return the comparison of the variable that a call's value is assigned to."""
    function = function_around(call)
    assigned = next((one for one in ancestors(call) if one.type == "assignment"), None)
    left = assigned.child_by_field_name("left") if assigned is not None else None
    if function is None or left is None or left.type != "identifier":
        return None
    return _comparison_of(function, text_of(left))


def _is_equality(comparison: Node) -> bool:
    return any(child.type in {"==", "!="} for child in comparison.children)


def _comparison_of(function: Node, name: str) -> Node | None:
    for node in walk(function):
        if node.type == "comparison_operator" and _is_equality(node):
            sides = node.named_children
            if any(text_of(side) == name for side in sides) and not any(
                side.type in {"none", "string", "integer"} for side in sides
            ):
                return node
    return None


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    count = sum(1 for module in project.modules if module.role is Role.SOURCE)
    detail = (
        f"nothing weak, fixed or switched off in {count} source file{'' if count == 1 else 's'}"
    )
    failing = any(isinstance(one, Finding) and one.severity is not Severity.INFO for one in seen)
    return seen if failing else [*seen, support(_CIPHER, Spot(path="."), detail)]


INSPECTOR = weighing(
    name=_NAME,
    rules=(_CIPHER, _NONCE, _PEER, _HASH, _ADVICE, _EQUAL, _TOKEN),
    look=_look,
    weigh=_weigh,
)
