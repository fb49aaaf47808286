from __future__ import annotations

import pytest

from doctrine.inspect._secret_names import is_secret
from doctrine.inspect.randomness import INSPECTOR
from doctrine.mend.editing import edited
from doctrine.model.observation import Applicability, Severity
from doctrine.model.project import Role
from tests.inspect.code import failing, inspected

HEAD = "import random\nfrom random import choice as pick\n"


@pytest.mark.parametrize(
    "source",
    [
        "password = ''.join(pick(ABC) for _ in range(8))",
        "self.sessionId = random.random()",
        "row['csrf_token'] = str(random.random())",
        "User(name=1, password=random.choice(ABC))",
        "d = {'api_key': random.getrandbits(8)}",
        "def f(salt=random.random()): ...",
        "def make_token(): return random.choice(ABC)",
        "def make_token():\n    x = []\n    x.append(random.choice(ABC))\n    return ''.join(x)",
        "def new_password():\n    random.shuffle(c)\n    return c",
        "code = random.randint(1, 9)\nreset_code = f'{code}'",
        "def f():\n    x = random.random()\n    return User(token=x)",
        "rng = random.Random(1)\notp = rng.choice(ABC)",
        "user.set_password(random.choice(ABC))",
        "secret = key = random.random()",
        "nonce, x = random.random(), 1",
        "password = ''.join(map(random.choice, ABC))",
        "if (token := random.random()): ...",
        "access_tokens = [random.random()]",
        "token = ABC[random.randrange(9)]",
        "class ApiKeyFactory:\n    def create(self):\n        return random.choice(ABC)",
        'def generate():\n    """Generate a random password."""\n    return random.choice(ABC)',
        "def send():\n    code = random.randint(0, 9)\n    mail(f'Your verification code is {code}')",
        "def send():\n    mail(f'<p>One-time code: <b>{random.randint(0, 9)}</b></p>')",
        "class OtpSource:\n    def __call__(self):\n        return random.randint(0, 9)",
    ],
)
def test_a_secret_made_by_chance_is_found(source: str) -> None:
    assert {rule for rule, _ in failing(INSPECTOR, HEAD + source + "\n")} == {"random-secret"}


@pytest.mark.parametrize(
    "source",
    [
        "delay = random.uniform(0, 1)",
        "def _make_boundary():\n    token = random.randrange(9)\n    return '==' + str(token)",
        "token_delay = random.uniform(0, 1)",
        "password_length = random.randint(8, 12)",
        "tokens = random.sample(tokens, 3)",
        "token_ids = [random.randint(0, 9)]",
        "mask_token = random.choice(vocab)",
        "secret_number = random.randint(1, 9)",
        "fake_password = random.choice(ABC)",
        "token = 'a' if random.random() < 0.5 else 'b'",
        "def refresh_token():\n    time.sleep(random.random())\n    return old",
        "def check_password():\n    if random.random() < 0.1:\n        upgrade()",
        "password = ''.join(secret_choice(ABC) for _ in range(random.randint(8, 12)))",
        "passage = compass = tokenizer = random.random()",
        'def generate():\n    """Generate a random token."""\n    return random.choice(ABC)',
        'def pick():\n    """Pick a password list."""\n    return random.choice(ABC)',
        "def send():\n    code = random.randint(0, 9)\n    mail(f'Your discount code is {code}')",
        "def send():\n    n = random.randint(0, 9)\n    mail(f'Your verification code is here {n}')",
        "class TokenBucket:\n    def create(self):\n        return random.choice(ABC)",
        "class TokenMaker:\n    def retry(self):\n        return random.choice(ABC)",
        "class DeckFactory:\n    def create(self):\n        return random.choice(ABC)",
        "class TokenFactory:\n    def create(self):\n        return lambda: random.choice(ABC)",
        "def f(random):\n    token = random.choice(ABC)",
        "token = random.SystemRandom().choice(ABC)",
        "token = secrets.choice(ABC)",
        "Retry(jitter=random.random(), token=1)",
        "random.seed(token)",
    ],
)
def test_chance_for_other_things_fails_nothing(source: str) -> None:
    assert failing(INSPECTOR, HEAD + source + "\n") == []


def test_other_uses_are_advice() -> None:
    (one,) = inspected(INSPECTOR, "import random\nx = random.random()\n")
    assert (one.rule, one.severity, one.location.line) == (
        "random-advice",
        Severity.INFO,
        2,
    )


@pytest.mark.parametrize("role", [Role.TEST, Role.EXAMPLE, Role.DOCS])
def test_outside_of_source_nothing_fails(role: Role) -> None:
    found = inspected(INSPECTOR, "import random\ntoken = random.random()\n", role=role)
    assert [one.severity for one in found] == [Severity.INFO]


def test_in_language_processing_a_token_is_a_word() -> None:
    source = "import random, torch\ntoken = random.choice(vocab)\npassword = random.choice(x)\n"
    assert failing(INSPECTOR, source) == [("random-secret", 3)]


@pytest.mark.parametrize(
    "name", ["apiKey", "API_KEY", "authToken", "PASSWORD", "userOTP", "pinCode"]
)
def test_secret_names(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["", "_", "keys", "code", "bypass", "notoken", "tokenize", "id"])
def test_other_names(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        (
            "import os\nimport random\nimport re\nimport sys\ntoken = random.choice('ab')\n",
            (
                "import os\nimport random\nimport re\nimport secrets\nimport sys\n"
                "token = secrets.choice('ab')\n"
            ),
        ),
        (
            "from random import randint as pick, choice\r\n\r\npassword = pick(1, 9), choice(x)\r\n",
            (
                "import secrets\r\nfrom random import randint as pick, choice\r\n\r\n"
                "password = secrets.SystemRandom().randint(1, 9), secrets.choice(x)\r\n"
            ),
        ),
        (
            "import random, secrets\ntoken = random.randrange(9), random.randrange(1, 9)\n",
            (
                "import random, secrets\n"
                "token = secrets.randbelow(9), secrets.SystemRandom().randrange(1, 9)\n"
            ),
        ),
        (
            "import random as r\nimport secrets\n\n\ndef new_token():\n    return r.getrandbits(k=64)\n",
            (
                "import random as r\nimport secrets\n\n\ndef new_token():\n"
                "    return secrets.SystemRandom().getrandbits(k=64)\n"
            ),
        ),
    ],
)
def test_the_same_call_of_secrets_takes_its_place(source: str, mended: str) -> None:
    fixes = [one.fix for one in inspected(INSPECTOR, source) if one.fix is not None]
    assert {one.applicability for one in fixes} == {Applicability.SAFE}
    assert edited(source.encode(), [one.edits for one in fixes]).content.decode() == mended


@pytest.mark.parametrize(
    "source",
    [
        "import random\nsecrets = []\ntoken = random.choice(secrets)\n",
        "import random\npassword = ''.join(map(random.choice, ABC))\n",
        "import random\nrng = random.Random(1)\notp = rng.choice(ABC)\n",
        "def new_token():\n    import random\n    return random.choice(ABC)\n",
        "import random; token = random.choice(ABC)\n",
    ],
)
def test_what_only_a_person_can_replace_has_no_fix(source: str) -> None:
    (found,) = (one for one in inspected(INSPECTOR, source) if one.severity is Severity.ERROR)
    assert found.fix is None


def test_values_that_are_meant_to_come_again_are_mended_unsafely() -> None:
    source = "import random\nrandom.seed(1)\ntoken = random.choice(ABC)\n"
    (found,) = (one for one in inspected(INSPECTOR, source) if one.severity is Severity.ERROR)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE


@pytest.mark.parametrize(
    ("path", "function", "secret"),
    [
        ("src/app/passwords.py", "generate", True),
        ("src/app/api_keys.py", "random_string", True),
        ("src/app/passwords.py", "shuffle_words", False),
        ("src/app/names.py", "generate", False),
        ("src/app/token_length.py", "generate", False),
    ],
)
def test_what_a_module_makes_is_what_it_is_named_after(
    path: str, function: str, secret: bool
) -> None:
    source = f"{HEAD}def {function}():\n    return pick(ABC)\n"
    assert bool(failing(INSPECTOR, source, path=path)) is secret
