"""Which names speak of security-sensitive values, judged word by word."""

from __future__ import annotations

import itertools
import re

from doctrine.inspect._word_set import word_set

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+")

_ALONE = word_set("""apikey authtoken credential credentials csrf nonce otp passcode passcodes passphrase
    passphrases passwd password passwords pwd salt secret secrets token totp xsrf""")
_PAIRS = frozenset(
    {
        ("session", "id"),
        ("session", "key"),
        *(("api", key) for key in ("key", "keys", "secret", "token", "tokens")),
        *((kind, "key") for kind in ("private", "signing", "access", "encryption", "master")),
        *(
            (kind, "code")
            for kind in word_set("""activation auth authorization confirmation invite invitation login mfa
            pin recovery reset security verification""")
        ),
        *(
            (kind, "tokens")
            for kind in word_set("access auth bearer csrf device login refresh reset session user")
        ),
    }
)

_QUANTITIES = word_set("""age attempts backoff chance class count delay duration expiration expires expiry hint idx
    index interval jitter label len length limit max min n num offset pause position probability
    rate retries seconds size sleep strength time timeout ttl type wait weight""")
"""Last words that make a name about a property of a secret, not about its value."""

_MAKERS = word_set(
    "build create default fresh gen generate get issue make mint new rand random unique"
)
_MAKING = word_set("builder creator factory generator issuer maker provider source")
"""Last words of classes whose objects make what the words before them name."""
_ANYTHING = word_set("bytes chars code digits hex id letters number random str string text value")
"""Words behind ``make`` that do not say what for."""
_SAID = (
    r"passwords?|passphrases?|passcodes?|api[- ]keys?|secret keys?|otps?"
    r"|(?:access|activation|api|auth\w*|bearer|confirmation|csrf|login|one[- ]time|recovery|refresh|reset"
    r"|security|session|sign[- ]?in|verification) (?:codes?|ids?|keys?|pins?|tokens?)"
)
_PHRASE = re.compile(rf"(?i)\b(?:{_SAID})\b")
_ANNOUNCED = re.compile(rf"(?i)\b(?P<what>{_SAID})(?: is| was|:|=)?[ :=\"'`*<b>]{{0,6}}$")
_MARKS = word_set("boundary delimiter marker separator")
"""What only has to occur nowhere else: a message's boundary is sent in the open."""
_PRETENCE = word_set("bogus dummy example fake mock placeholder stub test wrong")
_PLAY = {"secret": word_set("angel message number santa word")}
_LANGUAGE = word_set("""bos cls embedding embeddings eos hidden id ids input length logits mask masked next num
    output pad pos prev prob probs replaced sampled sep special sub target text type unk vocab
    word""")
"""Words beside ``token`` that belong to language processing."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, whether snake_case or camelCase."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def is_secret(name: str, *, language: bool = False) -> bool:
    """Return whether a name is that of a security-sensitive value.

    Args:
        name: A name, of a variable, parameter, function, key or attribute.
        language: Whether the code around it processes language, where tokens are words.
    """
    parts = words(name)
    if not parts or parts[-1] in _QUANTITIES or _PRETENCE & set(parts):
        return False
    if any(pair in _PAIRS for pair in itertools.pairwise(parts)):
        return True
    return any(_says_secret(parts, index, language) for index in range(len(parts)))


def _says_secret(parts: tuple[str, ...], index: int, language: bool) -> bool:
    word = parts[index]
    if word not in _ALONE:
        return False
    if word == "token":
        return not language and not _LANGUAGE & set(parts)
    following = parts[index + 1] if index + 1 < len(parts) else ""
    return following not in _PLAY.get(word, ())


def is_harmless(name: str) -> bool:
    """Return whether a name is that of a property (a length, a delay), whatever it is of."""
    parts = words(name)
    return bool(parts) and parts[-1] in _QUANTITIES


def is_mark(name: str) -> bool:
    """Return whether a name is that of a mark between parts, which has to be unique and no more."""
    return bool(_MARKS & set(words(name)))


def makes_secret(name: str, *, language: bool = False) -> bool:
    """Return whether a function's name says that it makes a security-sensitive value.

    ``make_token`` and ``password`` do; ``refresh_token`` and ``check_password`` may use chance
    for other things.
    """
    if not is_secret(name, language=language):
        return False
    first = words(name)[0]
    return first in _MAKERS or first in _ALONE or first in {pair[0] for pair in _PAIRS}


def makes_any(name: str) -> bool:
    """Return whether a function's name says that it makes something, and not what for."""
    parts = words(name)
    made = bool(parts) and parts[0] in _MAKERS and set(parts[1:]) <= _ANYTHING
    return made or name in {"__call__", "__next__"}


def is_maker(name: str, *, language: bool = False) -> bool:
    """Return whether a class's name says that its objects make security-sensitive values."""
    last = words(name)[-1:]
    return bool(last) and last[0] in _MAKING and is_secret(name, language=language)


def says_secret(text: str) -> bool:
    """Return whether a sentence speaks of a security-sensitive value, by more than one bare word."""
    return _PHRASE.search(text) is not None


def announces_secret(text: str) -> str:
    """Return the name of the security-sensitive value that has to follow on a text; empty if none."""
    found = _ANNOUNCED.search(text)
    return found["what"].lower() if found else ""
