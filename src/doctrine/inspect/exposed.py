"""Whether an API that the project serves limits how often it is called.

``exposed-unlimited``: an application of an API framework is made, and neither its code nor the
proxy in front of it limits anything. Pages for people, and frameworks that serve both, are left
undecided; so are a limiter of the project's own and a proxy that limits.

A limiter that limits the routes which ask for it says nothing of the others, and one of a library
that limits calls in both directions nothing of what comes in where it stands by the calls going out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._arguments import keywords
from doctrine.inspect._deployment import mentions, several_workers
from doctrine.inspect._import_graph import import_graph
from doctrine.inspect._inspector import gathering
from doctrine.inspect._module_uses import names_of
from doctrine.inspect._routes import Route, Routes, everywhere, routes
from doctrine.inspect._sightings import (
    Reporter,
    Sighting,
    Spot,
    Undecided,
    reading,
    support,
)
from doctrine.inspect._word_set import word_set
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Layout, Module, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_REPORT = Reporter(tool="exposed")
_UNLIMITED = "exposed-unlimited"
_ADVICE = "exposed-advice"

_APPLICATIONS = word_set("""fastapi.FastAPI fastapi.applications.FastAPI litestar.Litestar litestar.app.Litestar
    ninja.NinjaAPI ninja_extra.NinjaExtraAPI falcon.App falcon.API falcon.asgi.App apiflask.APIFlask
    flask_restful.Api flask_restx.Api flask_smorest.Api connexion.App connexion.FlaskApp
    connexion.AsyncApp connexion.FlaskApp""")
"""What makes an application that answers programs."""
_VIEWS = ("rest_framework.views", "rest_framework.viewsets", "rest_framework.generics",
          "rest_framework.decorators.api_view")  # fmt: skip
_NAMED = frozenset({"slowapi", "flask_limiter"})
"""Limiters for applications that are built on ``limits``."""
_LIBRARIES = frozenset({"limits", "pyrate_limiter"})
"""What the guide names: it limits what comes in and what goes out."""
_BOTH_WAYS = _LIBRARIES | {"ratelimit", "throttled"}
_SELECTIVE = _NAMED | word_set("""quart_rate_limiter sanic_limiter fastapi_limiter fastapi_throttle
    django_ratelimit rest_framework.throttling ninja.throttling""")
"""Limiters that limit no route which does not ask for it, unless they are given limits for all."""
_ASKED = frozenset({"slowapi"})
"""Nobody asks this one about a route without a decorator but its middleware, default limits or not."""
_MIDDLEWARE = (b"SlowAPIMiddleware", b"SlowAPIASGIMiddleware")
_ADDED = frozenset(one.decode() for one in _MIDDLEWARE)
_CALLS_OUT = word_set("requests httpx aiohttp urllib.request urllib3 openai anthropic stripe boto3")
_REFUSES = (b"429", b"TOO_MANY_REQUESTS", b"TooManyRequests")
_OTHERS = word_set("""fastapi_limiter fastapi_throttle fastapi_throttling django_ratelimit ratelimit
    asgi_ratelimit quart_rate_limiter sanic_limiter sanic_ratelimit litestar.middleware.rate_limit
    rest_framework.throttling ninja.throttling throttled starlette_ratelimit fastapi_advanced_rate_limiter""")
_THROTTLED = re.compile(rb"\bthrottle_classes\s*=\s*[\[(]\s*\w")
_OWN = re.compile(r"(?i)rate_?limit|throttl|token_?bucket")
_NO_OWN = re.compile(r"(?i)(?:error|exception|exceeded|config|settings|response|handler)$")
_GATEWAY = re.compile(
    r"\blimit_req\b|\blimit-rps\b|\blimit-connections\b|\brate[-_]limit(?:ing|s)?\b|\bratelimit\b"
    r"|\blocal_rate_limit\b|\brateLimit\b",
)
_FOR_ALL = re.compile(r"\bRATELIMIT_(?:DEFAULTS?|APPLICATION)\b")
_MAKERS = frozenset({"slowapi.Limiter", "slowapi.extension.Limiter", "flask_limiter.Limiter"})
_SHARED = frozenset({"storage_uri", "storage"})
_SERVES = ("fastapi", "flask", "litestar", "ninja", "falcon", "starlette", "sanic", "quart",
           "aiohttp.web", "rest_framework", "django")  # fmt: skip


class _Served(Struct, frozen=True, kw_only=True):
    """What one file shows.

    Attributes:
        application: Line and name of an application of an API framework, if it makes one.
        limiter: Line and module of a limiter it imports or configures.
        private: Line on which a limiter keeps its counts in the process; 0 if none does.
        serves: Whether the file imports a web framework.
        outward: Whether its limiter may be one of the calls that it makes itself.
        routes: What it serves, and what of that is limited.
        passing: Whether every request passes a limiter's middleware.
        asked: Whether it does anything with the limiter that it imports or configures.
    """

    routes: Routes
    application: tuple[int, str] | None = None
    limiter: tuple[int, str] | None = None
    private: int = 0
    serves: bool = False
    outward: bool = False
    passing: bool = False
    asked: bool = False


def _note(parsed: ParsedFile, layout: Layout) -> _Served | None:
    del layout
    if parsed.module.role is not Role.SOURCE:
        return None
    dotted = _imports(parsed.module)
    serves = any(name.startswith(_SERVES) for _, name in dotted)
    limiter = _imported_limiter(dotted) or _throttle(parsed)
    if not serves and limiter is None:
        return _setting(parsed)
    made, private = _made(parsed) if limiter or _may_make(dotted) else (None, 0)
    return _Served(
        application=made or _view(dotted) or _answering(dotted),
        limiter=limiter,
        private=private,
        serves=serves,
        outward=_is_outward(parsed, dotted),
        routes=routes(parsed),
        passing=_adds_middleware(parsed),
        asked=_asks_limiter(parsed),
    )


def _adds_middleware(parsed: ParsedFile) -> bool:
    """Return whether a limiter's middleware is called, or handed to what adds it: an import is not enough."""
    if not parsed.wording.holds(*_MIDDLEWARE):
        return False
    return any(_ADDED.intersection(_handled(call)) for call in parsed.calls)


def _handled(call: Node) -> Iterator[str]:
    """Yield the last names of what a call calls and is given."""
    listed = call.child_by_field_name("arguments")
    for one in (call.child_by_field_name("function"), *(listed.named_children if listed else ())):
        if one is not None:
            yield text_of(one).rpartition(".")[2]


def _asks_limiter(parsed: ParsedFile) -> bool:
    """Return whether a file does anything with the limiter that it imports."""
    bound = {
        item.bound
        for item in parsed.module.imports
        if not item.typing_only and _limiter(0, item.dotted) is not None
    }
    return not bound or any(any(names_of(name, parsed)) for name in bound)


def _setting(parsed: ParsedFile) -> _Served | None:
    """Return what a file shows that has settings for every route, and no route."""
    for_all = everywhere(parsed)
    return _Served(routes=Routes(everywhere=for_all)) if for_all else None


def _is_outward(parsed: ParsedFile, dotted: list[tuple[int, str]]) -> bool:
    """Return whether a file makes calls, and refuses none for coming too often."""
    inward = any(name.startswith("aiohttp.web") for _, name in dotted)
    calls = any(f"{name}.".startswith(f"{one}.") for _, name in dotted for one in _CALLS_OUT)
    return calls and not inward and not parsed.wording.holds(*_REFUSES)


_FIRST_PARTS = frozenset(f"{name.rpartition('.')[0]}." for name in _APPLICATIONS)


def _imports(module: Module) -> list[tuple[int, str]]:
    """Return what a file imports when it runs, with its lines."""
    return [(item.location.line, item.dotted) for item in module.imports if not item.typing_only]


def _may_make(dotted: list[tuple[int, str]]) -> bool:
    """Return whether a file imports what makes an application."""
    return any(f"{name}." in _FIRST_PARTS or name in _APPLICATIONS for _, name in dotted)


def _view(dotted: list[tuple[int, str]]) -> tuple[int, str] | None:
    return next(((line, name) for line, name in dotted if name.startswith(_VIEWS)), None)


def _answering(dotted: list[tuple[int, str]]) -> tuple[int, str] | None:
    """Return the import by which a Flask file answers with data only, and never with a page."""
    if any(name == "flask.render_template" for _, name in dotted):
        return None
    return next(((line, name) for line, name in dotted if name == "flask.jsonify"), None)


def _throttle(parsed: ParsedFile) -> tuple[int, str] | None:
    if not parsed.wording.holds(b"THROTTLE", b"throttle"):  # a plain search
        return None
    for_all = everywhere(parsed) if parsed.wording.holds(b"DEFAULT_THROTTLE_CLASSES") else 0
    throttled = None if for_all else _THROTTLED.search(parsed.source)
    if not for_all and throttled is None:
        return None
    line = for_all or parsed.source.count(b"\n", 0, throttled.start() if throttled else 0) + 1
    return line, "rest_framework.throttling"


def _imported_limiter(dotted: list[tuple[int, str]]) -> tuple[int, str] | None:
    return next(filter(None, (_limiter(line, name) for line, name in dotted)), None)


def _limiter(line: int, name: str) -> tuple[int, str] | None:
    root = name.partition(".")[0]
    if root in _NAMED | _LIBRARIES | _OTHERS:
        return line, root
    other = next((one for one in _OTHERS if "." in one and f"{name}.".startswith(f"{one}.")), "")
    return (line, other) if other else None


def _made(parsed: ParsedFile) -> tuple[tuple[int, str] | None, int]:
    names = parsed.names
    application, private = None, 0
    for node in parsed.calls:
        function = node.child_by_field_name("function")
        dotted = names.dotted(function) if function is not None else ""
        if dotted in _APPLICATIONS and application is None:
            application = (line_of(node), dotted)
        elif (dotted in _MAKERS and _SHARED.isdisjoint(keywords(node))) or (
            dotted.startswith("limits.") and dotted.endswith(".MemoryStorage")
        ):
            private = private or line_of(node)
    return application, private


def _conclude(project: Project, notes: Mapping[str, _Served]) -> Reading:
    return reading(_limits(project, notes), (PROJECT_PATH, *notes))


def _limits(project: Project, notes: Mapping[str, _Served]) -> Iterator[Sighting]:
    found = list(_limiters(project, notes))
    inward = [one for one in found if not (one[2] in _BOTH_WAYS and notes[one[0]].outward)]
    for path, line, name in inward:
        if _is_equivalent(name):
            message = f"{name} limits the requests; the guide names limits and pyrate-limiter"
            yield _REPORT.advice(_ADVICE, Spot(path=path, line=line), message)
    yield from _private(project, notes)
    if inward:
        yield from _reached(project, notes, inward)
        return
    doubt = _own(project) or _gateway(project) or _outward(found)
    if doubt:
        yield Undecided(rule=_UNLIMITED, reason=doubt)
        return
    yield from _unlimited(notes)


def _reached(
    project: Project, notes: Mapping[str, _Served], found: list[tuple[str, int, str]]
) -> Iterator[Sighting]:
    """Yield what the limiters of a project amount to: for all of its routes, for some, for none."""
    served = [(path, one) for path, note in sorted(notes.items()) for one in note.routes.served]
    without = [(path, one) for path, one in served if not one.limited]
    if not without or _is_for_all(project, notes, found):
        yield from _passing(project, notes, found, served=bool(served))
        return
    path, line, name = found[0]
    if any(note.routes.used for note in notes.values()):
        yield Undecided(rule=_UNLIMITED, reason=_some(name, len(served), without))
        return
    message = (
        f"{name} limits no route that does not ask for it, and none of {len(served):,} asks: give"
        f" it limits for all of them{_besides(name)}, or each route its own"
    )
    yield _REPORT.finding(_UNLIMITED, Spot(path=path, line=line), message, Severity.WARNING)


def _passing(
    project: Project,
    notes: Mapping[str, _Served],
    found: list[tuple[str, int, str]],
    *,
    served: bool,
) -> Iterator[Sighting]:
    """Yield that every route is limited, unless nothing shows that a limiter is asked at all."""
    doubt = _idle(notes, found) or ("" if served else _unseen(project, notes, found))
    if doubt:
        yield Undecided(rule=_UNLIMITED, reason=doubt)
        return
    for path, line, name in found:
        yield support(_UNLIMITED, Spot(path=path, line=line), f"{name} limits requests")


def _idle(notes: Mapping[str, _Served], found: list[tuple[str, int, str]]) -> str:
    """Return that limiters are imported, and nothing is done with any of them; empty otherwise."""
    if any(notes[path].asked or notes[path].routes.used for path, _, _ in found):
        return ""
    path, line, name = found[0]
    return (
        f"{name} is imported at {path}:{line}, and nothing is seen that asks it: confirm what does"
    )


def _unseen(
    project: Project, notes: Mapping[str, _Served], found: list[tuple[str, int, str]]
) -> str:
    """Return that no route is seen of those that have to ask a limiter; empty where they need not."""
    if _is_for_all(project, notes, found) or any(one.routes.used for one in notes.values()):
        return ""
    path, line, name = found[0]
    return (
        f"{name} at {path}:{line} limits no route that does not ask for it, and none is seen that"
        f" does: confirm that each does, or give it limits for all of them{_besides(name)}"
    )


def _is_for_all(
    project: Project, notes: Mapping[str, _Served], found: list[tuple[str, int, str]]
) -> bool:
    """Return whether a limiter needs no route to ask for it, or is told limits for all of them."""
    names = frozenset(name for _, _, name in found)
    if names - _SELECTIVE:
        return True
    if names == _ASKED and not any(note.passing for note in notes.values()):
        return False
    return (
        any(note.routes.everywhere for note in notes.values())
        or next(mentions(project, _FOR_ALL), None) is not None
    )


def _besides(name: str) -> str:
    return ", and its middleware to the application" if name in _ASKED else ""


def _some(name: str, count: int, without: list[tuple[str, Route]]) -> str:
    path, first = without[0]
    return (
        f"{name} limits no route that does not ask for it, and {len(without):,} of {count:,} are not"
        f" seen to ({first.name} at {path}:{first.line} the first): confirm that what is around"
        " them limits them, or that they need no limit"
    )


def _outward(found: list[tuple[str, int, str]]) -> str:
    """Return that there is a limiter, and that it may be one of what goes out only."""
    for path, line, name in found[:1]:
        return (
            f"{name} at {path}:{line} stands by calls that go out, and is not seen to refuse any"
            " that come in: confirm that it limits the API as well"
        )
    return ""


def _is_equivalent(name: str) -> bool:
    return name not in _NAMED | _LIBRARIES


def _limiters(project: Project, notes: Mapping[str, _Served]) -> Iterator[tuple[str, int, str]]:
    limiters = [(path, one.limiter) for path, one in sorted(notes.items()) if one.limiter]
    if not limiters:
        return
    graph = import_graph(project)
    serving = {path for path, one in notes.items() if one.serves}
    for path, (line, name) in limiters:
        near = path in serving or not serving.isdisjoint(graph.neighbours(path))
        if name not in _BOTH_WAYS or near:
            yield path, line, name


def _private(project: Project, notes: Mapping[str, _Served]) -> Iterator[Sighting]:
    kept = [(path, one.private) for path, one in sorted(notes.items()) if one.private]
    several = list(several_workers(project))
    for path, line in kept if several else ():
        message = (
            f"{several[0].text} starts several workers, and each counts for itself: keep the"
            " limiter's counts in Redis"
        )
        yield _REPORT.advice(_ADVICE, Spot(path=path, line=line), message)


def _own(project: Project) -> str:
    for module in project.modules:
        for one in module.definitions if module.role is Role.SOURCE else ():
            name = one.qualname.rpartition(".")[2]
            if _OWN.search(name) and not _NO_OWN.search(name):
                where = f"{module.path}:{one.line}"
                return f"{name} at {where} looks like a limiter of the project's own: confirm it"
    return ""


def _gateway(project: Project) -> str:
    for spot, match in mentions(project, _GATEWAY):
        return f"{spot.text} lets the proxy limit requests ({match[0]}): confirm that it covers all"
    return ""


def _unlimited(notes: Mapping[str, _Served]) -> Iterator[Sighting]:
    made = [(path, one.application) for path, one in sorted(notes.items()) if one.application]
    makers = [one for one in made if one[1][1] in _APPLICATIONS] or made
    for path, (line, name) in makers[:1]:
        message = (
            f"{name.rpartition('.')[2]} serves an API that nothing limits: add slowapi,"
            " flask-limiter, or a limiter of limits or pyrate-limiter"
        )
        yield _REPORT.finding(_UNLIMITED, Spot(path=path, line=line), message, Severity.WARNING)
    reason = (
        "no limiter was found, and nothing says that the application answers programs and not"
        " people only: confirm that it, or the gateway before it, limits what it exposes"
    )
    yield Undecided(rule=_UNLIMITED, reason=reason)


INSPECTOR = gathering(name="exposed", rules=(_UNLIMITED, _ADVICE), note=_note, conclude=_conclude)
