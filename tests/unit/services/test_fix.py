"""Planning the fixes of several lists: one that can't be fixed safely is left, the others are fixed."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.report.model import Finding
from linkwatch.services import fix
from linkwatch.services.lists import read_named_lists
from linkwatch.services.offline_report import report_lists_only
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
    assert fix.write_fixes(planned, Settings()) == {}
    assert [each.refusal.message if each.refusal else None for each in planned] == [
        "a.txt: is left as it is: with the canonical URLs other links would be read from it",
        None,
    ]
    assert Path("a.txt").read_text() == TRACKED
    assert Path("b.md").read_text() == "https://youtu.be/jNQXAC9IVRw"


CANONICAL = "https://www.youtube.com/watch?v=jNQXAC9IVRw"
OTHER = "https://www.youtube.com/playlist?list=PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fine.md", f"- [Zoo]({CANONICAL})\n"),
        ("url.md", f"- [Zoo]({TRACKED})\n- [Course]({OTHER})\n"),
        ("exact.md", f"- [Zoo]({CANONICAL})\n- [Zoo]({CANONICAL})\n"),
        ("exact-once-canonical.md", f"- [Zoo]({CANONICAL})\n- [Zoo]({TRACKED})\n"),
        ("other-label.md", f"- [Zoo]({CANONICAL})\n- [Elephants]({CANONICAL})\n"),
        ("one-of-three.md", f"- [Zoo]({CANONICAL})\n- [Zoo]({CANONICAL})\n- [Elephants]({CANONICAL})\n"),
        ("left-to-a-person.md", f"{TRACKED}请看\n"),
        ("ignored.md", f"- [Zoo]({TRACKED}) <!-- linkwatch: ignore uncanonical -->\n"),
        ("rows.csv", f"url,label\n{TRACKED},Zoo\n{TRACKED},Zoo\n{OTHER},Course\n"),
        ("page.html", f'<a href="{TRACKED}">Zoo</a>\n<a href="{TRACKED}">Zoo</a>\n'),
    ],
)
def test_as_many_findings_are_fixable_as_a_fix_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)

    def findings() -> list[Finding]:
        read = read_named_lists([name], Settings(), allow_empty=False)
        report = report_lists_only(read.catalogue, settings=Settings(), now=datetime(2026, 11, 22, tzinfo=UTC))
        return [finding for finding in report.findings if finding.rule in {rules.UNCANONICAL, rules.DUPLICATE}]

    before = findings()
    fixable = fix.count_fixable(before, Settings())
    fix.write_fixes(fix.plan_fixes([name], Settings(), stdin=io.BytesIO()), Settings())
    assert fixable == len(before) - len(findings())


def test_what_can_not_be_read_again_and_what_is_acknowledged_is_not_fixable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(TRACKED)
    read = read_named_lists(["a.md"], Settings(), allow_empty=False)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    (finding,) = report_lists_only(read.catalogue, settings=Settings(), now=now).findings
    assert fix.count_fixable([finding], Settings()) == 1
    ack = Acknowledgement("jNQXAC9IVRw", None, "it is meant so", now)
    assert fix.count_fixable([replace(finding, acknowledged=ack)], Settings()) == 0
    piped = replace(finding, links=tuple(msgspec.structs.replace(link, file="-") for link in finding.links))
    assert fix.count_fixable([piped], Settings()) == 0
    Path("a.md").unlink()
    assert fix.count_fixable([finding], Settings()) == 0
