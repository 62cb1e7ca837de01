"""The database from the artifact of an earlier run, where the cache has lost it: GitHub keeps a cache for a week."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from linkwatch.errors import LinkwatchError
from linkwatch.exchange import Limits, TransientError, new_client, send
from linkwatch.files import write_atomically
from linkwatch.github_action.github import ARTIFACT, RETRY_POLICY, Artifacts, GitHubApi, GitHubError
from linkwatch.github_action.runner import Runner

LIMITS = Limits(seconds=300.0, body=500_000_000)
"""Of the download: a database of 100,000 links has a tenth of that."""

LARGEST = 4_000_000_000
"""Bytes of the database in it."""

_PIECE = 1 << 20


def restore(environ: Mapping[str, str]) -> int:
    """Run the step: fetch the database, if there is none; without an artifact, or without access, the check is a first.

    Only what runs of the default branch of this repository have stored is taken.

    Returns:
        0: a check without its history is better than none.
    """
    runner = Runner(environ)
    if "://" in environ["INPUT_DATABASE"]:  # a server, which keeps it by itself
        return 0
    database = Path(environ["INPUT_DATABASE"])
    token, name = environ.get("INPUT_TOKEN", "").strip(), environ["INPUT_ARTIFACT"].strip()
    runner.mask(token)
    if database.exists():
        return 0
    try:
        content = _download(runner, token, name)
        if content is None:
            runner.annotate("notice", f"No artifact {name} of the default branch: this check has no history.")
            return 0
        database.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(database, _unpacked(content, database.name))
    except LinkwatchError as error:
        runner.annotate("warning", f"{error.message}. {error.remedy}".removesuffix(". "))
    except OSError as error:
        runner.annotate("warning", f"{ARTIFACT.failure}: {error.strerror}")
    return 0


def _download(runner: Runner, token: str, name: str) -> bytes | None:
    """The ZIP of the newest artifact; None when there is none."""
    with new_client() as client:
        client.headers.update({"Accept": "application/vnd.github+json"})
        if token:
            client.headers["Authorization"] = f"Bearer {token}"
        artifacts = Artifacts(GitHubApi(client, runner.api_url, runner.repository, ARTIFACT))
        artifact = artifacts.newest(name, runner.default_branch)
        if artifact is None:
            return None
        location = artifacts.location(artifact)
    with new_client() as stranger:  # without the token
        try:
            return RETRY_POLICY.run(lambda: _body(stranger, location))
        except TransientError as error:
            raise GitHubError(f"{ARTIFACT.failure}: {error}") from None


def _body(client: httpx.Client, location: str) -> bytes:
    response = send(client, "GET", location, limits=LIMITS)
    if response.status_code != 200:
        raise TransientError(f"responded with {response.status_code}")
    return response.content


def _unpacked(content: bytes, name: str) -> Iterator[bytes]:
    """The database in the ZIP, in pieces.

    Raises:
        GitHubError: The ZIP is broken, or has none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = archive.getinfo(name)
            if entry.file_size > LARGEST:
                raise GitHubError(f"{ARTIFACT.failure}: it has more than {LARGEST:,} bytes")
            with archive.open(entry) as file:
                while piece := file.read(_PIECE):
                    yield piece
    except KeyError:
        raise GitHubError(f"{ARTIFACT.failure}: it holds no {name}") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise GitHubError(f"{ARTIFACT.failure}: it is broken") from None
