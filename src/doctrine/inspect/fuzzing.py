"""Harnesses for guided fuzzing.

``fuzz-target`` counts the files that start Atheris. ``fuzz-uninstrumented`` (advice): a harness
instruments nothing, so that the fuzzer sees no coverage and guesses at random.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of
from doctrine.syntax.tree import ParsedFile

_NAME = "fuzzing"
_TARGET, _UNINSTRUMENTED = "fuzz-target", "fuzz-uninstrumented"
_INSTRUMENTS = ("instrument_all", "instrument_imports", "instrument_func", "enabled_hooks")


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding | Support]:
    del layout
    if all(one.module.partition(".")[0] != "atheris" for one in parsed.module.imports):
        return
    names = parsed.names
    started = [node for node in parsed.calls if _called(node, names) == "atheris.Fuzz"]
    for node in started[:1]:
        path = parsed.module.path
        evidence = Evidence(path=path, line=line_of(node), detail="an Atheris harness")
        yield Support(rule=_TARGET, evidence=evidence)
        if not any(word.encode() in parsed.source for word in _INSTRUMENTS):
            message = (
                "the harness instruments nothing, so that coverage guides nothing: call "
                "`atheris.instrument_all()`, or import the code under test inside "
                "`with atheris.instrument_imports():`"
            )
            reporter = CodeReporter(tool=_NAME, parsed=parsed)
            yield reporter.finding(_UNINSTRUMENTED, node, message, Severity.INFO)


def _called(node: Node, names: Names) -> str:
    function = node.child_by_field_name("function") if node.type == "call" else None
    return names.dotted(function) if function is not None else ""


INSPECTOR = FileInspector(name=_NAME, rules=(_TARGET, _UNINSTRUMENTED), inspect=_inspect)
