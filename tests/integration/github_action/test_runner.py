"""What is written for the runner stays what it is, whatever is in it."""

from pathlib import Path

import pytest
from integration.github_action.action_step import parse_outputs

from linkwatch.github_action.runner import MAX_SUMMARY, Runner


@pytest.mark.parametrize("value", ["", "a", "two\nlines", "EOF\ndead=9\nname<<EOF", "a<<b\nb"])
def test_an_output_cannot_end_itself(tmp_path: Path, value: str) -> None:
    file = tmp_path / "output"
    runner = Runner({"GITHUB_OUTPUT": str(file)})
    runner.output("first", value)
    runner.output("second", "x")
    assert parse_outputs(file.read_text("utf-8")) == {"first": value, "second": "x"}


def test_a_message_is_one_command(capfd: pytest.CaptureFixture[str]) -> None:
    Runner({}).annotate("warning", "100 %\r\n::error::faked")
    assert capfd.readouterr().out == "::warning title=linkwatch::100 %25%0D%0A::error::faked\n"


def test_quoted_text_is_no_workflow_command(capfd: pytest.CaptureFixture[str]) -> None:
    Runner({}).quote("Error: x\n::error::faked\n")
    first, *said, last = capfd.readouterr().out.splitlines()
    assert said == ["Error: x", "::error::faked"]
    assert first == f"::stop-commands::{last.strip(':')}"
    assert len(last) > 20, "nobody guesses it"


def test_a_secret_is_masked_where_somebody_takes_the_command_out_of_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    Runner({}).mask("a-key")
    Runner({"GITHUB_ACTIONS": "true"}).mask("")
    assert capfd.readouterr().out == ""
    Runner({"GITHUB_ACTIONS": "true"}).mask("a-key")
    assert capfd.readouterr().out == "::add-mask::a-key\n"


def test_without_the_files_of_a_runner_nothing_is_written() -> None:
    Runner({}).output("dead", 1)
    Runner({}).summarise("all is well")


def test_a_summary_is_what_github_takes_and_says_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    runner = Runner({"GITHUB_STEP_SUMMARY": str(file)})
    lines = [f"- [ ] “{number}” {'é' * 50}" for number in range(20_000)]
    runner.summarise("\n".join(lines) + "\n")
    shown = file.read_text("utf-8").splitlines()
    assert MAX_SUMMARY - 500 < file.stat().st_size <= MAX_SUMMARY
    kept = len(shown) - 2
    assert shown[:kept] == lines[:kept]
    assert shown[-1].startswith(f"{20_000 - kept:,} more lines are in the report files")


def test_a_short_summary_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    text = "x" * (MAX_SUMMARY - 1) + "\n"
    Runner({"GITHUB_STEP_SUMMARY": str(file)}).summarise(text)
    assert file.read_text("utf-8") == text
