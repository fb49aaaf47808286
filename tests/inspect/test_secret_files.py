from __future__ import annotations

import pytest

from doctrine.inspect.secret_files import INSPECTOR
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from tests.inspect.build import ci, look, project, seen
from tests.test_secret_formats import AWS, GOOGLE, KEY

SECRET = "k3Jx9QmZ2LpW" + "7vTn5RbY8cHd"


def of(path: str, text: str) -> Reading:
    judged = replace(project({"src/app/a.py": ""}), secret_texts={path: text})
    return look(INSPECTOR, judged)


def found(path: str, text: str) -> list[tuple[str, int, str]]:
    return [
        (rule, line, severity)
        for rule, _, line, severity in seen(of(path, text))
        if rule != "scanner"
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", f"A=1\nSECRET_KEY={SECRET}\n"),
        (".env", f"\nexport API_TOKEN='{SECRET}'  # keep\n"),
        ("settings.toml", f'[app]\napi_key = "{SECRET}"\n'),
        ("conf/app.yaml", f"app:\n  client_secret: {SECRET}\n"),
        ("conf/app.json", f'{{\n  "secretKey": "{SECRET}",\n}}\n'),
        ("app.ini", "[db]\npassword = " + "tr0ub4dor\n"),
        ("app.ini", "[db]\nurl = mysql://app:" + "tr0ub4dor@db.internal.net/x\n"),
        ("id_rsa", "\n" + KEY),
        ("tests/data.yaml", f"\nkey: {AWS}\n"),
    ],
)
def test_a_tracked_secret_fails_and_is_not_shown(path: str, text: str) -> None:
    assert found(path, text) == [("tracked-secret", 2, "error")]
    shown = repr(of(path, text))
    assert SECRET not in shown
    assert "tr0ub4dor" not in shown
    assert AWS not in shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docker-compose.yml", "POSTGRES_PASSWORD: " + "p0stgres\n"),
        (".github/workflows/ci.yml", f"API_TOKEN: {SECRET}\n"),
        ("tests/server.pem", KEY),
        ("app.yaml", f"key: {GOOGLE}\n"),
    ],
)
def test_a_stand_in_is_advice(path: str, text: str) -> None:
    assert found(path, text) == [("tracked-doubt", 1, "info")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env.example", f"SECRET_KEY={SECRET}\n"),
        (".env", "SECRET_KEY=changeme-changeme-1\nPASSWORD=\nDEBUG=1\n"),
        ("app.yaml", "token: ${{ secrets.API_TOKEN_1234 }}\npassword: !env DB_PASSWORD_1\n"),
        ("app.toml", 'token_url = "https://x.example.org/oauth2/token"\n'),
        ("tests/conf.yaml", f"api_key: {SECRET}\n"),
        ("docs/conf.ini", "password = " + "tr0ub4dor\n"),
    ],
)
def test_placeholders_and_material_are_none(path: str, text: str) -> None:
    assert found(path, text) == []


def test_a_scanner_speaks_for_the_project_and_its_lack_is_advice() -> None:
    without = look(INSPECTOR, project({"src/app/a.py": ""}))
    assert [rule for rule, *_ in seen(without)] == ["scanner"]
    judged = project({"src/app/a.py": ""}, automation=ci("gitleaks detect"))
    assert "scanner" in {one.rule for one in look(INSPECTOR, judged).supports}
