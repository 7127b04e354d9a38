"""Internal names where people read labels: words with an underscore in the text of a page or the cells of a workbook.

Names of files, code, notes and columns of codes may have them.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl

_NAME = re.compile(r"\b[a-zæøå]+(?:_[a-zæøå0-9]+)+\b(?!\.(?:parquet|csv|html|xlsx|json))")
_CODES = ("Regelkode", "Kontroll (kode)")


def of_page(html: str) -> set[str]:
    """The internal names in the text of a page, outside code."""
    reader = _Text()
    reader.feed(html)
    return set(_NAME.findall(" ".join(reader.parts)))


def of_workbook(path: Path) -> set[str]:
    """The internal names in the cells of a workbook and the names of its sheets; columns of codes are left out."""
    book = openpyxl.load_workbook(path)
    found = set(_NAME.findall(" ".join(book.sheetnames)))
    for sheet in book:
        codes = {cell.column for row in sheet.iter_rows(max_row=12) for cell in row if cell.value in _CODES}
        for row in sheet.iter_rows():
            texts = [c.value for c in row if c.data_type == "s" and c.column not in codes and isinstance(c.value, str)]
            found |= set(_NAME.findall(" ".join(texts)))
    return found


class _Text(HTMLParser):
    """What a reader sees as text."""

    _HIDDEN = ("code", "script", "style", "pre")

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag, attrs):
        self._inside += tag in self._HIDDEN

    def handle_endtag(self, tag):
        self._inside -= tag in self._HIDDEN

    def handle_data(self, data):
        if not self._inside:
            self.parts.append(data)
