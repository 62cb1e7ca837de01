"""The dashboard: pages, a JSON API, feeds, badges and metrics; it shows stored results and makes no requests.

server.py      binds HOST:PORT and serves in a thread
app.py         routes and error pages
middleware.py  security headers, trusted hosts, body limit, authentication
auth.py        token, sessions, form tokens
context.py     what every handler gets; rendering of pages
reports.py     the report of each schedule, cached
pages/         the pages; their templates are in templates/, script and icon in static/
actions.py     the forms; exports.py downloads
api/           the JSON API and its OpenAPI description
public_addresses.py   where public pages are, and which paths need no log-in
feeds.py, badges.py, monitoring.py   Atom, SVG badges, health and Prometheus metrics; conditional.py: ETag and 304
filters.py, paging.py, paths.py, text.py   query filters, pagination, paths, wordings
"""
