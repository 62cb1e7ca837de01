"""Notifications: what is new in a run → the outbox → Apprise; one digest a run and recipient.

selection.py          a report → what is new for one recipient
digest.py             a selection → a digest: title and sections, as templates see it
text.py               a digest → the built-in text of a message; html.py → the page of a mail
user_templates.py     a digest → the text of a user's Jinja2 template
queue.py              queues the digests of a run in one transaction
send.py               claims, sends and marks what is due
apprise_transport.py  sends one message by Apprise, in a process with a deadline
apprise_process.py    is that process: it alone loads Apprise, and limits the size of responses
heartbeat.py          requests `ping_url` after a complete check
urls.py               variables and private addresses; log_capture.py keeps secrets out of logs
"""
