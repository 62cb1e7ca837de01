"""The daemon's process: one ticking job, signals, the sign of life and the dashboard around the work."""

import logging
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from apscheduler.events import EVENT_JOB_SUBMITTED
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from linkwatch.daemon.context import DaemonContext
from linkwatch.daemon.heartbeat import Heartbeat
from linkwatch.daemon.leader import this_process
from linkwatch.daemon.scheduler import Scheduler
from linkwatch.daemon.systemd import READY, STOPPING, ServiceManager
from linkwatch.errors import LinkwatchError
from linkwatch.settings import Settings
from linkwatch.store.schema import open_database

TICK_INTERVAL = 5
"""Seconds between two looks at what is due."""


class DashboardServer(Protocol):
    """A dashboard."""

    @property
    def url(self) -> str:
        """Where it answers."""

    def start(self) -> None:
        """Serve, in threads of its own.

        Raises:
            UsageError: The address is not to be had.
        """

    def stop(self) -> None:
        """Serve no more."""


class DaemonProcess:
    """One daemon in this process.

    Args:
        scheduler: The work.
        dashboard: Served while this daemon leads.
        heartbeat: Its sign of life.
        manager: Who started us, perhaps.
        say: Takes the log.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        dashboard: DashboardServer,
        heartbeat: Heartbeat,
        manager: ServiceManager,
        say: Callable[[str], None],
    ) -> None:
        self._scheduler = scheduler
        self._dashboard = dashboard
        self._manager = manager
        self._say = say
        self._heartbeat = heartbeat
        self._ticker = BlockingScheduler(timezone=UTC)
        self._reload_wanted = False
        self._serves = False
        self._waits = False
        self._terminated = False
        self._fault: BaseException | None = None

    def run(self) -> None:
        """Work until a signal says to stop.

        The job runs in the main thread, where a signal interrupts it as Ctrl-C does a check: what was learned is kept.

        Raises:
            UsageError: The dashboard's address is not to be had.
            KeyboardInterrupt: Somebody pressed Ctrl-C; a SIGTERM is how it is meant to end.
        """
        signal.signal(signal.SIGHUP, self._on_hangup)
        signal.signal(signal.SIGTERM, self._on_terminate)
        # APScheduler logs each run of the job, every few seconds, and what it raises, which is our own to tell.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._ticker.add_executor(DebugExecutor())
        self._ticker.add_job(
            self._tick,
            "interval",
            seconds=TICK_INTERVAL,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        # Not from within the job: APScheduler is still busy with it then.
        self._ticker.add_listener(self._after_tick, EVENT_JOB_SUBMITTED)
        self._heartbeat.start(self._scheduler.renew)
        try:
            self._ticker.start()
        except KeyboardInterrupt as error:
            self._fault = error
        finally:
            self._end()
        if self._fault is not None and not self._terminated:
            raise self._fault

    def _tick(self) -> None:
        try:
            if self._reload_wanted:
                self._reload_wanted = False
                self._scheduler.reload()
                self._manager.tell(READY)
            self._heartbeat.note()
            leads = self._scheduler.lead()
            self._serve(leads)
            if leads:
                self._scheduler.turn()
        except (KeyboardInterrupt, LinkwatchError) as error:  # APScheduler would swallow it
            self._fault = error

    def _after_tick(self, _event: object) -> None:
        if self._fault is not None:
            self._ticker.shutdown(wait=False)

    def _serve(self, leads: bool) -> None:
        """Show the dashboard while this daemon leads, and tell the service manager how it stands."""
        if leads and not self._serves:
            self._dashboard.start()
            self._serves = True
            self._say("this daemon leads")
            self._say(f"the dashboard: {self._dashboard.url}")
            self._manager.tell(READY)
        elif self._serves and not leads:
            self._dashboard.stop()
            self._serves = False
        elif not leads and not self._waits:
            self._say("another daemon works on this database; this one waits for its turn")
            self._manager.tell(READY)
        self._waits = not leads
        self._manager.tell_status(self._status() if leads else "waits for its turn")

    def _status(self) -> str:
        states = self._scheduler.schedules()
        times = [state.next_check_at for state in states if state.next_check_at is not None]
        return f"{len(states)} schedules, next check {min(times):%Y-%m-%d %H:%M} UTC" if times else "nothing to watch"

    def _on_hangup(self, _signal: int, _frame: object) -> None:
        self._manager.tell_reloading()
        self._reload_wanted = True

    def _on_terminate(self, _signal: int, _frame: object) -> None:
        self._terminated = True
        raise KeyboardInterrupt

    def _end(self) -> None:
        self._manager.tell(STOPPING)
        self._heartbeat.stop()
        if self._serves:
            self._dashboard.stop()
        try:
            self._scheduler.stop()
        except LinkwatchError as error:  # the lease runs out by itself
            self._say(error.message)
        self._say("stopped; what was learned is kept")


def run_daemon(
    settings: Settings,
    named: Sequence[str],
    *,
    load: Callable[[], Settings],
    context: DaemonContext,
    dashboard: Callable[[Scheduler], DashboardServer],
) -> None:
    """Run the daemon in this process until it is told to stop.

    Args:
        settings: To begin with.
        named: The lists of the command line.
        load: Reads the settings anew.
        context: Time, the network, and where words go.
        dashboard: Makes the dashboard of a daemon.

    Raises:
        LinkwatchError: It can't begin: a list, the database, or the dashboard's address.
    """
    with open_database(settings.database_url) as database:
        manager = ServiceManager(os.environ)
        heartbeat = Heartbeat(manager, context.say)
        context = replace(context, alive=heartbeat.note)
        scheduler = Scheduler(settings, named, database=database, holder=this_process(), load=load, context=context)
        DaemonProcess(scheduler, dashboard(scheduler), heartbeat, manager, context.say).run()
