import pytest

from bench.peers.__main__ import BEGIN, DOCUMENT, END, renewed
from bench.peers.cases import Case, Fate
from bench.peers.reading import Verdict
from bench.peers.tables import Cost, cost_table, mark, trouble_table, verdict_table, winners

LIVES = Case("watch", Fate.ALIVE, "https://a")
SHORT = Case("youtu.be", Fate.ALIVE, "https://b")
UNEMBEDDED = Case("watch", Fate.NO_EMBEDDING, "https://c")
GONE = Case("watch", Fate.FORGOTTEN, "https://d")
LINKS = (GONE, LIVES, SHORT, UNEMBEDDED)
TRUTH = {LIVES.url: Verdict.ALIVE, SHORT.url: Verdict.ALIVE, UNEMBEDDED.url: Verdict.ALIVE, GONE.url: Verdict.BROKEN}
CREDULOUS = dict.fromkeys(TRUTH, Verdict.ALIVE)


def test_a_verdict_is_right_wrong_or_unsure() -> None:
    assert [mark(LIVES, verdict) for verdict in Verdict] == ["✓", "✗", "?"]
    assert [mark(GONE, verdict) for verdict in Verdict] == ["✗", "✓", "?"]


def test_shapes_that_fare_alike_share_a_row() -> None:
    assert verdict_table({"one": TRUTH, "two": CREDULOUS}, LINKS).splitlines() == [
        "| true state | URL form | one | two |",
        "| --- | --- | --- | --- |",
        "| available | `watch`, `youtu.be` | ✓ | ✓ |",
        "| deleted, no thumbnail | `watch` | ✓ | ✗ |",
        "| available, embedding off | `watch` | ✓ | ✓ |",
        "|  | right, in all | 4 of 4 | 3 of 4 |",
    ]


def test_a_shape_that_fares_otherwise_has_a_row_of_its_own() -> None:
    rows = verdict_table({"one": TRUTH | {SHORT.url: Verdict.UNSURE}}, LINKS).splitlines()
    assert rows[2:4] == ["| available | `watch` | ✓ |", "| available | `youtu.be` | ? |"]


def test_costs_are_medians_beside_what_was_found() -> None:
    verdicts = TRUTH | {SHORT.url: Verdict.BROKEN, UNEMBEDDED.url: Verdict.UNSURE}
    cost = Cost(seconds=[9.0, 1.0, 2.0], cpu=[0.1, 0.3, 0.2], requests=[1000, 1002, 1001], verdicts=verdicts)
    assert cost_table({"one": cost}, LINKS).splitlines() == [
        "|  | seconds | requests | CPU seconds | of 1 dead, found | of 3 available, called broken | no verdict |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| one | 2.0 | 1,001 | 0.2 | 1 | 1 | 1 |",
    ]


def test_troubles_are_counted() -> None:
    alive = (LIVES, SHORT)
    verdicts = {LIVES.url: Verdict.BROKEN, SHORT.url: Verdict.UNSURE}
    found = {"an outage": {"one": (verdicts, 12.4), "two": (CREDULOUS, 0.6)}}
    assert trouble_table(found, alive).splitlines() == [
        "|  | one | two |",
        "| --- | --- | --- |",
        "| an outage | 1 ✗, 1 ? (12 s) | 2 ✓ (1 s) |",
    ]


def test_the_winners_are_named_with_what_they_win() -> None:
    careless = Cost([0.5], [0.1], [90], CREDULOUS)
    costs = {"one": Cost([2.0], [0.3], [100], TRUTH), "two": careless, "three": careless}
    shaken = {**TRUTH, LIVES.url: Verdict.UNSURE}
    troubles = {"an outage": {"one": (shaken, 9.0), "two": ({**CREDULOUS, LIVES.url: Verdict.BROKEN}, 0.1)}}
    assert winners(costs, LINKS, {"one": TRUTH, "two": CREDULOUS}, LINKS, troubles).splitlines()[2:] == [
        "| fastest | two; three | 0.5 s |",
        "| fastest of those without a wrong verdict | one | 2 s |",
        "| fewest requests | two; three | 90 requests |",
        "| least CPU | two; three | 0.1 s |",
        "| most dead links found | one | 1 of 1 |",
        "| most URL forms and states right | one | 4 of 4 |",
        "| an outage: fewest wrong, then most right | one | 1 right, 0 wrong |",
    ]


def test_the_document_keeps_what_stands_around_the_tables() -> None:
    once = renewed(f"before\n{BEGIN}\nold\n{END}\nafter\n", "new")
    assert once == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert renewed(once, "new") == once
    with pytest.raises(SystemExit, match="marks"):
        renewed("before\nafter\n", "new")


def test_the_document_has_the_marks() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert renewed(document, "new") != document
