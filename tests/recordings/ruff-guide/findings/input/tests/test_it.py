import random

PASSWORD = "hunter2"


def test_roll() -> None:
    assert random.random() < 1
