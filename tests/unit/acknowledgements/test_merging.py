"""The file is the truth where there is one; what a check saw ended outranks it."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from linkwatch.acknowledgements.matching import merge_acknowledgements
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement

AT = datetime(2026, 11, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = AT + DAY
ONE = Acknowledgement("PL00000000000000000000000000COURSE", rules.DEAD, "known", AT)
TWO = Acknowledgement(None, rules.DUPLICATE, "meant so", LATER)
CHANNEL = "UC00000000000000000TestA"


def test_without_a_file_the_store_is_what_counts() -> None:
    ended = replace(TWO, ended_at=LATER)
    assert merge_acknowledgements(None, [ONE, ended], {}) == [ONE, ended]


def test_with_a_file_only_its_entries_count() -> None:
    assert merge_acknowledgements([TWO], [ONE], {}) == [TWO]
    assert merge_acknowledgements([], [ONE, TWO], {}) == []


def test_the_file_says_why_and_until_when() -> None:
    corrected = replace(ONE, reason="another reason", until=LATER.date())
    assert merge_acknowledgements([corrected], [ONE], {}) == [corrected]


def test_what_ended_after_it_was_accepted_stays_ended_though_the_file_lists_it() -> None:
    stored = replace(ONE, ended_at=LATER)
    assert merge_acknowledgements([ONE], [stored], {}) == [stored]
    at_once = replace(ONE, ended_at=AT)
    assert merge_acknowledgements([ONE], [at_once], {}) == [at_once]


def test_what_was_acknowledged_again_after_it_had_ended_counts() -> None:
    again = replace(ONE, accepted_at=LATER + DAY)
    assert merge_acknowledgements([again], [replace(ONE, ended_at=LATER)], {}) == [again]


def test_what_ended_is_another_one_when_its_rule_or_id_differs() -> None:
    other = replace(ONE, rule=rules.SUSPECT)
    assert merge_acknowledgements([other], [replace(ONE, ended_at=LATER)], {}) == [other]


def test_an_entry_without_a_date_stays_ended_until_it_gets_one() -> None:
    undated, stored = replace(ONE, accepted_at=UNDATED), replace(ONE, ended_at=LATER)
    (found,) = merge_acknowledgements([undated], [stored], {})
    assert found.ended_at == LATER


def test_a_handle_is_the_channel_that_it_was_resolved_to() -> None:
    by_handle, by_id = replace(ONE, id="@test"), replace(ONE, id=CHANNEL)
    aliases = {"@test": CHANNEL}
    assert merge_acknowledgements([by_handle], [], aliases) == [by_id]
    assert merge_acknowledgements([by_handle], [replace(by_id, ended_at=LATER)], aliases) == [
        replace(by_id, ended_at=LATER)
    ]
    assert merge_acknowledgements([by_handle], [], {}) == [by_handle]


def test_of_two_about_the_same_the_last_accepted_counts() -> None:
    by_handle, by_id = replace(ONE, id="@test", accepted_at=LATER), replace(ONE, id=CHANNEL)
    assert merge_acknowledgements([by_handle, by_id], [], {"@test": CHANNEL}) == [replace(by_id, accepted_at=LATER)]
