"""Notebooks: links of the cells' source, at their place in the file."""

import json
from typing import Any

import pytest

from linkwatch.errors import ListError
from linkwatch.sources.notebook_reader import read

URL = "https://youtu.be/x"


def notebook(*cells: tuple[str, Any]) -> str:
    made = [{"cell_type": kind, "source": source, "outputs": [{"text": [URL]}]} for kind, source in cells]
    return json.dumps({"cells": made, "nbformat": 4}, indent=1)


def test_each_link_stands_on_the_line_of_its_source() -> None:
    text = notebook(
        ("markdown", ["# T\n", "## É \"q\"\n", f"1. **O**\n   * é [x]({URL})"]),
        ("code", [f"# a comment: {URL}\n", f"show('{URL}')"]),
        ("raw", f"é {URL}"),
    )  # fmt: skip
    links = list(read([text], "f.ipynb"))
    rows = text.split("\n")
    assert len(links) == 4
    assert all(rows[link.line - 1][link.column - 1 :].startswith(URL) for link in links)
    described = [(link.label, link.section, link.owner) for link in links]
    assert described == [("x", 'É "q"', "O"), *[(None, 'É "q"', None)] * 3]


def test_of_the_comments_of_a_code_cell_the_urls_are_read_and_the_calls_are_not() -> None:
    source = ["# See https://youtu.be/haHLRD0QZ08\n", "# YouTubeVideo('jNQXAC9IVRw')\n", "YouTubeVideo('aB3dE5gH7jI')"]
    links = read([notebook(("code", source))], "f.ipynb")
    assert [link.url[-11:] for link in links] == ["haHLRD0QZ08", "aB3dE5gH7jI"]


@pytest.mark.parametrize("text", ["[]", '{"worksheets": []}', '{"cells": {}}'])
def test_a_notebook_without_cells_is_an_error(text: str) -> None:
    with pytest.raises(ListError, match="has no cells") as raised:
        list(read([text], "f.ipynb"))
    assert "nbconvert" in raised.value.remedy


def test_cells_that_are_broken_are_passed_over() -> None:
    assert (
        list(read(['{"cells": [1, {}, {"source": 1}, {"source": [1]}, {"cell_type": "markdown", "source": []}]}'], "f"))
        == []
    )


def test_an_item_above_a_link_names_it_in_each_cell() -> None:
    cells = [
        {"cell_type": "markdown", "source": [f"- {name}\n", "  - [Video](https://youtu.be/jNQXAC9IVRw)\n"]}
        for name in ("Bees", "Ants")
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)
    assert [link.label for link in read(text.splitlines(keepends=True), "a.ipynb")] == ["Bees", "Ants"]
