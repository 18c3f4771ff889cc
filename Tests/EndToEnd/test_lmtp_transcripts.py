"""The mail listener, spoken to by hand and by smtplib: what it says, and that `250` means stored, no more, no less."""

import contextlib
import hashlib
import smtplib
import socket
import time

import pytest

from letters import KARL, letter
from waiting import until

MEBIBYTE = 1 << 20
INFO, PRESS = "info@desk.example", "press@desk.example"


class Peer:
    """A client that sends what it is told and reads replies one by one."""

    def __init__(self, desk, greets=True):
        self.socket = socket.create_connection(("127.0.0.1", desk.lmtp_port), timeout=30)
        self.file = self.socket.makefile("rb")
        assert self.reply()[0] == 220
        if greets:
            assert self.say(b"LHLO client.example")[0] == 250

    def send(self, content):
        self.socket.sendall(content)

    def reply(self):
        lines = []
        while True:
            line = self.file.readline()
            assert line.endswith(b"\r\n"), f"no whole reply: {line!r}"
            lines.append(line[4:].strip().decode())
            if line[3:4] != b"-":
                return int(line[:3]), "\n".join(lines)

    def say(self, line):
        self.send(line + b"\r\n")
        return self.reply()

    def codes(self, count):
        return [self.reply()[0] for _ in range(count)]

    def begin(self, *recipients, sender=KARL, options=""):
        assert self.say(f"MAIL FROM:<{sender}>{options}".encode())[0] == 250
        return [self.say(f"RCPT TO:<{recipient}>".encode())[0] for recipient in recipients or (INFO,)]

    def data(self, content, replies=1):
        assert self.say(b"DATA")[0] == 354
        self.send(content + b"\r\n.\r\n")
        return self.codes(replies)

    def is_closed(self):
        return self.file.read() == b""

    def close(self):
        self.file.close()
        self.socket.close()


@pytest.fixture(scope="module")
def shared(session_folder):
    """One desk for the whole page: each test has letters of its own."""
    from desk import Desk
    desk = Desk(session_folder / "transcripts").prepare(queues=("info", "press"))
    desk.command("queue", "add", "rest", "--address", "@rest.example")
    desk.serve("--max-message", str(MEBIBYTE), "--lmtp-idle", "2")
    yield desk
    desk.close()


@pytest.fixture
def peer(shared):
    with contextlib.closing(Peer(shared)) as made:
        yield made


def content(subject, text="Hello!\n"):
    return letter(subject=subject, text=text).as_bytes().rstrip(b"\r\n")


def kept(desk, subject):
    """SHA-256 of every message that became a ticket with this subject."""
    found = [ticket for ticket in desk.api.tickets() if ticket["subject"] == subject]
    return [message["sha256"] for ticket in found for message in desk.api.messages(ticket["id"])]


def arrived(desk, subject, count=1):
    return until(lambda: len(kept(desk, subject)) >= count and kept(desk, subject), 60, f"no ticket {subject!r}")


def nothing_came_of(desk, *subjects):
    """A letter that came after them is filed, and they are not there."""
    last = f"After {subjects[0]}"
    with contextlib.closing(Peer(desk)) as peer:
        peer.begin()
        assert peer.data(content(last)) == [250]
    arrived(desk, last)
    assert {subject: kept(desk, subject) for subject in subjects} == {subject: [] for subject in subjects}


def test_lhlo_names_what_is_offered_and_helo_is_not_spoken(shared):
    with contextlib.closing(Peer(shared, greets=False)) as peer:
        assert peer.say(b"MAIL FROM:<karl@people.example>")[0] == 503
        assert peer.say(b"EHLO client.example")[0] == 500
        code, text = peer.say(b"LHLO client.example")

    offered = text.splitlines()[1:]
    assert code == 250
    assert set(offered) == {
        "PIPELINING", "8BITMIME", "SMTPUTF8", f"SIZE {MEBIBYTE}", "CHUNKING", "ENHANCEDSTATUSCODES"}


def test_smtplib_gets_an_answer_for_each_recipient(shared):
    with smtplib.LMTP("127.0.0.1", shared.lmtp_port, local_hostname="client.example", timeout=30) as client:
        # It reads one reply after the content, so that one recipient may be accepted.
        refused = client.sendmail(KARL, [INFO, "nobody@desk.example"], content("By smtplib"))

    assert list(refused) == ["nobody@desk.example"]
    assert refused["nobody@desk.example"][0] == 550
    arrived(shared, "By smtplib")


def test_a_whole_conversation_in_one_write(shared, peer):
    message = content("Pipelined")
    peer.send(
        b"MAIL FROM:<karl@people.example> BODY=8BITMIME\r\nRCPT TO:<info@desk.example>\r\n"
        b"RCPT TO:<nobody@desk.example>\r\nRCPT TO:<press@desk.example>\r\nDATA\r\n" + message + b"\r\n.\r\nNOOP\r\n"
        b"MAIL FROM:<karl@people.example>\r\nRCPT TO:<info@desk.example>\r\nDATA\r\n" + content("Pipelined too")
        + b"\r\n.\r\nQUIT\r\n")

    assert peer.codes(13) == [250, 250, 550, 250, 354, 250, 250, 250, 250, 250, 354, 250, 221]
    assert peer.is_closed()
    assert arrived(shared, "Pipelined", 2) == [hashlib.sha256(message + b"\r\n").hexdigest()] * 2
    arrived(shared, "Pipelined too")


def test_chunks_are_joined_as_they_are(shared, peer):
    message = content("In chunks", "One line\n.\n..two dots\nthe end\n") + b"\r\n"
    assert peer.begin(INFO, PRESS) == [250, 250]
    middle = message.index(b"..two") + 1
    peer.send(b"BDAT %d\r\n" % middle + message[:middle])
    assert peer.codes(1) == [250]
    peer.send(b"BDAT %d LAST\r\n" % (len(message) - middle) + message[middle:] + b"NOOP\r\n")

    assert peer.codes(3) == [250, 250, 250]
    assert arrived(shared, "In chunks", 2) == [hashlib.sha256(message).hexdigest()] * 2


def test_an_empty_last_chunk_ends_the_mail_and_one_without_recipients_is_refused(shared, peer):
    message = content("Empty last chunk") + b"\r\n"
    peer.begin()
    peer.send(b"BDAT %d\r\n" % len(message) + message + b"BDAT 0 LAST\r\n")
    assert peer.codes(2) == [250, 250]
    arrived(shared, "Empty last chunk")

    lost = content("No recipients")
    peer.send(b"MAIL FROM:<karl@people.example>\r\nBDAT %d LAST\r\n" % len(lost) + lost + b"NOOP\r\n")
    assert peer.codes(3) == [250, 503, 250]
    nothing_came_of(shared, "No recipients")


def test_reset_between_chunks_throws_the_first_away(shared, peer):
    peer.begin()
    first = content("Thrown away") + b"\r\n"
    peer.send(b"BDAT %d\r\n" % len(first) + first + b"RSET\r\n")
    assert peer.codes(2) == [250, 250]
    peer.begin()
    assert peer.data(content("After the reset")) == [250]
    arrived(shared, "After the reset")
    nothing_came_of(shared, "Thrown away")


def test_raw_8_bit_and_dots_come_as_they_were_sent(shared, peer):
    message = content("Eight bits", "plain\n") + "\r\nGrüße, żółw\r\n.\r\n..\r\n".encode()
    peer.begin(options=" BODY=8BITMIME")
    assert peer.data(message.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n")) == [250]

    assert arrived(shared, "Eight bits") == [hashlib.sha256(message).hexdigest()]


def test_addresses_beyond_ascii_need_smtputf8(shared, peer):
    assert peer.say("MAIL FROM:<jürgen@people.example>".encode())[0] == 553
    assert peer.say("MAIL FROM:<jürgen@bücher.example> SMTPUTF8".encode())[0] == 250
    assert peer.say("RCPT TO:<łódź@rest.example>".encode())[0] == 250
    assert peer.data(content("Beyond ASCII")) == [250]
    arrived(shared, "Beyond ASCII")


def test_announced_too_large_is_refused_at_once(peer):
    assert peer.say(b"MAIL FROM:<karl@people.example> SIZE=%d" % (MEBIBYTE + 1))[0] == 552
    assert peer.say(b"MAIL FROM:<karl@people.example> SIZE=99999999999999999999")[0] == 552
    assert peer.say(b"MAIL FROM:<karl@people.example> SIZE=%d" % MEBIBYTE)[0] == 250


@pytest.mark.parametrize("way", ["data", "chunks", "one chunk"])
def test_found_too_large_is_refused_for_every_recipient_and_the_next_is_taken(shared, peer, way):
    line = b"x" * 98 + b"\r\n"
    message = content(f"Too large by {way}") + b"\r\n" + line * (MEBIBYTE // 100 + 10)
    peer.begin(INFO, PRESS)
    if way == "data":
        assert peer.data(message.removesuffix(b"\r\n"), 2) == [552, 552]
    elif way == "one chunk":
        peer.send(b"BDAT %d LAST\r\n" % len(message) + message)
        assert peer.codes(2) == [552, 552]
    else:
        half = len(message) // 2
        peer.send(b"BDAT %d\r\n" % half + message[:half])
        assert peer.codes(1) == [250]
        peer.send(b"BDAT %d\r\n" % (len(message) - half) + message[half:])
        assert peer.codes(1) == [552]
        assert peer.say(b"RSET")[0] == 250
    peer.begin()
    assert peer.data(content(f"Small after {way}")) == [250]
    arrived(shared, f"Small after {way}")
    nothing_came_of(shared, f"Too large by {way}")


def test_the_largest_that_is_allowed_is_stored_whole(shared, peer):
    head = content("Exactly at the limit") + b"\r\n"
    message = head + b"y" * ((MEBIBYTE - len(head)) % 64 + 62) + b"\r\n"
    message += (b"z" * 62 + b"\r\n") * ((MEBIBYTE - len(message)) // 64)
    assert len(message) == MEBIBYTE
    peer.begin()
    peer.send(b"BDAT %d LAST\r\n" % len(message) + message)

    assert peer.codes(1) == [250]
    assert arrived(shared, "Exactly at the limit") == [hashlib.sha256(message).hexdigest()]


@pytest.mark.parametrize("address, code", [
    ("info@desk.example", 250), ("INFO@Desk.Example", 250), ("info+abc@desk.example", 250),
    ("anyone.at-all@rest.example", 250), ("nobody@desk.example", 550), ("info@elsewhere.example", 550),
    ("inf@desk.example", 550), ("info", 550), ("", 501), ("@desk.example", 501)])
def test_the_recipient_decides_at_rcpt(peer, address, code):
    assert peer.begin(address) == [code]


def test_plus_address_and_catch_all_go_to_their_queue(shared, peer):
    peer.begin("press+spring@desk.example")
    peer.data(content("With a tag"))
    peer.begin("whoever@rest.example")
    peer.data(content("For anybody"))

    for subject, queue in [("With a tag", "press"), ("For anybody", "rest")]:
        arrived(shared, subject)
        assert shared.api.ticket_about(subject)["queue"] == queue


def test_all_unknown_means_no_data(peer):
    assert peer.begin("nobody@desk.example") == [550]
    assert peer.say(b"DATA")[0] == 503


@pytest.mark.parametrize("ending", [b"\n", b"\r", b"\r\r\n"])
def test_bare_line_ends_are_refused_and_cannot_smuggle_a_mail(shared, peer, ending):
    name = f"Smuggled {ending.hex()}"
    hidden = (ending + b"." + ending + b"MAIL FROM:<m@elsewhere.example>" + ending + b"RCPT TO:<info@desk.example>"
              + ending + b"DATA" + ending + content(name) + b"\r\n")
    peer.begin()
    assert peer.data(content(f"Outer {name}") + hidden) == [550]
    assert peer.say(b"NOOP")[0] == 250
    nothing_came_of(shared, name, f"Outer {name}")


def test_commands_with_bare_lf_are_refused(peer):
    peer.send(b"NOOP\nNOOP\r\n")
    assert peer.codes(2) == [500, 250]


@pytest.mark.parametrize("cut", ["in data", "before the dot", "in a chunk", "after rcpt"])
def test_an_early_close_stores_nothing(shared, cut):
    name = f"Cut {cut}"
    with contextlib.closing(Peer(shared)) as peer:
        peer.begin()
        message = content(name) + b"\r\n"
        if cut == "in a chunk":
            peer.send(b"BDAT %d LAST\r\n" % (len(message) + 1) + message)
        elif cut != "after rcpt":
            assert peer.say(b"DATA")[0] == 354
            peer.send(message if cut == "before the dot" else message[:-20])
    nothing_came_of(shared, name)


def test_a_peer_that_falls_silent_is_let_go_and_stores_nothing(shared, peer):
    peer.begin()
    assert peer.say(b"DATA")[0] == 354
    peer.send(content("Silent"))
    started = time.monotonic()

    assert peer.reply()[0] == 421
    assert peer.is_closed()
    assert 1 < time.monotonic() - started < 10
    nothing_came_of(shared, "Silent")


def test_a_peer_that_never_speaks_is_let_go(shared):
    with contextlib.closing(Peer(shared, greets=False)) as peer:
        assert peer.reply()[0] == 421
        assert peer.is_closed()


def test_a_server_that_ends_says_so_to_peers_that_wait(new_desk):
    desk = new_desk(database=None).prepare().serve()
    with contextlib.closing(Peer(desk)) as peer:
        peer.begin()
        desk.process.terminate()
        assert peer.reply()[0] == 421
        assert peer.is_closed()
    assert desk.stop() == 0


def test_a_slow_peer_that_goes_on_is_not_let_go(shared, peer):
    peer.begin()
    assert peer.say(b"DATA")[0] == 354
    pieces = content("Slow but steady") + b"\r\n.\r\n"
    size = len(pieces) // 5 + 1
    pause = until_pause()
    for start in range(0, len(pieces), size):
        peer.send(pieces[start:start + size])
        next(pause)
    assert peer.codes(1) == [250]
    arrived(shared, "Slow but steady")


def until_pause(seconds=0.8):
    """Waits by a socket's time-out: longer in all than a peer may be silent, each time shorter."""
    with contextlib.closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))
        nobody.listen()
        nobody.settimeout(seconds)
        while True:
            with contextlib.suppress(TimeoutError):
                nobody.accept()
            yield


def test_recipients_over_a_hundred_are_put_off(shared, peer):
    codes = peer.begin(*[f"info+{number}@desk.example" for number in range(102)])

    assert codes == [250] * 100 + [452] * 2
    assert peer.data(content("For a hundred"), 100) == [250] * 100
    arrived(shared, "For a hundred")


def test_reset_noop_and_verify(shared, peer):
    assert peer.say(b"NOOP")[0] == 250
    assert peer.say(b"VRFY info")[0] == 252
    peer.begin()
    assert peer.say(b"MAIL FROM:<x@people.example>")[0] == 503
    assert peer.say(b"RSET")[0] == 250
    assert peer.say(b"DATA")[0] == 503
    assert peer.say(b"EXPN info")[0] == 500


def test_what_follows_quit_is_not_heard(shared, peer):
    peer.send(b"QUIT\r\nMAIL FROM:<karl@people.example>\r\nRCPT TO:<info@desk.example>\r\nDATA\r\n"
              + content("After quitting") + b"\r\n.\r\n")

    assert peer.reply()[0] == 221
    with contextlib.suppress(ConnectionError):
        assert peer.is_closed()
    nothing_came_of(shared, "After quitting")


def test_the_null_sender_is_heard(shared, peer):
    assert peer.begin(sender="") == [250]
    assert peer.data(content("From nobody")) == [250]
    arrived(shared, "From nobody")


def test_too_many_errors_end_it(peer):
    codes = []
    with contextlib.suppress(AssertionError, ConnectionError):
        for _ in range(40):
            codes.append(peer.say(b"NONSENSE")[0])
    assert codes == [500] * 20 + [421]
