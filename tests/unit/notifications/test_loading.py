"""Apprise is loaded by who sends something, Jinja2 by who has a template, and neither by a report."""

from pathlib import Path

from unit.test_lazy_imports import run

OURS = {"apprise", "requests", "jinja2", "httpx"}


def test_a_report_loads_nothing_of_what_tells_others(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("url,label\nhttps://www.youtube.com/watch?v=haHLRD0QZ08,Optimization\n")
    (tmp_path / "words.txt").write_text("{{ digest.title }}")
    (tmp_path / "linkwatch.toml").write_text('[[notify]]\nurl = "json://host/"\ntemplate = "words.txt"\n')
    code, loaded = run(tmp_path, "report", "list.csv")
    assert code == 0
    assert loaded & OURS == set()


def test_help_loads_nothing_of_it(tmp_path: Path) -> None:
    for arguments in (["--help"], ["notify", "--help"], ["notify", "send", "--help"], ["check", "--help"]):
        code, loaded = run(tmp_path, *arguments)
        assert code == 0
        assert loaded & (OURS | {"sqlalchemy"}) == set()
