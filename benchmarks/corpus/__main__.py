"""``python -m benchmarks.corpus``: fetch the projects, measure doctrine on them, label more."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus.checkouts import fetch, line_count, verify
from benchmarks.corpus.judging import judge
from benchmarks.corpus.labels import LabelError, Labels, load
from benchmarks.corpus.matching import Matched, match
from benchmarks.corpus.statistics import Demands, rows, shortfalls
from benchmarks.corpus.stubs import stubs
from benchmarks.corpus.table import table, trouble

_CORPUS = Path(__file__).parent.parent.parent / "corpus"
_NOT_GOOD_ENOUGH = 1
_CANNOT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(argv)
    try:
        labels = load(options.corpus, options.only)
        return int(options.command(labels, options))
    except LabelError as error:
        sys.stderr.write(f"error: {error}\n")
        return _CANNOT


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("folder", type=Path, help="holds one checkout a project, by name")
    shared.add_argument("--corpus", type=Path, default=_CORPUS, help="folder of the labels")
    shared.add_argument("--only", action="append", default=[], metavar="PROJECT")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    commands = parser.add_subparsers(required=True)
    bring = commands.add_parser("fetch", parents=[shared], help="bring what is missing (network)")
    bring.set_defaults(command=_fetch)
    _measure_parser(commands.add_parser("measure", parents=[shared], help="rerun and print"))
    ask = commands.add_parser("label", parents=[shared], help="print stubs of what has no label")
    ask.add_argument("--most", type=int, default=5, help="findings a clause and project")
    ask.add_argument("--reuse", action="store_true", help="take kept reports where there are any")
    ask.set_defaults(command=_label)
    return parser


def _measure_parser(parser: argparse.ArgumentParser) -> None:
    plain = Demands()
    parser.add_argument(
        "--reuse", action="store_true", help="take kept reports where there are any"
    )
    parser.add_argument("--min-precision", type=float, default=plain.precision)
    parser.add_argument("--min-clause-precision", type=float, default=plain.clause_precision)
    parser.add_argument(
        "--cases",
        type=int,
        default=plain.cases,
        help="findings from which on a clause is held to it",
    )
    parser.add_argument("--min-recall", type=float, default=plain.recall)
    parser.add_argument("--min-agreement", type=float, default=plain.agreement)
    parser.add_argument("--max-false-passes", type=int, default=plain.false_passes)
    parser.add_argument("--max-stale", type=int, default=plain.stale)
    parser.set_defaults(command=_measure)


def _fetch(labels: dict[str, Labels], options: argparse.Namespace) -> int:
    for name, one in labels.items():
        folder = options.folder / name
        if not folder.exists():
            fetch(one.project, folder)
        verify(name, one.project, folder)
        print(f"{name}: {one.project.pypi or one.project.commit}")
    return 0


def _measure(labels: dict[str, Labels], options: argparse.Namespace) -> int:
    matched: list[Matched] = []
    order: dict[str, None] = {}
    for name, one in labels.items():
        folder = options.folder / name
        verify(name, one.project, folder)
        verdicts = judge(folder, reuse=options.reuse)
        order |= dict.fromkeys(verdicts.clauses)

        def lines(path: str, folder: Path = folder) -> int:
            return line_count(folder, path)

        matched += match(name, one, verdicts, lines)
    counted = rows(matched, order)
    for line in (*table(counted), "", *trouble(matched)):
        print(line)
    demands = Demands(
        precision=options.min_precision,
        clause_precision=options.min_clause_precision,
        cases=options.cases,
        recall=options.min_recall,
        agreement=options.min_agreement,
        false_passes=options.max_false_passes,
        stale=options.max_stale,
    )
    missing = shortfalls(counted, demands)
    for line in missing:
        print(f"not good enough: {line}")
    print(f"{len(labels)} projects, {len(matched)} labels")
    return _NOT_GOOD_ENOUGH if missing else 0


def _label(labels: dict[str, Labels], options: argparse.Namespace) -> int:
    for name, one in labels.items():
        folder = options.folder / name
        verify(name, one.project, folder)
        verdicts = judge(folder, reuse=options.reuse)
        print(f"# {name}: read each place before you give a verdict\n")
        for stub in stubs(one, verdicts, options.most):
            sys.stdout.write(stub)
    return 0


if __name__ == "__main__":
    sys.exit(main())
