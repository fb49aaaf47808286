"""Nothing that quotes a secret is kept: whoever reads a cache, or restores one in CI, finds none.

Tools quote the code that they are about, and what they quote is written before anybody has said
where secrets stand. So what this process has written is looked through once that is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from doctrine.cache.store import Key, Store


def forget_quoting(store: Store, secrets: Iterable[str]) -> frozenset[Key]:
    """Remove what this process has written and what holds a secret, in any of its written forms.

    Args:
        store: Where it was written.
        secrets: Each of them as it stands in a source.

    Returns:
        The keys under which nothing is kept any more.
    """
    forms = frozenset(form for one in secrets for form in _forms(one))
    if not forms:
        return frozenset()
    gone: set[Key] = set()
    for key in tuple(store.written):  # other threads may still write
        content = store.read(key)
        if content is not None and any(form in content for form in forms):
            store.forget(key)
            gone.add(key)
    return frozenset(gone)


def _forms(secret: str) -> Iterator[bytes]:
    """Yield how a text is written: as it is, in JSON, and as Python shows it."""
    for text in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]):
        yield text.encode("utf-8", "surrogatepass")
