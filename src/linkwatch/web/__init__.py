"""The dashboard: what is remembered, as pages, as JSON, as a feed, badges and metrics; and what people accept.

serving.py      the door: binds the address, serves in a thread of its own
address.py      HOST:PORT → a socket; whether it is loopback
guards.py       who may ask for what: hosts, tokens, sizes, and the headers of every answer
authenticator.py      the token, sessions and the tokens of forms
app.py          the addresses, and what errors look like
context.py         what every answer is made with
reports.py      the report of each schedule, kept until something changes
acceptances.py  what is accepted, from the file and the store
filters.py, paging.py, paths.py, wording.py, drawing.py   small pure pieces of pages
pages/          a module for each page; templates/ and static/ are their looks
forms.py        what people post
api/            JSON and its OpenAPI description
feeds.py, badges.py, metrics.py, health.py
"""
