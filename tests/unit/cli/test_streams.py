"""What a line of a log begins with."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkwatch.cli.streams import log_time

NOW = datetime(2026, 11, 28, 9, 5, 7, tzinfo=UTC)


def test_the_time_is_left_to_the_journal_that_reads_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "stderr").open("w") as stderr:
        monkeypatch.setattr("sys.stderr", stderr)
        status = os.fstat(stderr.fileno())
        monkeypatch.delenv("JOURNAL_STREAM", raising=False)
        assert log_time(NOW) == "2026-11-28 09:05:07 "
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        assert log_time(NOW) == ""
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino + 1}")
        assert log_time(NOW) == "2026-11-28 09:05:07 ", "standard error was redirected to a file"


def test_a_closed_standard_error_is_no_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    assert log_time(NOW) == "2026-11-28 09:05:07 "
