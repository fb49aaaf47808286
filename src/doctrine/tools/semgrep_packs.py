"""Lines 1-based; columns 1-based in characters, ends exclusive; paths as given.

The rule packs that the project's own commands take from a registry or an address
(``semgrep scan --config p/python``): only with the network allowed, and on the fast front end alone,
because the other one tries for a minute and a half to reach a registry that does not answer.
``--config auto`` is left out: it needs to tell the registry about the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Command
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool
from doctrine.tools._semgrep_scan import invocations, reading, targets

_NAME = "semgrep-packs"
_PROGRAMS = frozenset({"semgrep", "opengrep"})
_FLAGS = frozenset({"--config", "-c", "-f"})
_PACK = re.compile(r"[pr]/[\w./:-]+|https?://[^\s{}$]+")


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return one process for each batch of files, with every pack at once."""
    packs = tuple(dict.fromkeys(_packs(request.automation.commands)))
    if not packs:
        return Skip(reason="no command of the project names a rule pack of semgrep's registry")
    if not request.settings.network:
        return Skip(
            reason=f"the rules of {', '.join(packs)}, which the project's own semgrep uses, were not "
            "tried: they need the network, `doctrine check --network`"
        )
    searched = targets(request)
    if not searched:
        return Skip(reason="there is no Python file that can be parsed")
    return invocations(request, "--experimental", packs, {}, searched)


def _packs(commands: Iterable[Command]) -> Iterator[str]:
    """Yield what commands name as rules and is no file of the project."""
    for command in commands:
        if command.argv and command.argv[0] in _PROGRAMS:
            for config in _configs(command.argv[1:]):
                if _PACK.fullmatch(config):
                    yield config


def _configs(words: tuple[str, ...]) -> Iterator[str]:
    for word, following in zip(words, (*words[1:], ""), strict=True):
        flag, equals, value = word.partition("=")
        if flag in _FLAGS:
            yield value if equals else following


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return what the packs find in the project's own code.

    Raises:
        CrashedError: A pack could not be fetched, or a process did not finish.
        UnreadableError: The output is not semgrep's.
    """
    return reading(request, completed, tool=_NAME, rule_id=str)


TOOL = Tool(
    name=_NAME,
    distribution="semgrep",
    program="semgrep",
    prepare=prepare,
    read=read,
    cost=4.0,
    supported=">=1.140",
    covers=Covers.CONFIGURED,
)
