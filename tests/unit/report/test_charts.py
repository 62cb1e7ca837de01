"""The last checks at a glance: every check has its tick, and the words say the same."""

import pytest

from linkwatch.models.observation import State
from linkwatch.report.charts import TICK, bars_of

UP, DOUBT, GONE, UNKNOWN = State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE, State.UNKNOWN


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ((UP,) * 30, "30 of 30 checks available"),
        ((UP,), "1 of 1 check available"),
        ((UP,) * 29 + (None,), "29 of 30 checks available, 1 without answer"),
        ((UNKNOWN, DOUBT, GONE, GONE), "0 of 4 checks available, 1 suspect, 2 unavailable, 1 without answer"),
        ((State.UNMONITORABLE,) * 2, "0 of 2 checks available, 2 without answer"),
    ],
)
def test_a_bar_in_words(checks: tuple[State | None, ...], words: str) -> None:
    assert bars_of([checks])[checks].words == words


def test_each_state_has_a_layer_with_its_own_ticks() -> None:
    checks = (UP, UP, None, UP, GONE)
    assert TICK == 5
    assert bars_of([checks])[checks].layers == (
        ("available", "#0000 0 0px,var(--of-available) 0 10px,#0000 0 15px,var(--of-available) 0 20px,#0000 0"),
        ("unanswered", "#0000 0 10px,var(--of-unanswered) 0 15px,#0000 0"),
        ("unavailable", "#0000 0 20px,var(--of-unavailable) 0 25px,#0000 0"),
    )


def test_alike_histories_share_a_bar_and_others_have_a_name_of_their_own() -> None:
    bars = bars_of([(UP, UP), (UP, None), (UP, UP), ()])
    assert [bar.name for bar in bars.values()] == ["h0", "h1"]
