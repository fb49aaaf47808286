from __future__ import annotations

import pytest

from doctrine.secret_formats import credentials, masked, may_hold

# Put together here, so that nobody's scanner finds them in this file.
GITHUB = "ghp" + "_" + "k3Jx9QmZ2LpW7vTn5RbY8cHd4FsG6a" + "1Wr2RB"
UNCHECKED = "ghp" + "_" + "k3Jx9QmZ2LpW7vTn5RbY8cHd4FsG6a" + "Zz9Yy8"
AWS = "AKIA" + "Q7R3XK5T2MZP6WDL"
STRIPE = "sk" + "_live_" + "9aB8cD7eF6gH5iJ4kL3mN2oP"
SLACK = "xoxb" + "-2048193756-8172635401928-" + "kQ3vB9xLw2TzR7mPnC5dYe1H"
TELEGRAM = "846213957" + ":AA" + "Hq3Jx9QmZ2LpW7vTn5RbY8cHd4FsG6a_k"
GOOGLE = "AIza" + "SyD9kQ3vB-xLw2TzR7mPnC5dYe1HgU4oI8sA"[:35]
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + "." + "q8Zr4Tt2xLw9Vb6Nn3Mm1Kk5Jj"
KEY = (
    "-----BEGIN RSA PRIVATE "
    "KEY-----\n"
    "MIIEpAIBAAKCAQEA7Zk3qW9xT2bVnL5cR8yHfJ0dGsPaQeUiOoXzMvBwKtYr\n"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (AWS, "AWS access key"),
        (GITHUB, "GitHub token"),
        (STRIPE, "Stripe key"),
        (SLACK, "Slack token"),
        (TELEGRAM, "Telegram bot token"),
        (KEY, "private key"),
        (KEY.replace("\n", "\\n"), "private key"),
    ],
)
def test_a_form_gives_a_credential_away(text: str, kind: str) -> None:
    (found,) = credentials(f"key = '{text}'\n")
    assert (found.kind, found.doubt, found.start) == (kind, "", 7)
    assert may_hold(text.encode())


@pytest.mark.parametrize(
    ("random", "checksum"),
    [
        ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"),
        ("adE7dp8rHP6gUTuPwxLTZjZdtya3sV", "0UQzQM"),
        ("H3xbiBdlzffNx7Y56iNsPw3joObj7U", "2nO29h"),
        ("krLZ8fJtWbM6VhZVvXxLhocgw8JcfR", "2dBDWy"),
        ("A45pcUWyxpD3Clof4uvqtItiX3q0RH", "0OI2G4"),
        ("7kCWzkOmoipYYpSR2pIpJufkUvFlXY", "1dcyzZ"),
    ],
)
def test_tokens_that_github_gave_out_have_a_right_checksum(random: str, checksum: str) -> None:
    # Expired ones, published to show the format: github.com/therootcompany/base62-token.js.
    (found,) = credentials("ghp" + "_" + random + checksum)
    assert found.doubt == ""


@pytest.mark.parametrize("prefix", ["gho", "ghu", "ghs", "ghr", "npm"])
def test_a_checksum_nobody_has_confirmed_raises_no_doubt(prefix: str) -> None:
    (found,) = credentials(prefix + UNCHECKED[3:])
    assert found.doubt == ""


@pytest.mark.parametrize("text", [UNCHECKED, GOOGLE, JWT])
def test_some_forms_leave_a_doubt(text: str) -> None:
    (found,) = credentials(text)
    assert found.doubt


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + "AAAAAAAAAAAAAAAA",
        "ghp" + "_" + "x" * 36,
        "gho" + "_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "prefixAKIA" + "Q7R3XK5T2MZP6WDL",
        "sk" + "_test_" + "9aB8cD7eF6gH5iJ4kL3mN2oP",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
        "-----BEGIN PUBLIC " + "KEY-----\nMIIEpAIBAAKCAQEA7Zk3qW9xT2bVnL5cR8yHfJ0dGsPaQeUiOoXz\n",
    ],
)
def test_examples_and_marks_of_a_form_are_none(text: str) -> None:
    assert list(credentials(text)) == []


def test_masking_leaves_the_rest_of_a_text_alone() -> None:
    text = f"clone https://me:hunter2@host.net/x with {AWS} and see http://a.b/c"
    hidden = masked(text)
    assert hidden == "clone https://me:***@host.net/x with <AWS access key> and see http://a.b/c"
