"""Whether the method that opens what its object keeps can fail and leave it to nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tree_sitter import Node

from doctrine.inspect._code import function_around, name_of, own_nodes
from doctrine.inspect._uses import in_finally
from doctrine.syntax.language import ancestors
from doctrine.syntax.places import text_of

_CLOSES = re.compile(
    r"clos|exit|stop|shut|dispos|clean|tear_?down|disconnect|releas|terminat|quit|log_?out|unload"
    r"|destroy|finali[sz]e|reset|restart|(?:^|_)(?:del|end|finish|kill|leave)(?:_|$)"
)
"""Parts of the names of methods that whoever has the object calls to be rid of what it keeps."""
_BROAD = frozenset({"", "Exception", "BaseException"})


def is_abandoned(target: Node, closing: Sequence[Node]) -> bool:
    """Return whether an error after the opening leaves a resource open for good.

    That is so where the method that opens it goes on to wait for something, does not close it
    whatever happens then, and no method of the object has a name that promises to close.

    Args:
        target: Where the resource is bound: ``self.name``.
        closing: The places in the class where it is closed.
    """
    opener = function_around(target)
    if opener is None or any(map(_is_meant_to_close, closing)):
        return False
    own = [node for node in closing if function_around(node) == opener]
    return _waits_after(target, opener) and not any(in_finally(x) or _on_error(x) for x in own)


def _is_meant_to_close(node: Node) -> bool:
    return _CLOSES.search(name_of(function_around(node)).lower()) is not None


def _waits_after(target: Node, opener: Node) -> bool:
    """Return whether an opener waits for something after the statement that binds."""
    statement = target.parent or target
    return any(
        node.type == "await" and node.start_byte >= statement.end_byte for node in own_nodes(opener)
    )


def _on_error(node: Node) -> bool:
    """Return whether a node runs whatever error comes before it."""
    clause = next((one for one in ancestors(node) if one.type == "except_clause"), None)
    if clause is None:
        return False
    caught = clause.children_by_field_name("value")
    return not caught or any(text_of(one) in _BROAD for one in caught)
