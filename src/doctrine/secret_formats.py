"""The written forms of credentials, told by their shape alone; and how a text is rid of them.

Vendors give their tokens a prefix so that they can be found. What is found is never repeated:
everybody who reports one of them says its kind and its place.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from msgspec import Struct

_PLACEHOLDER = re.compile(
    r"(?i)example|sample|dummy|fake|placeholder|change.?me|redacted|your[-_]|xxxx|0000000|1111111"
    r"|abcdefgh|12345678|(?<![a-z])test(?![a-z])|16C7e42F292c6912E7710c838347Ae178B4a|(.)\1{6}"
)
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FEW = 9
"""Different characters that even a made-up token has."""
_CHECKED = 6
"""Characters at the end of GitHub's tokens that are a checksum of the others."""


def _sound(token: str) -> bool:
    """Return whether a token's own checksum is right: one that was made up has a wrong one.

    It is the CRC-32 of what stands between the prefix and the checksum, in base 62. Expired personal
    access tokens that were published to show this agree; of the other kinds nobody published any.
    """
    body, given = token.partition("_")[2][:-_CHECKED], token[-_CHECKED:]
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, len(_BASE62))
        digits = _BASE62[digit] + digits
    return digits.rjust(_CHECKED, "0") == given


def _drawn(token: str) -> bool:
    """Return whether a token looks drawn by chance, and not typed by somebody who explains."""
    return _PLACEHOLDER.search(token) is None and len(set(token)) > _FEW


class _Format(Struct, frozen=True, kw_only=True):
    """One vendor's form.

    Attributes:
        kind: What people call it.
        anchor: A text that every one of its tokens holds; searching it is cheap.
        pattern: The whole form.
        doubt: Why such a token may stand in public; empty where it never may.
        checked: Whether it ends with a checksum of a kind that is known for sure. Where it is not,
            a wrong one says nothing: a real secret would pass for one that was made up.
    """

    kind: str
    anchor: str
    pattern: re.Pattern[str]
    doubt: str = ""
    checked: bool = False

    def doubt_about(self, token: str) -> str:
        """Return why a token may be harmless; empty where it cannot be."""
        if self.checked and not _sound(token):
            return "its checksum is wrong, so it may be made up"
        return self.doubt


def _form(
    kind: str, anchor: str, pattern: str, doubt: str = "", *, checked: bool = False
) -> _Format:
    compiled = re.compile(rf"(?<![\w-]){pattern}(?![\w-])")
    return _Format(kind=kind, anchor=anchor, pattern=compiled, doubt=doubt, checked=checked)


_PUBLIC_JWT = "some are meant for the public, and most have expired"
PRIVATE_KEY = "private key"
_FORMATS = (
    _Format(
        kind=PRIVATE_KEY,
        anchor="PRIVATE KEY",
        pattern=re.compile(
            r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|[\s\"'+\\])*"
            r"(?:[A-Za-z-]+: [^\n]*\n\s*)*(?:[A-Za-z0-9+/=]{40,}(?:\\n|[\s\"'+\\])*)+"
        ),
    ),
    _form("AWS access key", "AKIA", r"AKIA[A-Z2-7]{16}"),
    _form("AWS temporary access key", "ASIA", r"ASIA[A-Z2-7]{16}"),
    _form("GitHub token", "ghp_", r"ghp_[A-Za-z0-9]{36}", checked=True),
    *(_form("GitHub token", f"gh{letter}_", rf"gh{letter}_[A-Za-z0-9]{{36}}") for letter in "ousr"),
    _form("GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    _form("GitLab token", "glpat-", r"glpat-[\w-]{20,}"),
    _form("Slack token", "xox", r"xox[abeprs]-(?:\d+-)*\d{10,}-[A-Za-z0-9-]{16,}"),
    _form(
        "Slack webhook",
        "hooks.slack.com/services/",
        r"https://hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{24}",
    ),
    _form("Stripe key", "k_live_", r"[sr]k_live_[A-Za-z0-9]{24,}"),
    _form("OpenAI key", "T3BlbkFJ", r"sk-[\w-]{20,}T3BlbkFJ[\w-]{20,}"),
    _form("Anthropic key", "sk-ant-", r"sk-ant-[a-z]+\d+-[\w-]{80,}"),
    _form("PyPI token", "pypi-AgEI", r"pypi-AgEI[\w-]{60,}"),
    _form("npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _form("SendGrid key", "SG.", r"SG\.[\w-]{22}\.[\w-]{43}"),
    _form("Hugging Face token", "hf_", r"hf_[A-Za-z]{34}"),
    _form("Telegram bot token", ":AA", r"\d{8,10}:AA[\w-]{33}"),
    _form("Google API key", "AIza", r"AIza[\w-]{35}", doubt="keys of web pages are public"),
    _form(
        "JSON web token",
        "eyJ",
        r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}",
        doubt=_PUBLIC_JWT,
    ),
)
_URL = re.compile(r"(?<=://)([^\s:/@\"'<>{}$]*):([^\s:/@\"'<>{}$]+)@(?=[\w\[])")
ANCHORS = tuple(sorted({one.anchor.encode() for one in _FORMATS}))
"""The marks of the forms: what holds none of them holds no credential."""


class Credential(Struct, frozen=True, kw_only=True):
    """A credential found in a text: what it is and where, never what it says.

    Attributes:
        kind: What people call it.
        start: Offset of its first character.
        end: Offset behind its last one.
        doubt: Why it may be harmless; empty where it cannot be.
    """

    kind: str
    start: int
    end: int
    doubt: str = ""


def may_hold(source: bytes) -> bool:
    """Return whether bytes hold the mark of any form: a cheap first look."""
    return any(anchor in source for anchor in ANCHORS)


def credentials(text: str) -> Iterator[Credential]:
    """Yield what is a credential by its form, examples of a form left out."""
    for one in _FORMATS:
        if one.anchor not in text:
            continue
        for match in one.pattern.finditer(text):
            if _drawn(match[0]):
                doubt = one.doubt_about(match[0])
                yield Credential(kind=one.kind, start=match.start(), end=match.end(), doubt=doubt)


def masked(text: str) -> str:
    """Return a text with every credential in it replaced by its kind."""
    for one in _FORMATS:
        if one.anchor in text:
            text = one.pattern.sub(f"<{one.kind}>", text)
    return _URL.sub(r"\1:***@", text) if "://" in text else text
