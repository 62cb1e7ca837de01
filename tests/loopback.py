"""Clients of servers on loopback."""

import ssl

PLAIN_HTTP = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""`verify` of a client that speaks no TLS: else each reads the certificates of all authorities, which takes 20 ms."""
