"""A digest → the HTML of a mail: a block for each item, with its links and what to do; light and dark."""

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from linkwatch.notifications.digest import Digest, Item
from linkwatch.notifications.text import closing, opening, signature


def render_html(digest: Digest) -> str:
    """The page of a mail; it loads nothing from anywhere."""
    return _template().render(
        digest=digest,
        opening=list(opening(digest)),
        closing=list(closing(digest)),
        signature=signature(digest),
        links=_links,
    )


def _links(item: Item) -> Iterator[tuple[str, str]]:
    """Texts and addresses."""
    if item.url is not None:
        yield "YouTube", item.url
    if item.page is not None:
        yield "history", item.page
    yield from ((suggestion.text, suggestion.url) for suggestion in item.suggestions)


@cache
def _template() -> Template:
    loader = PackageLoader("linkwatch.notifications")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("mail.html")
