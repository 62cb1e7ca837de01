"""The file is changed where it must be, and stays as people wrote it everywhere else."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.acknowledgements.toml_read import parse_acks
from linkwatch.acknowledgements.toml_write import changed_text, new_text, write_text
from linkwatch.errors import SettingsError, UsageError
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, AckKey, Acknowledgement
from linkwatch.models.rules import Rule

NOW = datetime(2026, 11, 22, 10, 0, 0, 123_000, UTC)
ONE, TWO, CHANNEL = "PL49CF3715CB9EF31D", "PLF797E961509B4EB5", "UC00000000000000000TestA"
MALFORMED = "https://www.youtube.com/watch?v=short"
ALIASES = {"@test": CHANNEL}

REVIEWED = f"""\
# What we know of.

# The author moves it.
[[ack]]
id = "{ONE}"  # the old one
rule = "dead"
reason = "it moves"   # she wrote so
until = 2026-12-31
accepted = 2026-11-01

# Two courses, one list.
[[ack]]
rule = "duplicate"
reason = "meant so"

[[ack]]
# a channel
reason = "sold"
id = "@test"

# The end.
"""


def ack(
    id_: str | None = ONE, rule: Rule | None = rules.DEAD, reason: str = "known", until: date | None = None
) -> Acknowledgement:
    return Acknowledgement(id_, rule, reason, NOW, until)


def changed(*accepted: Acknowledgement, text: str = REVIEWED, removed: set[AckKey] | None = None) -> str:
    return changed_text(text, "acks.toml", accepted=accepted, removed=removed or set(), aliases=ALIASES, now=NOW)


def test_a_new_file_reads_as_what_was_written() -> None:
    acks = [ack(), ack(None, rules.DUPLICATE, until=NOW.date()), ack(MALFORMED, None), ack("@test", None)]
    text = new_text(acks)
    assert parse_acks(text, "acks.toml", NOW) == acks
    assert text.startswith("# Acknowledged findings of linkwatch.")
    assert [list(entry) for entry in tomllib.loads(text)["ack"]] == [
        ["id", "rule", "reason", "accepted"],
        ["rule", "reason", "until", "accepted"],
        ["url", "reason", "accepted"],
        ["id", "reason", "accepted"],
    ]


def test_an_entry_is_five_lines_that_a_reviewer_can_read() -> None:
    text = new_text([ack(until=date(2026, 12, 31))])
    assert text.partition("\n\n")[2] == (
        f'[[ack]]\nid = "{ONE}"\nrule = "dead"\nreason = "known"\nuntil = 2026-12-31\n'
        "accepted = 2026-11-22T10:00:00.123Z\n"
    )


def test_what_was_accepted_without_a_date_is_written_without_one() -> None:
    undated = Acknowledgement(ONE, None, "known", UNDATED)
    assert parse_acks(new_text([undated]), "acks.toml", NOW) == [undated]
    assert "accepted =" not in new_text([undated])


def test_a_new_one_goes_to_the_end_and_all_else_stays() -> None:
    text = changed(ack(TWO))
    assert text.startswith(REVIEWED)
    assert text.removeprefix(REVIEWED).startswith(f'\n[[ack]]\nid = "{TWO}"\n')


@pytest.mark.parametrize("text", ["", "# nothing yet", "# nothing yet\n", "[[ack]]\nrule = 'dead'\nreason = 'x'"])
def test_a_new_one_goes_into_any_file(text: str) -> None:
    before = parse_acks(text, "acks.toml", NOW)
    assert parse_acks(changed(ack(), text=text), "acks.toml", NOW) == [*before, ack()]


def test_one_about_the_same_is_changed_in_its_place() -> None:
    text = changed(ack(reason="it has moved"))
    assert text == REVIEWED.replace('"it moves"', '"it has moved"').replace("until = 2026-12-31\n", "").replace(
        "2026-11-01", "2026-11-22T10:00:00.123Z"
    )
    assert changed(ack(reason="it has moved"), text=text) == text


def test_what_is_put_into_an_entry_stays_below_its_header_and_above_the_next_comment() -> None:
    lines = changed(ack(None, rules.DUPLICATE, until=date(2027, 1, 1))).split("\n")
    at = lines.index('rule = "duplicate"')
    assert lines[at - 2 : at + 6] == [
        "# Two courses, one list.",
        "[[ack]]",
        'rule = "duplicate"',
        'reason = "known"',
        "until = 2027-01-01",
        "accepted = 2026-11-22T10:00:00.123Z",
        "",
        "[[ack]]",
    ]


def test_an_entry_that_names_a_handle_is_about_its_channel() -> None:
    text = changed(ack(CHANNEL, None, "sold again"))
    assert 'id = "@test"' in text
    assert CHANNEL not in text
    assert "# a channel" in text
    assert 'reason = "sold again"' in text


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ((ONE, rules.DEAD), slice(3, 10)),
        ((None, rules.DUPLICATE), slice(11, 15)),
        ((CHANNEL, None), slice(15, 20)),
    ],
    ids=["the first", "in the middle", "the last, by its handle"],
)
def test_removing_an_entry_leaves_the_comments_of_others(key: AckKey, gone: slice) -> None:
    lines = REVIEWED.split("\n")
    del lines[gone]
    assert changed(removed={key}) == "\n".join(lines)


def test_all_entries_can_be_removed() -> None:
    text = changed(removed={(ONE, rules.DEAD), (None, rules.DUPLICATE), (CHANNEL, None)})
    assert text == "# What we know of.\n\n# The author moves it.\n# Two courses, one list.\n# The end.\n"


def test_line_ends_stay() -> None:
    text = REVIEWED.replace("\n", "\r\n")
    assert changed(removed={(None, rules.DUPLICATE)}, text=text).count("\r\n") == text.count("\r\n") - 4
    for whole in (changed(ack(reason="it has moved"), text=text), changed(ack(TWO), text=text)):
        assert whole.count("\n") == whole.count("\r\n") > text.count("\r\n") - 2


@pytest.mark.parametrize(
    "text",
    [
        'ack = [{ rule = "dead", reason = "x" }]\n',
        f'[[ack]]\nid = "{ONE}"\nreason = """\n[[ack]]\n"""\n',
    ],
    ids=["an inline array", "a header within a text"],
)
def test_what_can_not_be_changed_safely_is_left_to_its_author(text: str) -> None:
    with pytest.raises(SettingsError, match="not written as"):
        changed(ack(TWO), text=text)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ONE, TWO, CHANNEL, MALFORMED]),
            st.sampled_from([None, rules.DEAD, rules.DUPLICATE]),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip),
            st.booleans(),
        ),
        unique_by=lambda each: each[:2],
    ),
    st.sets(st.integers(0, 11)),
)
def test_whatever_is_written_is_read_and_only_what_is_removed_goes(
    entries: list[tuple[str, Rule | None, str, bool]], removed: set[int]
) -> None:
    """Reasons hold quotes, line ends and control characters."""
    acks = [ack(id_, rule, reason, NOW.date() if dated else None) for id_, rule, reason, dated in entries]
    text = ""
    for one in acks:
        text = changed(one, text=text)
    assert parse_acks(text, "acks.toml", NOW) == acks
    gone = {one.key for at, one in enumerate(acks) if at in removed}
    rest = changed(text=text, removed=gone)
    assert parse_acks(rest, "acks.toml", NOW) == [one for one in acks if one.key not in gone]


def test_a_file_is_written_whole_through_a_link_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("old")
    (tmp_path / "acks.toml").symlink_to("real.toml")
    write_text(str(tmp_path / "acks.toml"), "new é\r\n")
    assert (tmp_path / "real.toml").read_bytes() == "new é\r\n".encode()
    assert (tmp_path / "acks.toml").is_symlink()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["acks.toml", "real.toml"]


def test_a_file_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere/acks\.toml: No such file"):
        write_text(str(tmp_path / "nowhere" / "acks.toml"), "new")
