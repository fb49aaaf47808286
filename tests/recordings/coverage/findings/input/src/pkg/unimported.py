def never() -> None:
    print()
