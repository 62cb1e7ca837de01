from datetime import timedelta

import pytest

from linkwatch.settings.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0s", timedelta()),
        ("30s", timedelta(seconds=30)),
        ("90m", timedelta(minutes=90)),
        ("6h", timedelta(hours=6)),
        (" 14 d ", timedelta(days=14)),
        ("2w", timedelta(weeks=2)),
        ("36500d", timedelta(days=36_500)),
    ],
)
def test_a_number_and_a_unit_are_a_length_of_time(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "7", "d", "1.5d", "-6h", "6 hours", "1d 2h", "٣d", "1D", "1234567s"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["36501d", "5215w", "876001h"])
def test_more_than_a_hundred_years_is_too_long(text: str) -> None:
    with pytest.raises(ValueError, match=r"^at most 36500d$"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(), "0d"),
        (timedelta(days=14), "14d"),
        (timedelta(hours=36), "36h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(seconds=61), "61s"),
    ],
)
def test_a_length_of_time_is_written_in_the_largest_unit_that_divides_it(length: timedelta, text: str) -> None:
    assert format_duration(length) == text
    assert parse_duration(text) == length
