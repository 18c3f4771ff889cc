"""`script/server` as a new person runs it: the first start prints a password once, the second just starts."""

import os
import re
import signal
import subprocess

import pytest
import requests

from desk import ROOT, program
from letters import deliver, letter
from pages import Visitor
from waiting import free_port, until


class FirstServer:
    def __init__(self, folder):
        self.folder = folder
        self.http, self.lmtp = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.http}"
        self.process = None

    def start(self, *options):
        """Runs the script and gives what it printed until it was ready."""
        output = self.folder / "output"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_")}
        environment |= {"LIAISON": program(), "LIAISON_DATA": str(self.folder / "var")}
        with open(output, "wb") as log:
            self.process = subprocess.Popen(
                [ROOT / "script/server", "--http", f"127.0.0.1:{self.http}", "--lmtp", f"127.0.0.1:{self.lmtp}",
                 *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)
        until(self.is_ready, 120, "script/server did not start")
        return output.read_text()

    def is_ready(self):
        assert self.process.poll() is None, (self.folder / "output").read_text()
        try:
            return requests.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)

    def close(self):
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


@pytest.fixture
def server(folder):
    made = FirstServer(folder)
    yield made
    made.close()


def password_in(printed):
    """The longest word of the lines that speak of a password."""
    words = [word for line in printed.splitlines() if "assword" in line for word in line.split()]
    return max(words, key=len) if words else None


OWN_PASSWORD = "four unrelated words here"


def choose_own_password(visitor):
    """The first password opens one page only: the one where another is chosen."""
    page = "/first-password"
    assert visitor.get("/tickets").url.endswith(page)
    form = next(form for form in visitor.forms(page) if "repeated" in form.fields)
    answer = visitor.send(page, form, password=OWN_PASSWORD, repeated=OWN_PASSWORD)
    assert answer.url.endswith("/account/second-factor"), "an administrator goes nowhere without a second factor"
    assert len(visitor.set_up_second_factor()) == 10
    assert visitor.get("/tickets").url.endswith("/tickets")
    return visitor.authenticator


def test_the_password_is_printed_once_and_works(server):
    printed = server.start()

    assert server.url in printed
    password = password_in(printed)
    assert password and len(password) >= 15
    authenticator = choose_own_password(Visitor(server.url, "admin@localhost", password))
    deliver(letter(to="info@localhost", subject="Your first mail"), server.lmtp, to="info@localhost")

    assert server.stop() == 0
    again = server.start()
    assert password not in again
    visitor = Visitor(server.url, "admin@localhost", OWN_PASSWORD, authenticator)
    until(lambda: "Your first mail" in visitor.get("/tickets").text, 30, "the mail of the first run is gone")


def test_the_data_folder_is_for_its_owner_only(server):
    server.start()

    data = server.folder / "var"
    assert data.stat().st_mode & 0o077 == 0
    keys = [path for path in data.iterdir() if "key" in path.name]
    assert keys and all(path.stat().st_mode & 0o077 == 0 for path in keys)


def test_an_unknown_option_is_told_in_one_breath(server):
    environment = os.environ | {"LIAISON": program(), "LIAISON_DATA": str(server.folder / "var")}

    done = subprocess.run(
        [ROOT / "script/server", "--no-such-option"], env=environment, capture_output=True, text=True, timeout=120)

    assert done.returncode == 64
    assert re.search("no-such-option", done.stderr)
