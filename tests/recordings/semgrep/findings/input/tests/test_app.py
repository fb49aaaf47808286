import requests


def test_it() -> None:
    requests.get("https://localhost", verify=False, timeout=3)
    assert (1 == 2, "never")  # expect: assertion-always-true
