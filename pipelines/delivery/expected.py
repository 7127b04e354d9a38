"""What is expected where a row was set aside or a value could not be read, and what to do: Norwegian, for the screen.

What belongs here: the forms of docs/delivery.md in a few words. What does not: the content of rows, which is health
data and never shown beside them.
"""

from __future__ import annotations

from pipelines.delivery.contract import TABLES, Column
from pipelines.delivery.folder import MANIFEST

_NOT_FLOAT = "tekst; lagret som flyttall er verdien ikke eksakt, skriv den som tekst"
_DATE, _TIME = "ÅÅÅÅ-MM-DD", "ÅÅÅÅ-MM-DDTtt:mm"
FORM = {
    "text": _NOT_FLOAT,
    "code": _NOT_FLOAT,
    "icd10": _NOT_FLOAT,
    "number": "et helt tall",
    "municipality": "et kommunenummer, bare sifre",
    "time": f"{_DATE} eller {_TIME}",
    "end": f"{_DATE} eller {_TIME}, også klokka 24:00",
    "date": _DATE,
    "month": "ÅÅÅÅ-MM",
    "amount": "kroner med komma eller punktum foran desimalene, uten tusenskille; et flyttall må være eksakt",
    "points": "poeng med komma eller punktum foran desimalene",
}
_BY_REASON = {
    "wrong_field_count": 'raden skal ha like mange felt som overskriften; felt med ; eller linjeskift skal stå i "…"',
    "missing_required": "kolonnen skal ha en verdi i hver rad",
    "duplicate_id": "hver id skal stå én gang; behold den riktige raden",
    "ends_before_start": "utDatoTid skal ikke være før innDatoTid",
    "parent_absent": "episodeID skal stå i episode; lever episoden også, eller ta raden bort",
    "parent_quarantined": "rett episodens egen rad",
}


def of_row(file: str, reason: str, column: str | None) -> str:
    """What a row that was quarantined for `reason` should have been."""
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    wanted = _column(file, column)
    if wanted is None:
        return ""
    if reason == "value_not_listed":
        return "skal være " + " eller ".join(map(str, wanted.listed or ()))
    return of_value(file, wanted.name)


def of_value(file: str, column: str) -> str:
    """The form of a column's values."""
    wanted = _column(file, column)
    if file == MANIFEST:
        return f"skal være {FORM['date']}"
    return f"skal være {FORM[wanted.kind]}" if wanted else ""


def _column(file: str, column: str | None) -> Column | None:
    return next((table.column(column) for table in TABLES if table.name == file), None)
