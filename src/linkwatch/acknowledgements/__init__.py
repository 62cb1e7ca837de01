"""What somebody has looked at and accepted: between the store, which remembers it, and the report, which shows it.

acknowledgement.py   the value, and the key that is one's alone
merging.py           the file and the store → what counts
matching.py          which of them covers a finding
naming.py            a URL or id as people write it → the id that findings have
reading.py           `linkwatch-acks.toml` → acknowledgements; writing.py changes the file and loads tomlkit
blocks.py            where each entry stands in that file
"""

from linkwatch.models.acknowledgement import Acknowledgement

__all__ = ["Acknowledgement"]
