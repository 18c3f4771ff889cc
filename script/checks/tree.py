"""The files that git knows or would take in, with their text."""

import functools
import pathlib
import subprocess


class Tree:
    def __init__(self, root, paths):
        self.root = pathlib.Path(root)
        self.paths = paths

    @classmethod
    def of_repository(cls, root=None):
        root = pathlib.Path(root or pathlib.Path(__file__).parents[2]).resolve()
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root, check=True, capture_output=True, text=True,
        ).stdout
        return cls(root, sorted(path for path in set(listed.split("\0")) if path and (root / path).is_file()))

    def ending(self, *endings):
        return [path for path in self.paths if path.endswith(endings)]

    def exists(self, path):
        return (self.root / path).exists()

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        """The file's text, or None where it is not UTF-8."""
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return None

    def lines(self, path):
        return (self.text(path) or "").split("\n")
