"""`liaison deliver`, as an MTA's pipe calls it: 0 when the mail is durable, else 75, so that the MTA keeps it."""

from letters import letter
from waiting import until


def test_a_mail_on_standard_input_becomes_a_ticket(desk):
    message = letter(subject="Through a pipe").as_bytes()

    done = desk.run("deliver", "--queue", "info", data=message)

    assert done.returncode == 0, done.stderr
    ticket = until(lambda: desk.api.ticket_about("Through a pipe"), 60, "no ticket")
    [kept] = desk.api.messages(ticket["id"])
    assert desk.api.raw(kept["id"]) == message


def test_it_works_while_the_server_is_down(new_desk):
    desk = new_desk().prepare()

    assert desk.run("deliver", "--queue", "info", data=letter(subject="Before the start").as_bytes()).returncode == 0

    desk.serve()
    until(lambda: desk.api.ticket_about("Before the start"), 60, "no ticket")


def test_the_same_mail_twice_is_one(desk):
    message = letter(subject="Once is enough").as_bytes()

    codes = [desk.run("deliver", "--queue", "info", data=message).returncode for _ in range(2)]

    assert codes == [0, 0]
    ticket = until(lambda: desk.api.ticket_about("Once is enough"), 60, "no ticket")
    assert len(desk.api.messages(ticket["id"])) == 1


def test_an_unknown_queue_makes_the_mta_keep_the_mail(desk):
    done = desk.run("deliver", "--queue", "nowhere", data=letter().as_bytes())

    assert done.returncode == 75
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_a_database_that_is_away_makes_the_mta_keep_the_mail(new_desk):
    desk = new_desk(database="postgresql://nobody:nothing@127.0.0.1:1/none")

    assert desk.run("deliver", "--queue", "info", data=letter().as_bytes()).returncode == 75


def test_wrong_usage_makes_the_mta_keep_the_mail(desk):
    assert desk.run("deliver", "--no-such-option", data=letter().as_bytes()).returncode == 75
