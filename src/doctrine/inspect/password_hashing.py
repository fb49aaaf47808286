"""How passwords are hashed.

``fast-hash``: a hash that is made to be fast, over an expression that is named as a password;
``hash-of-password`` (advice) where a protocol, a key or a cache wants it.
``other-scheme``: bcrypt, scrypt, PBKDF2 and their like, directly or as the first choice of a
framework. ``weak-parameters``, ``no-rehash`` (advice): argon2 below its defaults, and entries that
are never renewed. What hashes with argon2 speaks for the clause; without it nothing is known. Nor
where argon2-cffi is declared nowhere: then it is there by chance, or not at all.

Beside argon2, another scheme that only checks is what a migration needs, and advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, literal, positional
from doctrine.inspect._code import CodeReporter
from doctrine.inspect._file_calls import calls, roots
from doctrine.inspect._gathered import unless_supported, weighing
from doctrine.inspect._module_uses import names_of
from doctrine.inspect._password_schemes import (
    ARGON2,
    BRING_ARGON2,
    CHECKS,
    CONTEXTS,
    DERIVED,
    FAST,
    OTHERS,
    PASSLIB,
    PWDLIB,
    ROOTS,
)
from doctrine.inspect._password_words import excuse, is_password, makes_key, stores
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.inspect._tested import in_sources, listed
from doctrine.model.observation import Finding, Severity, Support
from doctrine.model.project import Dependency, DependencyKind, Project, Role
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "password-hashing"
_FAST = "fast-hash"
_EXCUSED = "hash-of-password"
_OTHER = "other-scheme"
_WEAK = "weak-parameters"
_REHASH = "no-rehash"
_INSTALLED = "django-auth"
_COLUMN = "password-column"

_LEAST = {"time_cost": 3, "memory_cost": 65536, "parallelism": 4}
_USE = "use argon2.PasswordHasher"
_WORDS = (
    b"passw",
    b"pwd",
    b"Passw",
    b"PASSW",
    b"argon2",
    b"bcrypt",
    b"hashers",
    b"passphrase",
    b"INSTALLED_APPS",
)
_SETTING = re.compile(
    rb"(?m)^[ \t]*PASSWORD_HASHERS\b[^=\n]*=[ \t]*[\[(]\s*(?:#[^\n]*\s+)*[\"']([\w.]+)[\"']"
)
_HAS_SETTING = re.compile(rb"(?m)^[ \t]*PASSWORD_HASHERS\b")
_EXTRA = re.compile(r"\[[^\]]*\bargon2\b")
_APPS = re.compile(rb"(?m)^INSTALLED_APPS\b")


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    if parsed.module.role is not Role.SOURCE or not parsed.wording.holds(*_WORDS):
        return
    yield from _django(parsed)
    if not roots(parsed) & ROOTS and b"argon2" not in parsed.source:
        return
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for item in parsed.module.imports:
        if _is_argon2(item.dotted) and any(names_of(item.bound, parsed)):
            yield _for(item.location.line, f"imports {item.dotted}", parsed)
    for call, dotted in calls(parsed):
        yield from _call(call, dotted, reporter)


def _for(line: int, detail: str, parsed: ParsedFile) -> Support:
    return support(_OTHER, Spot(path=parsed.module.path, line=line), detail)


def _is_argon2(dotted: str) -> bool:
    return any(dotted == one or dotted.startswith(f"{one}.") for one in ARGON2)


def _call(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    if _is_argon2(dotted):
        yield _for(line_of(call), f"{dotted}() hashes with argon2", reporter.parsed)
        yield from _parameters(call, dotted, reporter)
    elif dotted == "argon2.PasswordHasher().verify":
        yield from _rehashes(call, reporter)
    elif dotted in FAST or dotted.endswith("().update"):
        yield from _fast(call, dotted, reporter)
    elif dotted in CONTEXTS:
        yield from _context(call, dotted, reporter)
    elif dotted == PWDLIB:
        yield from _hashers(call, reporter)
    elif dotted in DERIVED:
        yield from _derived(call, dotted, reporter)
    else:
        yield from _other(call, dotted, reporter)


def _fast(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    dotted = dotted.removesuffix("().update")
    given = positional(call)[dotted == "hashlib.new" :]
    if dotted not in FAST or not given or not _is_of_password(given[0], reporter.parsed):
        return
    why_not = excuse(call)
    if why_not:
        message = f"{dotted}() of a password: {why_not}"
        yield reporter.finding(_EXCUSED, call, message, Severity.INFO, symbol=dotted)
        return
    message = f"{dotted}() is fast, so that passwords can be guessed by the billion; {_USE}"
    yield reporter.finding(_FAST, call, message, Severity.ERROR, symbol=dotted)


def _is_of_password(node: Node, parsed: ParsedFile) -> bool:
    """Return whether an expression is named as a password, or a variable that holds its bytes."""
    return is_password(node) or any(_encodes_password(one) for one in parsed.names.values(node))


def _encodes_password(value: Node) -> bool:
    called = value.child_by_field_name("function") if value.type == "call" else None
    owner = called.child_by_field_name("object") if called is not None else None
    if called is None or owner is None or not text_of(called).endswith(".encode"):
        return False
    return owner.type in {"identifier", "attribute"} and is_password(owner)


def _derived(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    given = [*positional(call), *keywords(call).values()]
    if not any(is_password(one) for one in given) or makes_key(call) or excuse(call):
        return
    message = f"{dotted}() hashes a password; {_USE}"
    severity = Severity.ERROR if stores(call) else Severity.INFO
    yield reporter.finding(_OTHER, call, message, severity, symbol=dotted)


def _context(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    schemes = keywords(call).get("schemes") or next(iter(positional(call)), None)
    first = next(iter(schemes.named_children), None) if schemes is not None else None
    name = literal(first) if schemes is not None and schemes.type in {"list", "tuple"} else None
    default = literal(keywords(call).get("default"))
    name = default or name
    if name is None:
        yield Undecided(
            rule=_OTHER,
            reason=f"{reporter.parsed.module.path}:{line_of(call)}: which scheme the context of "
            "passlib takes first cannot be read here",
        )
    elif name == "argon2":
        yield _for(line_of(call), "passlib's context takes argon2 first", reporter.parsed)
    else:
        message = f"the context of passlib hashes with {name}; put argon2 first"
        yield reporter.finding(_OTHER, call, message, Severity.ERROR, symbol=dotted)


def _hashers(call: Node, reporter: CodeReporter) -> Iterator[Sighting]:
    given = next(iter(positional(call)), None)
    first = next(iter(given.named_children), None) if given is not None else None
    name = text_of(first).partition("(")[0] if first is not None else ""
    if name.endswith("Argon2Hasher"):
        yield _for(line_of(call), "pwdlib takes argon2 first", reporter.parsed)
    elif name.endswith("Hasher"):
        message = f"pwdlib hashes with {name}; put Argon2Hasher first"
        yield reporter.finding(_OTHER, call, message, Severity.ERROR, symbol=PWDLIB)


def _other(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    passlib = PASSLIB.match(dotted)
    scheme = OTHERS.get(dotted, passlib[1] if passlib else "")
    if scheme:
        yield from _scheme(call, dotted, scheme, reporter)
    elif dotted in CHECKS:
        message = f"{dotted}() checks with {CHECKS[dotted]}: keep it for old entries only"
        yield reporter.finding(_OTHER, call, message, Severity.INFO, symbol=dotted)


def _scheme(call: Node, dotted: str, scheme: str, reporter: CodeReporter) -> Iterator[Sighting]:
    why_not = excuse(call)
    severity = Severity.INFO if why_not else Severity.ERROR
    message = f"{dotted}() hashes with {scheme}" + (f": {why_not}" if why_not else f"; {_USE}")
    yield reporter.finding(_OTHER, call, message, severity, symbol=dotted)


def _parameters(call: Node, dotted: str, reporter: CodeReporter) -> Iterator[Sighting]:
    for name, value in keywords(call).items() if dotted == "argon2.PasswordHasher" else ():
        least, text = _LEAST.get(name), text_of(value).replace("_", "")
        if least is not None and text.isdigit() and int(text) < least:
            message = f"{name} is {int(text):,}, below the default of {least:,}"
            yield reporter.finding(_WEAK, call, message, Severity.INFO, symbol=name)


def _rehashes(call: Node, reporter: CodeReporter) -> Iterator[Sighting]:
    if b"check_needs_rehash" not in reporter.parsed.source:
        message = "entries keep their old parameters: ask check_needs_rehash() after verify()"
        yield reporter.finding(_REHASH, call, message, Severity.INFO)


def _django(parsed: ParsedFile) -> Iterator[Sighting]:
    """Yield what settings say: the hasher they put first, or that users live here."""
    for match in _SETTING.finditer(parsed.source):
        line = parsed.source.count(b"\n", 0, match.start(1)) + 1
        hasher = match[1].decode("ascii", "replace").rpartition(".")[2]
        if "argon2" in hasher.lower():
            yield _for(line, f"{hasher} comes first", parsed)
        else:
            message = f"PASSWORD_HASHERS begins with {hasher}; put Argon2PasswordHasher first"
            spot = Spot(path=parsed.module.path, line=line)
            yield _django_finding(spot, message)
    if _HAS_SETTING.search(parsed.source):
        return
    apps = _APPS.search(parsed.source)
    if apps and re.search(rb"[\"']django\.contrib\.auth[\"']", parsed.source):
        line = parsed.source.count(b"\n", 0, apps.start()) + 1
        yield support(_INSTALLED, Spot(path=parsed.module.path, line=line), "users live here")


def _django_finding(spot: Spot, message: str) -> Finding:
    return Reporter(tool=_NAME).finding(_OTHER, spot, message, symbol="PASSWORD_HASHERS")


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    installed = _supports(seen, _INSTALLED)
    kept = [one for one in seen if one not in installed]
    if installed and not _supports(kept, _OTHER) and not _names_hashers(kept):
        place = installed[0].evidence
        message = (
            "without PASSWORD_HASHERS Django hashes with PBKDF2; put Argon2PasswordHasher first"
        )
        kept.append(_django_finding(Spot(path=place.path, line=place.line), message))
    reason = (
        f"passwords are handled{_kept_in(project)}, and nothing that hashes them was recognised: look at "
        "where they are stored, and confirm that argon2-cffi hashes them"
    )
    return [*kept, *unless_supported(kept, _OTHER, reason), *_undeclared(kept, project)]


def _kept_in(project: Project) -> str:
    """Return the columns that are seen to keep them, as part of a sentence."""
    columns = in_sources(project, _COLUMN)
    return f" ({listed(columns)})" if columns else ""


def _supports(seen: list[Sighting], rule: str) -> list[Support]:
    return [one for one in seen if isinstance(one, Support) and one.rule == rule]


def _names_hashers(seen: list[Sighting]) -> bool:
    return any(isinstance(one, Finding) and one.symbol == "PASSWORD_HASHERS" for one in seen)


def _undeclared(seen: list[Sighting], project: Project) -> Iterator[Undecided]:
    used = next((one for one in seen if isinstance(one, Support) and one.rule == _OTHER), None)
    if used is None or any(_brings_argon2(one) for one in project.dependencies):
        return
    yield Undecided(
        rule=_OTHER,
        reason=f"{used.evidence.path}:{used.evidence.line} {used.evidence.detail}, and argon2-cffi is "
        "no declared dependency: `uv add argon2-cffi`, or confirm what installs it",
    )


def _brings_argon2(dependency: Dependency) -> bool:
    if dependency.kind in {DependencyKind.GROUP, DependencyKind.BUILD}:
        return False
    return dependency.name in BRING_ARGON2 or bool(_EXTRA.search(dependency.raw))


INSPECTOR = weighing(
    name=_NAME,
    rules=(_FAST, _EXCUSED, _OTHER, _WEAK, _REHASH),
    look=_look,
    weigh=_weigh,
)
