print("a")


def f() -> None:
    print("b")  # nosemgrep
