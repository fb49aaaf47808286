def sign(number: int) -> str:
    if number > 0:
        return "plus"
    return "minus"
