"""Watching how a file is taken in: in which transaction it is read, and what lies on the disk."""

import io

from django.db import connection

from tests import factories as make


class Watched(io.BytesIO):
    """A paper that notes how many transactions are open inside each other whenever it is read."""

    def __init__(self):
        super().__init__(make.PDF)
        self.depths = set()

    def read(self, *args):
        self.depths.add(len(connection.atomic_blocks))
        return super().read(*args)


def outside(file):
    """Whether the file was read in no transaction but the test's own."""
    assert file.depths
    return file.depths == {len(connection.atomic_blocks)}


def stored(folder):
    return {path for path in folder.rglob("*") if path.is_file()}
