"""What every reader yields: one link as its author wrote it, and where."""

from enum import StrEnum

import msgspec


# The values that exist once a link or resource are msgspec structs: made, compared and hashed in C, they cost a
# check of 100,000 a third of what frozen dataclasses do.
class DuplicateScope(StrEnum):
    """Where a resource may be listed once."""

    SECTION = "section"
    """Of a list: what stands below one heading."""

    LIST = "list"
    EVERYWHERE = "everywhere"
    """In all lists of a check; channels once a list all the same."""


class Link(msgspec.Struct, frozen=True, gc=False):
    """One link of a list. The readers know nothing of YouTube: any URL is a link."""

    url: str
    """As written, but for what the file's own format escapes (`&amp;` in HTML, `""` in CSV, `\\/` in JSON)."""

    file: str
    """The list as the user would name it: relative to the working directory when inside it; `-` is standard input."""

    line: int
    """1-based line of the URL's first character."""

    column: int
    """1-based column of the URL's first character, in code points."""

    label: str | None = None
    """The link's text, or the `label` cell; None when there is none."""

    section: str | None = None
    """The headings above, outermost first, joined by ` > `, without the document's own title."""

    owner: str | None = None
    """Who the list says made it."""

    ignored: tuple[str, ...] | None = None
    """Rules that a comment beside it switches off for it; empty: all of them, and it is not asked about either."""

    syntax: str = "url"
    """`url`, or the name of the syntax in which its id stands without one; its URL is then the one that it names."""

    inferred: tuple[str, ...] = ()
    """Of `label` and `owner`, those that the text around it gives: a heading, the row of a table, a bold list item.
    They may mean something else."""
