"""Add, remove, export and list acknowledgements, in the database and in the file. What `linkwatch ack` does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import product

from linkwatch.acknowledgements.matching import merge_acknowledgements, resolve_acknowledgement
from linkwatch.acknowledgements.toml_read import parse_subject, read_acks, read_text
from linkwatch.errors import UsageError
from linkwatch.models.acknowledgement import UNDATED, AckKey, Acknowledgement
from linkwatch.models.rules import RULES, Rule
from linkwatch.models.times import whole_milliseconds
from linkwatch.settings import Settings
from linkwatch.store.acknowledgements import load_acknowledgements, save_acknowledgements
from linkwatch.store.channels import load_aliases
from linkwatch.store.resources import load_titles
from linkwatch.store.schema import open_database, open_for_reading
from linkwatch.text import visible
from linkwatch.urls.ids import implausibility
from linkwatch.urls.parse import parse_reference

_EXAMPLE = 'linkwatch ack PL49CF3715CB9EF31D dead --reason "the author is moving it"'


def acknowledge(
    settings: Settings, now: datetime, words: Sequence[str], reason: str | None, until: str | None
) -> list[str]:
    """Acknowledge what the words name.

    Args:
        settings: They name the database and the file.
        now: Aware UTC.
        words: URLs, ids and names of rules; every id with every rule is acknowledged.
        reason: Required.
        until: The last day, as `2026-12-31`; None: no end.

    Returns:
        The lines to print.

    Raises:
        UsageError: An argument names no resource or rule, there is no reason, or the day is no date or has passed.
    """
    named, why, last_day = _named(words), _reason(reason), _last_day(until, now)
    with open_database(settings.database_url) as database, database.write() as connection:
        aliases = load_aliases(connection)
        acks = (Acknowledgement(id_, rule, why, whole_milliseconds(now), last_day) for id_, rule in named)
        new = {ack.key: ack for ack in (resolve_acknowledgement(ack, aliases) for ack in acks)}
        # The file first, for it takes precedence: if the store then fails, the next check updates it.
        written = _change_file(settings.acks_file, now, aliases, accepted=new.values())
        before = merge_acknowledgements(read_acks(settings.acks_file, now), load_acknowledgements(connection), aliases)
        save_acknowledgements(connection, ({ack.key: ack for ack in before} | new).values())
        titles = load_titles(connection, [id_ for id_, _ in new])
    return [*(_describe("Acknowledged", ack, titles) for ack in new.values()), *written]


def remove_acknowledgements(settings: Settings, now: datetime, words: Sequence[str]) -> list[str]:
    """Remove acknowledgements: of an id alone all, of a rule alone the one that is about any id.

    Args:
        settings: They name the database and the file.
        now: Aware UTC.
        words: URLs, ids and names of rules.

    Returns:
        The lines to print.

    Raises:
        UsageError: An argument names no resource or rule, or what is not acknowledged.
    """
    named = _named(words)
    with open_database(settings.database_url, create=False) as database, database.write() as connection:
        aliases = load_aliases(connection)
        acks = merge_acknowledgements(read_acks(settings.acks_file, now), load_acknowledgements(connection), aliases)
        removed: list[Acknowledgement] = []
        for id_, rule in named:
            channel = aliases.get(id_ or "", id_)
            matching = [ack for ack in acks if ack.id == channel and (ack.rule == rule or rule is None)]
            if not matching:
                what = " ".join(filter(None, (id_, rule.name if rule else None)))
                remedy = "“linkwatch ack --list” lists the acknowledgements."
                raise UsageError(f"{what} is not acknowledged", remedy=remedy)
            removed += matching
        written = _change_file(settings.acks_file, now, aliases, removed={ack.key for ack in removed})
        save_acknowledgements(connection, [ack for ack in acks if ack not in removed])
        titles = load_titles(connection, [ack.id for ack in removed])
    return [*(_describe("Acknowledgement removed", ack, titles) for ack in dict.fromkeys(removed)), *written]


def export_acknowledgements(settings: Settings, now: datetime) -> list[str]:
    """Write the file from the acknowledgements of the database that have not ended; returns the lines to print.

    Raises:
        UsageError: The file exists, or can't be written.
    """
    # Here and below, not above: only what writes the file pays for loading tomlkit.
    from linkwatch.acknowledgements.toml_write import new_text, write_text  # noqa: PLC0415

    file = settings.acks_file
    if read_text(file) is not None:
        raise UsageError(f"{file} exists already", remedy="“linkwatch ack” updates it with every change.")
    with open_for_reading(settings.database_url) as database, database.read() as connection:
        acks = [
            ack
            for ack in merge_acknowledgements(None, load_acknowledgements(connection), load_aliases(connection))
            if ack.ended_at is None
        ]
    if not acks:
        return [f"Nothing is acknowledged, so {file} was not written."]
    write_text(file, new_text(acks))
    return [f"Wrote {file}; from now on it takes precedence over the database."]


def acknowledgement_table(settings: Settings, now: datetime) -> list[str]:
    """The lines of a table of all acknowledgements."""
    listed = read_acks(settings.acks_file, now)
    with open_for_reading(settings.database_url) as database, database.read() as connection:
        acks = merge_acknowledgements(listed, load_acknowledgements(connection), load_aliases(connection))
        titles = load_titles(connection, [ack.id for ack in acks])
    if not acks:
        return ["Nothing is acknowledged."]
    rows = [_HEAD, *(_row(ack, now, titles) for ack in acks)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    lines = ["  ".join((*map(str.ljust, row, widths), row[-1])) for row in rows]
    ends = [_end(ack, settings.acks_file if listed is not None else None) for ack in acks]
    return [line for pair in zip(lines, [None, *ends], strict=True) for line in pair if line is not None]


_HEAD = ("state", "since", "until", "rule", "about", "why")


def _row(ack: Acknowledgement, now: datetime, titles: Mapping[str, str]) -> tuple[str, ...]:
    state = "ended" if ack.ended_at is not None else "expired" if ack.has_expired(now) else "active"
    title = titles.get(ack.id or "")
    return (
        state,
        "-" if ack.accepted_at == UNDATED else f"{ack.accepted_at:%Y-%m-%d}",
        "-" if ack.until is None else ack.until.isoformat(),
        "any" if ack.rule is None else ack.rule.name,
        visible(ack.id or "any"),
        visible((f"“{title}”: " if title else "") + (ack.reason or "-")),
    )


def _end(ack: Acknowledgement, file: str | None) -> str | None:
    if ack.ended_at is None:
        return None
    what_to_do = "" if file is None else f": remove it from {visible(file)}"
    return f"         ended {ack.ended_at:%Y-%m-%d %H:%M} UTC{what_to_do}"


def _named(words: Sequence[str]) -> list[AckKey]:
    """Every id with every rule among some words.

    A rule's name is never an id, though two of them have the eleven letters of a video's.
    """
    if not words:
        raise UsageError("no URL, id or rule was given", remedy=f"For example: {_EXAMPLE}")
    rules: list[Rule | None] = [RULES[word] for word in words if word in RULES]
    ids: list[str | None] = [_id(word) for word in words if word not in RULES]
    return list(product(ids or [None], rules or [None]))


def _id(word: str) -> str:
    # What can't be printed as it is, such as bytes that are not UTF-8, can't be in a list or in the file either.
    id_ = parse_subject(word) if visible(word) == word else None
    if id_ is None:
        raise UsageError(
            f"{visible(word)!r} is neither a YouTube URL or id nor a rule",
            remedy=f"Rules: {', '.join(RULES)}. For example: {_EXAMPLE}",
        )
    return id_


def _reason(reason: str | None) -> str:
    why = visible(reason or "").strip()
    if not why:
        raise UsageError("an acknowledgement needs a reason", remedy=f"For example: {_EXAMPLE}")
    return why


def _last_day(until: str | None, now: datetime) -> date | None:
    if until is None:
        return None
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise UsageError(
            f"--until must be a date, not {visible(until)}", remedy="For example: --until 2026-12-31"
        ) from None
    if day < now.date():
        raise UsageError(f"--until {day} has passed", remedy=f"Today is {now.date()}, in UTC.")
    return day


def _change_file(
    file: str,
    now: datetime,
    aliases: Mapping[str, str],
    *,
    accepted: Iterable[Acknowledgement] = (),
    removed: Collection[AckKey] = (),
) -> list[str]:
    """Update the file, if there is one; returns the lines to print."""
    text = read_text(file)
    if text is None:
        return []
    from linkwatch.acknowledgements.toml_write import changed_text, write_text  # noqa: PLC0415

    write_text(file, changed_text(text, file, accepted=accepted, removed=removed, aliases=aliases, now=now))
    return [f"Wrote {file}."]


def _describe(outcome: str, ack: Acknowledgement, titles: Mapping[str, str]) -> str:
    title = titles.get(ack.id or "")
    of = f" of {f'“{title}” ' if title else ''}{ack.id}" if ack.id else ""
    rule = "every finding" if ack.rule is None else ack.rule
    until = f", until {ack.until}" if ack.until else ""
    resource = parse_reference(ack.id) if ack.id and not title else None
    hint = implausibility(resource) if resource else None
    return visible(f"{outcome}: {rule}{of}{until}" + (f" ({hint})" if hint else ""))
