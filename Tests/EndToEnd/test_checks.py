"""script/check finds what it is for: one fault of each kind in a small repository of its own."""

import json
import subprocess
import sys

import pytest

from desk import ROOT

CLEAN = {
    "README.md": "# Title\n\n[there](docs/page.md#a-heading)\n",
    "docs/page.md": "# Page\n\n## A heading\n",
    "Sources/Base/Thing.swift": "/// A thing.\npackage struct Thing {}\n",
    "Resources/templates/desk/page.mustache": "<p>{{t.page-title}}</p>\n",
    "Tests/ThingTests.swift": "/// Rows 7 (letters), 8 and 74 to 79 of the table.\n",
    "i18n/desk/en.json": json.dumps({"desk-page-title": "Hello $1"}),
    "i18n/desk/qqq.json": json.dumps({"desk-page-title": "Title of the page. $1 is a name."}),
    "i18n/desk/fr.json": json.dumps({"desk-page-title": "Bonjour $1"}),
}
FAULTS = {
    "a broken link": ("README.md", "[gone](docs/gone.md)\n", "does not exist"),
    "a broken anchor": ("README.md", "[gone](docs/page.md#nowhere)\n", "no such heading"),
    "a long line": ("Sources/Base/Thing.swift", "// " + "a" * 130 + "\n", "characters"),
    "a long file": ("Sources/Base/Thing.swift", "// a\n" * 501, "second noun"),
    "a long function": (
        "Sources/Base/Thing.swift", "func long() {\n" + "    work()\n" * 70 + "}\n", "long has 72 lines"),
    "a forced try": ("Sources/Base/Thing.swift", "let x = try! make()\n", "no try!"),
    "a drawer": ("Sources/Base/Utils/Thing.swift", "let x = 1\n", "named Utils"),
    "an unescaped value": ("Resources/templates/desk/page.mustache", "<p>{{{name}}}</p>\n", "unescaped"),
    "text in a template": ("Resources/templates/desk/page.mustache", "<p>Save it</p>\n", "text for people"),
    "text in an attribute": ("Resources/templates/desk/page.mustache", '<a title="Save it"></a>\n', "in an attribute"),
    "an inline style": ("Resources/templates/desk/page.mustache", '<p style="color: red"></p>\n', "no inline"),
    "a lost placeholder": ("i18n/desk/fr.json", json.dumps({"desk-page-title": "Bonjour"}), "lacks $1"),
    "an unexplained key": ("i18n/desk/qqq.json", "{}", "is not explained"),
    "a row without its test": (
        "docs/developers/rows.md", "| 80 | schedules | `Tests/BaseTests/ThingTests.swift` | |\n", "does not exist"),
    "a test that does not name its row": (
        "docs/developers/rows.md", "| 80 | schedules | `README.md`, `Tests/ThingTests.swift` | |\n", "name row 80"),
    "an unknown key": ("i18n/desk/fr.json", json.dumps({"desk-page-other": "x"}), "is not in en.json"),
}


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)


def check(root):
    done = subprocess.run(
        [sys.executable, ROOT / "script/checks/run.py", root], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


def test_a_clean_tree_has_no_fault(folder):
    write(folder, CLEAN)

    assert check(folder) == (0, f"{len(CLEAN)} files: no fault found.\n")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(folder, name):
    path, text, told = FAULTS[name]
    write(folder, CLEAN | {path: text})

    code, printed = check(folder)

    assert code == 1
    assert told in printed
    assert path in printed or path.split("/")[1] in printed
