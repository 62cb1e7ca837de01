"""One HTML page for a browser: nothing is loaded from anywhere, and no style or script is allowed but its own.

It can be read whole without the script, which searches, filters and sorts it. The templates, the style and the script
are in `templates/`, the bars of the last checks in `report/charts.py`.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache, partial
from hashlib import sha256
from itertools import groupby, islice
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from linkwatch.models.link import Link
from linkwatch.models.observation import WORST_FIRST, Facts, Reason, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import ACCEPTED, Level
from linkwatch.report.charts import CheckBar, shared_bars
from linkwatch.report.model import Finding, Report, ReportedResource
from linkwatch.report.summary import BACK, evidence, grouped, headline_parts, notes
from linkwatch.text import counted, fit_for_html, visible
from linkwatch.version import __version__

LONGEST = 400
"""Characters of a text; what is longer loses its middle, for a sentence says most at its ends."""

LONGEST_URL = 2_000
"""Characters of a listed URL that is still made a link."""

BLOCK = 50
"""Findings or resources that a browser lays out at once, when they come near."""

UNFOLDED = 200
"""Resources up to which those that are available are not folded away."""

_SECTION_ROWS = 2
"""Rows that are as high as the heading and the fold of a section."""

PLACES = 5
"""Links of the lists that are named for one finding or resource."""

_WEB = re.compile(r"https?://[^\s\"'<>\\`]+", re.IGNORECASE)


class _Row(NamedTuple):
    """One resource, in ready pieces: there may be a hundred thousand."""

    state: Markup
    url: Markup
    name: str
    about: Markup
    bar: Markup
    checked: Markup
    videos: int | None


class _Section(NamedTuple):
    """Resources under the same headings; None for one that stands above already, or is not needed."""

    file: str | None
    section: str | None
    shown: Iterator[Sequence[_Row]]
    """In blocks."""

    folded: Iterator[Sequence[_Row]]
    """Those that are available, in blocks, in a long report."""

    folded_count: int


class _Block(NamedTuple):
    """Sections that a browser lays out at once."""

    sections: Sequence[_Section]
    is_long: bool
    """They are laid out when they come near."""


def render(report: Report) -> str:
    """Render the report as a page, with a line end."""
    templates = templates_of_reports()
    drawings, bars = shared_bars((bar_of(item) for item in report.resources), report.check_times)
    style, script = (templates.get_template(name).render() for name in ("page.css", "page.js"))
    headline_text, tone, rest = headline_parts(report)
    page = templates.get_template("page.html").stream(
        style=Markup(style),  # noqa: S704 - ours, every letter of it
        script=Markup(script),  # noqa: S704 - as the style
        style_hash=digest_of(style),
        script_hash=digest_of(script),
        version=__version__,
        report=report,
        headline_text=headline_text,
        tone=tone,
        rest=rest.removeprefix(":").strip(),
        notes=notes(report),
        figures=list(figures_of(report)),
        groups=[(group, len(theirs), list(_blocks(theirs))) for group, theirs in grouped(report.findings)],
        accepted=ACCEPTED,
        back=BACK,
        drawings=drawings,
        states=[(state, report.counts.states[state]) for state in WORST_FIRST if report.counts.states[state]],
        rules=sorted(Counter(str(finding.rule) for finding in report.findings).items()),
        blocks=_in_blocks(report.resources, bars),
        full=BLOCK,
    )
    page.enable_buffering(1_000)  # pieces: a list of millions of them would take more memory than the page
    return "".join(page)


@cache
def templates_of_reports() -> Environment:
    """The templates beside this module; every text from outside is shortened, made visible and escaped."""
    templates = Environment(
        loader=PackageLoader("linkwatch.report.formats"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "addresses": _addresses,
        "counted": counted,
        "evidence": evidence,
        "listed": _listed,
        "places": _places,
        "thousands": "{:,}".format,
        "time": _time,
    }
    return templates


def digest_of(text: str) -> str:
    """What the policy of a page calls a style or a script by."""
    return b64encode(sha256(text.encode()).digest()).decode()


def _shown(value: object) -> object:
    """What a template writes, whatever it is: every text goes through here, before it is escaped."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if len(value) > LONGEST:
        value = f"{value[: LONGEST // 2]} … {value[-LONGEST // 2 :]}"
    return fit_for_html(value)


@lru_cache(maxsize=1_024)
def _time(time: datetime) -> Markup:
    return Markup(f'<time datetime="{time:%Y-%m-%dT%H:%M:%SZ}">{time:%Y-%m-%d %H:%M}</time>')  # noqa: S704 - digits


def figures_of(report: Report) -> Iterator[tuple[str, int, str]]:
    """Name, number and tone of each figure."""
    counts = report.counts
    for level in (Level.ERROR, Level.WARNING, Level.NOTICE):
        yield level.value + ("" if counts.levels[level] == 1 else "s"), counts.levels[level], level.value
    if counts.acknowledged:
        yield "acknowledged", counts.acknowledged, "plain"
    yield "link" if counts.links == 1 else "links", counts.links, "plain"
    for state in State:
        if counts.states[state]:
            yield state.value, counts.states[state], state.value
    if report.quota is not None:
        yield "quota units left today", report.quota.left, "plain"


def _blocks(findings: Sequence[Finding]) -> Iterator[Sequence[Finding]]:
    for at in range(0, len(findings), BLOCK):
        yield findings[at : at + BLOCK]


def _canonical(finding: Finding) -> str | None:
    """Where it is on YouTube; None when it has no id."""
    if finding.kind is None or finding.id is None:
        return None
    return Resource(finding.kind, finding.id).url


def _addresses(finding: Finding) -> Iterator[tuple[str, Markup]]:
    """What can be opened, and what may help."""
    if (url := _canonical(finding)) is not None:
        yield "open on YouTube", escape(url)
    if finding.acknowledged is None:
        for suggestion in finding.suggestions:
            if len(suggestion.url) <= LONGEST_URL:
                yield suggestion.text, escape(suggestion.url)


def _listed(finding: Finding) -> tuple[str, Markup | None] | None:
    """The URL as it is listed, as text and as an address to open; None when it is the canonical one."""
    if not finding.links or finding.links[0].url == _canonical(finding):
        return None
    url = finding.links[0].url
    opens = len(url) <= LONGEST_URL and _WEB.fullmatch(url) and visible(url) == url
    return url, escape(url) if opens else None


def _places(finding: Finding) -> tuple[Sequence[str], int]:
    """Where it is listed, and in how many more places."""
    named = [f"{link.file}:{link.line}:{link.column}" for link in finding.links[:PLACES]]
    return named, len(finding.links) - len(named)


def _in_blocks(items: Sequence[ReportedResource], bars: Mapping[CheckBar, Markup]) -> Iterator[_Block]:
    """The resources under the headings of their lists; in a long report what is available is folded in each section."""
    folds = len(items) > UNFOLDED
    above: tuple[str | None, str | None] = (None, None)
    sections: list[_Section] = []
    height = 0
    at = 0
    for heading, theirs in groupby(items, key=lambda item: (item.links[0].file, item.links[0].section)):
        available = [item.state is State.AVAILABLE for item in theirs]
        end, folded_count = at + len(available), sum(available) if folds else 0
        # Not a list of rows: a section may have a million of them.
        rows = partial(_rows, items, at, end, bars)
        folded = rows(lambda item: item.state is State.AVAILABLE) if folded_count else iter(())
        shown = rows(lambda item: not folds or item.state is not State.AVAILABLE)
        sections.append(_Section(*_headings(heading, above), shown, folded, folded_count))
        rows_shown = len(available) - folded_count
        height += _SECTION_ROWS + rows_shown
        if height >= BLOCK:
            yield _Block(sections, rows_shown < BLOCK)
            sections, height = [], 0
        above, at = heading, end
    yield _Block(sections, is_long=False)


def _rows(
    items: Sequence[ReportedResource],
    start: int,
    end: int,
    bars: Mapping[CheckBar, Markup],
    is_wanted: Callable[[ReportedResource], bool],
) -> Iterator[Sequence[_Row]]:
    wanted = filter(is_wanted, (items[at] for at in range(start, end)))
    while block := [_row(item, bars) for item in islice(wanted, BLOCK)]:
        yield block


def _headings(heading: tuple[str, str | None], above: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """What is new."""
    file, section = heading
    if file != above[0]:
        return file, section
    return None, None if section == above[1] else section or "Without a section"


def _row(item: ReportedResource, bars: Mapping[CheckBar, Markup]) -> _Row:
    record, links = item.record, item.links
    facts = record.facts if record is not None else Facts()
    name = facts.title or next((link.label for link in links if link.label), None) or item.resource.id
    return _Row(
        state=state_mark(item.state, record.reason if record is not None else None),
        url=escape(item.resource.url),
        name=name,
        about=about_of(item.resource.kind, facts, links, name),
        bar=bars.get(bar_of(item), Markup()),
        checked=_time(record.last_checked) if record is not None and record.last_checked else Markup("never answered"),
        videos=facts.item_count,
    )


def bar_of(item: ReportedResource) -> CheckBar:
    """What the bar of a resource shows: its last checks, and the reason if it is unavailable now."""
    if item.record is None or item.checks[-1:] != (State.UNAVAILABLE,):
        return CheckBar(item.checks)
    return CheckBar(item.checks, item.record.reason)


@cache
def state_mark(state: State, reason: Reason | None) -> Markup:
    """A state in its colour, with its reason."""
    why = f" <small>{reason.replace('_', ' ')}</small>" if reason else ""
    return Markup(f'<span class="state {state}">{state}{why}</span>')  # noqa: S704 - words of ours


def about_of(kind: Kind, facts: Facts, links: Sequence[Link], name: str) -> Markup:
    """What it is and where it is listed."""
    owner = facts.owner_title or next((link.owner for link in links if link.owner), None)
    by = f" by {_bdi(owner)}" if owner else ""
    items = "" if facts.item_count is None else f", {counted(facts.item_count, 'video')}"
    places = ", ".join([_place(link, links[0].file, name) for link in links[:PLACES]])
    more = f" and {counted(len(links) - PLACES, 'more place')}" if len(links) > PLACES else ""
    return Markup(f"{kind}{by}{items} · {places}{more}")  # noqa: S704 - each text in it is escaped


def _place(link: Link, file: str, name: str) -> str:
    where = f"line\N{NO-BREAK SPACE}{link.line}" if link.file == file else _bdi(f"{link.file}:{link.line}")
    return f"{where} as “{_bdi(link.label)}”" if link.label and link.label != name else where


def _bdi(text: str) -> str:
    """A text from outside, escaped, which turns nothing around it from right to left."""
    return f"<bdi>{escape(_shown(text))}</bdi>"
