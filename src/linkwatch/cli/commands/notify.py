"""`linkwatch notify`."""

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import console_for, print_remark
from linkwatch.masking import mask
from linkwatch.services.notify import describe_failure, send_queued, send_test_messages


@click.group("notify")
def command() -> None:
    """Send pending notifications, or a test message. The recipients are the [[notify]] tables of the settings.

    \b
    Example:
      linkwatch notify test
    """


@command.command("test", short_help="Send a test message to every recipient.")
@common_options
def test(common: CommonOptions) -> int:
    """Send a test message to every recipient of the settings, and print which were sent.

    \b
    Example:
      linkwatch notify test
    """
    code = ExitCode.OK
    for name, failure in send_test_messages(common.settings):
        _print(f"{name}: {mask(failure or 'sent')}", works=failure is None)
        if failure is not None:
            code = ExitCode.INCOMPLETE
    return code


@command.command("send", short_help="Send pending notifications.")
@click.option("--retry", is_flag=True, help="Do not wait for the next try, and also send what was given up.")
@common_options
def send(common: CommonOptions, retry: bool) -> int:
    """Send pending notifications that are due. Every check does this too.

    \b
    Example:
      linkwatch notify send --retry
    """
    attempts = send_queued(common.settings, print_remark, retry=retry)
    for attempt in attempts:
        if common.quiet and attempt.failure is None:
            continue
        outcome = describe_failure(attempt) if attempt.failure else f"{attempt.target}: sent: {attempt.title}"
        _print(mask(outcome), works=attempt.failure is None)
    if not attempts and not common.quiet:
        click.echo("Nothing is due.")
    return ExitCode.INCOMPLETE if any(attempt.failure for attempt in attempts) else ExitCode.OK


def _print(text: str, *, works: bool) -> None:
    lead, style = ("ok       ", "good") if works else ("problem  ", "error")
    for line in console_for(None).paragraph(text, lead=lead, lead_style=style, indent=" " * len(lead)):
        click.echo(line)
