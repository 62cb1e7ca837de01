"""The use cases: each reads the settings and the store, asks YouTube where it must, and returns values.

Of one command each:
- check_lists: `linkwatch check`: ask YouTube about some lists, report, notify
- report, offline_report: `report`, from the store or from the lists alone
- plan: `plan`, and the calls and inspections that a check makes
- show: `show`, the history of one resource; diff: `diff`, what changed since a moment
- acknowledge: `ack`; init: `init`; fix: `fix`; doctor: `doctor`; database: `db`

A check:
- check: one check, from its plan to the finished run
- evaluate: judges observations and saves the verdicts
- missing: asks again about what the first endpoint reports missing, and applies the safety limit
- owners: whether the channels of what is missing are missing, too; handles: what renamed handles lead to now
- custom_names: what custom channel URLs lead to
- inspect: reads playlists; candidates: which may be inspected; video_states: the states of the videos that left
- tally: what a check gathers, and why it is incomplete
- context: what a check works with; dependencies: makes it from the settings
- executor: the interface of what makes the calls in other processes

Shared by several commands:
- lists: reads the lists that a command is given
- notify: queues and sends notifications
- help_pages: the pages of the documentation that are part of the package
- json_schemas: the schemas of the documents that scripts read
- schedules: what of the daemon's schedules is due; dashboard: what its pages show
- public: the addresses of the public pages of lists, and the videos that playlists lost
"""
