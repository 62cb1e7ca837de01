"""The table of the verdict, row by row, and what holds for every sequence of observations."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import (
    EMBEDDING_HINT,
    Answer,
    ChannelNames,
    Facts,
    Observation,
    Reason,
    ResourceRecord,
    State,
)
from linkwatch.models.resource import Kind, Resource
from linkwatch.verdict.judge import Evidence, Verdict, events_between, judge, merge_facts, needs_second_answer, weigh
from linkwatch.verdict.policy import Policy

PLAYLIST = Resource(Kind.PLAYLIST, "PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab")
VIDEO = Resource(Kind.VIDEO, "haHLRD0QZ08")
TYPO = Resource(Kind.VIDEO, VIDEO.id[:-1] + "b")
CHANNEL = Resource(Kind.CHANNEL, "UCYO_jab_esuFRV4b17AJtAw")

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LONG_AGO = NOW - 30 * DAY
YESTERDAY = NOW - DAY
POLICY = Policy()
FACTS = Facts(title="Essence of linear algebra", owner_id="UC1", owner_title="3Blue1Brown", item_count=16)

PRESENT, ABSENT, FORBIDDEN, UNAUTHORIZED, MALFORMED, NONE = Answer
Answers = tuple[Answer | None, Answer | None]
"""Of the Data API and of oEmbed."""

History = list[tuple[timedelta, Observation]]
"""How long after the one before, and what was seen."""

NEVER_MET = None
UNKNOWN = ResourceRecord(State.UNKNOWN, state_since=LONG_AGO, first_seen=LONG_AGO)
NEVER_AVAILABLE = replace(UNKNOWN, state=State.UNAVAILABLE, reason=Reason.NOT_FOUND, last_checked=YESTERDAY, api=ABSENT)
LIVING = replace(UNKNOWN, state=State.AVAILABLE, last_checked=YESTERDAY, last_available=YESTERDAY, facts=FACTS)


def struck(strikes: int, last_missed_at: datetime = YESTERDAY) -> ResourceRecord:
    """A suspect that was available before."""
    return replace(
        LIVING, state=State.SUSPECT, missed_checks=strikes, last_missed_at=last_missed_at, api=ABSENT, oembed=NONE
    )


DISPUTED = replace(UNKNOWN, state=State.SUSPECT, last_checked=YESTERDAY, api=ABSENT, oembed=PRESENT)
"""Never returned by the API, but oEmbed shows it."""

DEAD = replace(LIVING, state=State.UNAVAILABLE, state_since=YESTERDAY, reason=Reason.NOT_FOUND, api=ABSENT)

NOT_FOUND, PRIVATE = Reason.NOT_FOUND, Reason.PRIVATE
DIED, SUSPECTED, RECOVERED = EventKind.DIED, EventKind.SUSPECTED, EventKind.RECOVERED
AVAILABLE, UNAVAILABLE, SUSPECT = State.AVAILABLE, State.UNAVAILABLE, State.SUSPECT


def kinds(verdict: Verdict) -> list[EventKind]:
    return [event.kind for event in verdict.events]


def row(
    name: str,
    answers: Answers,
    before: ResourceRecord | None,
    state: State,
    *,
    why: Reason | None = None,
    event: EventKind | None = None,
    missed: int = 0,
    of: Resource = PLAYLIST,
) -> object:
    return pytest.param(answers, before, state, why, event, missed, of, id=name)


@pytest.mark.parametrize(
    ("answers", "before", "state", "reason", "event", "missed", "resource"),
    [
        # The Data API returns it: nothing else is asked.
        row("present, never met", (PRESENT, None), NEVER_MET, AVAILABLE),
        row("present, unknown", (PRESENT, None), UNKNOWN, AVAILABLE),
        row("present, available", (PRESENT, None), LIVING, AVAILABLE),
        row("present, suspect", (PRESENT, None), struck(2), AVAILABLE, event=RECOVERED),
        row("present, disputed", (PRESENT, None), DISPUTED, AVAILABLE, event=RECOVERED),
        row("present, unavailable", (PRESENT, None), DEAD, AVAILABLE, event=RECOVERED),
        row("present, never available", (PRESENT, None), NEVER_AVAILABLE, AVAILABLE, event=RECOVERED),
        # Two witnesses agree.
        row("absent+404, never met", (ABSENT, ABSENT), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("absent+404, available", (ABSENT, ABSENT), LIVING, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("absent+404, disputed", (ABSENT, ABSENT), DISPUTED, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("absent+404, dead", (ABSENT, ABSENT), DEAD, UNAVAILABLE, why=NOT_FOUND),
        row("absent+403, available", (ABSENT, FORBIDDEN), LIVING, UNAVAILABLE, why=PRIVATE, event=DIED),
        row("absent+403, never met", (ABSENT, FORBIDDEN), NEVER_MET, UNAVAILABLE, why=PRIVATE, event=DIED),
        row("absent+403, dead", (ABSENT, FORBIDDEN), DEAD, UNAVAILABLE, why=PRIVATE),
        # They disagree.
        row("absent+200, never met", (ABSENT, PRESENT), NEVER_MET, SUSPECT, event=SUSPECTED),
        row("absent+200, available", (ABSENT, PRESENT), LIVING, SUSPECT, event=SUSPECTED),
        row("absent+200, suspect", (ABSENT, PRESENT), struck(2), SUSPECT),
        row("absent+200, dead", (ABSENT, PRESENT), DEAD, SUSPECT, event=SUSPECTED),
        row("absent+200, never available", (ABSENT, PRESENT), NEVER_AVAILABLE, SUSPECT, event=SUSPECTED),
        # The API gives no answer about it alone: oEmbed decides, as without a key.
        row("refused+200, never met", (NONE, PRESENT), NEVER_MET, AVAILABLE),
        row("refused+200, suspect", (NONE, PRESENT), struck(2), AVAILABLE, event=RECOVERED),
        row("refused+404, never met", (NONE, ABSENT), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("refused+404, available", (NONE, ABSENT), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("refused+403, available", (NONE, FORBIDDEN), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("refused+404, third miss", (NONE, ABSENT), struck(2), UNAVAILABLE, why=NOT_FOUND, event=DIED, missed=3),
        # One witness alone, and it was never seen available: a CI without history must fail.
        row("absent+none, never met", (ABSENT, NONE), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("absent+none, unknown", (ABSENT, NONE), UNKNOWN, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("absent+401, never met", (ABSENT, UNAUTHORIZED), NEVER_MET, UNAVAILABLE, why=PRIVATE, event=DIED),
        row("absent+none, never available", (ABSENT, NONE), NEVER_AVAILABLE, UNAVAILABLE, why=NOT_FOUND),
        # One witness alone, and it was available, or the other witness saw it.
        row("absent+none, available", (ABSENT, NONE), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("absent+401, available", (ABSENT, UNAUTHORIZED), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("absent+none, second", (ABSENT, NONE), struck(1), SUSPECT, missed=2),
        row("absent+none, third", (ABSENT, NONE), struck(2), UNAVAILABLE, why=NOT_FOUND, event=DIED, missed=3),
        row("absent+401, third", (ABSENT, UNAUTHORIZED), struck(2), UNAVAILABLE, why=PRIVATE, event=DIED, missed=3),
        row("absent+none, disputed", (ABSENT, NONE), DISPUTED, SUSPECT, missed=1),
        # oEmbed can't read the id: proof only for one that has no shape of YouTube's.
        row("absent+400, never met", (ABSENT, MALFORMED), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("absent+400, available", (ABSENT, MALFORMED), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("absent+400, third", (ABSENT, MALFORMED), struck(2), UNAVAILABLE, why=NOT_FOUND, event=DIED, missed=3),
        row("absent+400 video, available", (ABSENT, MALFORMED), LIVING, SUSPECT, event=SUSPECTED, missed=1, of=VIDEO),
        row("absent+400 typo, available", (ABSENT, MALFORMED), LIVING, UNAVAILABLE, why=NOT_FOUND, event=DIED, of=TYPO),
        row("400 typo, never met", (None, MALFORMED), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED, of=TYPO),
        row("refused+400 typo, available", (NONE, MALFORMED), LIVING, SUSPECT, event=SUSPECTED, missed=1, of=TYPO),
        row("absent+none, dead", (ABSENT, NONE), DEAD, UNAVAILABLE, why=NOT_FOUND),
        # A channel has one witness only.
        row("channel, never met", (ABSENT, None), NEVER_MET, SUSPECT, event=SUSPECTED, missed=1, of=CHANNEL),
        row("channel, unknown", (ABSENT, None), UNKNOWN, SUSPECT, event=SUSPECTED, missed=1, of=CHANNEL),
        row("channel, never available", (ABSENT, None), NEVER_AVAILABLE, UNAVAILABLE, why=NOT_FOUND, of=CHANNEL),
        row("channel, available", (ABSENT, None), LIVING, SUSPECT, event=SUSPECTED, missed=1, of=CHANNEL),
        row("channel, third", (ABSENT, None), struck(2), UNAVAILABLE, why=NOT_FOUND, event=DIED, missed=3, of=CHANNEL),
        # Without a key there is one witness.
        row("200, never met", (None, PRESENT), NEVER_MET, AVAILABLE),
        row("200, suspect", (None, PRESENT), struck(2), AVAILABLE, event=RECOVERED),
        row("200, dead", (None, PRESENT), DEAD, AVAILABLE, event=RECOVERED),
        row("404, never met", (None, ABSENT), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED),
        row("404, available", (None, ABSENT), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("404, third", (None, ABSENT), struck(2), UNAVAILABLE, why=NOT_FOUND, event=DIED, missed=3),
        row("404 video, never met", (None, ABSENT), NEVER_MET, UNAVAILABLE, why=NOT_FOUND, event=DIED, of=VIDEO),
        row("404 video, available", (None, ABSENT), LIVING, SUSPECT, event=SUSPECTED, missed=1, of=VIDEO),
        row("403, never met", (None, FORBIDDEN), NEVER_MET, UNAVAILABLE, why=PRIVATE, event=DIED),
        row("403, available", (None, FORBIDDEN), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("403 video, never met", (None, FORBIDDEN), NEVER_MET, UNAVAILABLE, why=PRIVATE, event=DIED, of=VIDEO),
        row("401 playlist, never met", (None, UNAUTHORIZED), NEVER_MET, UNAVAILABLE, why=PRIVATE, event=DIED),
        row("401 playlist, available", (None, UNAUTHORIZED), LIVING, SUSPECT, event=SUSPECTED, missed=1),
        row("401 video, never met", (None, UNAUTHORIZED), NEVER_MET, AVAILABLE, of=VIDEO),
        row("401 video, suspect", (None, UNAUTHORIZED), struck(2), AVAILABLE, event=RECOVERED, of=VIDEO),
    ],
)  # fmt: skip
def test_the_table(
    answers: Answers,
    before: ResourceRecord | None,
    state: State,
    reason: Reason | None,
    event: EventKind | None,
    missed: int,
    resource: Resource,
) -> None:
    api, oembed = answers
    verdict = judge(before, Observation(resource, api, oembed), POLICY, NOW)
    known = verdict.record
    was = State.UNKNOWN if before is None else before.state
    assert (known.state, known.reason, known.missed_checks) == (state, reason, missed)
    assert verdict.events == (() if event is None else (Event(event, was, state),))
    assert known.last_checked == NOW
    assert (known.api, known.oembed) == answers
    assert known.state_since == (before.state_since if before is not None and before.state is state else NOW)
    assert known.first_seen == (NOW if before is None else before.first_seen)
    assert known.last_available == (NOW if state is AVAILABLE else before.last_available if before else None)


@pytest.mark.parametrize("before", [NEVER_MET, UNKNOWN, LIVING, struck(1)])
def test_a_channel_that_two_answers_omit_is_unavailable(before: ResourceRecord | None) -> None:
    record = judge(before, Observation(CHANNEL, ABSENT, confirmed=True), POLICY, NOW).record
    assert (record.state, record.reason) == (UNAVAILABLE, NOT_FOUND)


@pytest.mark.parametrize(
    ("before", "needed"),
    [(NEVER_MET, True), (UNKNOWN, True), (NEVER_AVAILABLE, False), (LIVING, False), (struck(1), False)],
)
def test_a_second_answer_is_needed_until_a_check_has_found_the_channel(
    before: ResourceRecord | None, needed: bool
) -> None:
    assert needs_second_answer(before) is needed


@pytest.mark.parametrize("before", [UNKNOWN, NEVER_AVAILABLE, LIVING, struck(2), DISPUTED, DEAD])
def test_a_401_about_a_video_that_the_data_api_refuses_to_answer_about_proves_nothing(before: ResourceRecord) -> None:
    """A private video is not available again because the Data API does not repeat that it is missing."""
    verdict = judge(before, Observation(VIDEO, NONE, UNAUTHORIZED), POLICY, NOW)
    assert (verdict.record, verdict.events) == (before, ())


@pytest.mark.parametrize(
    "answers", [(None, None), (None, NONE), (NONE, None), (NONE, NONE), (None, MALFORMED), (NONE, MALFORMED)]
)
@pytest.mark.parametrize("before", [UNKNOWN, NEVER_AVAILABLE, LIVING, struck(2), DISPUTED, DEAD])
def test_without_an_answer_nothing_changes_not_even_the_last_check(before: ResourceRecord, answers: Answers) -> None:
    verdict = judge(before, Observation(PLAYLIST, *answers), POLICY, NOW)
    assert (verdict.record, verdict.events) == (before, ())


def test_a_new_resource_without_an_answer_is_unknown() -> None:
    known = judge(None, Observation(PLAYLIST, None, NONE), POLICY, NOW).record
    assert known == ResourceRecord(State.UNKNOWN, state_since=NOW, first_seen=NOW)
    assert known.last_checked is None


@pytest.mark.parametrize("answer", [FORBIDDEN, UNAUTHORIZED])
def test_only_absent_counts_against_a_resource_in_an_answer_of_the_api(answer: Answer) -> None:
    assert weigh(Observation(PLAYLIST, answer, ABSENT)) is Evidence.NONE


def test_an_answer_that_says_less_does_not_make_a_private_playlist_a_deleted_one() -> None:
    private = judge(LIVING, Observation(PLAYLIST, ABSENT, FORBIDDEN), POLICY, NOW).record
    again = judge(private, Observation(PLAYLIST, ABSENT, NONE), POLICY, NOW + DAY).record
    deleted = judge(again, Observation(PLAYLIST, ABSENT, ABSENT), POLICY, NOW + 2 * DAY).record
    assert [known.reason for known in (private, again, deleted)] == [Reason.PRIVATE, Reason.PRIVATE, Reason.NOT_FOUND]


TERMINATED = replace(DEAD, reason=Reason.TERMINATED)


@pytest.mark.parametrize(
    ("before", "oembed", "owner", "reason"),
    [
        pytest.param(LIVING, ABSENT, ABSENT, Reason.TERMINATED, id="with its channel"),
        pytest.param(LIVING, FORBIDDEN, ABSENT, Reason.TERMINATED, id="though it looks private"),
        pytest.param(LIVING, ABSENT, PRESENT, NOT_FOUND, id="its channel is there"),
        pytest.param(LIVING, ABSENT, None, NOT_FOUND, id="its channel was not asked about"),
        pytest.param(struck(2), NONE, ABSENT, Reason.TERMINATED, id="the third missed check"),
        pytest.param(TERMINATED, ABSENT, None, Reason.TERMINATED, id="not asked about again"),
        pytest.param(TERMINATED, NONE, PRESENT, NOT_FOUND, id="its channel is back"),
        pytest.param(TERMINATED, FORBIDDEN, PRESENT, PRIVATE, id="its channel is back, but it is private"),
    ],
)
def test_what_is_missing_with_its_channel_was_terminated(
    before: ResourceRecord, oembed: Answer, owner: Answer | None, reason: Reason
) -> None:
    record = judge(before, Observation(PLAYLIST, ABSENT, oembed, owner=owner), POLICY, NOW).record
    assert (record.state, record.reason) == (UNAVAILABLE, reason)


def test_a_missing_channel_alone_confirms_nothing() -> None:
    record = judge(LIVING, Observation(PLAYLIST, ABSENT, NONE, owner=ABSENT), POLICY, NOW).record
    assert (record.state, record.reason) == (SUSPECT, None)


@pytest.mark.parametrize("ahead", [HOUR, 4 * 365 * DAY])
def test_a_missed_check_of_the_future_does_not_keep_the_next_ones_from_counting(ahead: timedelta) -> None:
    missing = Observation(PLAYLIST, ABSENT, NONE)
    first = judge(struck(1, NOW + ahead), missing, POLICY, NOW).record
    assert (first.missed_checks, first.last_missed_at) == (1, NOW)
    second = judge(first, missing, POLICY, NOW + DAY).record
    assert (second.missed_checks, second.last_missed_at) == (2, NOW + DAY)


def missed(before: ResourceRecord | None, times: Sequence[datetime], policy: Policy = POLICY) -> ResourceRecord:
    """What is known after one witness alone missed it at these times."""
    for time in times:
        before = judge(before, Observation(PLAYLIST, ABSENT, NONE), policy, time).record
    assert before is not None
    return before


def test_three_missed_checks_within_an_hour_count_as_one() -> None:
    known = missed(LIVING, [NOW, NOW + HOUR / 2, NOW + HOUR])
    assert (known.state, known.missed_checks, known.last_missed_at) == (SUSPECT, 1, NOW)
    assert known.last_checked == NOW + HOUR


def test_the_spacing_starts_at_the_last_missed_check_that_counted() -> None:
    """Checks every four hours must not put the confirmation off for ever."""
    times = [NOW + 4 * n * HOUR for n in range(5)]
    strikes = [missed(LIVING, times[: n + 1]).missed_checks for n in range(5)]
    assert strikes == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(("late", "strikes"), [(timedelta(seconds=-1), 1), (timedelta(), 2)])
def test_a_missed_check_counts_exactly_when_the_spacing_ends(late: timedelta, strikes: int) -> None:
    assert missed(LIVING, [NOW, NOW + POLICY.confirm_spacing + late]).missed_checks == strikes


def test_a_clock_that_goes_backwards_adds_no_missed_check() -> None:
    assert missed(LIVING, [NOW, NOW - DAY, NOW - 2 * DAY]).missed_checks == 1


def test_one_missed_check_can_be_set_to_be_enough() -> None:
    verdict = judge(LIVING, Observation(PLAYLIST, ABSENT, NONE), Policy(confirm_strikes=1), NOW)
    assert verdict.record.state is UNAVAILABLE
    assert kinds(verdict) == [DIED]


def test_a_check_without_an_answer_does_not_change_the_missed_checks() -> None:
    known = missed(LIVING, [NOW, NOW + DAY])
    known = judge(known, Observation(PLAYLIST, NONE, NONE), POLICY, NOW + 2 * DAY).record
    assert known.missed_checks == 2
    assert missed(known, [NOW + 3 * DAY]).state is UNAVAILABLE


@pytest.mark.parametrize(
    ("observation", "state"),
    [
        pytest.param(Observation(PLAYLIST, ABSENT, PRESENT), SUSPECT, id="the witnesses disagree"),
        pytest.param(Observation(PLAYLIST, PRESENT), AVAILABLE, id="it is back"),
    ],
)
def test_an_answer_of_either_endpoint_resets_the_missed_checks(observation: Observation, state: State) -> None:
    seen = judge(missed(LIVING, [NOW, NOW + DAY]), observation, POLICY, NOW + 2 * DAY).record
    assert (seen.state, seen.missed_checks, seen.last_missed_at) == (state, 0, None)
    after = [missed(seen, [NOW + (3 + n) * DAY for n in range(count)]).state for count in (1, 2, 3)]
    assert after == [SUSPECT, SUSPECT, UNAVAILABLE]


def test_a_resource_that_only_oembed_ever_showed_needs_its_missed_checks_too() -> None:
    states = [missed(DISPUTED, [NOW + n * DAY for n in range(count)]).state for count in (1, 2, 3)]
    assert states == [SUSPECT, SUSPECT, UNAVAILABLE]


def test_the_last_good_facts_outlive_the_resource() -> None:
    known = judge(LIVING, Observation(PLAYLIST, ABSENT, ABSENT), POLICY, NOW).record
    assert known.facts == FACTS
    assert known.last_available == YESTERDAY


def test_facts_that_come_with_a_recovery_are_compared_with_the_last_good_ones() -> None:
    back = Observation(PLAYLIST, PRESENT, facts=replace(FACTS, title="Linear algebra, again", item_count=12))
    verdict = judge(DEAD, back, POLICY, NOW)
    assert kinds(verdict) == [RECOVERED, EventKind.RETITLED, EventKind.SHRUNK]


def test_the_first_answer_is_no_change() -> None:
    verdict = judge(UNKNOWN, Observation(PLAYLIST, PRESENT, facts=FACTS), POLICY, NOW)
    assert verdict.record.facts == FACTS
    assert verdict.events == ()


def test_an_observation_without_facts_keeps_the_old_ones() -> None:
    verdict = judge(LIVING, Observation(PLAYLIST, None, PRESENT), POLICY, NOW)
    assert verdict.record.facts == FACTS
    assert verdict.events == ()


OLD = Facts("Title", "UC1", "Owner", 10, ("age",), ChannelNames("UC9", "@nine"))
WHOLE = Facts("T", "U", "O", 1, (), ChannelNames("C"))


@pytest.mark.parametrize(
    ("new", "after"),
    [
        pytest.param(Facts(), OLD, id="nothing known"),
        pytest.param(Facts(title=""), OLD, id="an empty title"),
        pytest.param(Facts(owner_id="", owner_title=""), OLD, id="an empty owner"),
        pytest.param(Facts(title="Other"), replace(OLD, title="Other"), id="a title"),
        pytest.param(Facts(item_count=0), replace(OLD, item_count=0), id="no items is a value"),
        pytest.param(Facts(restrictions=()), replace(OLD, restrictions=()), id="no restrictions is a value"),
        pytest.param(Facts(title="  Title\n"), OLD, id="white space"),
        pytest.param(Facts(title="title"), replace(OLD, title="title"), id="case is the owner's choice"),
        pytest.param(WHOLE, WHOLE, id="all"),
    ],
)  # fmt: skip
def test_a_missing_fact_never_overwrites_a_stored_one(new: Facts, after: Facts) -> None:
    assert merge_facts(OLD, new) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Aurélien Géron", "Aurélien Géron", id="decomposed"),
        pytest.param("Linear  Algebra", "Linear Algebra", id="two spaces"),
        pytest.param("Linear Algebra", "Linear\u00a0Algebra ", id="no-break space"),
        pytest.param("Linear\tAlgebra\n", "Linear Algebra", id="tab and line end"),
        pytest.param("I ❤ algebra", "I ❤\ufe0f algebra", id="a variation selector"),
        pytest.param("Linear Algebra", "Linear\u200b Al\u00adgebra", id="zero-width space, soft hyphen"),
        pytest.param("Linear Algebra", "\u202aLinear\u200e Algebra\u202c", id="marks of direction"),
        pytest.param(
            "Linear Algebra (1)", "Ｌｉｎｅａｒ Ａｌｇｅｂｒａ（１）".replace("（", " （"), id="full-width forms"
        ),
        pytest.param("Linear Algebra", "Linear\u3000Algebra", id="ideographic space"),
        pytest.param('It\'s "easy"', "It’s “easy”", id="typographic quotes"),
        pytest.param("Part 1 - Vectors", "Part 1 – Vectors", id="dashes"),
        pytest.param("Q&A", "Q&amp;A", id="an entity"),
    ],
)
def test_a_title_that_looks_the_same_is_no_new_title(before: str, after: str) -> None:
    verdict = judge(
        replace(LIVING, facts=Facts(title=before)),
        Observation(PLAYLIST, PRESENT, facts=Facts(title=after)),
        POLICY,
        NOW,
    )
    assert verdict.record.facts.title == before
    assert verdict.events == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [("Algebra 1", "Algebra 2"), ("x² and y", "x2 and y"), ("Algebra", "algebra"), ("A+B", "AB"), ("Café", "Cafe")],
)
def test_a_title_that_looks_different_is_a_new_title(before: str, after: str) -> None:
    record = replace(LIVING, facts=Facts(title=before))
    verdict = judge(record, Observation(PLAYLIST, PRESENT, facts=Facts(title=after)), POLICY, NOW)
    assert [(event.kind, event.before, event.after) for event in verdict.events] == [
        (EventKind.RETITLED, before, after)
    ]


@pytest.mark.parametrize(
    ("old", "new", "event"),
    [
        (Facts(title="A"), Facts(title="B"), Event(EventKind.RETITLED, "A", "B")),
        (Facts(), Facts(title="B"), None),
        (Facts(item_count=10), Facts(item_count=12), Event(EventKind.GROWN, "10", "12")),
        (Facts(item_count=10), Facts(item_count=9), Event(EventKind.SHRUNK, "10", "9")),
        (Facts(item_count=10), Facts(item_count=0), Event(EventKind.EMPTIED, "10", "0")),
        (Facts(item_count=0), Facts(item_count=3), Event(EventKind.GROWN, "0", "3")),
        (Facts(item_count=10), Facts(item_count=10), None),
        (Facts(), Facts(item_count=0), None),
        (Facts(owner_id="UC1"), Facts(owner_id="UC2"), Event(EventKind.OWNER_CHANGED, "UC1", "UC2")),
        (
            Facts(owner_id="UC1", owner_title="A"),
            Facts(owner_id="UC2", owner_title="B"),
            Event(EventKind.OWNER_CHANGED, "A", "B"),
        ),
        (Facts(owner_id="UC1", owner_title="A"), Facts(owner_id="UC1", owner_title="B"), None),
        (Facts(owner_title="A"), Facts(owner_title="A", owner_id="UC1"), None),
        (Facts(restrictions=()), Facts(restrictions=("age",)), Event(EventKind.RESTRICTED, "", "age")),
        (
            Facts(restrictions=("age",)),
            Facts(restrictions=("age", "blocked:DE,FR")),
            Event(EventKind.RESTRICTED, "age", "age blocked:DE,FR"),
        ),
        (Facts(restrictions=("age",)), Facts(restrictions=()), Event(EventKind.UNRESTRICTED, "age", "")),
        (Facts(), Facts(restrictions=("age",)), None),
        (Facts(restrictions=("age",)), Facts(restrictions=("age",)), None),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Event) else "",
)
def test_changes(old: Facts, new: Facts, event: Event | None) -> None:
    """A change is compared with what was known before; a channel that renames itself is still the same owner."""
    assert events_between(old, new) == (() if event is None else (event,))


def watched(oembed: Answer, before: ResourceRecord | None) -> Verdict:
    """A video asked about without a key."""
    facts = {UNAUTHORIZED: Facts(restrictions=(EMBEDDING_HINT,)), PRESENT: Facts(title="Optimization")}[oembed]
    return judge(before, Observation(VIDEO, None, oembed, facts), POLICY, NOW)


def with_restrictions(*words: str) -> ResourceRecord:
    return replace(LIVING, facts=replace(FACTS, title="Optimization", restrictions=words))


def test_the_hint_of_a_401_is_an_event_and_ends_with_the_next_200() -> None:
    hinted = watched(UNAUTHORIZED, with_restrictions())
    assert hinted.events == (Event(EventKind.RESTRICTED, "", EMBEDDING_HINT),)
    assert watched(UNAUTHORIZED, hinted.record).events == ()
    lifted = watched(PRESENT, hinted.record)
    assert lifted.record.facts.restrictions == ()
    assert lifted.events == (Event(EventKind.UNRESTRICTED, EMBEDDING_HINT, ""),)


def test_a_200_ends_no_restriction_but_the_hint() -> None:
    assert watched(PRESENT, with_restrictions("age", EMBEDDING_HINT)).record.facts.restrictions == ("age",)


def test_a_hint_is_added_to_what_the_api_reported() -> None:
    assert watched(UNAUTHORIZED, with_restrictions("age")).record.facts.restrictions == ("age", EMBEDDING_HINT)


def test_a_hint_at_a_stored_restriction_is_no_event() -> None:
    verdict = watched(UNAUTHORIZED, with_restrictions("embedding"))
    assert verdict.record.facts.restrictions == ("embedding",)
    assert verdict.events == ()


# What holds for every sequence of observations.

GAPS = st.sampled_from([timedelta(), timedelta(minutes=10), 5 * HOUR, 6 * HOUR, DAY])
TELLING = st.builds(
    Facts,
    title=st.sampled_from([None, "", "A", "B"]),
    owner_id=st.sampled_from([None, "UC1", "UC2"]),
    item_count=st.sampled_from([None, 0, 1, 7]),
    restrictions=st.sampled_from([None, (), ("age",), (EMBEDDING_HINT,)]),
)
MISSES = [(ABSENT, NONE), (ABSENT, UNAUTHORIZED), (ABSENT, None), (None, ABSENT), (None, FORBIDDEN)]
SILENCES = [(None, NONE), (NONE, NONE)]
SIGHTS = [(PRESENT, None), (None, PRESENT)]
GONE = [(ABSENT, ABSENT), (ABSENT, FORBIDDEN)]
ANY = [*MISSES, *SILENCES, *SIGHTS, *GONE, (ABSENT, PRESENT)]


@st.composite
def observations(draw: st.DrawFn, answers: list[Answers]) -> Observation:
    observation = Observation(PLAYLIST, *draw(st.sampled_from(answers)))
    return replace(observation, facts=draw(TELLING)) if weigh(observation) is Evidence.PRESENT else observation


def histories(answers: list[Answers]) -> st.SearchStrategy[History]:
    return st.lists(st.tuples(GAPS, observations(answers)), max_size=20)


POLICIES = st.builds(Policy, confirm_strikes=st.integers(1, 4), confirm_spacing=st.sampled_from([HOUR, 6 * HOUR]))


def judged(history: History, policy: Policy, before: ResourceRecord | None = None) -> list[Verdict]:
    """The verdicts of a history, one after the other."""
    found, now = [], NOW
    for gap, observation in history:
        now += gap
        found.append(judge(before, observation, policy, now))
        before = found[-1].record
    return found


@given(histories([*SIGHTS, *SILENCES]), POLICIES)
def test_a_resource_that_every_answer_shows_is_never_suspect_nor_unavailable(history: History, policy: Policy) -> None:
    states = {verdict.record.state for verdict in judged(history, policy)}
    assert states <= {State.UNKNOWN, State.AVAILABLE}


@given(histories(ANY), st.sampled_from(GONE), POLICIES)
def test_a_resource_that_both_endpoints_miss_is_unavailable_at_once(
    history: History, gone: tuple[Answer, Answer], policy: Policy
) -> None:
    known = judged([*history, (DAY, Observation(PLAYLIST, *gone))], policy)[-1].record
    assert known.state is UNAVAILABLE
    assert known.reason is not None


@given(histories([*MISSES, *SILENCES, *SIGHTS, (ABSENT, PRESENT)]), POLICIES)
def test_one_endpoint_alone_needs_the_missed_checks_and_their_spacing(history: History, policy: Policy) -> None:
    history = [(timedelta(), Observation(PLAYLIST, PRESENT)), *history]
    now, misses = NOW, list[datetime]()
    for (gap, observation), verdict in zip(history, judged(history, policy), strict=True):
        now += gap
        evidence = weigh(observation)
        if evidence in {Evidence.PRESENT, Evidence.CONFLICTING}:
            misses = []
        elif evidence is Evidence.UNCONFIRMED_ABSENT and (not misses or now - misses[-1] >= policy.confirm_spacing):
            misses.append(now)
        confirmed = len(misses) >= policy.confirm_strikes
        assert (verdict.record.state is UNAVAILABLE) == confirmed


@given(histories(ANY), POLICIES)
def test_judging_the_same_observation_twice_at_the_same_time_changes_nothing(history: History, policy: Policy) -> None:
    now, before = NOW, None
    for gap, observation in history:
        now += gap
        before = judge(before, observation, policy, now).record
        again = judge(before, observation, policy, now)
        assert (again.record, again.events) == (before, ())


@given(histories(ANY), POLICIES)
def test_times_events_and_evidence_agree_in_every_history(history: History, policy: Policy) -> None:
    now, before = NOW, None
    for (gap, observation), verdict in zip(history, judged(history, policy), strict=True):
        now += gap
        known, was = verdict.record, State.UNKNOWN if before is None else before.state
        answered = weigh(observation) is not Evidence.NONE
        assert known.last_checked == (now if answered else before.last_checked if before else None)
        if answered:
            assert (known.api, known.oembed) == (observation.api, observation.oembed)
        if verdict.quiet:
            assert before is not None
            assert verdict.events == ()
            assert known == replace(before, last_checked=now, last_available=now)
        assert (known.reason is not None) == (known.state is UNAVAILABLE)
        assert len(set(kinds(verdict))) == len(verdict.events)
        moved = {DIED, SUSPECTED, RECOVERED}.intersection(kinds(verdict))
        first_time_alive = (was, known.state) == (State.UNKNOWN, AVAILABLE)
        assert bool(moved) == (known.state is not was and not first_time_alive)
        assert known.state_since == (now if known.state is not was or before is None else before.state_since)
        before = known
