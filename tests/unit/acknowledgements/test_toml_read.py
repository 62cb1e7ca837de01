"""linkwatch-acks.toml → acknowledgements; what is wrong in it is named by file and line."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linkwatch.acknowledgements.toml_read import parse_acks, read_acks
from linkwatch.errors import SettingsError
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ID = "PL49CF3715CB9EF31D"
FINE = f'[[ack]]\nid = "{ID}"\nreason = "known"\n'


def parsed(text: str) -> list[Acknowledgement]:
    return parse_acks(text, "acks.toml", NOW)


def only(text: str) -> Acknowledgement:
    (ack,) = parsed(text)
    return ack


def entry(**values: str) -> str:
    """An entry of these values, as they are written in TOML; the reason is given unless it is said."""
    pairs = {"id": f'"{ID}"', "reason": '"known"'} | values
    return "\n".join(("[[ack]]", *(f"{key} = {value}" for key, value in pairs.items() if value))) + "\n"


def test_an_entry_says_what_why_until_when_and_since_when() -> None:
    text = entry(rule='"dead"', until="2026-12-31", accepted="2026-11-22T09:00:00.25Z")
    when = datetime(2026, 11, 22, 9, 0, 0, 250_000, UTC)
    assert only(text) == Acknowledgement(ID, rules.DEAD, "known", when, date(2026, 12, 31))


def test_entries_keep_their_order_and_an_empty_file_has_none() -> None:
    text = entry() + entry(id="", rule='"duplicate"') + entry(rule='"dead"')
    assert [ack.key for ack in parsed(text)] == [(ID, None), (None, rules.DUPLICATE), (ID, rules.DEAD)]
    assert parsed("") == parsed("# nothing yet\n") == []


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        (f"https://m.youtube.com/playlist?list={ID}&si=x", ID),
        (f"SP{ID[2:]}", ID),
        ("https://www.youtube.com/@Test/videos", "@test"),
        ("@test", "@test"),
        ("https://youtu.be/jNQXAC9IVRw", "jNQXAC9IVRw"),
        ("https://www.youtube.com/watch?v=short", "https://www.youtube.com/watch?v=short"),
    ],
)
@pytest.mark.parametrize("key", ["id", "url"])
def test_an_id_or_url_is_what_the_findings_have(key: str, written: str, id_: str) -> None:
    assert only(entry(**{"id": "", key: f'"{written}"'})).id == id_


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T10:00:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T10:00:00+02:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-23T09:00:00Z", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("", UNDATED),
    ],
    ids=["a day", "no offset", "an offset", "a clock that is ahead", "none"],
)
def test_the_acceptance_is_in_utc(written: str, when: datetime) -> None:
    assert only(entry(accepted=written)).accepted_at == when


@pytest.mark.parametrize(
    ("text", "line", "said", "remedy"),
    [
        (entry(why='"x"'), 4, "unknown key 'why'", "Known keys: id, url, rule, reason, until, accepted"),
        (entry(rule='"deaad"'), 4, "unknown rule 'deaad'", "dead, malformed"),
        (entry(rule="[1]"), 4, "unknown rule [1]", "dead, malformed"),
        (entry(id='"short"'), 2, "'short' is not a YouTube URL or id", "For example"),
        (entry(id="", url='"https://example.com/"'), 3, "url: 'https://example.com/' is not a YouTube", "For example"),
        (entry(id="7"), 2, "7 is not a YouTube URL or id", "For example"),
        (entry(url='"@test"'), 4, "has an id and a url", "Keep one"),
        (entry(id=""), 1, "neither a resource nor a rule", "an id, a url or a rule"),
        (entry(reason=""), 1, "has no reason", "For example"),
        (entry(reason='"  "'), 3, "has no reason", "For example"),
        (entry(reason="7"), 3, "has no reason", "For example"),
        (entry(until='"2026-12-31"'), 4, "until: 2026-12-31 is not a date", "without quotes"),
        (entry(until="2026-12-31T10:00:00Z"), 4, "is not a date", "without quotes"),
        (entry(accepted='"yesterday"'), 4, "accepted: yesterday is not a date and time", "without quotes"),
        (entry(accepted="0001-01-01T00:00:00+10:00"), 4, "is not a date and time", "without quotes"),
        (entry(accepted="2062-11-22T10:00:00Z"), 4, "lies in the future", "Correct the date"),
        (entry(), 1, "acknowledges the same", "Remove one"),
        ('title = "x"\n', -2, "unknown key 'title'", "[[ack]]"),
        ("[ack]\n", -2, "must be an array of tables", "[[ack]]"),
        ("ack = [1]\n", -3, "an entry must be a table", "[[ack]]"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_line(text: str, line: int, said: str, remedy: str) -> None:
    """Below an entry that is fine; a negative line is one of a file without it."""
    before = "" if line < 0 else "# known\n" + FINE + "\n# and another\n"
    if said.startswith("acknowledges"):
        before, said = FINE, f"line 1 {said}"
    expected = {-2: 1, -3: 1}.get(line, before.count("\n") + line)
    with pytest.raises(SettingsError) as caught:
        parsed(before + text)
    assert caught.value.message.startswith(f"acks.toml:{expected}: ")
    assert said in caught.value.message
    assert remedy in caught.value.remedy


def test_a_text_that_is_not_toml_is_named_with_its_line() -> None:
    with pytest.raises(SettingsError, match=r"acks\.toml:2: not TOML: "):
        parsed("[[ack]]\nid = nothing\n")


def test_an_error_in_an_inline_array_has_its_line() -> None:
    with pytest.raises(SettingsError, match=r"acks\.toml:1: has no reason"):
        parsed('ack = [{ rule = "dead" }]\n')


def test_a_nul_is_no_reason_to_lose_the_others() -> None:
    """PostgreSQL keeps none."""
    (read,) = parsed(FINE.replace("known", r"a\u0000b"))
    assert read.reason == "a\ufffdb"


def test_a_missing_file_is_fine(tmp_path: Path) -> None:
    assert read_acks(str(tmp_path / "acks.toml"), NOW) is None
    assert read_acks(str(tmp_path / "nowhere" / "acks.toml"), NOW) is None


def test_a_file_is_read_with_any_line_ends_and_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "acks.toml"
    file.write_bytes(b"\xef\xbb\xbf" + FINE.replace("\n", "\r\n").encode())
    assert read_acks(str(file), NOW) == parsed(FINE)


def test_what_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="directory"):
        read_acks(str(tmp_path), NOW)
    (tmp_path / "acks.toml").write_bytes(b'reason = "\xff"')
    with pytest.raises(SettingsError, match=r"acks\.toml: not UTF-8"):
        read_acks(str(tmp_path / "acks.toml"), NOW)
