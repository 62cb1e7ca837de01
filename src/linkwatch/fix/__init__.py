"""A list → the same list with canonical URLs and without duplicate rows. Pure: text in, text out.

plan.py         `plan_fix`: edits, removes rows, and reads the result again before anything is written
edit.py         replaces URLs at the places where the reader found them
canonical.py    which URL is better, and when that is left to a person
escaping.py     how a URL is escaped in each list format
duplicates.py   the rows that repeat an earlier one
patch.py        the changes as a unified diff
"""
