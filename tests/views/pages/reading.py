"""Reads a page back: its elements, its text, and whether its tags are closed in order."""

from html.parser import HTMLParser

VOID = {"br", "hr", "img", "link", "meta", "source"}


class Page(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(source)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def values(self, name: str) -> list[str]:
        """The values of an attribute, wherever it stands."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def stands_alone(page: Page, address: str | None = None) -> bool:
    """Whether a page runs nothing, loads nothing from elsewhere, and leads nowhere but there."""
    names = {name for _, attributes in page.elements for name in attributes}
    sources = page.values("src") + page.values("srcset")
    links = page.values("href")
    return (
        not page.tags() & {"script", "iframe", "object", "embed", "form", "link", "base"}
        and not any(name.startswith("on") for name in names)
        and "style" not in names
        and all(source.startswith("data:image/svg+xml;base64,") for source in sources)
        and all(link.startswith(("#", "tel:")) or link == address for link in links)
        and "url(" not in page.source
        and "@import" not in page.source
    )
