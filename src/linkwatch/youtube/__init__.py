"""Stage 4, ASK: the only stage with sockets. Two witnesses, the Data API and oEmbed, over one httpx transport."""
