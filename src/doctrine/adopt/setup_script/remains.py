"""What is left of ``setup.py`` once other files say most of what it said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from tree_sitter import Node

from doctrine.adopt.setup_script.nodes import executed, first_inside, inside, part
from doctrine.adopt.setup_script.script import Script
from doctrine.adopt.setup_script.values import ComputedError, Filled, Foreign, Place, Value
from doctrine.syntax.language import ancestors, of_types, tree_of, walk
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.scopes import bound_by

STUB = "from setuptools import setup\n\nsetup()\n"
"""All that a command which names the file needs of it."""
_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
_DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})
_PATH_CHANGES = ("sys.path.insert", "sys.path.append")


class Remains(Struct, frozen=True, kw_only=True):
    """What is left.

    Attributes:
        text: The script; None where nothing of it is needed.
        acts: 1-based lines of statements that stay since they do more than say what the project is.
        imports_own: Whether it imports modules of the project, which only the old backend lets it.
        comments: Comments that are gone, with their lines.
    """

    text: str | None
    acts: tuple[int, ...] = ()
    imports_own: bool = False
    comments: tuple[tuple[int, str], ...] = ()


def remains(script: Script, kept: Collection[str]) -> Remains | None:
    """Return what is left of a script.

    Args:
        script: The script.
        kept: Names of the arguments that stay.

    Returns:
        None where that cannot be told surely.
    """
    arguments = [one for one in script.arguments if one.name in kept]
    nodes = [one.node for one in arguments if one.node is not None]
    if len(nodes) < len(arguments):
        return None
    holder = next(one for one in inside(script.root) if _holds(one, script.call))
    if len(inside(holder.child_by_field_name("consequence"))) > 1:
        return None
    return _sorted(script, kept, nodes, holder)


def _sorted(
    script: Script, kept: Collection[str], nodes: list[Node], holder: Node
) -> Remains | None:
    statements = inside(script.root)
    sorting = _Sorting(script=script, statements=statements, holder=holder, nodes=nodes)
    acts = sorting.acts()
    if not acts and not nodes:
        return Remains(text=None, comments=_comments(script, ()))
    stay = sorting.staying(acts)
    text = _written(script, stay, nodes)
    return _left(script, text, acts, stay) if _is_sound(text, kept) else None


def _left(script: Script, text: str, acts: Sequence[Node], stay: Sequence[Node]) -> Remains:
    return Remains(
        text=text,
        acts=tuple(line_of(one) for one in acts),
        imports_own="__import__(" in text or any(_is_own(one, script) for one in stay),
        comments=_comments(script, text.split("\n")),
    )


def _holds(node: Node, inner: Node) -> bool:
    return node == inner or node in ancestors(inner)


class _Sorting(Struct, kw_only=True):
    """Sorts the statements of a script into those that act, and those that only name values."""

    script: Script
    statements: list[Node]
    holder: Node
    nodes: list[Node]

    def acts(self) -> list[Node]:
        """Return the statements that stay for what they do."""
        found = [one for one in self.statements if one != self.holder and not self._names(one)]
        if any(not _changes_path(one, self.script) for one in found) or self._needs_own(found):
            return found
        return []

    def _needs_own(self, acts: list[Node]) -> bool:
        needed = self._reached(acts) if acts or self.nodes else []
        return any(_is_own(one, self.script) for one in needed)

    def staying(self, acts: list[Node]) -> list[Node]:
        """Return the statements that stay: those that act, those that these need, and the call's."""
        needed = self._reached(acts)
        return [
            one for one in self.statements if one in acts or one in needed or one == self.holder
        ]

    def _reached(self, acts: list[Node]) -> list[Node]:
        pending = [*acts, *self.nodes, part(self.script.call, "function")]
        naming = self._naming(acts)
        found = [one for one in naming if one.type == "future_import_statement"]
        named = [(one, self._named(one)) for one in naming]
        while pending:
            names = {text_of(one) for one in of_types(pending.pop(), "identifier")}
            rest = ((one, bound) for one, bound in named if one not in found)
            more = [one for one, bound in rest if not names.isdisjoint(bound)]
            found += more
            pending += more
        return found

    def _naming(self, acts: list[Node]) -> list[Node]:
        return [one for one in self.statements if one != self.holder and one not in acts]

    def _named(self, node: Node) -> set[str]:
        """Return the names that a statement gives a value."""
        return {
            name
            for name, places in self.script.names.given.items()
            for one in places
            if _holds(node, one.node)
        } | self._filled(node)

    def _filled(self, node: Node) -> set[str]:
        """Return the names of the dictionaries that a statement executes something in."""
        given = [executed(call) for call in of_types(node, "call")]
        return {text_of(one[-1]) for one in given if len(one) > 1}

    def _names(self, node: Node) -> bool:
        """Return whether a statement does nothing but name values that can be told."""
        if node.type in _IMPORTS | _DEFINITIONS | {"pass_statement"}:
            return True
        if node.type == "expression_statement":
            return self._is_naming(first_inside(node))
        if node.type == "with_statement":
            items = [one for one in walk(node) if one.type == "as_pattern"]
            return all(self._is_told(first_inside(one)) for one in items) and self._only(node)
        return node.type == "try_statement" and self._only(node)

    def _only(self, node: Node) -> bool:
        """Return whether the body of a statement does nothing but name values that can be told."""
        return all(map(self._names, inside(node.child_by_field_name("body"))))

    def _is_naming(self, node: Node) -> bool:
        if node.type in {"string", "concatenated_string"}:
            return True
        if node.type == "call":
            return self._fills(node)
        bound = list(bound_by(node)) if node.type == "assignment" else []
        return bool(bound) and all(
            target.type == "identifier" and one.value is not None and self._is_told(one.value)
            for target, one in bound
        )

    def _fills(self, node: Node) -> bool:
        """Return whether a call executes a file in a dictionary, and that is all that it holds."""
        filled = [self._told_name(one) for one in self._filled(node)]
        return bool(filled) and all(isinstance(one, Filled) for one in filled)

    def _told_name(self, name: str) -> Value:
        given = self.script.names.only(name)
        if isinstance(given, str):
            return None
        try:
            return self.script.evaluator().name(given.node)
        except ComputedError:
            return None

    def _is_told(self, node: Node) -> bool:
        try:
            self.script.evaluator().value(node)
        except ComputedError:
            return False
        return True


def _changes_path(node: Node, script: Script) -> bool:
    """Return whether a statement does nothing but let modules of the project be found."""
    call = first_inside(node)
    if node.type != "expression_statement" or call.type != "call":
        return False
    name = text_of(part(call, "function"))
    if name in _PATH_CHANGES:
        return True
    given = inside(call.child_by_field_name("arguments"))
    if name != "os.chdir" or len(given) != 1:
        return False
    try:
        place = script.evaluator().value(given[0])
    except ComputedError:
        return False
    return isinstance(place, Place) and place.path == "."


def _is_own(node: Node, script: Script) -> bool:
    """Return whether a statement imports something that is neither known nor surely installed."""
    if node.type not in _IMPORTS - {"future_import_statement"}:
        return False
    for places in script.names.given.values():
        for one in places:
            if one.dotted and _holds(node, one.node):
                try:
                    value = script.evaluator().given(one)
                except ComputedError:
                    value = None
                if not isinstance(value, Foreign) and _is_here(one.dotted, script):
                    return True
    return False


def _is_here(dotted: str, script: Script) -> bool:
    first = dotted.partition(".")[0]
    paths = (f"{first}.py", f"{first}/__init__.py", f"src/{first}/__init__.py")
    return any(script.read(path) is not None for path in paths)


def _written(script: Script, stay: Sequence[Node], nodes: Sequence[Node]) -> str:
    """Return the source without what goes, its call of ``setup`` with what stays."""
    lines = script.source.split("\n")
    gone = _gone(script, stay)
    first, last = script.call.start_point.row, script.call.end_point.row
    data = script.source.encode("utf-8", "replace")
    head = data[script.call.start_byte - script.call.start_point.column : script.call.start_byte]
    function = text_of(part(script.call, "function"))
    indent = head.decode("utf-8", "replace")
    call = [f"{indent}{function}()"]
    if nodes:
        inner = [f"{indent}    {text_of(one)}," for one in nodes]
        call = [f"{indent}{function}(", *"\n".join(inner).split("\n"), f"{indent})"]
    new: list[str] = []
    for number, line in enumerate(lines):
        if number == first:
            new += call
        elif not first < number <= last and number not in gone:
            new.append(line)
    return _tidy(new)


def _tidy(lines: Sequence[str]) -> str:
    """Return lines with no more than two blank ones after another, and none at either end."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or [one for one in kept[-2:] if one.strip()] or len(kept) < 1:
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def _gone(script: Script, stay: Sequence[Node]) -> set[int]:
    """Return the rows of the statements that go, and of the comments right above them."""
    kept = {row for one in stay for row in _rows(one)}
    said = (one for one in script.root.named_children if one.type == "comment")
    comments = {one.start_point.row for one in said} - kept
    gone: set[int] = set()
    for one in inside(script.root):
        if one not in stay:
            above = one.start_point.row - 1
            while above > 0 and above in comments:
                gone.add(above)
                above -= 1
            gone |= {*_rows(one)} - kept
    return gone


def _rows(node: Node) -> range:
    return range(node.start_point.row, node.end_point.row + 1)


def _is_sound(text: str, kept: Collection[str]) -> bool:
    """Return whether a script that was cut still calls ``setup`` with what stays, and nothing else."""
    root = tree_of(text.encode("utf-8", "replace"))
    if root.has_error:
        return False
    calls = [
        one
        for one in of_types(root, "call")
        if text_of(one.child_by_field_name("function") or one).rpartition(".")[2] == "setup"
    ]
    return len(calls) == 1 and set(_given(calls[0])) == set(kept)


def _given(call: Node) -> Iterator[str]:
    arguments = call.child_by_field_name("arguments")
    for one in arguments.named_children if arguments is not None else ():
        if one.type == "keyword_argument":
            yield text_of(one.child_by_field_name("name") or one)


def _comments(script: Script, kept: Collection[str]) -> tuple[tuple[int, str], ...]:
    """Return the comments of a script that are in no line of what is left."""
    left = "\n".join(kept)
    found = ((line_of(one), text_of(one)) for one in of_types(script.root, "comment"))
    return tuple(
        (line, text) for line, text in found if text not in left and not text.startswith("#!")
    )
