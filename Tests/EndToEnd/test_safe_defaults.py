"""Files that are private, refusals that say what to do, answers that are small."""

import gzip
import stat

import requests


def test_a_new_database_file_is_the_owners_alone(new_desk):
    desk = new_desk(database=None).prepare()

    for file in desk.data.glob("liaison.sqlite*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_restore_without_the_key_makes_nothing_and_names_it(new_desk, folder):
    desk = new_desk(database=None).prepare()
    file = folder / "desk.backup"
    needed = desk.command("backup", file).split("instance key ")[1].split(",")[0]
    twin = new_desk(database=None)

    for key in ("", twin.instance_key):
        done = twin.run("restore", file) if key else without_key(twin, file)
        assert done.returncode == 78
        assert needed in done.stderr.decode()
        assert not twin.data.exists()


def without_key(desk, file):
    environment = desk.environment
    desk.environment = lambda extra=None: {k: v for k, v in environment(extra).items() if k != "LIAISON_KEY"}
    try:
        return desk.run("restore", file)
    finally:
        desk.environment = environment


def test_doctor_says_what_an_address_of_a_mail_server_looks_like(new_desk):
    desk = new_desk().prepare()

    done = desk.run("doctor", extra={"LIAISON_SMTP": "mail.example:25"})

    [line] = [line for line in done.stdout.decode().splitlines() if "\tsmtp\t" in line]
    assert line.startswith("LOOK") and "smtp://" in line
    assert "mail.example" not in line


def test_long_texts_leave_in_gzip_where_it_is_taken(desk):
    page = desk.url + "/api/v1/openapi.json"
    plain = requests.get(page, headers={"Accept-Encoding": "identity"}, timeout=30)
    refused = requests.get(page, headers={"Accept-Encoding": "gzip;q=0"}, timeout=30)
    packed = requests.get(page, headers={"Accept-Encoding": "br, gzip"}, timeout=30, stream=True)
    raw = packed.raw.read(decode_content=False)
    short = requests.get(desk.url + "/healthz", headers={"Accept-Encoding": "gzip"}, timeout=30)

    assert "Content-Encoding" not in plain.headers and "Content-Encoding" not in refused.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(raw) < len(plain.content) / 3
    assert gzip.decompress(raw) == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in short.headers
