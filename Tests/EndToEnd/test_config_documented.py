"""Every option of `serve` stands in the administrators' page, and the page names none that does not exist."""

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
