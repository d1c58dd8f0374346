"""HTML that is escaped by construction: a text is never markup, and only markup is `Html`."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from planner.text import one_line

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Content security policy of every page: no script runs and nothing is loaded, whatever it says."""
_VOID = frozenset(("br", "hr", "img", "link", "meta", "source"))


class Html(NamedTuple):
    """Markup that was made here. Texts become such through `text` or `element` alone."""

    source: str


Child = str | Html


def text(words: str) -> Html:
    """The words as markup shows them: escaped, control characters spelled out, on one line.

    Blanks at which no line breaks stay what they are.
    """
    parts = (one_line(part) for part in re.split("[\u00a0\u202f]", words))
    return Html(html.escape("\u00a0".join(parts), quote=True))


def element(tag: str, *children: Child, **attributes: str | None) -> Html:
    """An element; its texts and its attributes' values are escaped.

    Args:
        tag: a name, which is not escaped.
        children: elements as they are, and texts, which are escaped.
        attributes: written in the order given, without those that are ``None``; ``class_`` is
            ``class`` and ``aria_label`` is ``aria-label``.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(value).source}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(*children).source}</{tag}>")


def coded(words: str) -> Html:
    """The words, with what stands between backticks as code."""
    parts = words.split("`")
    if len(parts) % 2 == 0:  # one of them is a backtick and nothing more
        return text(words)
    pieces = (
        element("code", part).source if number % 2 else _inside(part)
        for number, part in enumerate(parts)
    )
    return Html("".join(pieces))


def _inside(words: str) -> str:
    """A piece out of the middle of a text: a blank at its ends separates it from the next."""
    first = " " if words[:1].isspace() else ""
    last = " " if words[-1:].isspace() and words.strip() else ""
    return f"{first}{text(words).source}{last}"


def joined(*children: Child) -> Html:
    """Children one after the other; texts among them are escaped."""
    return Html("".join(_sources(children)))


def spaced(*children: Child) -> Html:
    """Children with a blank between them."""
    return Html(" ".join(_sources(children)))


def lines(*children: Child) -> Html:
    """Children with a line break after each, so that the page's source can be read."""
    return Html("\n".join(_sources(children)))


def _sources(children: Iterable[Child]) -> Iterator[str]:
    return (child.source if isinstance(child, Html) else text(child).source for child in children)


def page(title: str, body: Html, *, language: str, style: str) -> str:
    """A whole page.

    Args:
        title: of the window; escaped.
        body: what is inside ``body``.
        language: a BCP 47 tag.
        style: a style sheet of our own, which is not escaped.
    """
    assert "</" not in style, "style sheets are our own"
    head = lines(
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        Html(f"<style>\n{style}</style>"),
    )
    parts = (
        "<!DOCTYPE html>",
        f'<html lang="{text(language).source}">',
        "<head>", head.source, "</head>",
        "<body>", body.source, "</body>",
        "</html>",
    )  # fmt: skip
    return "\n".join(parts) + "\n"
