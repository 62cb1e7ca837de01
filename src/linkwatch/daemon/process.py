"""The daemon's process: one job of APScheduler, signals, the heartbeat, and the dashboard."""

import logging
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.events import EVENT_JOB_SUBMITTED
from apscheduler.executors.debug import DebugExecutor
from apscheduler.job import Job
from apscheduler.schedulers.blocking import BlockingScheduler

from linkwatch.daemon.api import DaemonApi
from linkwatch.daemon.context import DaemonContext
from linkwatch.daemon.heartbeat import Heartbeat
from linkwatch.daemon.leader import this_process
from linkwatch.daemon.scheduler import Scheduler
from linkwatch.daemon.systemd import READY, STOPPING, ServiceManager
from linkwatch.daemon.view import DaemonView
from linkwatch.errors import LinkwatchError
from linkwatch.settings import Settings
from linkwatch.store.database import connect
from linkwatch.store.schema import open_database
from linkwatch.text import counted

TICK_INTERVAL = 5
"""Seconds between two calls of `Scheduler.run_due`."""


class DashboardServer(Protocol):
    """Serves the dashboard."""

    @property
    def url(self) -> str:
        """Where a browser finds it."""

    def start(self) -> None:
        """Serve in a thread of its own.

        Raises:
            UsageError: The address can't be bound.
        """

    def start_standby(self) -> None:
        """Answer probes alone: the process lives and is not the one that works. Nothing where the address is in use."""

    def stop(self) -> None:
        """Stop serving."""


class DaemonProcess:
    """One daemon in this process.

    Args:
        scheduler: Does the work.
        dashboard: Served while this daemon is the leader.
        heartbeat: Runs beside the work.
        manager: systemd, if it started this process.
        log: Writes one line.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        dashboard: DashboardServer,
        heartbeat: Heartbeat,
        manager: ServiceManager,
        log: Callable[[str], None],
    ) -> None:
        self._scheduler = scheduler
        self._dashboard = dashboard
        self._manager = manager
        self._log = log
        self._heartbeat = heartbeat
        self._ticker = BlockingScheduler(timezone=UTC)
        self._reload_requested = False
        self._is_serving = False
        self._on_standby = False
        self._is_ticking = False
        self._terminated = False
        self._fault: BaseException | None = None

    def run(self) -> None:
        """Work until a signal stops it.

        The job runs in the main thread, where a signal interrupts it as Ctrl-C interrupts a check: results so far are
        saved.

        Raises:
            UsageError: The dashboard's address can't be bound.
            KeyboardInterrupt: Ctrl-C was pressed; after SIGTERM it returns.
        """
        signal.signal(signal.SIGHUP, self._on_hangup)
        signal.signal(signal.SIGTERM, self._on_terminate)
        # APScheduler logs each run of the job, every few seconds, and the exceptions, which we report ourselves.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._ticker.add_executor(DebugExecutor())
        self._job = self._ticker.add_job(
            self._tick,
            "interval",
            seconds=TICK_INTERVAL,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        # Not within the job: APScheduler can't shut down during it.
        self._ticker.add_listener(self._after_tick, EVENT_JOB_SUBMITTED)
        self._heartbeat.start(self._beat)
        try:
            self._ticker.start()
        except KeyboardInterrupt as error:
            self._fault = error
        finally:
            self._end()
        if self._fault is not None and not self._terminated:
            raise self._fault

    def _beat(self) -> None:
        if not self._is_ticking:  # during a tick APScheduler's lock is held: the heartbeat would wait for the check
            follow_clock(self._job, datetime.now(UTC))
        self._scheduler.renew()

    def _tick(self) -> None:
        self._is_ticking = True
        try:
            if self._reload_requested:
                self._reload_requested = False
                self._scheduler.reload()
                self._manager.notify(READY)
            self._heartbeat.note_progress()
            is_leader = self._scheduler.become_leader()
            self._update(is_leader)
            if is_leader:
                self._scheduler.run_due()
        except (KeyboardInterrupt, LinkwatchError) as error:  # APScheduler would swallow it
            self._fault = error
        finally:
            self._is_ticking = False

    def _after_tick(self, _event: object) -> None:
        if self._fault is not None:
            self._ticker.shutdown(wait=False)

    def _update(self, is_leader: bool) -> None:
        """Serve the dashboard while this daemon is the leader, and notify systemd of the status."""
        if is_leader and not self._is_serving:
            self._dashboard.stop()  # the answers to probes, on standby
            self._dashboard.start()
            self._is_serving = True
            self._log("started (active)")
            self._log(f"dashboard: {self._dashboard.url}")
            self._manager.notify(READY)
        elif self._is_serving and not is_leader:
            self._dashboard.stop()
            self._is_serving = False
            self._dashboard.start_standby()
        elif not is_leader and not self._on_standby:
            self._dashboard.start_standby()
            self._log("another daemon is active on this database; this one is on standby")
            self._manager.notify(READY)
        self._on_standby = not is_leader
        self._manager.notify_status(self._status() if is_leader else "on standby")

    def _status(self) -> str:
        states = self._scheduler.schedules()
        times = [state.next_check_at for state in states if state.next_check_at is not None]
        if not times:
            return "no list to check"
        return f"{counted(len(states), 'schedule')}, next check {min(times):%Y-%m-%d %H:%M} UTC"

    def _on_hangup(self, _signal: int, _frame: object) -> None:
        self._manager.notify_reloading()
        self._reload_requested = True

    def _on_terminate(self, _signal: int, _frame: object) -> None:
        self._terminated = True
        raise KeyboardInterrupt

    def _end(self) -> None:
        self._manager.notify(STOPPING)
        self._heartbeat.stop()
        self._dashboard.stop()
        try:
            self._scheduler.stop()
        except LinkwatchError as error:  # the lease runs out by itself
            self._log(error.message)
        self._log("stopped; results so far are saved")


def follow_clock(job: Job, now: datetime) -> None:
    """Run a job now that waits for a time that it was given before the clock was set back.

    APScheduler stores the time of the next run: a clock that is set back by years would stop it for years.
    """
    if job.next_run_time - now > timedelta(seconds=2 * TICK_INTERVAL):
        job.modify(next_run_time=now)


def run_daemon(
    settings: Settings,
    named: Sequence[str],
    *,
    load: Callable[[], Settings],
    context: DaemonContext,
    dashboard: Callable[[DaemonApi], DashboardServer],
) -> None:
    """Run the daemon in this process until it is stopped.

    Args:
        settings: In force at the start.
        named: The lists of the command line.
        load: Loads the settings again.
        context: Clock, network and log.
        dashboard: Makes the dashboard.

    Raises:
        LinkwatchError: It can't start, because of a list, the database, or the address of the dashboard.
    """
    with open_database(settings.database_url) as database, connect(settings.database_url) as of_dashboard:
        manager = ServiceManager(os.environ)
        heartbeat = Heartbeat(manager, context.log)
        context = replace(context, on_progress=heartbeat.note_progress)
        scheduler = Scheduler(settings, named, database=database, holder=this_process(), load=load, context=context)
        view = DaemonView(scheduler, of_dashboard)
        DaemonProcess(scheduler, dashboard(view), heartbeat, manager, context.log).run()
