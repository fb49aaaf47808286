"""The files of a project in which settings rest, and with them, now and then, secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from doctrine.model.project import Layout
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.secret_formats import may_hold

_LIMIT = 256 * 1024
"""Bytes that such a file is read of; what is larger is data, mostly."""
_SETTINGS = re.compile(
    r"(?i)(?:^|/)(?:\.env(?:\.[\w.-]+)?|[^/]+\.(?:env|toml|ya?ml|json|ini|cfg|conf|properties|tfvars|sh|pem|key|ppk)"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|Dockerfile[^/]*|\.npmrc|\.pypirc|\.netrc|credentials)$"
)
_NOT_SETTINGS = re.compile(
    r"(?i)(?:^|/)(?:package-lock\.json|[^/]*\.lock(?:\.json)?|[^/]*schema[^/]*\.json|locales?/.*"
    r"|i18n/.*|translations?/.*|node_modules/.*|[^/]*\.min\.json)$"
)
_SPEAKS = re.compile(rb"(?i)passw|pwd|secret|token|api_?key|access_?key|://[^\s/@]*:[^\s/@]+@")


def read_secret_texts(layout: Layout) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read the tracked settings files that hold anything like a secret.

    Args:
        layout: The project's files.

    Returns:
        The text of those worth a second look, by path (empty for the others), and by path why
        one could not be read.
    """
    texts: dict[str, str] = {}
    unread: dict[str, str] = {}
    for path in layout.others:
        if not _SETTINGS.search(path) or _NOT_SETTINGS.search(path):
            continue
        if layout.tracked is not None and path not in layout.tracked:
            continue
        try:
            content = read_regular(f"{layout.root}/{path}", _LIMIT)
        except CannotReadError as error:
            if not str(error).startswith("larger"):
                unread[path] = str(error)
            continue
        speaks = may_hold(content) or _SPEAKS.search(content) is not None
        texts[path] = content.decode("utf-8", "replace") if speaks else ""
    return texts, unread
