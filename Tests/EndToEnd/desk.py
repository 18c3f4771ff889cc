"""One installation of Liaison under test: its folder, its commands, its server process."""

import os
import pathlib
import re
import secrets
import signal
import subprocess

import requests

import api
from waiting import free_port, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADMIN = "olga@desk.example"
PASSWORD = "a long walk by the quiet river"
DOMAIN = "desk.example"


def program():
    return os.environ.get("LIAISON", str(ROOT / ".build/debug/liaison"))


class Desk:
    """Nothing is running until `serve`; commands work before, while and after it runs."""

    def __init__(
            self, folder, database=None, smtp_port=None, instance_key=None, lmtp_port=None,
            second_factor_from="2099-01-01"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database = database
        self.smtp_port = smtp_port
        self.second_factor_from = second_factor_from
        self.instance_key = instance_key or secrets.token_hex(32)
        self.http_port = free_port()
        self.lmtp_port = lmtp_port or free_port()
        self.log = self.folder / "log"
        self.process = None
        self.groups = []
        self._api = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def data(self):
        return self.folder / "var"

    def environment(self, extra=None):
        values = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_")}
        values |= {
            "LIAISON_DATA": str(self.data),
            "LIAISON_RESOURCES": os.environ.get("LIAISON_RESOURCES", str(ROOT)),
            "LIAISON_KEY": self.instance_key,
            "LIAISON_UNDO_SECONDS": "0",
            # Tests call as fast as they can.
            "LIAISON_API_RATE": "0",
            # Nothing outside this machine is called.
            "LIAISON_CHECK_LINKS": "off",
            # Others take over soon from a node that was killed.
            "LIAISON_NODE_LEASE": "10",
            # A crash is an end, not minutes of looking for names in a program of 130 MB.
            "SWIFT_BACKTRACE": "enable=no",
        }
        if self.second_factor_from:
            values["LIAISON_SECOND_FACTOR_FROM"] = self.second_factor_from
        if self.database:
            values["LIAISON_DATABASE"] = self.database
        if self.smtp_port:
            values["LIAISON_SMTP"] = f"smtp://127.0.0.1:{self.smtp_port}"
        return values | (extra or {})

    def run(self, *arguments, data=None, timeout=120, extra=None):
        """Runs one command and returns what came of it, whatever its exit code."""
        return subprocess.run(
            [program(), *map(str, arguments)],
            input=data, capture_output=True, timeout=timeout, env=self.environment(extra), cwd=self.folder,
        )

    def command(self, *arguments, data=None, timeout=120):
        """Runs one command that must succeed and returns what it printed."""
        done = self.run(*arguments, data=data, timeout=timeout)
        told = done.stderr.decode(errors="replace")
        assert done.returncode == 0, f"liaison {' '.join(map(str, arguments))} ended with {done.returncode}: {told}"
        return done.stdout.decode()

    def prepare(self, queues=("info",)):
        """The schema, one administrator, queues with an address at desk.example."""
        self.command("migrate")
        self.add_member(ADMIN, "Olga Example", "--administrator")
        for name in queues:
            self.command("queue", "add", name, "--address", f"{name}@{DOMAIN}")
        return self

    def add_member(self, address, name, *options):
        """Somebody with the password of all of them."""
        self.command(
            "member", "add", address, "--name", name, *options, "--password-stdin", data=(PASSWORD + "\n").encode())
        return self

    def serve(self, *options, extra=None, wait=True):
        assert not self.is_running(), "it is running already"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [program(), "serve", "--http", f"127.0.0.1:{self.http_port}",
                 "--lmtp", f"127.0.0.1:{self.lmtp_port}", "--public-url", self.url, *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment(extra), cwd=self.folder,
                start_new_session=True,
            )
        self.groups.append(self.process.pid)
        if wait:
            self.wait_ready()
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def is_ready(self):
        assert self.is_running(), f"serve ended with {self.process.returncode}:\n{self.log_tail()}"
        try:
            return requests.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def wait_ready(self, seconds=60):
        until(self.is_ready, seconds, "the server was not ready")

    def kill(self):
        """Ends the server at once, as a crash would; its helpers must end by themselves."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=30):
        """Asks the server to end, as a service manager would, and gives its exit code."""
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode if self.process else None

    def close(self):
        """After a test: nothing of it stays, whatever happened."""
        self.stop()
        for group in self.groups:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def log_tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def token(self, scope="write", member=ADMIN):
        printed = self.command("token", "add", f"test-{secrets.token_hex(4)}", "--member", member, "--scope", scope)
        return max(re.findall(r"\S+", printed), key=len)

    @property
    def api(self):
        """A client with a token of the administrator; it outlives restarts."""
        if self._api is None:
            self._api = api.Api(self.url, self.token())
        return self._api
