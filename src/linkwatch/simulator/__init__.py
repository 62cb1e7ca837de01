"""A simulated YouTube: a world and a time give an `httpx.Response`.

    World (entities, changes, faults)  →  SimulatedYouTube(request)  →  httpx.Response
                                            Data API, oEmbed, pages       or an httpx.TransportError

world.py       the resources with their changes over time, and the faults; entities.py: what they are at one moment
faults.py      what can go wrong, and when; refusals.py: error bodies; misleading.py: wrong bodies
youtube.py     SimulatedYouTube: which part answers, with the quota and the log of requests
call.py        a call of the Data API; lists.py: its response; items.py and parts.py: the items of it
oembed.py      oEmbed; pages.py: what browsers request
wire.py        HTTP requests and responses
quota.py       the units of a project per Pacific day
options.py     behaviour of YouTube that is not known for sure: one option each
serve.py       a server on loopback
generated.py   entities for any ids; scenario.py and demo_list.py: the month of `linkwatch demo`
"""
