"""A life: what was and what is so, from when to when."""

from msgspec.structs import replace
from unit.report.making import DAY, LONG_AGO, OTHER, PLAYLIST, RUN_AT, YESTERDAY, living, missing, unanswered
from unit.report.resource.telling import KNOWN, LOOK, checked, life_of, video

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import Reason, State
from linkwatch.models.records import Span
from linkwatch.report.resource.model import Attribute, Period


def test_what_was_goes_over_into_what_is() -> None:
    span = Span("title", "Calculus III", LONG_AGO, YESTERDAY)
    life = life_of(spans=[span], present_since={"title": RUN_AT})
    assert life.periods[Attribute.TITLE] == [
        Period("Calculus III", LONG_AGO, YESTERDAY),
        Period("Calculus 3", RUN_AT, None),
    ]


def test_what_never_was_otherwise_was_so_from_the_beginning() -> None:
    assert life_of().periods == {
        Attribute.STATE: [Period("available", LONG_AGO, None)],
        Attribute.TITLE: [Period("Calculus 3", LONG_AGO, None)],
        Attribute.OWNER: [Period("Leonard UC1", LONG_AGO, None)],
        Attribute.COUNT: [Period("2", LONG_AGO, None)],
        Attribute.RESTRICTIONS: [Period("", LONG_AGO, None)],
    }


def test_what_was_never_told_has_no_time() -> None:
    life = life_of(unanswered(), look=None, members=[])
    assert {trait for trait, periods in life.periods.items() if periods} == {Attribute.STATE}
    assert not life.has_lost_its_title


def test_a_reason_stands_after_its_state() -> None:
    life = life_of(missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND))
    assert life.periods[Attribute.STATE][-1].value == "unavailable not_found"


def test_what_was_purged_stays_as_a_time_without_a_value() -> None:
    gone = life_of(missing(State.UNAVAILABLE, title=None), spans=[Span("title", None, LONG_AGO, YESTERDAY)])
    assert gone.periods[Attribute.TITLE] == [Period(None, LONG_AGO, YESTERDAY)]
    assert gone.has_lost_its_title


def test_a_time_without_answers_is_told_apart() -> None:
    life = life_of(spans=[Span("unanswered", None, LONG_AGO, YESTERDAY)])
    assert life.silences == [Period(None, LONG_AGO, YESTERDAY)]


def test_the_last_checks_have_their_states() -> None:
    life = life_of(checks=checked(State.AVAILABLE, None))
    assert life.checks == [(RUN_AT - DAY, State.AVAILABLE), (RUN_AT, None)]


def test_who_is_in_it_and_who_has_left() -> None:
    left = video(3, left_at=RUN_AT)
    inside = life_of(members=[video(1), video(2), left]).inside
    assert inside is not None
    assert (inside.members, inside.left) == ([video(1), video(2)], [left])


def test_what_nobody_has_looked_into_has_no_inside() -> None:
    assert life_of(look=None, members=[]).inside is None
    assert life_of(look=LOOK._replace(inspected_at=None, due=True), members=[]).inside is None


def test_only_its_own_acknowledgements_are_told() -> None:
    mine = Acknowledgement(PLAYLIST.id, None, "known", RUN_AT)
    acks = [Acknowledgement(OTHER.id, None, "x", RUN_AT), mine, replace(mine, id=None)]
    assert life_of(acks=acks).acks == [mine]


def test_a_living_title_is_not_lost() -> None:
    assert not life_of(KNOWN).has_lost_its_title
    assert life_of(living(None)).has_lost_its_title
