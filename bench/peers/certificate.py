"""A certificate for YouTube's names, trusted only by the tools of one run: `openssl` makes a new one each time."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

NAMES = (
    "youtube.com",
    "*.youtube.com",
    "youtu.be",
    "*.youtube-nocookie.com",
    "*.googleapis.com",
)
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The server's certificate, and the authority that its clients have to trust."""

    server: SSLContext

    authority: Path
    """PEM."""


def make_certificate(folder: Path) -> Certificate:
    """An authority, and a certificate that it signed.

    Raises:
        SystemExit: There is no `openssl`, or it is older than 3.0.
    """
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    leaf, leaf_key = folder / "youtube.pem", folder / "youtube.key"
    names = ",".join(f"DNS:{name}" for name in NAMES)
    _openssl("-subj", "/CN=bench of linkwatch", "-keyout", authority_key, "-out", authority)
    signed = ("-CA", authority, "-CAkey", authority_key, "-addext", "basicConstraints=critical,CA:FALSE")
    _openssl(
        *signed, "-subj", "/CN=youtube.com", "-addext", f"subjectAltName={names}", "-keyout", leaf_key, "-out", leaf
    )
    server = SSLContext(PROTOCOL_TLS_SERVER)
    server.load_cert_chain(leaf, leaf_key)
    return Certificate(server, authority)


def _openssl(*arguments: str | Path) -> None:
    command = ["openssl", "req", "-x509", *_NEW_KEY, *map(str, arguments)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # of this file
    except FileNotFoundError:
        raise SystemExit("make bench-peers needs openssl (on Debian: apt install openssl)") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"openssl made no certificate: {error.stderr.strip()}") from None
