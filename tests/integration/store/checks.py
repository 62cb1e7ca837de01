"""How these tests check without a network: what the witnesses say is written down, judged and remembered."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, select

from linkwatch.models.observation import Answer, Facts, Observation
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.database import Database
from linkwatch.store.resources import load_resources, save_verdicts
from linkwatch.store.runs import finish_run, insert_run
from linkwatch.store.tables import metadata, resources
from linkwatch.verdict.judge import judge
from linkwatch.verdict.policy import Policy

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PLAYLIST = Resource(Kind.PLAYLIST, "PLaaaaaaaaaaaaaaaa")
VIDEO = Resource(Kind.VIDEO, "aaaaaaaaaaA")
CHANNEL = Resource(Kind.CHANNEL, "UC1234567890123456789012")
HANDLE = Resource(Kind.CHANNEL, "@handle")


def seen(
    resource: Resource = PLAYLIST, title: str = "A title", count: int | None = 10, owner: str = "UC1"
) -> Observation:
    facts = Facts(title=title, owner_id=owner, owner_title=f"Owner {owner}", item_count=count, restrictions=())
    return Observation(resource, api=Answer.PRESENT, facts=facts)


def gone(resource: Resource = PLAYLIST) -> Observation:
    return Observation(resource, api=Answer.ABSENT, oembed=Answer.ABSENT)


def missed(resource: Resource = PLAYLIST) -> Observation:
    return Observation(resource, api=Answer.ABSENT, oembed=Answer.NONE)


def begun(connection: Connection, now: datetime = NOW) -> int:
    return insert_run(connection, scope="list.csv", source="data-api", now=now)


def learn(connection: Connection, run_id: int, observations: Iterable[Observation], now: datetime) -> None:
    """Judge and remember, as a check does."""
    said = {observation.resource: observation for observation in observations}
    before = load_resources(connection, said)
    judgements = {
        resource: judge(before[resource].record if resource in before else None, observation, Policy(), now)
        for resource, observation in said.items()
    }
    save_verdicts(connection, run_id, before, judgements, now)


def check(database: Database, now: datetime, *observations: Observation) -> int:
    """One check, from its begin to its end; returns the run."""
    with database.write() as connection:
        run_id = begun(connection, now)
        learn(connection, run_id, observations, now)
        finish_run(connection, run_id, now=now, units=1, incomplete_reason=None, held=False, note=None)
    return run_id


def row_of(database: Database, resource: Resource = PLAYLIST) -> RowMapping:
    with database.read() as connection:
        mine = (resources.c.kind == resource.kind) & (resources.c.youtube_id == resource.id)
        return connection.execute(select(resources).where(mine)).mappings().one()


def everything(database: Database) -> dict[str, list[RowMapping]]:
    """Every row of every table."""
    with database.read() as connection:
        return {
            name: list(connection.execute(select(table).order_by(*table.primary_key)).mappings())
            for name, table in metadata.tables.items()
        }


def places_of(database: Database, text: str) -> list[str]:
    """`table.column` of every cell that holds a text."""
    return sorted(
        {
            f"{table}.{column}"
            for table, rows in everything(database).items()
            for row in rows
            for column, value in row.items()
            if text in str(value)
        }
    )
