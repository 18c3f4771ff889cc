"""Options and commands: what exists is documented, and what is documented exists."""

import re
import subprocess

import pytest

from desk import ROOT, program

PAGE = ROOT / "docs/admin/configuration.md"
OPTION = re.compile(r"(?<![\w-])--([a-z][a-z0-9-]*)")
VARIABLE = re.compile(r"LIAISON_[A-Z_]+")
EVERYWHERE = {"help", "version"}


@pytest.fixture(scope="module")
def told():
    done = subprocess.run([program(), "serve", "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    return done.stdout


def documented_rows():
    """The table of the page: option, variable, key in the file, meaning."""
    rows = re.findall(r"^\| `--([a-z0-9-]+)[^`]*` \| `(LIAISON_[A-Z_]+)` \| `([a-z-]+)` \|", PAGE.read_text(), re.M)
    assert rows
    return rows


def test_every_option_is_documented(told):
    options = set(OPTION.findall(told)) - EVERYWHERE

    assert options - {option for option, _, _ in documented_rows()} == set()


def test_no_option_is_documented_that_does_not_exist(told):
    options = set(OPTION.findall(told))

    assert {option for option, _, _ in documented_rows()} - options == set()


def test_every_variable_that_the_help_names_is_documented(told):
    assert set(VARIABLE.findall(told)) - set(VARIABLE.findall(PAGE.read_text())) == set()


def test_each_option_its_variable_and_its_key_have_one_name():
    for option, variable, key in documented_rows():
        assert variable == "LIAISON_" + option.upper().replace("-", "_")
        assert key == option


def documented_commands():
    """`liaison queue add …` in a page, as the words before the first argument."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = set()
    for page in pages:
        for line in re.findall(r"(?:^|[`( ]|bin/)liaison ((?:[a-z][a-z-]+ ?)+)(?![\w.=])", page.read_text(), re.M):
            found.add(tuple(line.split()[:2]))
    return found


def test_every_command_in_the_pages_exists():
    help_of = {}
    for words in documented_commands():
        command = words[0]
        if command not in help_of:
            done = subprocess.run([program(), command, "--help"], capture_output=True, text=True, timeout=60)
            help_of[command] = done.stdout if done.returncode == 0 else None
        assert help_of[command] is not None, f"liaison {command} does not exist"
        if "SUBCOMMANDS" in help_of[command]:
            assert len(words) > 1 and re.search(rf"^  {words[1]}\b", help_of[command], re.M), f"liaison {words}"
