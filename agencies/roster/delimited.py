"""CSV: UTF-8 with and without BOM, UTF-16 with BOM, GB18030. The encoding is decided by reading the file once through."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from agencies.roster.faults import FileRefused, fault
from agencies.roster.lines import MAX_COLUMNS, Line

_CHUNK = 64 * 1024
_LOST = "\ufffd"


def lines(file: IO[bytes]) -> Iterator[Line]:
    """The records, numbered as a spreadsheet program shows them (a quoted line break does not start a row)."""
    encoding = detect(file)
    file.seek(0)
    text = io.TextIOWrapper(_Undying(file), encoding=encoding, errors="replace", newline="")
    delimiter = _delimiter(text)
    reader = csv.reader(text, delimiter=delimiter)
    number = 0
    try:
        for cells in reader:
            number += 1
            row = tuple(cells)
            while row and not row[-1].strip() and len(row) > MAX_COLUMNS:
                row = row[:-1]
            yield Line(number, row[: MAX_COLUMNS + 1], damaged=any(_LOST in cell for cell in cells))
    except csv.Error:
        raise FileRefused(fault("file.quotes", number + 1)) from None


def detect(file: IO[bytes]) -> str:
    """Name of the encoding: by BOM, else UTF-8 if the whole file is, else whichever of UTF-8 and GB18030 loses less."""
    file.seek(0)
    head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    lost = {name: _lost(file, name) for name in ("utf-8", "gb18030")}
    return "utf-8" if lost["utf-8"] <= lost["gb18030"] else "gb18030"


def _lost(file: IO[bytes], encoding: str) -> int:
    """How many characters cannot be decoded."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    count = 0
    while chunk := file.read(_CHUNK):
        count += decoder.decode(chunk).count(_LOST)
    return count + decoder.decode(b"", final=True).count(_LOST)


def _delimiter(text: io.TextIOWrapper) -> str:
    """Comma, semicolon or tab: whichever the first lines use most."""
    start = "".join(line for _, line in zip(range(10), text))[:_CHUNK]
    text.seek(0)
    return max(",;\t", key=start.count)


class _Undying(io.BufferedIOBase):
    """Lets the text layer read without closing or owning the caller's file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        return self._file.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self._file.read(size if size > 0 else _CHUNK)
