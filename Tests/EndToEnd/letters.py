"""Invented people and their mail."""

import email.policy
import email.utils
import random
import smtplib
from email.message import EmailMessage

KARL = "karl@people.example"
MONA = "mona@people.example"


def letter(sender=KARL, to="info@desk.example", subject="A question", text="Hello!\n", number=None, **headers):
    """A message with a Message-ID of its own; headers in the form In_Reply_To="<…>"."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = email.utils.formatdate(1750000000 + (number or 0))
    message["Message-ID"] = f"<{number}.letter@people.example>" if number is not None else email.utils.make_msgid(
        domain="people.example")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def numbered(number, seed=1):
    """The same number gives the same bytes: 300 B to 20 kB, one line in three with letters beyond ASCII."""
    chance = random.Random(seed * 1_000_003 + number)
    words = ["river", "książka", "Straße", "вопрос", "読者", "plain", "سؤال", "edit", "talk", "page"]
    lines = [" ".join(chance.choice(words) for _ in range(8)) for _ in range(chance.randint(1, 200))]
    lines += [".", "..a line that starts with dots", ""]
    return letter(
        sender=f"reader{number}@people.example", subject=f"Letter {number}", text="\n".join(lines), number=number)


def deliver(message, port, sender=KARL, to="info@desk.example", protocol=smtplib.LMTP, timeout=60):
    """Hands one message over by LMTP or SMTP; smtplib's exceptions tell of refusals."""
    content = message if isinstance(message, bytes) else message.as_bytes()
    with protocol("127.0.0.1", port, local_hostname="client.example", timeout=timeout) as client:
        client.sendmail(sender, [to], content, mail_options=["BODY=8BITMIME"])
