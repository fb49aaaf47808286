import asyncio
import datetime
import threading
import time
from datetime import datetime as moment

LOCK = threading.Lock()
LIMIT = 3


def assertions(x: int, y: int) -> None:
    assert (x, "must be set")  # expect: assertion-always-true
    assert (x == y), "equal"
    assert x, (x, y)


def comparisons(x: object, y: int, z: int) -> bool:
    if x is "text" or y is 1:  # expect: identity-of-literal identity-of-literal
        return True
    if x is None or x is True or x is LIMIT:
        return True
    return y < y or z == z or next(iter([1])) < next(iter([1]))  # expect: compared-with-itself


async def locks() -> None:
    with threading.Lock():  # expect: lock-of-its-own
        pass
    async with asyncio.Lock():  # expect: lock-of-its-own
        pass
    with LOCK:
        pass


def default(now=datetime.datetime.now()) -> None:  # expect: default-from-definition-time
    pass


def typed(a: int, at: float = time.time(), *, b: int = 1) -> None:  # expect: default-from-definition-time
    pass


def aliased(
    at: moment = moment.now(),  # expect: default-from-definition-time
) -> None:
    pass


def given(now: float | None = None, wait: float = 3.0) -> None:
    pass


def raising(values: list[int]) -> int:
    values = values.sort()  # expect: result-is-none
    values.sort()
    ordered = sorted(values)
    try:
        ordered.pop()
    except IndexError:
        pass
    try:
        ordered.pop()
    except IndexError:
        pass
    try:
        ordered.pop()
    finally:
        ordered.clear()
    raise NotImplemented  # expect: constant-raised


def swallowing() -> int:
    try:  # expect: return-swallows-exception
        print()
    finally:
        return 1


def hiding() -> None:
    try:  # expect: everything-ignored
        print()
    except BaseException:
        pass


def branches(x: int) -> int:
    if x:  # expect: branches-alike
        y = 1
    else:
        y = 1
    if x:
        y = 2
    else:
        y = 3
    return y
