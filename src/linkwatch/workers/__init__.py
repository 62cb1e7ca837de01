"""Workers: processes that make the calls of checks together, on one PostgreSQL database (`linkwatch worker`).

The planner, a daemon or a worker, makes a check as usual, but `executor` distributes its calls as jobs of Procrastinate
and collects their outcomes. A worker makes one call a job, evaluates the answer, and saves the outcome. Procrastinate
detects dead workers; the store sees to it that each call counts once.

- executor: the planner's side: distribute, wait, collect
- batch: the worker's side: one call
- outcome: what a worker saves of a call for the planner
- tasks: the jobs of a worker
- process: the process of a worker: signals, and restarts when the connection is lost
- start: settings → a worker, or the context of a daemon with workers
- queue: names of the queues, enqueueing, the server's clock
- schema: Procrastinate's tables
"""
