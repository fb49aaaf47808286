from pkg.core import sign


def test_plus() -> None:
    assert sign(1) == "plus"
