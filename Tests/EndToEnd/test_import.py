"""History: mbox and maildir, with its dates and threads; doing it again changes nothing; nobody is answered."""

import datetime
import email.utils
import mailbox

import pytest

from letters import KARL, letter
from waiting import until

THREADS = 20


def past_letters():
    """Twenty questions of last year, each with an answer from the queue's own address."""
    for number in range(THREADS):
        asked = letter(subject=f"Past {number}", number=number, text=f"Question {number}\nFrom here it goes on.\n")
        answered = letter(
            sender="info@desk.example", to=KARL, subject=f"Re: Past {number}", number=1000 + number,
            text="An answer.\n", In_Reply_To=asked["Message-ID"], References=asked["Message-ID"])
        yield asked
        yield answered


def make_mbox(folder):
    path = folder / "past.mbox"
    box = mailbox.mbox(path)
    for message in past_letters():
        box.add(mailbox.mboxMessage(message))
    box.close()
    return path


def make_maildir(folder):
    path = folder / "past"
    box = mailbox.Maildir(path)
    for message in past_letters():
        entry = mailbox.MaildirMessage(message)
        entry.set_subdir("cur")
        entry.set_flags("S")
        box.add(entry)
    return path


def write_marker(folder):
    """One more message, imported last: when it is filed, what came before it was looked at."""
    path = folder / "marker.mbox"
    box = mailbox.mbox(path)
    box.add(mailbox.mboxMessage(letter(subject="The last one", number=5000)))
    box.close()
    return path


def counted(desk):
    tickets = desk.api.tickets()
    return len(tickets), sum(len(desk.api.messages(ticket["id"])) for ticket in tickets)


@pytest.mark.parametrize("kind, make", [("mbox", make_mbox), ("maildir", make_maildir)])
def test_history_comes_in_threads_and_only_once(new_desk, sink, folder, kind, make):
    desk = new_desk(smtp_port=sink.port).prepare()
    path = make(folder)

    desk.command("import", kind, path, "--queue", "info")
    desk.serve()
    until(lambda: counted(desk) == (THREADS, 2 * THREADS), 60, "not everything was filed")
    desk.command("import", kind, path, "--queue", "info", "--json")
    desk.command("import", "mbox", write_marker(folder), "--queue", "info")

    until(lambda: desk.api.ticket_about("The last one"), 60, "the repeated import was not filed")
    assert counted(desk) == (THREADS + 1, 2 * THREADS + 1)
    assert sink.letters() == []


def test_history_keeps_its_dates(new_desk, folder):
    desk = new_desk().prepare()
    desk.command("import", "mbox", make_mbox(folder), "--queue", "info")
    desk.serve()

    ticket = until(lambda: desk.api.ticket_about("Past 3"), 60, "no ticket")

    first = desk.api.messages(ticket["id"])[0]
    wanted = email.utils.parsedate_to_datetime(email.utils.formatdate(1750000003, usegmt=True))
    assert datetime.datetime.fromisoformat(first["date"].replace("Z", "+00:00")) == wanted
    assert ticket["createdAt"].startswith(wanted.strftime("%Y-%m-%d"))


def test_both_forms_of_the_same_history_are_one(new_desk, folder):
    desk = new_desk().prepare()
    desk.command("import", "maildir", make_maildir(folder), "--queue", "info")
    desk.command("import", "mbox", make_mbox(folder), "--queue", "info")
    desk.command("import", "mbox", write_marker(folder), "--queue", "info")
    desk.serve()

    until(lambda: desk.api.ticket_about("The last one"), 60, "not everything was filed")
    assert counted(desk)[0] == THREADS + 1


def test_a_file_that_is_no_mailbox_is_refused_in_one_line(new_desk, folder):
    desk = new_desk().prepare()

    done = desk.run("import", "mbox", folder / "missing.mbox", "--queue", "info")

    assert done.returncode not in (0, 1)
    assert len(done.stderr.decode().strip().splitlines()) == 1
