"""The diff is one that `patch` takes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from linkwatch.fix.patch import unified_diff
from linkwatch.fix.plan import lines_of

lines = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["\n", "\n", "\r\n", "\r"]), st.sampled_from("==-+"))
)


def applied(before: str, diff: list[str]) -> str:
    """What becomes of a text, as `patch` reads a diff."""
    old = re.findall(r"[^\n]*\n|[^\n]+", before)
    new: list[str] = []
    at, mark = 0, ""
    for line in "".join(diff).split("\n")[2:-1]:
        if hunk := re.fullmatch(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@", line):
            begin = int(hunk[1]) - (hunk[2] != "0")
            new += old[at:begin]
            at = begin
            assert len(new) == int(hunk[3]) - (hunk[4] != "0")
        elif line.startswith("\\"):
            changed = new if mark != "-" else []
            changed[-1:] = [text.removesuffix("\n") for text in changed[-1:]]
        else:
            mark = line[0]
            if mark != "+":
                assert old[at].removesuffix("\n") == line[1:]
                at += 1
            if mark != "-":
                new.append(line[1:] + "\n")
    new += old[at:]
    assert all(line.endswith("\n") for line in new[:-1]), "only the last line may have no end"
    return "".join(new)


@given(lines, st.booleans())
def test_a_diff_makes_the_new_text_of_the_old_one(said: list[tuple[str, str, str]], ends: bool) -> None:
    before = "".join(text + end for text, end, _ in said) + ("" if ends else "x")
    old = lines_of(before)
    becomes = [becomes for *_, becomes in said] + ["="]
    new = ["" if to == "-" else f"new {line}" if to == "+" else line for line, to in zip(old, becomes, strict=False)]
    diff = list(unified_diff("f", old, new))
    assert applied(before, diff) == "".join(new)
    assert bool(diff) == (list(old) != new)


def test_changes_far_apart_are_hunks_of_their_own() -> None:
    before = [f"{number}\n" for number in range(20)]
    after = ["x\n" if number in {4, 10, 19} else "" if number == 18 else line for number, line in enumerate(before)]
    heads = [line for line in unified_diff("f", before, after) if line.startswith("@@")]
    assert heads == ["@@ -2,13 +2,13 @@\n", "@@ -16,5 +16,4 @@\n"]


def test_what_is_empty_begins_behind_the_line_before_it() -> None:
    assert list(unified_diff("f", ["a\n"], [""]))[2:] == ["@@ -1,1 +0,0 @@\n", "-a\n"]


def test_a_missing_line_end_is_marked() -> None:
    assert list(unified_diff("f", ["a"], ["b"]))[3:] == [
        "-a", "\n\\ No newline at end of file\n", "+b", "\n\\ No newline at end of file\n",
    ]  # fmt: skip


def test_a_name_that_would_end_early_is_quoted() -> None:
    assert next(unified_diff("a b.md", ["a"], ["b"])) == "--- a b.md\t\n"
    assert next(unified_diff('a\n"b".md', ["a"], ["b"])) == '--- "a\\012\\"b\\".md"\n'
