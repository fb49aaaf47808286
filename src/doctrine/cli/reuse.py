"""Answers a check from what an earlier run has kept, where nothing that it depends on has changed.

What is kept is the finished report, and whatever was drawn of it: the same question is answered
without starting a tool, and without laying out a large report again.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.cache.changes import MOST_CHANGES, Change, Parts, changes
from doctrine.cache.decoding import decoded
from doctrine.cache.digests import content_digest, digests_of
from doctrine.cache.judged import Judged, Latest, Runs
from doctrine.cache.opening import open_store
from doctrine.cache.store import Key, Store
from doctrine.cache.streaming import pieces
from doctrine.cache.whole import FILES, Moment, digest, moment, unfit
from doctrine.children import capture
from doctrine.cli.history import History
from doctrine.cli.outputs import STDOUT
from doctrine.model.decoders import msgpack_decoder
from doctrine.model.replacing import replace
from doctrine.model.run import ToolStatus
from doctrine.model.settings import Output, Settings
from doctrine.project.baseline_file import exists
from doctrine.project.candidates import GIT
from doctrine.project.root import name_of
from doctrine.reports._format import Canvas, Format

if TYPE_CHECKING:
    from doctrine.cli.options import CheckOptions
    from doctrine.model.project import TomlFile
    from doctrine.model.report import Report
    from doctrine.model.run import ToolRun
    from doctrine.reports._shape import ReportV1
    from doctrine.reports._view import View

_REPORT, _DRAWN = "report", "drawn"
_PIECE = 1 << 20
"""Bytes of a drawn page that are written at once."""
_FOR_PEOPLE, _FOR_PROGRAMS = b"T", b"B"
_NOT_DRAWN = frozenset({"base", "last", "sources"})
_BELIEVED = frozenset({ToolStatus.OK, ToolStatus.SKIPPED})
_UV_LOCK = "uv-lock"
"""Whether a lock fits depends, where it does not, on what uv has in its own cache today."""


class Asked(Struct, frozen=True, kw_only=True):
    """What a check was asked.

    Attributes:
        settings: The settings.
        options: The command line.
        view: What the reader wants to see.
        name: What the project is called.
    """

    settings: Settings
    options: CheckOptions
    view: View
    name: str


def begin(
    settings: Settings, pyproject: TomlFile | None, options: CheckOptions, view: View
) -> Reuse | None:
    """Look at what a check depends on; None where nothing is to be reused or kept.

    Args:
        settings: The settings.
        pyproject: The project's ``pyproject.toml``.
        options: The command line.
        view: What the reader wants to see.

    Raises:
        UsageError: The settings name a cache, an environment or a commit that is none.
    """
    store = open_store(settings)
    if store.folder is None:
        return None
    name = name_of(settings.root, pyproject)
    return Reuse(Asked(settings=settings, options=options, view=view, name=name), store)


class Reuse:
    """What one check reuses, and what it leaves for the next."""

    def __init__(self, asked: Asked, store: Store) -> None:
        """Look at everything that the report depends on.

        Args:
            asked: What was asked.
            store: Where reports are kept.
        """
        self._asked = asked
        self._store = store
        self._runs = Runs(store)
        self._digests = digests_of(asked.settings.root, store)
        self._found = self._look()
        self._parts = self._looked_up() if self._runs.any() else None
        self._early = self._early_files()
        options = asked.options
        self._history = History(
            asked.settings.root, asked.settings.paths, audit=asked.settings.audit
        )
        self._last = self._history.raw() if options.history else b""
        self._base = content_digest(options.base) if options.base else ""

    def answer(self) -> Judged | None:
        """Write the reports of the run that depended on the same; None where there is none."""
        judged = self._answered()
        # For whoever judges now, too: what was read need not be read again.
        self._digests.keep()
        return judged

    def _answered(self) -> Judged | None:
        if self._parts is None:
            return None
        run = digest(self._parts)
        judged = self._runs.find(run)
        if judged is None:
            return None
        from doctrine.cli.delivery import deliver_drawn

        pages = self._drawn(run)
        if pages is not None:
            deliver_drawn(pages)
        elif not self._draw(run):
            return None
        if self._asked.options.history and judged.scored and judged.summary != self._last:
            self._history.keep_raw(judged.summary)
        self._wrote()
        self._note(Latest(run=run, before=run, at=judged.started, reused=True))
        return judged

    def keep(self, report: Report, finished: ReportV1, summary: bytes) -> None:
        """Keep a run that was judged, if nothing was changed meanwhile.

        Args:
            report: The report.
            finished: The same as it is stored.
            summary: What the next run compares itself with.
        """
        # What the tools' own search has read meanwhile need not be read again.
        self._digests = digests_of(self._asked.settings.root, self._store)
        self._wrote()
        parts, reason = self._judged_parts(report)
        project, manner = self._project()
        latest = self._runs.latest(project, manner)
        known = latest.before if latest else ""
        run = ""
        if not reason and parts is not None:
            run = digest(parts)
            judged = Judged(
                started=report.started,
                exit_code=report.exit_code,
                scored=report.grade.score is not None,
                summary=summary,
            )
            if not self._stored(run, finished) or not self._runs.keep(run, judged, parts):
                run, reason = "", "it could not be written"
        self._digests.keep()
        self._note(
            Latest(
                run=run,
                before=run or known,
                at=report.started,
                reused=False,
                unfit=reason,
                changes=self._changes(known, parts or self._parts),
                tools={one.name: one.cached for one in report.tools},
            )
        )

    def now(self) -> Parts | str:
        """Return what a check depends on now; or why nobody can say it."""
        return self._found if isinstance(self._found, str) else self._whole(self._found)

    def latest(self) -> Latest | None:
        """Return what is known of the latest run of this kind."""
        return self._runs.latest(*self._project())

    def parts_of(self, run: str) -> Parts | None:
        """Return what a run depended on."""
        return self._runs.parts(run)

    def _look(self) -> Moment | str:
        settings = self._asked.settings
        return unfit(settings) or moment(
            settings,
            self._asked.name,
            store=self._store,
            digests=self._digests,
            capture=capture,
            more=dict(self._compared()),
        )

    def _compared(self) -> Iterator[tuple[str, str]]:
        """Yield the commits that something is compared with."""
        settings, since = self._asked.settings, self._asked.options.since
        if since is not None:
            from doctrine.project.checkout import find_commit

            commit = find_commit(settings.root, since, capture)
            yield "since", f"{commit.name} {commit.sha} {commit.prefix}"
        elif not settings.no_baseline and exists(settings):
            asked = (*GIT, "rev-parse", "HEAD", "--is-shallow-repository")
            _, said = capture(asked, settings.root)
            yield "baseline since", said.decode("ascii", "replace").strip()

    def _looked_up(self) -> Parts | None:
        return None if isinstance(self._found, str) else self._whole(self._found)

    def _early_files(self) -> Mapping[str, str]:
        """Return what files held when the run began: at least those that had just changed."""
        if self._parts is not None:
            return self._parts[FILES]
        return {} if isinstance(self._found, str) else self._found.tree.fresh(self._digests)

    def _whole(self, found: Moment) -> Parts:
        return found.parts(self._digests, self._own_reports(found))

    def _own_reports(self, found: Moment) -> frozenset[str]:
        """Return the paths of reports inside the project that doctrine wrote itself."""
        return frozenset(
            inside
            for path, inside in self._inside()
            if inside in found.tree.paths
            and (held := self._digests.of(path))
            and held == self._runs.written(path)
        )

    def _inside(self) -> Iterator[tuple[str, str]]:
        """Yield the files inside the project that reports go to: absolute, and relative."""
        root = os.path.realpath(self._asked.settings.root)
        for output in self._asked.settings.outputs:
            if output.path != STDOUT:
                real = os.path.realpath(output.path)
                if Path(real).is_relative_to(root):
                    yield real, Path(real).relative_to(root).as_posix()

    def _wrote(self) -> None:
        for path, _ in self._inside():
            self._runs.wrote(path, self._digests.of(path))

    def _judged_parts(self, report: Report) -> tuple[Parts | None, str]:
        """Return what the run depended on, or why it is not to be reused."""
        before = self._found
        if isinstance(before, str):
            return None, before
        if reason := _unbelieved(report.tools):
            return self._whole(before), reason
        after = self._look()
        own = {inside for _, inside in self._inside()}
        if isinstance(after, str):
            return None, after
        parts = after.parts(self._digests, own)
        same = (
            after.tree.same_as(before.tree, own)
            and after.rest == before.rest
            and _without(after.letters, own) == _without(before.letters, own)
            # With what git says in front, where that was known.
            and all(
                parts[FILES].get(path, "").endswith(text)
                for path, text in _without(self._early, own).items()
            )
        )
        return parts, "" if same else "something was changed while it was judged"

    def _stored(self, run: str, finished: ReportV1) -> bool:
        try:
            return self._store.write_pieces(Key(kind=_REPORT, digest=run), pieces(finished))
        except UnicodeEncodeError:
            return False

    def _report(self, run: str) -> ReportV1 | None:
        raw = self._store.read(Key(kind=_REPORT, digest=run))
        if raw is None:
            return None
        from doctrine.reports._shape import ReportV1

        report = decoded(raw, msgpack_decoder(ReportV1))
        if report is None:
            return None
        tools = tuple(replace(one, cached=one.status is ToolStatus.OK) for one in report.run.tools)
        return replace(report, run=replace(report.run, tools=tools))

    def _pages(self) -> Iterator[tuple[Output, Canvas]]:
        """Yield what is to be written, and what it is drawn on."""
        from doctrine.cli.delivery import file_canvas, stdout_canvas

        asked = self._asked
        canvas = stdout_canvas(asked.settings.root, asked.view, asked.options.again())
        stdout = Output(format=asked.settings.format, path=STDOUT)
        for output in asked.settings.outputs:
            if output.path == STDOUT:
                stdout = output
            else:
                yield output, file_canvas(canvas)
        yield stdout, canvas

    def _drawn(self, run: str) -> list[tuple[Output, Iterable[str], bool]] | None:
        """Return everything that is wanted as it was drawn; None where something was not."""
        pages: list[tuple[Output, Iterable[str], bool]] = []
        for output, canvas in self._pages():
            raw = self._store.read(self._page(run, output.format, canvas))
            if not raw:
                return None
            pages.append((output, _texts(memoryview(raw)[1:]), raw[:1] == _FOR_PEOPLE))
        return pages

    def _page(self, run: str, form: str, canvas: Canvas) -> Key:
        fields = (one for one in canvas.__struct_fields__ if one not in _NOT_DRAWN)
        surface = (f"{one} {getattr(canvas, one)!r}" for one in fields)
        return Key.of(_DRAWN, run, form, *surface, self._base, self._last)

    def _draw(self, run: str) -> bool:
        """Draw a kept report, and keep what is drawn."""
        from doctrine.cli.delivery import deliver
        from doctrine.excerpts import Excerpts
        from doctrine.reports._last_run import read_last_run

        report = self._report(run)
        if report is None:
            return False
        asked = self._asked

        def heard(form: Format) -> Format:
            def render(drawn: ReportV1, canvas: Canvas) -> Iterator[str]:
                key = self._page(run, form.name, canvas)
                mark = _FOR_PEOPLE if form.in_terminals else _FOR_PROGRAMS
                return self._listening(key, mark, form.render(drawn, canvas))

            return replace(form, render=render)

        base = None
        if asked.options.base is not None:
            from doctrine.cli.report.reading import read_whole_report

            base = read_whole_report(asked.options.base)
        deliver(
            report,
            form=asked.settings.format,
            outputs=asked.settings.outputs,
            root=asked.settings.root,
            sources=Excerpts(asked.settings.root, report.findings),
            base=base,
            last=read_last_run(self._last) if report.grade.score is not None else None,
            view=asked.view,
            again=asked.options.again(),
            through=heard,
        )
        return True

    def _listening(self, key: Key, mark: bytes, pieces: Iterable[str]) -> Iterator[str]:
        writing = self._store.begin(key)
        writing.add(mark)
        try:
            for piece in pieces:
                writing.add(piece.encode("utf-8", "backslashreplace"))
                yield piece
            writing.finish()
        finally:
            writing.give_up()

    def _project(self) -> tuple[str, str]:
        settings = self._asked.settings
        manner = (*settings.paths, "--audit" if settings.audit else "")
        return os.path.realpath(settings.root), "\0".join(manner)

    def _note(self, latest: Latest) -> None:
        project, manner = self._project()
        known = self._runs.latest(project, manner)
        if latest.reused and known is not None:
            # What was judged then is still what explains it.
            latest = replace(known, run=latest.run, before=latest.before, at=latest.at, reused=True)
        if latest != known:
            self._runs.note(project, manner, latest)

    def _changes(self, known: str, parts: Parts | None) -> tuple[Change, ...]:
        before = self._runs.parts(known)
        if before is None or parts is None:
            return ()
        return changes(before, parts)[:MOST_CHANGES]


def _texts(content: memoryview) -> Iterator[str]:
    """Yield a drawn page piece by piece: a large one is in memory once as it is."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for start in range(0, len(content), _PIECE):
        yield decoder.decode(content[start : start + _PIECE])
    yield decoder.decode(b"", final=True)


def _unbelieved(runs: Iterable[ToolRun]) -> str:
    """Return why a report is not to be reused, by what became of its tools; else empty."""
    for run in runs:
        if run.status not in _BELIEVED:
            return f"{run.name} had no result"
        if run.name == _UV_LOCK and (run.exit_code or run.reading.undecided):
            return "whether uv.lock fits depends on what uv has in its cache"
    return ""


def _without(named: Mapping[str, str], left_out: Collection[str]) -> dict[str, str]:
    return {path: one for path, one in named.items() if path not in left_out}
