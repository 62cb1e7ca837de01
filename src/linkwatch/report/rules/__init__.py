"""The rules: their functions, each from what is known to findings. Their rows are in models/rules.py.

registry.py           the functions, and `find`, which calls them all
context.py            what a function is given
availability.py       dead, suspect, stale, unmonitorable
terminations.py       dead, of what a terminated channel had
restrictions.py       restricted
playlist_contents.py  emptied, hollow, misplaced
playlist_changes.py   shrunk, grown
changes.py            retitled, owner-changed by its owner
owners.py             owner-changed by what the list says
handles.py             owner-changed by a handle that leads to another channel
links.py              malformed, uncanonical
labels.py             mislabelled, duplicate
overlaps.py           overlap
label_words.py        how well a label fits a title
suggestions.py        what may replace a link

Every module here is imported, so that its functions are registered: a new rule needs a row and a function, no more.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
