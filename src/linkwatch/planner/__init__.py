"""Plan what to ask, in which order, and what it costs in quota units; pure.

- calls: resources → calls of at most 50 ids, within a budget
- due: which resources of some lists are due for a check
- inspections: which playlists to inspect
"""
