"""Lists in any of their formats → `Link`. Knows YouTube only by `embeds`, the syntaxes of ids without a URL.

`read` is the entry point (`read_lists`, `read_files`, `read_file`). `files` expands what the user names,
`ignored_files` says which files of a folder are left out, `unread_files` counts what has no reader. `content` examines
the bytes (their encoding, and whether there can be a link in them), `decoding` decodes them, `formats` lists the
formats and defines their `Reader`. There is a reader for each format:

    csv_reader · markdown_reader · html_reader · json_reader · notebook_reader · text_reader

`csv_records` and `csv_columns` belong to the first, `csv_list` changes the rows of a list in the database; `json_ids`
belongs to that of JSON.

The readers share `urls` (URLs in running text), `document` (headings, sections, owners, positions), `comments`
(that ignore links), `comments_and_code` (what is no text) and `json_tree` (JSON with positions). What a link is
called is told by its own text, or by what is around it: `mappings` (YAML, TOML, objects), `line_labels` (list items,
lines and rows), `headings` (of plain-text markups, and BibTeX) and `element_titles` (XML). `changed_lines` asks git
which lines are new.
"""

from linkwatch.models.link import Link
from linkwatch.sources.files import FileSelection, ListFile, find_files, list_files
from linkwatch.sources.formats import Format
from linkwatch.sources.read import read_file, read_files, read_lists, read_met_file

__all__ = [
    "FileSelection",
    "Format",
    "Link",
    "ListFile",
    "find_files",
    "list_files",
    "read_file",
    "read_files",
    "read_lists",
    "read_met_file",
]
