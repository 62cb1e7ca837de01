"""Sequences and mappings that move to temporary files when they grow long.

Up to `IN_MEMORY` items they are plain tuples and dictionaries; no caller needs to know which they got. What is in a
file is read back a thousand items at a time. The files have no name, lie in `TMPDIR`, and are closed with their values.

- sequence: `Spool` (grows by `append` and `extend`), `spooled`, `sorted_spool`, `concatenate`
- index: `positions_by_key`, `items_by_key`, `grouped_positions`
"""

from linkwatch.spool.index import KeyCodec, grouped_positions, items_by_key, positions_by_key
from linkwatch.spool.sequence import Spool, concatenate, sorted_spool, spooled

__all__ = [
    "KeyCodec",
    "Spool",
    "concatenate",
    "grouped_positions",
    "items_by_key",
    "positions_by_key",
    "sorted_spool",
    "spooled",
]
