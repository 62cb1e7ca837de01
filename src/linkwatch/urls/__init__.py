"""The grammar of YouTube's URLs: text → the resources it names. Pure, never raises, in linear time.

parse.py      the entry point: parse_url, parse_reference, better_url
address.py    any text → host, path and query, out of the wrappers around it
paths.py      host, path and query → which id is where
placeholders.py  what a template has in place of an id
pages.py      the pages of YouTube that name no resource
ids.py        ids → canonical ids, or what is wrong with them
canonical.py  the URL to write instead
"""
