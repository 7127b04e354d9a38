"""A workbook in which nothing is lost in silence: a text that no cell can hold is shortened with a mark, and listed; a
decimal number is written with all its digits. Nothing in a cell becomes a formula, a link or a number by its looks."""

from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767  # of a cell, in the units that Excel counts (UTF-16)
_MARK = " … [forkortet]"
LIST = "Forkortede celler"


def shortened(text: str) -> str:
    """The text as a cell can hold it."""
    if len(text) <= LONGEST // 2 or _units(text) <= LONGEST:
        return text
    room = 2 * (LONGEST - _units(_MARK))
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + _MARK


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _of_cell(attributes) -> str:
    """Where a cell is and the number of its format: nothing to escape, which is most of what writing a cell costs."""
    return "".join([f' {key}="{value}"' for key, value in attributes])


OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # its parts would else be files: more work than the rest of a small workbook
}


class Sheet(Worksheet):
    """A sheet that remembers the cells whose text it had to shorten, and writes decimal numbers as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.shortened_cells: list[tuple[str, int]] = []

    def _write_string(self, row, col, string, cell_format=None):
        kept = shortened(string)
        if kept != string:
            self.shortened_cells.append((xl_rowcol_to_cell(row, col), len(string)))
        return super()._write_string(row, col, kept, cell_format)

    def _xml_number_element(self, number, attributes=()):
        if isinstance(number, Decimal):
            self.fh.write(f"<c{_of_cell(attributes)}><v>{number:f}</v></c>")
        else:
            super()._xml_number_element(number, attributes)

    def _xml_string_element(self, index, attributes=()):
        self.fh.write(f'<c{_of_cell(attributes)} t="s"><v>{index}</v></c>')


class Book(Workbook):
    """A workbook whose last sheet, where there is need of one, lists the shortened cells."""

    worksheet_class = Sheet

    def __init__(self, filename: str) -> None:
        super().__init__(filename, OPTIONS)

    def close(self) -> None:
        """Write the file, and the list before it. Closing again does nothing."""
        if not self.fileclosed:
            cells = [(sheet.name, *cell) for sheet in self.worksheets() for cell in sheet.shortened_cells]
            if cells:
                self._list(cells)
        super().close()

    def _list(self, cells: list[tuple[str, str, int]]) -> None:
        sheet = self.add_worksheet(LIST)
        for column, text in enumerate(("Ark", "Celle", "Tegn i teksten")):
            sheet.write_string(0, column, text)
        for number, (name, cell, length) in enumerate(cells, 1):
            sheet.write_string(number, 0, name)
            sheet.write_string(number, 1, cell)
            sheet.write_number(number, 2, length)
