"""A list → the same list with better URLs and without rows that stand there twice. Pure: text in, text out.

planning.py     the door: `plan_fix`, which also reads what it made and refuses to damage a list
editing.py      better URLs in the place of those that a list has
better.py       which URL is better, and when it is left to a person
spelling.py     how a URL is written in a list, and how another one is written in its place
definitions.py  where Markdown's links by reference have their URLs
duplicates.py   the rows that say nothing an earlier row does not
patch.py        what changes, as a patch
"""
