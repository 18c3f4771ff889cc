"""docs/developers/api.md: every line of it works, in its order."""

import re
import subprocess

import pytest

from desk import ROOT
from letters import deliver, letter
from waiting import until

PAGE = ROOT / "docs/developers/api.md"


@pytest.fixture
def engine():
    return "sqlite"


def lines():
    """The commands of the page, without the line that only says where the desk is."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_every_line_of_the_page_works(desk, folder):
    deliver(letter(subject="The bridge", number=1), desk.lmtp_port)
    until(lambda: desk.api.tickets(), 60, "nothing was filed")
    assert len(lines()) > 25
    script = ["set -eu", 'step() { echo "## $1"; }']
    for line in lines():
        # A line that fails names itself; the answer ends with a line end of its own.
        script += [f"step {quoted(line)}", line, "echo"]

    done = subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=folder, capture_output=True, text=True, timeout=120,
        env={"PATH": "/usr/bin:/bin", "DESK": desk.url, "TOKEN": desk.token()})

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-1000:]
    assert (folder / "letter.eml").read_bytes().startswith(b"From:")


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"
