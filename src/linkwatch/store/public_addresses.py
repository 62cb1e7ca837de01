"""The secrets in the addresses of public pages. They are stored as they are: linkwatch shows the addresses."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from linkwatch.store.tables import public_addresses


def load_public_secrets(connection: Connection) -> dict[str, str]:
    """The secret of each schedule that has one, by the key of the schedule."""
    return {row.schedule: row.secret for row in connection.execute(select(public_addresses))}


def save_public_secrets(connection: Connection, secrets: Iterable[tuple[str, str]]) -> None:
    """Give schedules new secrets; the addresses with their former ones lead nowhere any more.

    Args:
        connection: A transaction that writes.
        secrets: Keys of schedules, and their secrets.
    """
    for schedule, secret in secrets:
        connection.execute(delete(public_addresses).where(public_addresses.c.schedule == schedule))
        connection.execute(public_addresses.insert(), {"schedule": schedule, "secret": secret})
