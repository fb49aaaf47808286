from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.statements.placeholders import names_nobody, says_nothing


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "...", "…", "TODO", "todo: write a reason here later on", "FIXME soon please"),
        *("reason", "Reason.", "because", "Because…", "fix later", "Fix it later!", "n/a", "N/A"),
        *("won't fix", "xxxxxxxxxxxxxxxx", "aaaaaaaaaaaa", "lorem ipsum dolor sit amet", "no"),
        *("<your reason here>", "why it is so", "works for me", "legacy", "asdf asdf asdf"),
        *("TBD, see the ticket", "_____________"),
    ],
)
def test_a_placeholder_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "The partner's API only speaks MD5 until they migrate in March",
        "vendored code",
        "removed with release 4.2",
        "Wird mit dem neuen Abrechnungssystem ersetzt",
        "第三方代码",
        "We do not retry: the queue does, see docs/queue.md",
        "Because the vendor's SDK is not typed",
    ],
)
def test_a_reason_says_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize("owner", ["", "TODO", "me", "nobody", "N/A", "?", "your name", "owner"])
def test_a_placeholder_names_nobody(owner: str) -> None:
    assert names_nobody(owner)


@pytest.mark.parametrize(
    "owner", ["Ada", "Platform team", "ada@example.org", "@acme/web", "Me Lin"]
)
def test_an_owner_is_somebody(owner: str) -> None:
    assert not names_nobody(owner)


@given(st.text())
def test_any_text_is_judged_whatever_surrounds_it(text: str) -> None:
    assert says_nothing(text) == says_nothing(f"  {text}!\n")
    assert names_nobody(text) == names_nobody(f"<{text}>")
