"""8 TELL: what is new in a run → the outbox → Apprise; a digest a run and target, never a storm.

news.py       a Report → what is news for one target
digest.py     News → a Digest: a title and sections, as templates see it
wording.py    a Digest → the text of a message
templates.py  a user's own text, by Jinja2
telling.py    the news of a run into the outbox, in one transaction
sending.py    what waits there → claimed, sent, noted
service.py    one message → Apprise; here alone it is loaded
addresses.py  `$NAME` → its value, and whether an address is private
silence.py    no library logs what holds a secret
pinging.py    the sign of life after a complete check
failure.py    why a message was not sent
"""
