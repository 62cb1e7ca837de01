"""What a long list would fill the memory with, in temporary files: sequences, and where a key appears in them.

Up to `IN_MEMORY` items everything is in tuples and dictionaries, as if this were not here; what is beyond is read back
a thousand items at a time, in the order in which it was written, or by its number. The files have no name, lie where
`TMPDIR` says, and go with the values that stand on them.
"""

from linkwatch.spool.index import SpooledIndex, SpooledMapping
from linkwatch.spool.sequence import Spool, concatenate, is_long, sorted_spool, spooled

__all__ = ["Spool", "SpooledIndex", "SpooledMapping", "concatenate", "is_long", "sorted_spool", "spooled"]
