"""A digest → the built-in text of a message: plain lines, which are fine as Markdown and HTML too."""

from collections.abc import Iterator

from linkwatch.notifications.digest import Digest, Item, Section

MAX_ITEMS = 10
"""Items listed in a section of a chat message."""

MAX_LENGTH = 1_800
"""Characters of a text, where nothing is known of the service: Discord accepts 2,000 with the title."""


def render_text(digest: Digest, *, most: int = MAX_LENGTH, items: int = MAX_ITEMS) -> str:
    """The text of a message, without its title.

    Args:
        digest: The digest.
        most: Characters that the service takes.
        items: Items listed in a section at most.
    """
    before, after = list(opening(digest)), list(closing(digest))
    last = [*([f"Dashboard: {digest.dashboard}"] if digest.dashboard else []), signature(digest)]
    room = most - sum(len(line) + 1 for line in [*before, *after, *last])
    blocks = []
    for section in digest.sections:
        blocks.append(_block(section, room, items))
        room -= len(blocks[-1]) + 2
    return "\n\n".join(["\n".join(part) for part in (before,) if part] + blocks + ["\n".join([*after, *last])])


def signature(digest: Digest) -> str:
    """The last line: its id shows when a message was sent twice."""
    return f"message {digest.id} of linkwatch"


def truncate(text: str, most: int = MAX_LENGTH) -> str:
    """Cut a text to a length."""
    return text if len(text) <= most else text[: most - 1] + "…"


def opening(digest: Digest) -> Iterator[str]:
    """The lines above the sections: whether checks work, and what else should be known."""
    since = digest.incomplete_since
    when = "" if since is None else f" since {since:%Y-%m-%d %H:%M} UTC"
    if digest.incomplete_reason is not None:
        yield f"Checks are incomplete{when}: {digest.incomplete_reason}."
        yield "Links that could not be checked keep their last state. You will be notified when checks work again."
    if digest.complete_again:
        yield "Checks are working again" + (f" (interrupted{when})." if when else ".")
    if digest.first:
        yield "First report for these lists. Later messages list only what is new."
    if digest.note is not None:
        yield f"Note: {digest.note}."


def closing(digest: Digest) -> Iterator[str]:
    """The lines below the sections: the numbers."""
    if digest.still_broken:
        yield f"Already broken before: {digest.still_broken:,}."
    if digest.totals is not None:
        yield f"{digest.totals}."


def _block(section: Section, room: int, items: int) -> str:
    """The title of a section and as many items as fit into `room` characters."""
    lines = [f"{section.title}: {section.count:,}"]
    room -= len(lines[0]) + len(_rest(section.count))
    shown = 0
    for item in section.items[:items]:
        line = _line(item)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
        shown += 1
    if shown < section.count:
        lines.append(_rest(section.count - shown))
    return "\n".join(lines)


def _rest(number: int) -> str:
    return f"… and {number:,} more"


def _line(item: Item) -> str:
    where = f" ({item.place})" if item.place else ""
    return f"- {item.text}{where}" + (f"\n  {item.url}" if item.url else "")
