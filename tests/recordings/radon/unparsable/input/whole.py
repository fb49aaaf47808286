def ok():
    return 1


ok()
