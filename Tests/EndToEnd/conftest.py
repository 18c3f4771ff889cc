"""What the tests share: engines, an installation of Liaison per test, and the servers around it."""

import os
import pathlib
import shutil
import tempfile

import pytest

import services
from desk import Desk, program
from screenshots import start
from waiting import free_port


def pytest_configure(config):
    if not os.access(program(), os.X_OK):
        raise pytest.UsageError(f"{program()} is not there: run 'swift build' first, or set LIAISON to the program")


@pytest.fixture(scope="session")
def session_folder():
    """A folder whose path is short enough for sockets and open to the users that servers run as."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="liaison-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def demonstration(session_folder):
    """A running demonstration, with address and password of its administrator; for tests that change little of it."""
    desk, people = start(session_folder / "demonstration")
    name = next(each for each in people if each.startswith("greta"))
    yield desk, name, people[name]
    desk.close()


@pytest.fixture
def folder(session_folder):
    made = pathlib.Path(tempfile.mkdtemp(dir=session_folder))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(session_folder):
    server = services.Postgres(session_folder / "postgres").start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    return request.param


@pytest.fixture
def new_database(engine, request):
    """Makes database settings of the engine at hand: None stands for SQLite in the data folder."""
    if engine == "sqlite":
        return lambda: None
    return request.getfixturevalue("postgres").new_database


@pytest.fixture
def new_desk(folder, new_database):
    """Makes installations that are cleared away after the test; not yet prepared, not yet running."""
    desks = []

    def make(**settings):
        settings.setdefault("database", new_database())
        desks.append(Desk(folder / f"desk{len(desks)}", **settings))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(new_desk):
    """A running desk with the queue info@desk.example."""
    return new_desk().prepare().serve()


@pytest.fixture
def person(desk):
    """Somebody before a browser, not yet signed in."""
    import browser
    someone = browser.Person(desk.url)
    yield someone
    someone.close()


@pytest.fixture(scope="session")
def dovecot(session_folder):
    server = services.Dovecot(session_folder / "dovecot").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postfix(session_folder, dovecot):
    server = services.Postfix(session_folder / "postfix", free_port(), dovecot.lmtp_port).start()
    yield server
    server.stop()


@pytest.fixture
def sink():
    server = services.Sink().start()
    yield server
    server.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows what the servers of its desks logged last."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for log in sorted(pathlib.Path(item.funcargs["folder"]).glob("*/log")) if "folder" in item.funcargs else []:
            text = log.read_text(errors="replace").splitlines()[-40:]
            report.sections.append((f"log of {log.parent.name}", "\n".join(text)))
