"""linkwatch: are the YouTube links in your lists still available, and still what their labels say?

The package is a pipe; data goes one way, and each stage is a folder that can be read alone:

    sources → catalogue → planner → youtube → verdict  → store → report → notifications
    lists     resources   calls     ask       evaluate   save    render   send

`models/` has the values that the stages share. `services/` has a module per use case; `cli/`, `daemon/`, `web/`,
`workers/` and `github_action/` call them; `simulator/` is a simulated YouTube. See `docs/architecture.md`.
"""

__version__ = "0.2.0"
