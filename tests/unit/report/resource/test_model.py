"""A history: what was and what is so, from when to when."""

from msgspec.structs import replace
from unit.report.builders import DAY, LONG_AGO, OTHER, PLAYLIST, RUN_AT, YESTERDAY, living, missing, unanswered
from unit.report.resource.histories import KNOWN, LOOK, checked, history_of, video

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import Reason, State
from linkwatch.models.records import Span
from linkwatch.report.resource.model import Attribute, Period


def test_what_was_goes_over_into_what_is() -> None:
    span = Span("title", "Calculus III", LONG_AGO, YESTERDAY)
    history = history_of(spans=[span], present_since={"title": RUN_AT})
    assert history.periods[Attribute.TITLE] == [
        Period("Calculus III", LONG_AGO, YESTERDAY),
        Period("Calculus 3", RUN_AT, None),
    ]


def test_what_never_was_otherwise_was_so_from_the_beginning() -> None:
    assert history_of().periods == {
        Attribute.STATE: [Period("available", LONG_AGO, None)],
        Attribute.TITLE: [Period("Calculus 3", LONG_AGO, None)],
        Attribute.OWNER: [Period("Leonard UC1", LONG_AGO, None)],
        Attribute.COUNT: [Period("2", LONG_AGO, None)],
        Attribute.RESTRICTIONS: [Period("", LONG_AGO, None)],
    }


def test_what_was_never_known_has_no_time() -> None:
    history = history_of(unanswered(), look=None, members=[])
    assert {trait for trait, periods in history.periods.items() if periods} == {Attribute.STATE}
    assert not history.title_was_purged


def test_a_reason_stands_after_its_state() -> None:
    history = history_of(missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND))
    assert history.periods[Attribute.STATE][-1].value == "unavailable not_found"


def test_what_was_purged_stays_as_a_time_without_a_value() -> None:
    gone = history_of(missing(State.UNAVAILABLE, title=None), spans=[Span("title", None, LONG_AGO, YESTERDAY)])
    assert gone.periods[Attribute.TITLE] == [Period(None, LONG_AGO, YESTERDAY)]
    assert gone.title_was_purged


def test_a_time_without_answers_is_a_period_of_its_own() -> None:
    history = history_of(spans=[Span("unanswered", None, LONG_AGO, YESTERDAY)])
    assert history.unanswered == [Period(None, LONG_AGO, YESTERDAY)]


def test_the_last_checks_have_their_states() -> None:
    history = history_of(checks=checked(State.AVAILABLE, None))
    assert history.checks == [(RUN_AT - DAY, State.AVAILABLE), (RUN_AT, None)]


def test_who_is_in_it_and_who_has_left() -> None:
    left = video(3, left_at=RUN_AT)
    inside = history_of(members=[video(1), video(2), left]).contents
    assert inside is not None
    assert (inside.members, inside.former_members) == ([video(1), video(2)], [left])


def test_what_nobody_has_looked_into_has_no_inside() -> None:
    assert history_of(look=None, members=[]).contents is None
    assert history_of(look=LOOK._replace(inspected_at=None, due=True), members=[]).contents is None


def test_only_its_own_acknowledgements_are_reported() -> None:
    mine = Acknowledgement(PLAYLIST.id, None, "known", RUN_AT)
    acks = [Acknowledgement(OTHER.id, None, "x", RUN_AT), mine, replace(mine, id=None)]
    assert history_of(acks=acks).acknowledgements == [mine]


def test_a_living_title_is_not_lost() -> None:
    assert not history_of(KNOWN).title_was_purged
    assert history_of(living(None)).title_was_purged
