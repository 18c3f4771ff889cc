"""The main job, with the real servers around it: a person writes, an agent answers in a browser, he answers back."""

import email
import email.policy
import smtplib

import pytest

from letters import KARL, deliver, letter
from waiting import until


@pytest.fixture
def desk(new_desk, postfix):
    return new_desk(lmtp_port=postfix.desk_lmtp_port, smtp_port=postfix.port).prepare().serve()


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def send(postfix, message, sender=KARL):
    deliver(message, postfix.port, sender=sender, protocol=smtplib.SMTP)


def answer_in(dovecot, question):
    """The mail in Karl's mailbox that answers his question."""
    letters = map(read, dovecot.letters(KARL))
    return next((found for found in letters if found["In-Reply-To"] == question["Message-ID"]), None)


def test_a_question_is_answered_in_the_browser_and_the_answer_comes_back(desk, postfix, dovecot, person):
    question = letter(subject="Licence of the photo of Luanda", text="May I print it in our school paper?\n")
    send(postfix, question)
    ticket = until(lambda: desk.api.ticket_about("Licence of the photo of Luanda"), 60, "no ticket")
    assert ticket["queue"] == "info"

    person.sign_in()
    person.answer(ticket["id"], "Yes: name the author and the licence. Grüße, اولگا")

    reply = until(lambda: answer_in(dovecot, question), 90, "the answer did not arrive")
    assert reply["From"].addresses[0].addr_spec == "info@desk.example"
    assert reply["To"].addresses[0].addr_spec == KARL
    assert question["Message-ID"] in reply["References"]
    assert "Licence of the photo of Luanda" in reply["Subject"]
    body = reply.get_body(("plain",)).get_content()
    assert "Yes: name the author and the licence. Grüße, اولگا" in body

    close(desk, person, ticket)
    back = letter(
        subject="Re: " + question["Subject"], text="Thank you!\n",
        In_Reply_To=reply["Message-ID"], References=f"{reply['References']} {reply['Message-ID']}")
    send(postfix, back)

    until(lambda: len(desk.api.messages(ticket["id"])) == 3, 60, "his answer did not join the ticket")
    assert desk.api.messages(ticket["id"])[-1]["messageID"].strip("<>") == back["Message-ID"].strip("<>")
    assert desk.api.ticket(ticket["id"])["state"] != "closed"
    assert len(desk.api.tickets()) == 1


def close(desk, person, ticket):
    person.go(f"/tickets/{ticket['id']}")
    person.find("form[action$='/closure'] button").click()
    until(lambda: desk.api.ticket(ticket["id"])["state"] == "closed", 20, "the ticket was not closed")


def test_a_stranger_with_only_a_guessed_number_gets_a_ticket_of_his_own(desk, postfix, person):
    send(postfix, letter(subject="Wrong date of birth", text="It is 1956.\n"))
    ticket = until(lambda: desk.api.ticket_about("Wrong date of birth"), 60, "no ticket")

    guessed = letter(
        sender="stranger@elsewhere.example", subject=f"[#{ticket['number']}] me too", text="Send me everything.\n")
    send(postfix, guessed, sender="stranger@elsewhere.example")

    other = until(lambda: desk.api.ticket_about(guessed["Subject"]), 60, "no second ticket")
    assert other["id"] != ticket["id"]
    assert len(desk.api.messages(ticket["id"])) == 1
    person.sign_in()
    person.go(f"/tickets/{other['id']}")
    assert person.find(f".notice a[href$='/tickets/{ticket['id']}']")
