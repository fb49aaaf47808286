"""What waits for the word that it may be kept: several threads add to it at once."""

from __future__ import annotations

import threading
from pathlib import Path

from doctrine.cache.pending import Pending

THREADS, ROUNDS = 6, 40


def content(worker: int, number: int) -> list[bytes]:
    return [b"%d-%d" % (worker, number), b"x" * (worker * 100 + number), b"end"]


def test_contents_of_several_threads_do_not_run_into_each_other(tmp_path: Path) -> None:
    pending = Pending[str](lambda: tmp_path, limit=10_000_000)
    barrier = threading.Barrier(THREADS)
    held: list[bool] = []

    def add(worker: int) -> None:
        barrier.wait()
        for number in range(ROUNDS):
            name = f"{worker}-{number}"
            held.append(pending.put(name, content(worker, number)))
            assert pending.get(name) == b"".join(content(worker, number))

    threads = [threading.Thread(target=add, args=(worker,)) for worker in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held == [True] * THREADS * ROUNDS
    for worker in range(THREADS):
        for number in range(ROUNDS):
            assert pending.get(f"{worker}-{number}") == b"".join(content(worker, number))
    assert list(tmp_path.iterdir()) == []  # it has no name
    pending.close()


def test_what_has_no_room_is_not_held_and_spoils_nothing(tmp_path: Path) -> None:
    pending = Pending[str](lambda: tmp_path, limit=10)
    assert pending.put("small", [b"12345"])
    assert not pending.put("large", [b"1234", b"5678"])
    assert pending.get("small") == b"12345"
    assert pending.get("large") is None
    pending.drop("small")
    assert pending.knows("small")
    assert pending.get("small") is None
    pending.close()
