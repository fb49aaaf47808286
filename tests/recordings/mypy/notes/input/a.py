def twice(x):
    y: int = x
    return y + y
