# ruff: noqa
# ruff: file-ignore[S311]
import random
import time
import typing as t
from typing import (
    Callable,
    List,
    Sequence,
    Text,
)

roll = random.random()  # noqa: S311
PASSWORD = "hunter2"  # noqa
items: t.Sequence[Callable[[], List[Text]]] | Sequence[int] = []


async def wait() -> None:
    time.sleep(1)
