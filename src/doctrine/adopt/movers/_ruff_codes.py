"""Data: the codes of flake8 and its plug-ins that ruff has, without those of its previews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_CODES: Mapping[str, str] = {
    "A": "001-006",
    "ANN": "001-003 201-202 204-206 401",
    "ARG": "001-005",
    "ASYNC": "100 105 109-110 115-116 210 212 220-222 230 240 250-251",
    "B": "002-035 039 904-905 911-912",
    "BLE": "001",
    "C": "400-406 408-411 413-420 901",
    "COM": "812 818-819",
    "CPY": "001",
    "D": "100-107 200-215 300-301 400-419",
    "DJ": "001 003 006-008 012-013",
    "DTZ": "001-007 011-012 901",
    "E": "101 401-402 501 701-703 711-714 721-722 731 741-743 902",
    "EM": "101-103",
    "ERA": "001",
    "EXE": "001-005",
    "F": (
        "401-407 501-509 521-525 541 601-602 621-622 631-634 701-702 704 706-707 722 811 "
        "821-823 841-842 901"
    ),
    "FBT": "001-003",
    "G": "001-004 010 101 201-202",
    "I": "001-002",
    "ICN": "001-003",
    "INP": "001",
    "ISC": "001-004",
    "LOG": "001-002 004 007 009 014-015",
    "N": "801-807 811-818 999",
    "PD": "002-004 007-013 015 101",
    "PIE": "790 794 796 800 804 807-808 810",
    "PT": "001-003 006-028 030-031",
    "Q": "000-004",
    "RET": "501-508",
    "RSE": "102",
    "S": "101-108 110 112-113 201-202 301-308 310-319 321 323-324 501-509 601-612 701-702 704",
    "SIM": "101-103 105 107-110 112-118 201-202 208 210-212 220-223 300 401 905 910-911",
    "SLF": "001",
    "T": "100 201 203",
    "TC": "001-007 010",
    "TID": "251-255",
    "W": "191 291-293 505 605",
    "YTT": "101-103 201-204 301-303",
}
"""Numbers and ranges of them by the letters of a code, as of ruff 0.17.6."""


_PREVIEWS: Mapping[str, str] = {
    "ASYNC": "119",
    "B": "043 901 903 909",
    "D": "420-421",
    "DOC": "102 201-202 402-403 501-502",
    "E": ("111-117 201-204 211 221-228 231 241-242 251-252 261-262 265-266 271-275 301-306 502"),
    "PT": "029",
    "S": "401-407 408-409 411-413 415",
    "TC": "008",
    "W": "391",
}
"""The same of those that ruff checks only where ``preview`` is on."""


def known(code: str) -> bool:
    """Return whether ruff has a code, or one that begins so.

    Args:
        code: A code or the beginning of some, such as ``E501``, ``C4`` or ``B``.
    """
    return any(one.startswith(code) for one in _every(_CODES))


def previewed(code: str) -> bool:
    """Return whether ruff has a code, or some that begin so, among its previews.

    Args:
        code: A code or the beginning of some.
    """
    return any(one.startswith(code) for one in _every(_PREVIEWS))


def _every(codes: Mapping[str, str]) -> Iterator[str]:
    for letters, numbers in codes.items():
        for part in numbers.split():
            first, _, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                yield f"{letters}{number:0{len(first)}}"
