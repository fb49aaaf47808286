from pkg.core import sign


def test_plus() -> None:
    assert sign(1) == "plus"


def test_minus() -> None:
    assert sign(-1) == "minus"
