"""`linkwatch notify`."""

import os

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.errors import UsageError
from linkwatch.services.notify import describe_failure, send_pending
from linkwatch.settings import Settings


@click.group("notify")
def command() -> None:
    """Send the notifications that wait, or a test message; who is told stands in the settings, as [[notify]].

    \b
    Example:
      linkwatch notify test
    """


@command.command("test", short_help="Send a test message to everybody.")
@common_options
def test(common: CommonOptions) -> int:
    """Send a test message to everybody whom the settings name, and say what came of it.

    \b
    Example:
      linkwatch notify test
    """
    from linkwatch.notifications.apprise_transport import apprise_delivery
    from linkwatch.notifications.urls import NotSentError
    from linkwatch.store.outbox import Message, Tone

    settings = _with_targets(common.settings)
    deliver = apprise_delivery(os.environ, allow_private=settings.allow_private)
    failed = False
    for target in settings.notify:
        body = f"This is a test. What is new in your lists will be told here, to {target.name}."
        try:
            deliver(target, Message("test", target.name, Tone.INFO, "linkwatch: a test message", body))
        except NotSentError as error:
            failed = True
            click.echo(f"{_mark(works=False)}  {target.name}: {error.why}")
        else:
            click.echo(f"{_mark(works=True)}  {target.name}: sent")
    return ExitCode.INCOMPLETE if failed else ExitCode.OK


@command.command("send", short_help="Send what waits.")
@click.option("--retry", is_flag=True, help="At once, and what was given up as well.")
@common_options
def send(common: CommonOptions, retry: bool) -> int:
    """Send the notifications that wait; every check does so by itself.

    \b
    Example:
      linkwatch notify send --retry
    """
    from linkwatch.clock import utc_now
    from linkwatch.store.outbox import retry_unsent
    from linkwatch.store.schema import open_database

    settings = _with_targets(common.settings)
    with open_database(settings.database_url) as database:
        if retry:
            with database.write() as connection:
                retry_unsent(connection, utc_now())
        attempts = send_pending(settings, database)
    for attempt in attempts:
        if common.quiet and attempt.failure is None:
            continue
        said = describe_failure(attempt) if attempt.failure else f"{attempt.target}: sent: {attempt.title}"
        click.echo(f"{_mark(works=attempt.failure is None)}  {said}")
    if not attempts and not common.quiet:
        click.echo("Nothing is to be sent now.")
    return ExitCode.INCOMPLETE if any(attempt.failure for attempt in attempts) else ExitCode.OK


def _with_targets(settings: Settings) -> Settings:
    if not settings.notify:
        raise UsageError(
            "the settings name nobody to be told",
            remedy="Add a [[notify]] table to linkwatch.toml: README.md, “Notifications”.",
        )
    return settings


def _mark(*, works: bool) -> str:
    return click.style("ok     ", fg="green") if works else click.style("problem", fg="red")
