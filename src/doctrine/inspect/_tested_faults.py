"""Are circuit breakers, retries and failing dependencies tested?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.inspect._tested import Seen, Tests, first_sight, within
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Module, Project, Role

_BREAKER, _RETRY, _FAULT, _CHAOS = "circuit-breaker", "retry", "fault-tolerance", "chaos"
RULES = (_BREAKER, _RETRY, _FAULT, _CHAOS)

_TELLING = 5
"""Letters of the shortest name that is taken to mean one thing only."""
_OWN_TRANSPORTS = frozenset({"ASGITransport", "WSGITransport"})
"""With these, httpx calls the application that is tested."""
_HTTPX_CLIENTS = frozenset({"AsyncClient", "Client", "Response", "Request", *_OWN_TRANSPORTS})
_OF_HTTPX = re.compile(
    r"httpx|Connect|Transport|Network|ReadTimeout|HTTPError|HTTPStatus|RequestError"
)
_COMMON = frozenset({"models", "common", "helpers", "services", "service", "settings", "__init__"})
_NETWORK = re.compile(
    r"Timeout|Connect|HTTP|Http|Network|Transport|URLError|ClientError|SMTP|RequestException"
    r"|APIError|ServiceError|SSLError|OSError|IOError|gaierror|socket|Curl|(?:Service|Server)Unavailable|Refused|5\d\d"
    r"|429|408|add_exception|toxiproxy|chaos"
)
"""What goes wrong at the other end of a wire."""
_ANYTHING = re.compile(r"(?<!\w)Exception\b")
"""What may be that, where the test itself names who calls."""

_CLIENTS_OF_TESTS = frozenset({"TestClient", "AsyncTestClient", "ASGITransport", "WSGITransport"})
"""Classes of web frameworks by which tests reach the application without a wire."""
_OF_BREAKERS = re.compile(r"(?i)(?<!tie)(?<!tie_)(?<!line)(?<!line_)breaker|circuit|fail_counter")
_OPENS = re.compile(r"(?i)open|fail(?:ure)?_count|breaker\w*error")
_FAILS = re.compile(r"(?i)fail|error|exception|^raises?$|side_effect|timeout|flaky|trip|down")
_OF_RETRIES = re.compile(
    r"(?i)retr(?:y|ies|ied)|back_?off|tenacity|stamina|max_?attempts|call_count"
)

_DOUBLES: Mapping[str, tuple[str, ...]] = {
    "aiohttp": ("aioresponses", "pytest_aiohttp", "aiohttp_client"),
    "boto3": ("moto", "Stubber", "ClientError"),
    "botocore": ("moto", "Stubber", "ClientError"),
    "httpx": ("respx", "httpx_mock", "pytest_httpx", "respx_mock", "MockTransport"),
    "requests": ("responses", "requests_mock", "RequestException", "ConnectionError"),
    "urllib": ("URLError", "urlopen"),
    "urllib3": ("PoolManager", "HTTPConnectionPool"),
    "smtplib": ("SMTPException", "SMTP"),
}
"""What stands in for a client in tests."""


class _Topic(Struct, frozen=True, kw_only=True):
    """A behaviour that tests either show or never mention.

    Attributes:
        rule: The rule.
        fact: The fact that says the project has it; its places are where a failure is told.
        shown: The places that show a test of it.
        silent: Sights without all of which no test can be one.
        subject: What it would be about.
        lacking: What is the matter where there is none.
        wanted: What would be a test of it.
    """

    rule: str
    fact: str
    shown: Callable[[Tests], list[Seen]]
    silent: tuple[str, ...]
    subject: str
    lacking: str
    wanted: str


def _breaker_tests(tests: Tests) -> list[Seen]:
    """Return the tests that see a breaker open; orders and files have states and are open, too."""
    return [
        one
        for one in tests.of("breaker")
        if _says(one, _OF_BREAKERS) and _says(one, _OPENS) and _says(one, _FAILS)
    ]


def _retry_tests(tests: Tests) -> list[Seen]:
    """Return the tests about retries in which something fails; logins are attempted as well."""
    named = tests.of("retry")
    failing = list(within(tests.of("failure"), named))
    counted = [one for one in within(tests.of("calls-counted"), named) if _says(one, _FAILS)]
    given_up = [one for one in named if not one.sight.detail.startswith("defines ")]
    return [one for one in (*failing, *counted, *given_up) if _says(one, _OF_RETRIES)]


def _says(seen: Seen, pattern: re.Pattern[str]) -> bool:
    """Return whether the test around a place has a word of a kind."""
    return any(pattern.search(word) for word in (seen.sight.symbol, *seen.sight.words))


_TOPICS = (
    _Topic(
        rule=_BREAKER,
        fact="circuit-breaker",
        shown=_breaker_tests,
        silent=("breaker-mentioned",),
        subject="the circuit breaker",
        lacking="a circuit breaker is used, and no test mentions one",
        wanted="a test that makes the protected call fail until the breaker opens, and asserts so",
    ),
    _Topic(
        rule=_RETRY,
        fact="retry",
        shown=_retry_tests,
        silent=("retry-mentioned", "failure"),
        subject="what is retried",
        lacking="calls are retried, and no test mentions retries or makes a call fail",
        wanted="a test that lets a stub fail first and succeed later, and counts the calls",
    ),
)


def faults(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against tests of what happens on failure.

    Args:
        project: The project.
        tests: Its tests.
        report: Writes the findings.
    """
    for topic in _TOPICS:
        yield from _behaviour(topic, project, tests, report)
    yield from _dependencies(project, tests)
    yield from _experiments(project, report)


def _behaviour(
    topic: _Topic, project: Project, tests: Tests, report: Reporter
) -> Iterator[Sighting]:
    shown = topic.shown(tests)
    for one in shown[:3]:
        told = f"{one.sight.symbol or one.path}: {one.sight.detail}"
        yield support(topic.rule, one.spot, told)
    if shown:
        return
    if reason := _doubt(topic, project, tests):
        yield Undecided(rule=topic.rule, reason=reason)
        return
    message = f"{topic.lacking} in {tests.count}: write {topic.wanted}"
    spot = first_sight(project, topic.fact)
    yield report.finding(topic.rule, spot, message, Severity.WARNING)


def _doubt(topic: _Topic, project: Project, tests: Tests) -> str:
    """Return why the lack of such a test is not shown; empty where it is."""
    mentions = [one for name in topic.silent for one in tests.of(name)]
    if mentions:
        where = first_sight(project, topic.fact).text
        return (
            f"{mentions[0].text} may be about {topic.subject} ({where}), and is not seen to be: what"
            f" decides it is {topic.wanted}"
        )
    if tests.doubt:
        return tests.doubt
    fact = project.facts.get(topic.fact)
    if fact is None or not fact.value:
        return f"nothing of it was seen in the sources; {topic.wanted} decides it"
    return ""


def _dependencies(project: Project, tests: Tests) -> Iterator[Sighting]:
    """Decide whether a failure of each external client is injected somewhere."""
    every = tests.of("failure")
    failing = [*filter(_is_of_a_wire, every), *filter(_is_anything, every)]
    if not failing:
        found = f"no test in {tests.count} is seen to inject a failure"
        yield Undecided(rule=_FAULT, reason=f"{found}; {_INJECTED}, or an attestation, decides it")
        return
    clients = _clients(project)
    about = dict(_injected(clients, failing, tests))
    lacking = [root for root in clients if root not in about]
    if lacking or not clients:
        named = ", ".join(lacking) or "its clients"
        reason = f"tests inject failures, but none is seen for {named}; {_INJECTED} decides it"
        yield Undecided(rule=_FAULT, reason=reason)
        return
    for root, one in about.items():
        yield support(_FAULT, one.spot, f"a failure of {root} is injected: {one.sight.detail}")


_INJECTED = (
    "a test that injects a timeout, a refused connection or a server error and asserts the fallback"
)


def _injected(
    clients: Mapping[str, frozenset[str]], failing: list[Seen], tests: Tests
) -> Iterator[tuple[str, Seen]]:
    """Yield the clients of which a test lets calls fail, each with the first such place."""
    for root, users in clients.items():
        reaching = next((one for one in failing if _reaches(one, root, users, tests)), None)
        if reaching is not None:
            yield root, reaching


def _clients(project: Project) -> Mapping[str, frozenset[str]]:
    """Return the modules of the project that use each external client, by its root package."""
    roots = _external_roots(project)
    users: dict[str, set[str]] = {}
    for module in project.modules:
        if module.role is Role.SOURCE and not module.flaw and not _is_for_tests(module):
            for root in roots & _imported_roots(module):
                users.setdefault(root, set()).update(_known_as(module))
    return {root: frozenset(found) for root, found in sorted(users.items())}


def _is_for_tests(module: Module) -> bool:
    """Return whether a module offers a client with which tests call an application, and nobody else."""
    return any(one.qualname in _CLIENTS_OF_TESTS for one in module.definitions)


def _external_roots(project: Project) -> set[str]:
    fact = project.facts.get("external-calls")
    seen = fact.evidence if fact is not None and fact.value else ()
    dotted = {place.detail.removeprefix("imports ") for place in seen}
    return {one.partition(".")[0] for one in dotted if "imports" not in one and one.isascii()}


def _imported_roots(module: Module) -> set[str]:
    imported = (one for one in module.imports if not one.dots and not one.typing_only)
    return {one.module.partition(".")[0] for one in imported}


def _known_as(module: Module) -> Iterator[str]:
    """Yield what tests may name to get at a module: what it defines, and its own long name."""
    stem = module.path.rpartition("/")[2].removesuffix(".py")
    names = (one.qualname for one in module.definitions if "." not in one.qualname)
    yield from (one for one in (stem, *names) if len(one) > _TELLING and one not in _COMMON)


def _is_of_a_wire(one: Seen) -> bool:
    return _NETWORK.search(one.sight.detail) is not None


def _is_anything(one: Seen) -> bool:
    return _ANYTHING.search(one.sight.detail) is not None


def _reaches(one: Seen, root: str, users: frozenset[str], tests: Tests) -> bool:
    """Return whether an injected failure can be one of a client."""
    doubles = frozenset(_DOUBLES.get(root, ()))
    classes = {name for name in users if name[:1].isupper()}
    if _names(one, root, tests):
        return True
    if not _is_of_a_wire(one):  # a whole file may test many things that go wrong
        return bool(one.sight.words & (doubles | classes))
    if doubles & (one.sight.words | tests.imported(one.path)):
        return True
    return bool(one.sight.words & classes or tests.imported(one.path) & users)


def _names(one: Seen, root: str, tests: Tests) -> bool:
    """Return whether the test around a failure uses a client, and not to call the project itself."""
    if root == "urllib":  # urllib.parse calls nobody
        return False
    if root == "httpx" and one.sight.words & _OWN_TRANSPORTS:
        return bool(_OF_HTTPX.search(one.sight.detail))
    taken = tests.taken_from(one.path, root)
    return root in one.sight.words or bool((taken - _HTTPX_CLIENTS) & one.sight.words)


def _experiments(project: Project, report: Reporter) -> Iterator[Sighting]:
    deployable, external = (project.facts.get(one) for one in ("deployable", "external-calls"))
    if not (deployable and deployable.value and external and external.value):
        return
    if any("chaos" in path.lower() for path in project.layout.others):
        return
    message = (
        "consider an experiment that takes a dependency away from the running system, such as "
        "`chaos run experiment.json` with a steady state to compare with"
    )
    yield report.advice(_CHAOS, Spot(path=PROJECT_PATH), message)
