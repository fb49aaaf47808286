def ok():
    return 1


ok()


def used_only_here():
    return 2


def dead():
    return 3
