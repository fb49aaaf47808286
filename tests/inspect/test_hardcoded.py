from __future__ import annotations

import pytest

from doctrine.inspect._secret_values import is_key, is_password
from doctrine.inspect.hardcoded import INSPECTOR
from doctrine.model.observation import Severity
from doctrine.model.project import Role
from tests.inspect.code import failing, inspected
from tests.test_secret_formats import AWS, GOOGLE, KEY, STRIPE

SECRET = "k3Jx9QmZ2LpW" + "7vTn5RbY8cHd"
PASSWORD = "tr0ub4" + "dor&3"


@pytest.mark.parametrize(
    "source",
    [
        f'API_KEY = "{SECRET}"',
        f'client_secret: str = "{SECRET}"',
        f'self.auth_token = "{SECRET}"',
        f'config["SECRET_KEY"] = "{SECRET}"',
        f'options = {{"apiKey": "{SECRET}"}}',
        f'Client(api_key="{SECRET}")',
        f'def f(token="{SECRET}"): ...',
        f'def f(token: str = "{SECRET}"): ...',
        f'SECRET_KEY = (\n    "{SECRET}"\n)',
        f'API_KEY_PROD = b"{SECRET}"',
        f'connect(user="a", password="{PASSWORD}")',
        f'if password == "{PASSWORD}": ...',
        f'url = "amqp://app:{PASSWORD}@queue.internal.net/"',
        'API_KEY = "' + "sk-1234567890" + 'abcdef"',
    ],
)
def test_a_secret_behind_its_name_is_found_and_not_shown(source: str) -> None:
    found = inspected(INSPECTOR, source + "\n")
    assert [one.rule for one in found] == ["hardcoded-secret"]
    (one,) = found
    assert one.severity is Severity.ERROR
    for secret in (SECRET, PASSWORD, "1234567890"):
        assert secret not in one.message
        assert secret not in one.symbol


@pytest.mark.parametrize(
    "source",
    [
        'API_KEY = os.environ["API_KEY"]',
        'API_KEY = ""',
        'CSRF_TOKEN = "csrfmiddlewaretoken"',
        'TOKEN_URL = "https://example.org/oauth2/token/v2"',
        'token_type = "urn:ietf:params:oauth:token-type:access_token"',
        'PASSWORD_RESET_TEMPLATE = "accounts/reset2.html"',
        'password_field = "password1"',
        'password = "changeme123"',
        'password = "<your-password-1>"',
        'password = f"{prefix}1234"',
        'SECRET_KEY = "your-secret-key-goes-here-1"',
        'SECRET_KEY = "not-so-secret-42-not-so-secret"',
        'secret = "{{ cookiecutter.secret_key_32 }}"',
        'token = "${TOKEN_FROM_ENV_1234567}"',
        'messages = {"password": "Enter 8 characters"}',
        'limits = {"change_password": "5/m/user"}',
        'api_key = "X-Api-Key-Version-2"',
        'token = "aaaaaaaaaaaaaaaaaaaa1"',
        'cache_key = "9f8e7d6c5b4a39281706"',
        'tokens = {"word": "9f8e7d6c5b4a39281706"}',
        '"""password="tr0ub4dor" in a docstring is not looked at by name."""',
        'URL = "postgresql://postgres:postgres@localhost/x"',
        'URL = "postgresql://user:s3cret9@db/x"',
        'URL = "https://user:password@example.com"',
        'x = f"{password}" == "a1b2c3d4"',
    ],
)
def test_what_only_speaks_of_secrets_is_none(source: str) -> None:
    assert failing(INSPECTOR, source + "\n") == []


FIRST_KEY = "django-insecure-" + "8$k2v#n!q0z7w@x5p3m9r1t6y4u+d^e(f&g*h-j_k=l%a2s4b7"


def test_the_key_that_a_new_project_begins_with_is_one_where_it_runs() -> None:
    source = f'SECRET_KEY = "{FIRST_KEY}"\n'
    fallback = f'SECRET_KEY = os.environ.get("SECRET_KEY", "{FIRST_KEY}")\n'

    assert failing(INSPECTOR, source, path="src/shop/settings.py")
    assert failing(INSPECTOR, source, path="src/shop/settings/base.py")
    assert not failing(INSPECTOR, source, path="src/shop/settings/dev.py")
    assert not failing(INSPECTOR, source, path="src/shop/local_settings.py")
    assert not failing(INSPECTOR, fallback, path="src/shop/settings.py")
    assert not failing(
        INSPECTOR, 'SECRET_KEY = "django-insecure-change-me"\n', path="src/shop/a.py"
    )


def test_a_fallback_is_advice() -> None:
    source = f'KEY = os.environ.get("SECRET_KEY", "{SECRET}")\n'
    (one,) = inspected(INSPECTOR, source)
    assert (one.rule, one.severity) == ("doubtful-secret", Severity.INFO)
    assert SECRET not in one.message


@pytest.mark.parametrize("role", list(Role))
def test_a_vendors_form_is_real_wherever_it_stands(role: Role) -> None:
    source = f"# {AWS}\nx = call('{STRIPE}')\n"
    found = inspected(INSPECTOR, source, role=role)
    assert [(one.rule, one.location.line) for one in found] == [
        ("credential-format", 1),
        ("credential-format", 2),
    ]
    assert not any(AWS in one.message or STRIPE in one.message for one in found)


@pytest.mark.parametrize("role", [Role.TEST, Role.DOCS, Role.EXAMPLE])
def test_made_up_secrets_belong_into_tests(role: Role) -> None:
    source = f'PASSWORD = "{PASSWORD}"\nAPI_KEY = "{SECRET}"\nKEY = """{KEY}"""\n'
    found = inspected(INSPECTOR, source, role=role)
    assert [one.severity for one in found] == [Severity.INFO]


def test_a_private_key_in_source_fails_and_a_public_one_form_is_doubtful() -> None:
    source = f'KEY = """{KEY}"""\nMAPS = "{GOOGLE}"\n'
    found = {one.rule: one.severity for one in inspected(INSPECTOR, source)}
    assert found["credential-format"] is Severity.ERROR
    assert found["doubtful-secret"] is Severity.INFO


def test_a_place_that_a_scanner_was_told_to_allow_is_left_alone() -> None:
    source = f'API_KEY = "{SECRET}"  # pragma: allowlist secret\n'
    assert inspected(INSPECTOR, source) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("if token == stored_token: ...", 1),
        ("ok = request.headers.get('x') != self.signature", 1),
        ("if sign(body) == given.digest(): ...", 1),
        ("if token == 'x': ...", 0),
        ("if token == PLUS: ...", 0),
        ("if token is None: ...", 0),
        ("if token_type == other: ...", 0),
        ("import tokenize\nif token == other: ...", 0),
    ],
)
def test_comparing_secrets_with_equality_is_advice(source: str, count: int) -> None:
    found = inspected(INSPECTOR, source + "\n")
    assert [one.rule for one in found] == ["leaky-comparison"] * count
    assert all(one.severity is Severity.INFO for one in found)


@pytest.mark.parametrize("value", ["oauth2-access-token-v1", "GET_ACCESS_TOKEN_2", "a" * 40])
def test_words_are_no_keys(value: str) -> None:
    assert not is_key(value)


@pytest.mark.parametrize("value", ["short", "only-words-here", "with space 1", "/etc/pass1"])
def test_what_no_password_looks_like(value: str) -> None:
    assert not is_password(value)


def test_a_long_value_is_judged_in_no_time() -> None:
    assert not is_key("a" * 200_000 + "!")
