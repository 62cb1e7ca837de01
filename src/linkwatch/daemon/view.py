"""The daemon as the dashboard sees it: with connections to the database of its own, so that no check waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.daemon.api import DaemonApi, Progress, ScheduleState
from linkwatch.models.resource import Resource
from linkwatch.services.lists import ReadLists
from linkwatch.settings import Settings
from linkwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class DaemonView:
    """A daemon with another handle of its database."""

    daemon: DaemonApi
    database: Database

    @property
    def settings(self) -> Settings:
        return self.daemon.settings

    @property
    def settings_problem(self) -> str | None:
        return self.daemon.settings_problem

    def schedules(self) -> Sequence[ScheduleState]:
        return self.daemon.schedules()

    def read(self, state: ScheduleState) -> ReadLists:
        return self.daemon.read(state)

    def progress(self) -> Progress | None:
        return self.daemon.progress()

    def heartbeat(self) -> datetime | None:
        return self.daemon.heartbeat()

    def request_check(self, schedule: str, resource: Resource | None = None) -> None:
        self.daemon.request_check(schedule, resource)

    def refresh_stored_lists(self) -> None:
        self.daemon.refresh_stored_lists()

    def set_paused(self, schedule: str, *, paused: bool) -> None:
        self.daemon.set_paused(schedule, paused=paused)
