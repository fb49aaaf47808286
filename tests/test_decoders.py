"""Decoders are made while other threads make and use some: a process of its own survives that."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys, threading
from doctrine.model import decoders
import msgspec

sys.setswitchinterval(1e-6)  # threads take turns in the middle of everything

def chain(length):
    inner = int
    for number in range(length):
        inner = msgspec.defstruct(
            f"Link{number}", [("a", str, ""), ("inner", list[inner], []), ("last", inner | None, None)]
        )
    return inner

def work(shape, barrier):
    barrier.wait()
    assert decoders.from_json(b'{"a":"x","inner":[{"a":"y"}]}', shape).inner[0].a == "y"
    assert decoders.converted({"a": "x"}, shape).a == "x"
    assert decoders.msgpack_decoder(shape).decode(msgspec.msgpack.encode({"a": "x"})).a == "x"

for _ in range(40):
    shape, barrier = chain(8), threading.Barrier(3)
    threads = [threading.Thread(target=work, args=(shape, barrier)) for _ in range(3)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("survived")
"""


def test_no_thread_sees_a_type_that_another_one_is_working_out() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "survived\n", "")
