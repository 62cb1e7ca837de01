"""A YouTube of our own: a world and a time give an `httpx.Response`.

    World + weather  →  SimulatedYouTube(request)  →  httpx.Response
    what is, when        data_api, oembed, pages       or the transport's exception

`world` and `weather` say what is true and what goes wrong, each with its dates; `youtube` answers as YouTube would at
the clock's time; `serve` puts it on loopback; `plausible` and `story` make worlds. Where YouTube's own behaviour isn't
documented or captured, the fact is a switch (`switches`).
"""
