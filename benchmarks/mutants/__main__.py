"""``python -m benchmarks.mutants``: break doctrine here and there, and see which test notices."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.mutants.breaking import Mutant, mutants
from benchmarks.mutants.choosing import chosen
from benchmarks.mutants.ledger import Ledger, explanations
from benchmarks.mutants.plans import Plan, missing, plans
from benchmarks.mutants.table import table
from benchmarks.mutants.trying import BrokenPlanError, Tree, attempt, copy_tree, require_whole

_TOP = Path(__file__).parent.parent.parent
_SURVIVORS = 1
_CANNOT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(argv)
    wanted = _wanted(options)
    if options.list:
        for _, mutant in wanted:
            print(f"{mutant.name} (line {mutant.line}): {mutant.was[:100]}")
        print(f"{len(wanted)} mutants")
        return 0
    absent = missing(_TOP)
    if absent:
        sys.stderr.write(f"error: plans name what is not there: {', '.join(absent)}\n")
        return _CANNOT
    ledger = Ledger(options.store, again=options.again)
    try:
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            _try_all(wanted, ledger, copy_tree(_TOP, Path(folder, "tree")))
    except BrokenPlanError as error:
        sys.stderr.write(f"error: {error}\n")
        return _CANNOT
    explained = explanations()
    for line in table([mutant for _, mutant in wanted], ledger.known(), explained):
        print(line)
    return _SURVIVORS if ledger.unexplained(wanted, explained) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="TEXT",
        help="mutants whose name holds this; several times: any of them",
    )
    parser.add_argument("--most", type=int, default=1, help="mutants of a kind in a module")
    parser.add_argument("--list", action="store_true", help="say what would be broken")
    parser.add_argument(
        "--again",
        action="store_true",
        help="ask once more about survivors that nobody has explained",
    )
    parser.add_argument(
        "--store",
        type=Path,
        default=Path(tempfile.gettempdir(), "mutants.jsonl"),
        help="what is known already; an interrupted run goes on from there",
    )
    return parser  # fmt: skip


def _wanted(options: argparse.Namespace) -> list[tuple[Plan, Mutant]]:
    found: list[tuple[Plan, Mutant]] = []
    for plan in plans():
        source = (_TOP / "src/doctrine" / plan.module).read_bytes()
        some = chosen(mutants(plan.module, source), options.most)
        found += [(plan, one) for one in some if _is_asked(one, options.only)]
    return found


def _is_asked(mutant: Mutant, texts: Sequence[str]) -> bool:
    return not texts or any(text in mutant.name for text in texts)


def _try_all(wanted: Sequence[tuple[Plan, Mutant]], ledger: Ledger, tree: Tree) -> None:
    whole: set[str] = set()
    for number, (plan, mutant) in enumerate(wanted, 1):
        if ledger.knows(mutant):
            continue
        if plan.module not in whole:
            require_whole(tree, plan)
            whole.add(plan.module)
        tried = attempt(tree, mutant, plan)
        ledger.note(tried)
        print(
            f"{number}/{len(wanted)} {tried.fate} ({tried.seconds:.0f} s) "
            f"{mutant.name}: {mutant.was[:70]} {tried.by}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
