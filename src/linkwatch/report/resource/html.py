"""A history as one HTML page in the style of the report: no script, and nothing loaded from anywhere."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from linkwatch.models.observation import Member, MemberState, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.charts import checks_bar
from linkwatch.report.formats.html import BLOCK, digest_of, templates_of_reports
from linkwatch.report.resource.model import Attribute, Period, PlaylistContents, ResourceHistory
from linkwatch.report.resource.text import (
    ATTRIBUTE_TITLES,
    PURGED,
    describe_acknowledgement,
    describe_event,
    describe_member_change,
    flapping_text,
    format_value,
    inspection_summary,
    item_count_text,
    member_title,
    owner_text,
    restrictions_in_words,
    unreadable_text,
    watched_text,
)
from linkwatch.report.wording import why_unmonitorable
from linkwatch.text import place
from linkwatch.version import __version__

_TONES = {State.AVAILABLE: "good", State.SUSPECT: "warning", State.UNAVAILABLE: "error"}


class _Row(NamedTuple):
    """One video of a playlist."""

    member: Member
    title: str
    url: Markup
    tone: State
    restrictions: str


def render(history: ResourceHistory) -> str:
    """Render the history as a page, with a line end."""
    states = tuple(state for _, state in history.checks)
    templates = _own_templates()
    style = templates.get_template("history.css").render()
    page = templates.get_template("history.html").stream(
        style=Markup(style),  # noqa: S704 - ours, every letter of it
        style_hash=digest_of(style),
        script_hash=None,
        version=__version__,
        history=history,
        name=history.record.facts.title or history.resource.id,
        url=escape(history.resource.url),
        tone=_TONES.get(history.record.state, "notice"),
        state=format_value(Attribute.STATE, history.periods[Attribute.STATE][-1]),
        bar=checks_bar(states),
        facts=[(name, value) for name, value in facts_of(history) if value is not None],
        periods=list(periods_of(history)),
        inspection_summary=inspection_summary(history.contents) if history.contents else None,
        blocks=list(_blocks(history.contents)) if history.contents else [],
        full=BLOCK,
        place=place,
        describe_event=describe_event,
        describe_member_change=describe_member_change,
        member_title=member_title,
        describe_acknowledgement=describe_acknowledgement,
    )
    page.enable_buffering(1_000)
    return "".join(page)


@cache
def _own_templates() -> Environment:
    """The templates of a history, in the environment of the report: its filters, its escaping, its style."""
    of_report = templates_of_reports()
    own = PackageLoader("linkwatch.report.resource")
    return of_report.overlay(loader=ChoiceLoader([own, *filter(None, [of_report.loader])]))


def facts_of(history: ResourceHistory) -> Iterator[tuple[str, str | None]]:
    """Names and values of what is stored about a resource; None: no value."""
    record = history.record
    yield "id", history.resource.id
    yield "names", ", ".join(history.names) or None
    yield "watched as", watched_text(history)
    yield "title", PURGED if history.title_was_purged else None
    yield "owner", owner_text(history)
    yield "videos", item_count_text(history)
    yield "inspection", unreadable_text(history)
    yield "restrictions", restrictions_in_words(" ".join(record.facts.restrictions or ())) or None
    yield "flapping", flapping_text(history)
    yield "why", why_unmonitorable(history.resource, history.tried_at)
    yield "Data API", record.api
    yield "oEmbed", record.oembed
    yield "missed checks", str(record.missed_checks) if record.missed_checks else None


def periods_of(history: ResourceHistory) -> Iterator[tuple[str, str, Period]]:
    """Yield the title of an attribute, its value, and the period in which it held."""
    for attribute, periods in history.periods.items():
        yield from ((ATTRIBUTE_TITLES[attribute], format_value(attribute, period), period) for period in periods)
    yield from (("No answer", "the checks in between got no answer", period) for period in history.unanswered)


def _blocks(inside: PlaylistContents) -> Iterator[Sequence[_Row]]:
    for at in range(0, len(inside.members), BLOCK):
        yield [_row(member) for member in inside.members[at : at + BLOCK]]


def _row(member: Member) -> _Row:
    return _Row(
        member=member,
        title=member_title(member),
        url=escape(Resource(Kind.VIDEO, member.video_id).url),
        tone=State.AVAILABLE if member.state is MemberState.AVAILABLE else State.UNAVAILABLE,
        restrictions=restrictions_in_words(" ".join(member.restrictions or ())),
    )
