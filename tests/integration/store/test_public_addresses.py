"""The secrets in the addresses of public pages."""

from linkwatch.store.database import Database
from linkwatch.store.public_addresses import load_public_secrets, save_public_secrets


def test_a_new_secret_takes_the_place_of_the_former_one_of_that_schedule_alone(database: Database) -> None:
    with database.write() as connection:
        save_public_secrets(connection, [("courses", "first"), ("talks", "second")])
        save_public_secrets(connection, [("courses", "third")])
    with database.read() as connection:
        assert load_public_secrets(connection) == {"courses": "third", "talks": "second"}
