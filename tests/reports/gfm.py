"""What GitHub makes of Markdown: its own renderer, and the text and tags that come out."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from importlib import import_module

_UNSAFE = 1 << 17
"""Raw HTML is kept, as GitHub keeps what its sanitizer lets pass."""
_FOOTNOTES = 1 << 13
# The package has no types.
_RENDER: Callable[[str, int], str] = import_module("cmarkgfm").github_flavored_markdown_to_html


class Page(HTMLParser):
    """A rendered page.

    Attributes:
        html: All of it.
        tags: Every tag in it.
        links: Where its links lead.
        lists: How deep its lists go.
    """

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.comments: list[str] = []
        self._texts: list[str] = []
        self._outside: list[str] = []
        self._code = 0
        self.html = _RENDER(markdown, _UNSAFE | _FOOTNOTES)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._code += tag == "code"
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self._texts.append(data)
        if not self._code:
            self._outside.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        """The text without its blanks, which renderers are free to change."""
        return "".join("".join(self._texts).split())

    @property
    def outside_code(self) -> str:
        """What GitHub looks for names, issues and pictures in, a text at a time."""
        return "\n".join(self._outside)
