"""Planning the fixes of several lists: one that can't be fixed safely is left, the others are fixed."""

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from linkwatch.models.link import Link
from linkwatch.services import fix
from linkwatch.settings import Settings
from linkwatch.sources.document import Remark
from linkwatch.sources.embeds import Syntax
from linkwatch.sources.formats import Format, Reader, reader_for

TRACKED = "https://youtu.be/jNQXAC9IVRw?si=abc"


def reader_that_forgets_the_fixed_link(kind: Format, remark: Remark | None) -> Reader:
    read = reader_for(kind, remark)

    def forgetful(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = ()) -> Iterator[Link]:
        return (link for link in read(lines, file) if kind is not Format.TEXT or "si=" in link.url)

    return forgetful


def test_a_list_that_would_be_read_otherwise_is_left_and_named_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.md"):
        Path(name).write_text(TRACKED)
    monkeypatch.setattr(fix, "reader_for", reader_that_forgets_the_fixed_link)
    planned = fix.plan_fixes(["a.txt", "b.md"], Settings(), stdin=io.BytesIO())
    assert fix.write_fixes(planned) == {}
    assert [each.refusal.message if each.refusal else None for each in planned] == [
        "a.txt: is left as it is: with the canonical URLs other links would be read from it",
        None,
    ]
    assert Path("a.txt").read_text() == TRACKED
    assert Path("b.md").read_text() == "https://youtu.be/jNQXAC9IVRw"
