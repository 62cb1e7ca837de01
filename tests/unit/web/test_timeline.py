"""The line of time of one resource: its events, those of its members, and what was accepted."""

from datetime import timedelta

from unit.report.builders import DAY, LONG_AGO, PLAYLIST, RUN_AT, YESTERDAY
from unit.report.resource.histories import change, event, history_of, video

from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.web.pages.resources import TimelineEntry, timeline


def test_everything_that_happened_is_reported_newest_first() -> None:
    history = history_of(
        events=[event(EventKind.SHRUNK, "3", "2", YESTERDAY), event(EventKind.DIED, "available", "unavailable")],
        changes=[
            change(MemberChangeKind.REMOVED, video(3), YESTERDAY),
            change(MemberChangeKind.ADDED, video(2), YESTERDAY - DAY),
        ],
        acks=[Acknowledgement(PLAYLIST.id, rules.SHRUNK, "so be it", RUN_AT + timedelta(minutes=1))],
    )
    assert [(moment.tone, moment.label) for moment in timeline(history)] == [
        ("notice", "acknowledged"),
        ("error", "died"),
        ("warning", "shrunk"),
        ("warning", "“Vectors”"),
        ("available", "“Vectors”"),
        ("notice", "first seen"),
    ]


def test_a_change_says_what_happened_and_where() -> None:
    history = history_of(changes=[change(MemberChangeKind.DELETED, video(3, title=None))])
    assert timeline(history)[0] == TimelineEntry(RUN_AT, "error", "video 0000000003A", "deleted (number 3)")


def test_an_acceptance_that_is_over_has_its_end_too_and_one_without_a_date_no_beginning() -> None:
    ended = Acknowledgement(PLAYLIST.id, rules.DEAD, None, UNDATED, ended_at=RUN_AT)
    assert [moment.label for moment in timeline(history_of(acks=[ended]))] == ["acknowledgement ended", "first seen"]


def test_a_life_begins_when_it_was_first_seen() -> None:
    assert [moment.at for moment in timeline(history_of(look=None, members=()))] == [LONG_AGO]
