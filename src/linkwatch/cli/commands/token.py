"""`linkwatch token`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, common_options


@click.group("token")
def command() -> None:
    """End the sessions of the dashboard. The token itself is LINKWATCH_DASHBOARD_TOKEN, where the daemon runs.

    \b
    Example:
      linkwatch token revoke
    """


@command.command("revoke", short_help="End all sessions of the dashboard.")
@common_options
def revoke(common: CommonOptions) -> int:
    """End all sessions of the dashboard: everybody has to log in again, within a few seconds.

    Whoever knows the token can do so; to lock them out, also set another token and restart the daemon.

    \b
    Example:
      linkwatch token revoke
    """
    from linkwatch.services.dashboard import revoke_sessions

    revoke_sessions(common.settings, datetime.now(UTC))
    if not common.quiet:
        click.echo("All sessions of the dashboard have ended.")
    return 0
