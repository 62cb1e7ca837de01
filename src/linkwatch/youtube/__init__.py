"""The clients of the Data API and oEmbed: the only sockets of a check.

data_api.py        DataApi: calls of up to 50 ids, and the items of playlists
oembed.py          OEmbed: one request a playlist or video
http.py            the requests of both, over httpx, limited in time and size
decode.py          bodies → pages; responses.py and playlist_items.py: their items, and what they say of a resource
error_codes.py     error bodies → what the refusal means; errors.py: the exception for each meaning
retry.py           the retries of what is transient
circuit_breaker.py when a run gives up
thread_pool.py     several calls at once; in_flight.py: how many YouTube takes
quota.py           what the Data API client needs of the quota account
"""
