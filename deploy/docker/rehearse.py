"""Runs the steps of the Dockerfile in a temporary folder, without Docker.

The steps are read from the Dockerfile and run unchanged, except that its folders are moved. Then the command checks a
list against the simulated YouTube, and the health check is tried with a healthy server, a failing one, and none. The
base image and the user are not tested.

Usage: rehearse.py
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
NETWORK = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
"""How this machine reaches PyPI, if it needs more than a name server."""

MOVED = ("/opt/linkwatch", "/build", "/data", "/lists")
"""The folders of the image that the steps name."""


def stages(text):
    """The instructions of each stage, as pairs of a word and the rest of its line."""
    lines = [line for line in text.replace("\\\n", "").splitlines() if line and not line.startswith("#")]
    found = []
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        elif found:
            found[-1].append((word, rest.strip()))
    return found


class Image:
    """The result of the Dockerfile, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {name: os.environ[name] for name in NETWORK if name in os.environ}
        self.environment["PATH"] = f"{folder}/bin:/usr/bin:/bin"
        self.workdir = folder
        self.last = {}
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(Path(sys._base_executable).resolve())

    def moved(self, text):
        """The text with the folders replaced by those here."""
        for place in MOVED:
            text = text.replace(place, f"{self.folder}{place}")
        return text

    def follow(self, word, rest):
        """Run one instruction."""
        match word:
            case "WORKDIR":
                self.workdir = Path(self.moved(rest))
                self.workdir.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self.copy(*rest.split())
            case "RUN":
                code, out, err = self.run(["sh", "-c", self.moved(rest)])
                if code:
                    sys.exit(f"RUN {rest}\n{out}{err}\nended with exit code {code}")
            case "ENV":
                for name, value in (pair.split("=", 1) for pair in shlex.split(rest)):
                    self.environment[name] = self.moved(value).replace("$PATH", self.environment["PATH"])
            case _:
                self.last[word] = rest

    def copy(self, *names):
        """Copy from the context; what another stage made is there already."""
        *sources, target = names
        if sources[0].startswith("--from="):
            assert Path(self.moved(target)).is_dir(), target
            return
        for source in sources:
            place = self.workdir / target
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                if target.endswith("/"):
                    place.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)

    def start(self, command, **environment):
        """Start a command as the image would."""
        env = self.environment | environment
        return subprocess.Popen(
            command, cwd=self.workdir, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, command, **environment):
        """Run a command to its end."""
        process = self.start(command, **environment)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err


def build(folder):
    """Follow all instructions."""
    image = Image(folder)
    for stage in stages(DOCKERFILE.read_text("utf-8")):
        for word, rest in stage:
            image.follow(word, rest)
    return image


def check(image):
    """One check of a list, against the simulated YouTube."""
    (image.workdir / "resources.csv").write_text("url\nhttps://www.youtube.com/watch?v=jNQXAC9IVRw\n", "utf-8")
    entrypoint = json.loads(image.last["ENTRYPOINT"])
    simulated = image.start([*entrypoint, "simulate", "--port", "0", "--quiet"])
    try:
        simulated.stdout.readline()
        lines = [simulated.stdout.readline().removeprefix("export ").strip() for _ in range(3)]
        environment = dict(line.split("=", 1) for line in lines)
        code, out, err = image.run([*entrypoint, "check", "--quiet", "--format", "json"], **environment)
    finally:
        simulated.terminate()
        simulated.communicate()
    assert (code, err) == (0, ""), (code, out, err)
    report = json.loads(out)
    assert report["run"]["source"] == "data-api", report["run"]
    assert report["counts"]["available"] == 1, report["counts"]
    assert (image.folder / "data" / "linkwatch.db").is_file()


def health(image, status):
    """The exit code of the health check for a server with this status; None: there is no server."""
    command = image.last["HEALTHCHECK"].partition(" CMD ")[2]

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = HTTPServer(("127.0.0.1", port), Answer) if status else None
    try:
        if server:
            Thread(target=server.serve_forever, daemon=True).start()
        return image.run(json.loads(command.replace("8440", str(port))))[0]
    finally:
        if server:
            server.shutdown()
            server.server_close()


def main():
    """Build, check a list, try the health check, and print the size."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        image = build(folder)
        check(image)
        assert health(image, 200) == 0
        assert health(image, 503) == 1
        assert health(image, None) == 1
        size = sum(file.lstat().st_size for file in (folder / "opt").rglob("*") if not file.is_dir())
        sys.stdout.write(f"the steps of the image work; on top of its base it has {size / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
