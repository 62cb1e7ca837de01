"""A life as one HTML page in the looks of the report: no script, and nothing loaded from anywhere."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from linkwatch import __version__
from linkwatch.models.observation import Member, MemberState, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.charts import checks_bar
from linkwatch.report.formats.html import BLOCK, templates_of_reports
from linkwatch.report.resource.model import Attribute, Period, PlaylistContents, ResourceHistory
from linkwatch.report.resource.text import (
    ATTRIBUTE_TITLES,
    PURGED,
    describe_acknowledgement,
    describe_event,
    describe_member_change,
    format_value,
    inspection_summary,
    item_count_text,
    member_title,
    owner_text,
    restrictions_in_words,
)
from linkwatch.text import place

_TONES = {State.AVAILABLE: "good", State.SUSPECT: "warning", State.UNAVAILABLE: "error"}


class _Row(NamedTuple):
    """One video of a playlist."""

    member: Member
    title: str
    url: Markup
    tone: State
    restrictions: str


def render(life: ResourceHistory) -> str:
    """Render the life as a page, with a line end."""
    states = tuple(state for _, state in life.checks)
    templates = _own_templates()
    style = templates.get_template("life.css").render()
    page = templates.get_template("life.html").stream(
        style=Markup(style),  # noqa: S704 - ours, every letter of it
        hash=b64encode(sha256(style.encode()).digest()).decode(),
        version=__version__,
        life=life,
        name=life.known.facts.title or life.resource.id,
        url=escape(life.resource.url),
        tone=_TONES.get(life.known.state, "notice"),
        state=format_value(Attribute.STATE, life.periods[Attribute.STATE][-1]),
        bar=checks_bar(states),
        facts=[(name, value) for name, value in facts_of(life, life.known) if value is not None],
        periods=list(periods_of(life)),
        inspection_summary=inspection_summary(life.inside) if life.inside else None,
        blocks=list(_blocks(life.inside)) if life.inside else [],
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
    """Those of the report, with its filters and its care of what strangers wrote, and beside them those of a life."""
    of_report = templates_of_reports()
    own = PackageLoader("linkwatch.report.resource")
    return of_report.overlay(loader=ChoiceLoader([own, *filter(None, [of_report.loader])]))


def facts_of(life: ResourceHistory, known: ResourceRecord) -> Iterator[tuple[str, str | None]]:
    """What is known of it, by name; None: nothing is to be told."""
    yield "id", life.resource.id
    yield "names", ", ".join(life.names) or None
    yield "title", PURGED if life.has_lost_its_title else None
    yield "owner", owner_text(life)
    yield "videos", item_count_text(life)
    yield "restrictions", restrictions_in_words(" ".join(known.facts.restrictions or ())) or None
    yield "why", life.resource.unmonitorable
    yield "Data API says", known.api
    yield "oEmbed says", known.oembed
    yield "strikes", str(known.missed_checks) if known.missed_checks else None


def periods_of(life: ResourceHistory) -> Iterator[tuple[str, str, Period]]:
    """What it is about, what it was, and how long."""
    for trait, periods in life.periods.items():
        yield from ((ATTRIBUTE_TITLES[trait], format_value(trait, period), period) for period in periods)
    yield from (("No answer", "checks in between went without", period) for period in life.silences)


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
