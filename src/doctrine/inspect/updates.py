"""Is Dependabot or Renovate set up to update the Python dependencies?"""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.inspect import _dependabot, _renovate
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._renovate import Bot
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, reading, support
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.project import Project
from doctrine.model.run import Reading

_REPORT = Reporter(tool="updates")
_FILES = (*_dependabot.FILES, *_renovate.FILES)
_DEPENDABOT = "add .github/dependabot.yml with an `updates` entry for `package-ecosystem: uv`"


def _inspect(project: Project) -> Reading:
    bots = (*_dependabot.dependabot_bots(project), *_renovate.renovate_bots(project))
    return reading(_sightings(project, bots), (PROJECT_PATH, *(bot.path for bot in bots)))


def _sightings(project: Project, bots: tuple[Bot, ...]) -> Iterator[Sighting]:
    working = [bot for bot in bots if not bot.problem]
    unread = _doubt(project, bots)
    if working:
        for bot in working:
            spot = Spot(path=bot.path)
            yield support("no-update-bot", spot, "updates Python dependencies")
    elif unread:
        yield Undecided(rule="no-update-bot", reason=unread)
        yield Undecided(rule="wrong-ecosystem", reason=unread)
    elif bots:
        yield from map(_problem, [bot for bot in bots if not bot.broken] or bots)
    else:
        message = (
            f"neither Dependabot nor Renovate is configured: {_DEPENDABOT}, or renovate.json; "
            "if an organisation-wide preset covers the project, attest it"
        )
        yield _REPORT.finding("no-update-bot", Spot(path=PROJECT_PATH), message)


def _doubt(project: Project, bots: tuple[Bot, ...]) -> str:
    """Say why it is not known whether there is a bot; empty where it is."""
    return _unread(project) or next((_doubtful(bot) for bot in bots if bot.doubt), "")


def _doubtful(bot: Bot) -> str:
    return f"{bot.path} may not keep Python packages current ({bot.doubt}): {_mend(bot)}"


def _problem(bot: Bot) -> Sighting:
    if bot.broken:
        message = f"{bot.path} configures no bot ({bot.problem}): mend the file"
        return _REPORT.finding("no-update-bot", Spot(path=bot.path), message)
    message = f"{bot.path} does not keep Python packages current ({bot.problem}): {_mend(bot)}"
    return _REPORT.finding("wrong-ecosystem", Spot(path=bot.path), message)


def _mend(bot: Bot) -> str:
    if bot.path in _dependabot.FILES:
        return "give it an entry with `package-ecosystem: uv`, `directory: /` and a limit above 0"
    return "enable the manager pep621"


def _unread(project: Project) -> str:
    """Say which configuration file exists without its content being known."""
    known = frozenset(project.layout.others)
    for path in _FILES:
        if path in project.unread:
            return f"{path} could not be read: {project.unread[path]}"
        if path in known and path not in project.texts:
            return f"{path} exists, but its content is not known"
    return ""


INSPECTOR = ProjectInspector(
    name="updates",
    rules=("no-update-bot", "wrong-ecosystem"),
    inspect=_inspect,
)
