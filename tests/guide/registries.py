"""A small registry on disk for tests, and the guide it was written for."""

from __future__ import annotations

from pathlib import Path

from doctrine.guide.crosscheck import text_digest
from doctrine.guide.mandates import mandates

GUIDE = """\
# Baking

The key words "MUST" and "MAY" are used as usual.

## Dough

Bakers **MUST** weigh the flour and **SHOULD** sift it.

**Why**: Volume deceives. Yeast **MUST
NOT** touch salt.

```yaml
# MAY use malt
malt: "MUST not be read: no comment"
```

Bakers **MUST**:

- Wash their hands
- Wear
  an apron
"""

CLAUSES = {
    "DGH001": ("MUST", "MUST", 7, 7),
    "DGH002": ("SHOULD", "SHOULD", 7, 7),
    "DGH003": ("MUST", "MUST NOT", 9, 10),
    "DGH004": ("MAY", "MAY", 13, 13),
    "HYG001": ("MUST", "MUST", 19, 19),
    "HYG002": ("MUST", "MUST", 20, 21),
}
CHECK = "[[checks]]\nid = 'look'\nkind = 'manual'\nreason = 'look at it'\n"


def digest_at(line: int, keyword: str) -> str:
    """Return the digest of the small guide's sentence around a line."""
    return next(
        one.digest
        for one in mandates(GUIDE)
        if one.line <= line <= one.end_line and one.keyword == keyword
    )


def clause_file(clause_id: str) -> str:
    """Return the text of a clause file of the small registry."""
    level, keyword, line, end_line = CLAUSES[clause_id]
    head = f"""\
id = '{clause_id}'
level = '{level}'
keyword = '{keyword}'
section = 'Dough'
line = {line}
end_line = {end_line}
digest = '{digest_at(line, keyword)}'
statement = 'A statement.'
rationale = 'A reason.'
remedy = 'A remedy.'
when = []
verification = '{"automated" if level == "MAY" else "attestation"}'
"""
    return head + ("" if level == "MAY" else CHECK)


def guide_file() -> str:
    """Return the text of the small registry's ``guide.toml``."""
    return f"""\
id = 'baking'
title = 'Baking'
version = '1.0'
digest = '{text_digest(GUIDE)}'
[[asides]]
line = 3
digest = '{digest_at(3, "MAY")}'
reason = 'It defines the key words.'
"""


RECOMMENDED = """\
[[recommendations]]
id = 'REC-CRUST'
line = 5
clauses = []
statement = 'The crust is dark.'
remedy = 'Bake longer.'
when = []
about = 'oven'
looks = [{ kind = 'setting', tool = 'oven', key = 'bake.minutes', expect = 'at-least', values = ['40'] }]

[[recommendations]]
id = 'REC-SMELL'
line = 6
clauses = []
statement = 'It smells of malt.'
remedy = 'Use malt.'
when = ['async | web']
unseen = 'nobody can smell a file'
"""


def write_registry(parent: Path) -> Path:
    """Write the small registry and return its folder."""
    folder = parent / "baking"
    section = folder / "clauses" / "dough"
    section.mkdir(parents=True)
    (folder / "guide.toml").write_text(guide_file(), encoding="utf-8")
    (folder / "defaults.toml").write_text("[ruff]\nline-length = 100\n", encoding="utf-8")
    (folder / "recommendations.toml").write_text(RECOMMENDED, encoding="utf-8")
    for clause_id in CLAUSES:
        (section / f"{clause_id}.toml").write_text(clause_file(clause_id), encoding="utf-8")
    return folder


def edit_clause(folder: Path, clause_id: str, old: str, new: str) -> None:
    """Replace a piece of a clause file, which must be there."""
    path = folder / "clauses" / "dough" / f"{clause_id}.toml"
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise LookupError(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
