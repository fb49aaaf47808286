"""What GitLab's pipelines run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._gitlab_starts import BY_HAND, Rules, Start, start_of
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._versions import family_of, held_by, image_version, versions_in
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import MISSING, Node, YamlError, parse_yaml

NAMES = (".gitlab-ci.yml", ".gitlab-ci.yaml")

_KEYWORDS = frozenset(
    {"default", "include", "stages", "variables", "workflow", "image", "services", "cache",
     "before_script", "after_script", "pages:deploy", "spec"}
)  # fmt: skip
_DEEPEST = 10
_MOST = 200
_MOST_VISITS = 20_000
_NAME = re.compile(r"\$\{?(\w+)\}?")


class _File(Struct, frozen=True, kw_only=True):
    """A file of the pipeline."""

    path: str
    source: str
    root: Node


class _Pipeline:
    """Jobs of all files together, later definitions first."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._files: list[_File] = []
        self._seen: set[str] = set()
        self._visits = 0

    def load(self, path: str, source: str, depth: int = 0) -> None:
        if path in self._seen or depth > _DEEPEST:
            return
        self._seen.add(path)
        try:
            root = parse_yaml(source)
        except YamlError as error:
            self._walk.note(path, str(error))
            return
        self._walk.files[path] = None
        if not root.is_map:
            self._walk.note(path, "it is no mapping of jobs, so GitLab refuses it: mend it")
        self._files.append(_File(path=path, source=source, root=root))
        include = root.get("include")
        for one in include.items or (include,):
            self._include(path, one, depth)

    def _include(self, path: str, one: Node, depth: int) -> None:
        local = one.get("local") if one.is_map else one
        name = local.scalar.lstrip("/")
        if not one.exists:
            return
        source = self._walk.text(name) if name and "://" not in name else None
        if source is None:
            what = name or "a template or another project"
            self._walk.note(f"{path}:{one.line}", f"it includes {what}, which is not here")
            return
        self.load(name, source, depth + 1)

    def jobs(self) -> Iterator[tuple[str, Node, _File]]:
        for file in self._files:
            for name, job in file.root.entries():
                if name in _KEYWORDS or name.startswith("."):
                    continue
                if job.is_map:
                    yield name, job, file
                else:
                    self._walk.note(file.path, f"line {job.line}: the job `{name}` is no mapping")

    def find(self, name: str) -> tuple[Node, _File] | None:
        for file in self._files:
            node = file.root.get(name)
            if node.exists:
                return node, file
        return None

    def value(self, job: Node, file: _File, key: str, depth: int = 0) -> tuple[Node, _File] | None:
        """Return a key of a job, of what it extends, or None."""
        node = job.get(key)
        if node.line or depth > _DEEPEST:
            return (node, file) if node.line else None
        for parent in reversed(job.get("extends").strings()[:_DEEPEST]):
            found = self.find(parent)
            value = self.value(*found, key, depth + 1) if found else None
            if value is not None:
                return value
        return None

    def default(self, key: str) -> tuple[Node, _File] | None:
        for file in self._files:
            for node in (file.root.get("default", key), file.root.get(key)):
                if node.exists:
                    return node, file
        return None

    def scalars(self, node: Node, file: _File, depth: int = 0) -> Iterator[tuple[Node, _File]]:
        """Yield the lines of a script: lists in lists and ``!reference`` resolved."""
        self._visits += 1
        if self._visits > _MOST_VISITS:  # aliases can stand for more lines than there are atoms
            self._walk.note(file.path, f"line {node.line}: its scripts have too many lines")
            return
        if depth > _DEEPEST:
            return
        if node.tag == "!reference":
            target = self._referenced(node.strings(), depth)
            if target is not None:
                yield from self.scalars(*target, depth + 1)
        elif node.is_list:
            for one in node.items:
                if self._visits > _MOST_VISITS:
                    return
                yield from self.scalars(one, file, depth + 1)
        elif node.is_map:
            self._walk.note(file.path, f"line {node.line}: a script is neither text nor a list")
        elif node.exists:
            yield node, file

    def flat(self, rules: Node, depth: int = 0) -> Node:
        """Return rules as one list: lists in lists and ``!reference`` resolved."""
        if not rules.is_list:
            return rules
        return replace(rules, items=tuple(self._flattened(rules, depth))[:_MOST])

    def _flattened(self, rules: Node, depth: int) -> Iterator[Node]:
        for one in rules.items:
            target = self._referenced(one.strings(), depth) if one.tag == "!reference" else None
            inside = target[0] if target is not None else one
            if inside.is_list and depth < _DEEPEST:
                yield from self.flat(inside, depth + 1).items
            else:
                yield one

    def _referenced(self, names: tuple[str, ...], depth: int) -> tuple[Node, _File] | None:
        """Return what ``!reference [job, key]`` stands for, or None."""
        if not names[1:]:
            return None
        found = self.find(names[0])
        return self.value(*found, names[1], depth) if found else None


def read_gitlab(walk: Walk) -> bool:
    """Note what GitLab runs; returns whether there is a configuration."""
    found = walk.first_text("", *NAMES)
    if found is None:
        return False
    pipeline = _Pipeline(walk)
    pipeline.load(*found)
    for name, job, file in pipeline.jobs():
        _job(walk, pipeline, name, job, file)
    return True


def _job(walk: Walk, pipeline: _Pipeline, name: str, job: Node, file: _File) -> None:
    if _never(pipeline, job, file):
        return
    found = pipeline.value(job, file, "script")
    if found is None:
        return
    for variables in _variables(pipeline, job, file):
        start = _start(pipeline, job, file, variables)
        why = _tolerated(pipeline, job, file, start)
        frame = Frame(kind=CommandKind.CI, path=file.path, line=job.line, why_not=why)
        frame = replace(frame, late=start.late, perhaps=start.perhaps)
        frame = replace(frame, env=variables, via=(f"job {name}",))
        frame = _image(pipeline, job, file, frame)
        _scripts(walk, pipeline, job, file, frame)


def _start(pipeline: _Pipeline, job: Node, file: _File, variables: Mapping[str, str]) -> Start:
    """Return what starts a job."""
    workflow = pipeline.find("workflow")
    rules = workflow[0].get("rules") if workflow is not None else MISSING
    return start_of(
        Rules(
            pipeline=pipeline.flat(rules),
            rules=pipeline.flat(_node(pipeline, job, file, "rules")),
            only=_node(pipeline, job, file, "only"),
            but=_node(pipeline, job, file, "except"),
            variables=variables,
        )
    )


def _node(pipeline: _Pipeline, job: Node, file: _File, key: str) -> Node:
    found = pipeline.value(job, file, key)
    return found[0] if found is not None else MISSING


def _tolerated(pipeline: _Pipeline, job: Node, file: _File, start: Start) -> str:
    """Return where a job's failure is allowed, by itself or by each rule that starts it."""
    allowed = pipeline.value(job, file, "allow_failure")
    if allowed is not None and (allowed[0].is_map or allowed[0].flag() is not False):
        return f"`allow_failure` at {allowed[1].path}:{allowed[0].line}"
    return f"`allow_failure` at {file.path}:{start.tolerated}" if start.tolerated else start.never


def _never(pipeline: _Pipeline, job: Node, file: _File) -> bool:
    """Whether a job only runs when somebody starts it."""
    when = pipeline.value(job, file, "when")
    if when is not None and when[0].scalar in BY_HAND:
        return True
    rules = pipeline.value(job, file, "rules")
    items = rules[0].items if rules is not None else ()
    return bool(items) and all(one.get("when").scalar in BY_HAND for one in items)


def _variables(pipeline: _Pipeline, job: Node, file: _File) -> Iterator[Mapping[str, str]]:
    base: dict[str, str] = {}
    for found in (pipeline.default("variables"), pipeline.value(job, file, "variables")):
        if found is not None:
            base.update((name, value.scalar) for name, value in found[0].entries())
    parallel = pipeline.value(job, file, "parallel")
    rows = parallel[0].get("matrix").items if parallel is not None else ()
    if not rows:
        yield base
    for row in rows[:_MOST]:
        yield from _product(base, row)


def _product(base: Mapping[str, str], row: Node) -> Iterator[Mapping[str, str]]:
    combined: list[dict[str, str]] = [dict(base)]
    for name, values in row.entries():
        texts = values.strings() or ("",)
        combined = [{**one, name: text} for one in combined for text in texts][:_MOST]
    yield from combined


def _image(pipeline: _Pipeline, job: Node, file: _File, frame: Frame) -> Frame:
    found = pipeline.value(job, file, "image") or pipeline.default("image")
    tags = pipeline.value(job, file, "tags")
    labels = " ".join(tags[0].strings()) if tags is not None else ""
    family = family_of(labels) or "linux"
    frame = replace(frame, systems=(Evidence(path=file.path, line=job.line, detail=family),))
    if found is None:
        return frame
    node, where = found
    written = node.get("name").scalar if node.is_map else node.scalar
    image = _NAME.sub(lambda name: frame.env.get(name[1], name[0]), written)
    frame = replace(frame, provides=frame.provides | held_by(image))
    version = image_version(image) or next(versions_in(frame.env.get("PYTHON_VERSION", "")), "")
    place = Evidence(path=where.path, line=node.line, detail=version)
    return replace(frame, pythons=(place,)) if version else frame


def _scripts(walk: Walk, pipeline: _Pipeline, job: Node, file: _File, frame: Frame) -> None:
    """Follow what runs before the script and the script, in one shell as the runner does."""
    before = pipeline.value(job, file, "before_script") or pipeline.default("before_script")
    script = pipeline.value(job, file, "script")
    for part in (before, script):
        lines = list(pipeline.scalars(*part)) if part is not None else []
        source = "\n".join(node.text for node, _ in lines)
        places = _Places(lines)
        walk.script(source, Shell(errexit=True, pipefail=True), frame, places.line)


class _Places:
    """Where the lines of a joined script come from."""

    def __init__(self, lines: list[tuple[Node, _File]]) -> None:
        self._rows: list[tuple[Node, _File, int]] = []
        for node, file in lines:
            count = node.text.count("\n") + 1
            self._rows.extend((node, file, offset + 1) for offset in range(count))

    def line(self, line: int, argv: tuple[str, ...]) -> int:
        """Return the line in the file of a line of the script."""
        if not 0 < line <= len(self._rows):
            return 0
        node, file, offset = self._rows[line - 1]
        return lines_of(node, file.source)(offset, argv)
