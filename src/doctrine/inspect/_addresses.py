"""What address a call goes to, as far as its file says so."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.syntax.language import first_named, of_types
from doctrine.syntax.places import text_of

_URL = re.compile(r"^(?:https?|wss?)://(?P<host>[^/:\s{?#]+)(?P<rest>.*)$", re.DOTALL)
_INSIDE = re.compile(
    r"^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0)"
    r"|\.(?:local|localhost|internal|lan|svc|test|invalid|example)$"
    r"|(?:^|\.)example\.(?:com|org|net)$|^metadata\.google"
)
_DOWNLOAD = re.compile(
    r"\.(?:zip|t?gz|bz2|xz|tar|whl|csv|tsv|txt|md|pdf|png|jpe?g|gif|svg|ico|mp[34]|bin|exe|deb"
    r"|dmg|parquet|pt|pth|onnx|safetensors|pkl|npz|h5|ya?ml|toml|py|sh)(?:[?#].*)?$"
    r"|/releases/(?:download|latest)",
    re.IGNORECASE,
)
_FILE_HOSTS = re.compile(r"(?:^|\.)(?:githubusercontent\.com|files\.pythonhosted\.org)$")
_NAMING = {"assignment": ("left", "right"), "keyword_argument": ("name", "value")}
"""The fields of a name and of its value, by what holds both."""
_VERBS = frozenset({"request", "stream"})


def foreign_host(url: str) -> str:
    """Return the public host whose API an address belongs to.

    It is empty for addresses inside a network, made-up ones, files to download, and everything
    that is not a whole address.
    """
    found = _URL.match(url)
    if found is None:
        return ""
    host = found["host"].lower().rpartition("@")[2]
    if "." not in host or _INSIDE.search(host) or _FILE_HOSTS.search(host):
        return ""
    return "" if _DOWNLOAD.search(found["rest"]) else host


def constants(root: Node) -> Mapping[str, str]:
    """Return the strings that a file's names are given once, by the name's last part.

    A name with two values has none. ``base_url=`` of a client counts as such a name.
    """
    found: dict[str, set[str]] = {}
    for node in of_types(root, *_NAMING):
        given = _given(node)
        if given is not None:
            name, text = given
            found.setdefault(name, set()).add(text)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def _given(naming: Node) -> tuple[str, str] | None:
    """Return a name and the string it is given; None where it is given something else."""
    name, value = (naming.child_by_field_name(field) for field in _NAMING[naming.type])
    if name is None or value is None or value.type != "string":
        return None
    key = text_of(name).rpartition(".")[2]
    counts = naming.type == "assignment" or key == "base_url"
    return (key, _start_of(value, {})) if counts else None


def address(call: Node, known: Mapping[str, str]) -> str:
    """Return the address a call is given, as far as it begins with something known.

    Args:
        call: A call of a client.
        known: The file's constants.
    """
    given = positional(call)
    function = call.child_by_field_name("function")
    last = text_of(function).rpartition(".")[2] if function is not None else ""
    index = 1 if last in _VERBS and len(given) > 1 else 0
    target = keywords(call).get("url") or (given[index] if len(given) > index else None)
    url = start_of(target, known) if target is not None else ""
    return known.get("base_url", "") + url if url.startswith("/") else url


def start_of(node: Node, known: Mapping[str, str]) -> str:
    """Return the text that an expression's value begins with."""
    match node.type:
        case "string":
            return _start_of(node, known)
        case "identifier" | "attribute":
            return known.get(text_of(node).rpartition(".")[2], "")
        case "binary_operator" | "concatenated_string" | "parenthesized_expression":
            first = first_named(node)
            return start_of(first, known) if first is not None else ""
        case "call":
            return _called(node, known)
        case _:
            return ""


def _called(node: Node, known: Mapping[str, str]) -> str:
    """``urljoin(base, path)``, ``URL.format(...)``, ``httpx.URL(...)``."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        owner, name = function.child_by_field_name("object"), text_of(function)
        if name.endswith(".format") and owner is not None:
            return start_of(owner, known)
    given = positional(node)
    named = text_of(function).rpartition(".")[2] if function is not None else ""
    return start_of(given[0], known) if given and named in {"urljoin", "URL", "str"} else ""


def _start_of(string: Node, known: Mapping[str, str]) -> str:
    text = ""
    for part in string.named_children:
        if part.type == "string_content":
            text += text_of(part)
        elif part.type == "interpolation":
            inner = first_named(part)
            value = start_of(inner, known) if inner is not None and not text else ""
            if not value:
                return text + "{}"
            text += value
    return text
