"""Stage 1, READ: lists in any of their formats → `Link`. It knows nothing of YouTube.

`read_lists` is the door (reading.py). locations.py finds the files, decoding.py makes text of their bytes, formats.py
knows their extensions, and there is a reader for each format:

    csv_reader · markdown_reader · html_reader · json_reader · notebook_reader · text_reader

What they share: urls.py (URLs in running text), outline.py (sections, owners, labels), comments.py (what takes links
out), positions.py (lines and columns), json_tree.py (JSON that knows where it stands).
"""

from linkwatch.models.link import Link
from linkwatch.sources.files import ListFile, list_files
from linkwatch.sources.formats import Format
from linkwatch.sources.read import read_file, read_lists

__all__ = ["Format", "Link", "ListFile", "list_files", "read_file", "read_lists"]
