"""Whether a literal that stands behind a secret's name is the secret, or only speaks of one."""

from __future__ import annotations

import math
import re
from collections import Counter

from doctrine.inspect._secret_names import words
from doctrine.inspect._word_set import word_set

_PASSWORDS = word_set("password passwords passwd pwd passphrase passcode")
_KEYS = word_set("secret secrets token apikey authtoken credential credentials")
_KINDS_OF_KEY = word_set(
    "api secret access private signing encryption master auth account storage app hmac jwt"
)
_TRAILING = word_set("default dev development fallback live prod production staging value")
"""Words behind the name proper that leave it what it is."""
_ENOUGH, _SHORTEST_PASSWORD, _BITS = 16, 6, 3.5

_PLACEHOLDER = re.compile(
    r"(?i)change.?(?:me|this)|replace|example|sample|dummy|fake|mock|placeholder|insert|fill.?in"
    r"|your|todo|fixme|redacted|masked|hidden|unset|undefined|null|none|insecure|unsafe|not.?(?:a|so|very)?.?secre"
    r"|(?<![a-z])(?:test|demo|foo|bar|dev)(?![a-z])|x{4,}|\*{3,}|\.{3}|(.)\1{5}|0123456"
)
_FIRST_KEY = re.compile(r"^django-insecure-[a-z0-9!@#$%^&*(\-_=+)]{40,}$")
"""What ``django-admin startproject`` writes; its letters may look like those of a template."""
_DEVELOPMENT = word_set("local dev devel develop development test tests testing ci docs")
_TEMPLATE = re.compile(r"[{}<>]|%\(|%s|\$[A-Za-z({]|^\$|^%|\|")
_SPACE = re.compile(r"\s")
_PARTS = re.compile(r"[^A-Za-z0-9]+")
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_SYLLABLE, _LONGEST_WORD, _LONGEST_NUMBER, _SHORT = 3, 20, 4, 3
_ADDRESS = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*:)?//|^/|^\d+/|^\.{0,2}/|^urn:|^[\w.-]+@[\w-]+\.[a-z]+$|\.\w{2,4}$"
)
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[A-Za-z]")


def names_password(name: str) -> bool:
    """Return whether a name is that of a password itself, not of something about one."""
    return _last(name)[-1:] in {(word,) for word in _PASSWORDS}


def names_key(name: str) -> bool:
    """Return whether a name is that of a key or token itself."""
    last = _last(name)
    if last[-1:] and last[-1] in _KEYS:
        return True
    return len(last) > 1 and last[-1] == "key" and last[-2] in _KINDS_OF_KEY


def _last(name: str) -> tuple[str, ...]:
    parts = words(name)
    while len(parts) > 1 and (parts[-1] in _TRAILING or parts[-1].isdigit()):
        parts = parts[:-1]
    return parts


def is_placeholder(value: str) -> bool:
    """Return whether a value says itself that it is none."""
    return bool(_PLACEHOLDER.search(value)) or bool(_TEMPLATE.search(value))


def is_first_key(value: str) -> bool:
    """Return whether a value is a key that Django wrote into a new project, marked as insecure."""
    return bool(_FIRST_KEY.match(value)) and entropy(value) >= _BITS


def is_for_development(path: str) -> bool:
    """Return whether a file is named as one of settings that only developers and tests use."""
    parts = re.split(r"[/._-]", path.lower().removesuffix(".py"))
    return not _DEVELOPMENT.isdisjoint(parts)


def is_key(value: str) -> bool:
    """Return whether a literal behind a key's name can be the key."""
    if len(value) < _ENOUGH or not _plausible(value) or _reads_as_words(value):
        return False
    return entropy(value) >= _BITS


def is_password(value: str) -> bool:
    """Return whether a literal behind a password's name can be the password."""
    if len(value) < _SHORTEST_PASSWORD or not _plausible(value):
        return False
    return bool(_DIGIT.search(value)) and bool(_LETTER.search(value))


def _plausible(value: str) -> bool:
    return not (_SPACE.search(value) or _ADDRESS.search(value) or is_placeholder(value))


def _reads_as_words(value: str) -> bool:
    """Return whether a value is made of words and small numbers, such as ``oauth2-token-v1``."""
    return all(_is_word(part) for part in _PARTS.split(value))


def _is_word(part: str) -> bool:
    if len(part) <= _SHORT:
        return True
    pieces = _PIECES.findall(part)
    letters = [piece for piece in pieces if not piece.isdigit()]
    numbers = [piece for piece in pieces if piece.isdigit()]
    counted = not numbers or (numbers == pieces[-1:] and len(numbers[0]) <= _LONGEST_NUMBER)
    spoken = sum(map(len, letters)) >= _SYLLABLE * len(letters)
    return counted and spoken and len(part) <= _LONGEST_WORD


def entropy(value: str) -> float:
    """Return the bits a character carries, by how often each occurs in the value."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())


_LOCAL = re.compile(
    r"^(?:localhost|127\..*|0\.0\.0\.0|host|hostname|server|proxy|.*\.(?:local|test|invalid|example|localhost)"
    r"|(?:.*\.)?example\.\w+)$|^[a-z]*(?:db|sql|postgres|redis|mongo|rabbit|broker|cache)[a-z]*$"
)
_DEFAULTS = word_set("""admin guest pass password passwd pw pwd postgres root secret test user username token
    rabbitmq mysql redis p x""")


def is_address_secret(user: str, password: str, host: str) -> bool:
    """Return whether the password inside an address opens something that others can reach.

    Args:
        user: The part before the colon.
        password: The part behind it.
        host: Whom it is for; a name without a dot is one inside a private network.
    """
    if _LOCAL.match(host.lower()) or "." not in host:
        return False
    if password.lower() in _DEFAULTS or password.lower() == user.lower() or password.isdigit():
        return False
    return not is_placeholder(password) and not is_placeholder(user)
