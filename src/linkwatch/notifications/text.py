"""A digest → the text of its message: plain lines, which services of Markdown or HTML show as well."""

from collections.abc import Iterator

from linkwatch.notifications.digest import Digest, Item, Section

MAX_ITEMS = 10
"""Things of one kind that are named."""

MAX_LENGTH = 1_800
"""Of a text: Discord takes 2,000 with its title."""


def render_text(digest: Digest) -> str:
    """What a message says, without its title."""
    before, after = list(_opening(digest)), list(_closing(digest))
    room = MAX_LENGTH - sum(len(line) + 1 for line in [*before, *after, signature(digest)])
    blocks = []
    for section in digest.sections:
        blocks.append(_block(section, room))
        room -= len(blocks[-1]) + 2
    return "\n\n".join(
        ["\n".join(part) for part in (before,) if part] + blocks + ["\n".join([*after, signature(digest)])]
    )


def signature(digest: Digest) -> str:
    """The last line: by its id one knows a message that was sent twice."""
    return f"message {digest.id} of linkwatch"


def truncate(text: str) -> str:
    """A text of a sensible length."""
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def _opening(digest: Digest) -> Iterator[str]:
    since = digest.incomplete_since
    when = "" if since is None else f" since {since:%Y-%m-%d %H:%M} UTC"
    if digest.incomplete_reason is not None:
        yield f"Checks are incomplete{when}: {digest.incomplete_reason}."
        yield "What could not be asked about stays as it was; this is told once, and again when it is over."
    if digest.complete_again:
        yield f"Checks are complete again; they were not{when}."
    if digest.first:
        yield "This is the first message about these lists; from now on you are told what is new."
    if digest.note is not None:
        yield f"Note: {digest.note}."


def _closing(digest: Digest) -> Iterator[str]:
    if digest.still_broken:
        yield f"Broken since before: {digest.still_broken:,}."
    if digest.totals is not None:
        yield digest.totals


def _block(section: Section, room: int) -> str:
    """A section's title and as many of its items as there is room for, in characters."""
    lines = [f"{section.title}: {section.count:,}"]
    room -= len(lines[0]) + len(_rest(section.count))
    shown = 0
    for item in section.items[:MAX_ITEMS]:
        line = _line(item)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
        shown += 1
    if shown < len(section.items):
        lines.append(_rest(section.count - shown))
    return "\n".join(lines)


def _rest(number: int) -> str:
    return f"… and {number:,} more"


def _line(item: Item) -> str:
    where = f" ({item.place})" if item.place else ""
    return f"- {item.text}{where}" + (f"\n  {item.url}" if item.url else "")
