"""Where secret values come from: ``secrets``, something as good, or something predictable.

``predictable-secret``: a clock, a version 1 UUID, ``hash`` or numpy's generator makes a value with
a secret's name. ``other-source`` (advice): the system's generator under another name
(``os.urandom``, ``SystemRandom``, a version 4 UUID behind a secret's name). What draws from
``secrets`` or a cryptographic library speaks for the clause; without any of them, nothing is known, and
neither is it where a UUID of a name (versions 3 and 5) has a secret's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter
from doctrine.inspect._direct_target import direct_target, is_itself
from doctrine.inspect._file_calls import calls
from doctrine.inspect._gathered import unless_supported, weighing
from doctrine.inspect._secret_flow import SecretFlow
from doctrine.inspect._sightings import Sighting, Spot, Undecided, support
from doctrine.inspect._word_set import word_set
from doctrine.model.observation import Severity
from doctrine.model.project import Project, Role
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "secret-sources"
_PREDICTABLE = "predictable-secret"
_OTHER = "other-source"

_SOUND = frozenset(
    f"secrets.{name}"
    for name in word_set("choice randbelow randbits token_bytes token_hex token_urlsafe")
) | {
    "cryptography.fernet.Fernet.generate_key",
    "cryptography.fernet.MultiFernet.generate_key",
    "nacl.utils.random",
    "Crypto.Random.get_random_bytes",
    "Cryptodome.Random.get_random_bytes",
    "django.utils.crypto.get_random_string",
    "django.core.management.utils.get_random_secret_key",
    "werkzeug.security.gen_salt",
}
_SIGNERS = (
    "jwt.encode", "hmac.new", "itsdangerous.", "django.core.signing.", "jose.jwt.encode", "authlib.jose.",
    "django.contrib.auth.tokens.",
)  # fmt: skip
"""What makes tokens by signing, which needs no chance."""
_SIGNING = word_set("encode new dumps sign sign_object make_token")
_SYSTEM = {
    "os.urandom": "os.urandom",
    "random.SystemRandom": "SystemRandom",
    "secrets.SystemRandom": "SystemRandom",
}
_CLOCKS = frozenset(
    {
        "time.time", "time.time_ns", "time.monotonic", "time.perf_counter",
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.now", "os.getpid",
    }
)  # fmt: skip
_NAMED = frozenset({"uuid.uuid3", "uuid.uuid5"})
"""These draw nothing: the same name makes the same value."""
_IDENTIFIERS = _NAMED | {"uuid.uuid1", "uuid.uuid4"}
_DRAWS = (
    b"secrets", b"urandom", b"SystemRandom", b"generate_key", b"generate_private_key", b".generate(",
    b"random_bytes", b"gen_salt", b"get_random", b"utils.random", b"numpy.random", b"np.random", b"uuid1",
    b"uuid3", b"uuid4", b"uuid5", b"jwt.encode", b"hmac.new", b"itsdangerous", b"signing", b"make_token",
)  # fmt: skip
"""Words one of which a file holds that draws, or signs: a plain search is cheap."""
_CLOCKED = re.compile(
    rb"(?:token|secret|passw|key|salt|otp|csrf|passphrase|credential|signature)\w{0,20}[\"']?\]?[ \t]*(?::[^=\n]{0,40})?"
    rb"[=:][^\n]*(?:time\w*\(|now\(|getpid\(|hash\(|perf_counter|monotonic)|return[^\n]*(?:time\w*\(|now\(|getpid\(|hash\()"
)
_SECRET_WORD = re.compile(
    rb"token|secret|passw|api_?key|salt|otp|csrf|nonce|session_?(?:id|key)|_code"
)


def _look(parsed: ParsedFile) -> Iterator[Sighting]:
    if parsed.module.role is not Role.SOURCE:
        return
    secret = _SECRET_WORD.search(parsed.wording.lowered.vocabulary) is not None
    if not _may_draw(parsed, secret=secret):
        return
    flow = None
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in calls(parsed):
        if detail := _sound(dotted):
            yield _speaks_for(call, detail, parsed)
        elif dotted in _SYSTEM:
            yield from _system(call, _SYSTEM[dotted], reporter)
        elif secret and _is_suspect(call, dotted):
            flow = flow or SecretFlow(parsed.tree, parsed.module.path, language=False)
            yield from _suspect(call, dotted, flow, reporter)
    yield from _references(parsed)


def _may_draw(parsed: ParsedFile, *, secret: bool) -> bool:
    """Return whether a file holds words of what draws, or takes a secret from a clock."""
    if parsed.wording.holds(*_DRAWS):
        return True
    return secret and _CLOCKED.search(parsed.lowered) is not None


def _sound(dotted: str) -> str:
    """Return how a call makes a secret that nobody can guess; empty if it does not."""
    if dotted in _SOUND or _makes_key(dotted):
        return f"{dotted}() draws it"
    if dotted.startswith(_SIGNERS) and dotted.rpartition(".")[2] in _SIGNING:
        return f"{dotted}() signs a token, which is not drawn"
    return ""


def _makes_key(dotted: str) -> bool:
    root = dotted.partition(".")[0]
    return root in {"cryptography", "nacl", "Crypto", "Cryptodome"} and (
        dotted.endswith(
            (".generate_key", ".generate_private_key", ".generate", ".generate_parameters")
        )
    )


def _references(parsed: ParsedFile) -> Iterator[Sighting]:
    """Yield sound generators that are handed on without being called (``default=token_hex``)."""
    for item in parsed.module.imports:
        if item.dotted in _SOUND:
            spot = Spot(path=parsed.module.path, line=item.location.line)
            yield support(_PREDICTABLE, spot, f"imports {item.dotted}")


def _speaks_for(node: Node, detail: str, parsed: ParsedFile) -> Sighting:
    return support(_PREDICTABLE, Spot(path=parsed.module.path, line=line_of(node)), detail)


def _system(call: Node, name: str, reporter: CodeReporter) -> Iterator[Sighting]:
    yield _speaks_for(call, f"{name}() reads the system's generator", reporter.parsed)
    message = f"{name}() is as good as `secrets`, which says what it is for"
    yield reporter.finding(_OTHER, call, message, Severity.INFO, symbol=name)


def _is_suspect(call: Node, dotted: str) -> bool:
    if dotted in _IDENTIFIERS or dotted in _CLOCKS:
        return True
    if dotted.startswith(("numpy.random.", "np.random.")):
        return not dotted.endswith((".seed", ".default_rng"))
    called = call.child_by_field_name("function")
    return not dotted and called is not None and text_of(called) == "hash"


def _suspect(
    call: Node, dotted: str, flow: SecretFlow, reporter: CodeReporter
) -> Iterator[Sighting]:
    context = direct_target(call) if dotted in _CLOCKS or not dotted else flow.context(call)
    if not context:
        return
    if dotted == "uuid.uuid4":
        yield _speaks_for(
            call, f"uuid4() makes {context} from the system's generator", reporter.parsed
        )
        message = (
            f"uuid4() makes {context}: 122 random bits, but an identifier by design; use secrets"
        )
        yield reporter.finding(_OTHER, call, message, Severity.INFO, symbol=dotted)
    elif dotted in _NAMED and is_itself(context):
        place = f"{reporter.parsed.module.path}:{line_of(call)}"
        reason = (
            f"{dotted}() makes {context} of a name ({place}), and whoever knows the name can make it as"
            " well: confirm that it has not to stay secret, or draw it from `secrets`"
        )
        yield Undecided(rule=_PREDICTABLE, reason=reason)
    elif is_itself(context):
        shown = dotted or "hash"
        message = f"{shown}() can be predicted and makes {context}; use the secrets module"
        yield reporter.finding(_PREDICTABLE, call, message, Severity.ERROR, symbol=shown)


def _weigh(seen: list[Sighting], project: Project) -> Iterable[Sighting]:
    del project
    reason = (
        "nothing that draws random values for secrets was recognised: look at each place that makes "
        "one, and confirm that it comes from `secrets` or a cryptographic library"
    )
    return [*seen, *unless_supported(seen, _PREDICTABLE, reason)]


INSPECTOR = weighing(name=_NAME, rules=(_PREDICTABLE, _OTHER), look=_look, weigh=_weigh)
