"""Nothing that quotes a secret is kept: whoever reads a cache, or restores one in CI, finds none.

Tools quote the code that they are about, and what they quote is written before anybody has said
where secrets stand. So what a check writes waits until that is known, in a file without a name that
no killed process leaves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from doctrine.cache.store import Key, Store


def settle_without(store: Store, secrets: Iterable[str]) -> frozenset[Key]:
    """Keep what has waited, but for what holds a secret, in any of its written forms.

    Args:
        store: Where it has waited.
        secrets: Each of them as it stands in a source.

    Returns:
        The keys under which nothing is kept because of that.
    """
    forms = frozenset(form for one in secrets for form in _forms(one))
    return store.settle(lambda content: any(form in content for form in forms))


def _forms(secret: str) -> Iterator[bytes]:
    """Yield how a text is written: as it is, in JSON, and as Python shows it."""
    for text in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]):
        yield text.encode("utf-8", "surrogatepass")
