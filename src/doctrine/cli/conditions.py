"""Says in words when a clause applies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from doctrine.model.guide import Condition, Term

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "python-code": ("there is Python code", "there is no Python code"),
        "tests": ("there are tests", "there are no tests"),
        "pytest": ("the tests run under pytest", "the tests do not run under pytest"),
        "annotations": ("the code has annotations", "the code has no annotations"),
        "requires-python": (
            "the project says which Python it requires",
            "the project does not say which Python it requires",
        ),
        "target-py312": (
            "Python 3.12 is the oldest target",
            "an older Python than 3.12 is a target",
        ),
        "target-py313": (
            "Python 3.13 is the oldest target",
            "an older Python than 3.13 is a target",
        ),
        "target-py314": (
            "Python 3.14 is the oldest target",
            "an older Python than 3.14 is a target",
        ),
        "several-minors": (
            "several Python versions are targets",
            "a single Python version is the target",
        ),
        "several-systems": (
            "several operating systems are targets",
            "a single operating system is the target",
        ),
        "third-party-dependencies": (
            "the project depends on third-party packages",
            "the project depends on no third-party package",
        ),
        "async": ("the code has coroutines", "the code has no coroutines"),
        "concurrent": (
            "the code uses threads or processes",
            "the code uses neither threads nor processes",
        ),
        "web-ui": ("the project serves web pages", "the project serves no web pages"),
        "exposes-api": ("the project exposes an API", "the project exposes no API"),
        "external-calls": (
            "the code calls external services",
            "the code calls no external services",
        ),
        "async-connections": (
            "the code opens connections of its own",
            "the code opens no connections of its own",
        ),
        "database": ("the project uses a database", "the project uses no database"),
        "migrations": ("the database has migrations", "the database has no migrations"),
        "international": (
            "the project has international users",
            "the project has no international users",
        ),
        "feature-flags": ("the code has feature flags", "the code has no feature flags"),
        "deployable": ("the project is deployed as a service", "the project is not deployed"),
        "library": ("the project is a library", "the project is not a library"),
        "async-entry-point": (
            "an entry point runs coroutines",
            "no entry point runs coroutines",
        ),
        "websockets": ("the code uses WebSockets", "the code uses no WebSockets"),
        "crypto": ("the code uses cryptography", "the code uses no cryptography"),
        "encryption": ("the code encrypts", "the code does not encrypt"),
        "signing": ("the code signs or verifies signatures", "the code signs nothing"),
        "key-management": (
            "the code makes or loads cryptographic keys",
            "the code handles no cryptographic keys",
        ),
        "passwords": ("the code handles passwords", "the code handles no passwords"),
        "secret-values": ("the code makes secret values", "the code makes no secret values"),
        "random-module": ("the code imports `random`", "the code does not import `random`"),
        "circuit-breaker": ("the code has circuit breakers", "the code has no circuit breakers"),
        "retry": ("the code retries calls", "the code retries nothing"),
        "native-extension": (
            "the project has a native extension",
            "the project has no native extension",
        ),
        "parser": ("the code parses input", "the code parses nothing"),
        "memory-cache": ("the code caches in memory", "the code does not cache in memory"),
        "persistent-cache": ("the code caches on disk", "the code does not cache on disk"),
        "async-cache": (
            "coroutines use a cache",
            "no coroutine uses a cache",
        ),
        "parallelism": (
            "the code runs work in parallel",
            "the code runs no work in parallel",
        ),
        "critical-operations": (
            "the project names operations that must not happen twice",
            "the project names no critical operation",
        ),
        "state-changes": ("the code changes state", "the code changes no state"),
        "property-tests": (
            "there are property-based tests",
            "there are no property-based tests",
        ),
        "xdist-enabled": ("tests run in parallel", "tests do not run in parallel"),
        "coverage-configured": (
            "coverage measurement is configured",
            "coverage measurement is not configured",
        ),
        "coverage-gate": (
            "an enforced gate asks for a coverage of at least 80 percent",
            "no enforced gate asks for a coverage of 80 percent",
        ),
        "coverage-low-gate": (
            "an enforced gate asks for a coverage below 80 percent",
            "no enforced gate asks for a coverage below 80 percent",
        ),
    }
)


def fact_in_words(fact: str, *, negated: bool = False) -> str:
    """Return a fact, or its negation, as a clause of a sentence."""
    known = _WORDS.get(fact)
    if known is None:
        return f"{'not ' if negated else ''}{fact.replace('-', ' ')}"
    return known[negated]


def condition_in_words(condition: Condition) -> str:
    """Return when a clause applies: ``always``, or the facts that must hold."""
    if not condition.groups:
        return "always"
    return "where " + ", and ".join(_alternatives(group) for group in condition.groups)


def _alternatives(group: tuple[Term, ...]) -> str:
    return " or ".join(fact_in_words(term.fact, negated=term.negated) for term in group)
