"""The daemon: one process that checks lists by schedule, sends notifications and serves the dashboard.

process.py       the process: job, signals, heartbeat, dashboard
scheduler.py     does what is due
checks.py        runs one check
schedules.py     which schedules there are, and when each is next due; pure
list_watcher.py  reads lists again when they change on disk
leader.py        the lease: of several daemons on one database one is active
heartbeat.py     renews the lease from a thread of its own; systemd.py notifies the service manager
api.py           what the dashboard may ask of the daemon
context.py       clock, network and log of the process
"""
