"""Many workers on one PostgreSQL: the calls of a check are jobs, which any `linkwatch worker` takes.

    who plans:     a check as ever, but for its calls    engine.Workers hands them out, and gathers what came of them
    who works:     worker.run_worker                     batches.Batches makes one call, and judges and remembers it

Who waits for whom, and who is gone, is Procrastinate's; what counts, and that it counts once, is the store's.
"""
