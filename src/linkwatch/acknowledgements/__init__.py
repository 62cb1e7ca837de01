"""Acknowledgements: findings that somebody has accepted, with a reason and perhaps until a date.

toml_read.py    `linkwatch-acks.toml` → acknowledgements
toml_write.py   changes to the file; loads tomlkit
matching.py     the file and the database merged, and which acknowledgement covers a finding
"""
