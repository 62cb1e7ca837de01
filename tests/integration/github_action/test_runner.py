"""What is written for the runner stays what it is, whatever is in it."""

from pathlib import Path

import pytest
from integration.github_action.action_step import parse_outputs

from linkwatch.github_action.runner import Runner


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
