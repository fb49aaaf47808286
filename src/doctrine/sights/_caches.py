"""Folders for caches into which a source file also writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.model.project import Sight
from doctrine.syntax.tree import ParsedFile

_NEEDLES = (b".cache", b"user_cache")
_FOLDER = re.compile(rb"""[/,]\s*["']\.cache["'/]|\buser_cache_(?:dir|path)\(""")
_WRITING = re.compile(
    rb"\b(?:pickle\.dump|json\.dump|marshal\.dump|np\.save|torch\.save|write_text|write_bytes"
    rb"|sqlite3|shelve|to_pickle|to_parquet|copyfileobj)\b|open\([^)\n]*[\"'][wax]b?\+?[\"']"
)


def cache_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield the folder that a source file caches in; one that is only named caches nothing.

    Args:
        parsed: The file.
    """
    source = parsed.source
    if not parsed.wording.holds(*_NEEDLES):
        return
    found = _FOLDER.search(source)
    if found and _WRITING.search(source):
        line = source.count(b"\n", 0, found.start()) + 1
        yield Sight(name="cache-folder", line=line, detail="a folder for a cache")
