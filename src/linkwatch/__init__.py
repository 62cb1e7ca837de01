"""linkwatch: are the YouTube links of your lists alive, and still what their labels say?

The package is a pipe; data goes one way, and each stage is a folder that can be read alone:

    sources → catalogue → plan → probe → verdict → store → report
     lists    resources   calls  YouTube  judge   remember  show

`check.py` runs it once, with every collaborator an argument; `wiring.py` makes the collaborators from the settings;
`cli/` is the shell around them and `simulator/` a YouTube of our own. `docs/architecture.md` walks through it.
"""

__version__ = "0.1.0"
