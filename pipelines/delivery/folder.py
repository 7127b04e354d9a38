"""What lies in a delivery folder: its name, `leveranse.json`, and which file is which table.

What belongs here: everything that can be said without reading a table. Each problem found is one sentence
that names the file, the column or key, the value, and the remedy. Source: `docs/delivery.md`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.delivery.contract import FORMATS, TABLES

MANIFEST = "leveranse.json"
_FOLDER_NAME = re.compile(r"([0-9]{4})-T([1-3])-([1-9][0-9]*)")


@dataclass
class TableFile:
    """A file that holds a table. `claims`: what `leveranse.json` says of it, as (key, rows, sha256)."""

    table: str
    path: Path
    format: str
    bytes: int
    claims: list[tuple[str, int | None, str | None]] = field(default_factory=list)


@dataclass
class Folder:
    """A delivery folder as found. The numbers are None where neither name nor manifest gives them."""

    name: str
    year: int | None = None
    tertial: int | None = None
    number: int | None = None
    period: tuple[date, date] | None = None
    produced: date | None = None
    produced_unparsed: str | None = None
    files: dict[str, TableFile] = field(default_factory=dict)
    unknown_files: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def inspect_folder(path: Path) -> Folder:
    """Look at a delivery folder; nothing is raised, the problems are in the answer. Its period is the rule set's."""
    folder = Folder(os.path.basename(os.path.abspath(path)))
    if not path.is_dir():
        folder.problems.append(f"{path}: there is no such folder. Give the path of a delivery folder")
        return folder
    if match := _FOLDER_NAME.fullmatch(folder.name):
        folder.year, folder.tertial, folder.number = (int(part) for part in match.groups())
    else:
        folder.problems.append(
            f"The folder is named {folder.name!r}. Name it year-Ttertial-delivery, for example 2025-T1-1"
        )
    _find_tables(path, folder)
    _read_manifest(path, folder)
    return folder


def _find_tables(path: Path, folder: Folder) -> None:
    try:
        names = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        folder.problems.append(f"{path}: cannot be opened ({error.strerror}). Make the folder readable")
        return
    known = {MANIFEST}
    for table in TABLES:
        found = [table.name + ending for ending in FORMATS if table.name + ending in names]
        known.update(found)
        if len(found) > 1:
            folder.problems.append(
                f"{table.name}: the table is given {len(found)} times ({', '.join(found)}). Keep one of them"
            )
        elif found and not (path / found[0]).is_file():
            folder.problems.append(f"{found[0]}: is not a file. Put the table in one file of that name")
        elif found:
            file = path / found[0]
            form = FORMATS[found[0].removeprefix(table.name)]
            folder.files[table.name] = TableFile(table.name, file, form, file.stat().st_size)
        elif table.required:
            near = [n for n in names if n.lower().split(".")[0] == table.name and n not in known]
            hint = f" (found {', '.join(near)}, which is another name)" if near else ""
            wanted = f"{table.name}.parquet, {table.name}.csv or {table.name}.csv.gz"
            folder.problems.append(f"{table.name}: the required file is missing{hint}. Add {wanted}")
    folder.unknown_files = [n for n in names if n not in known]


def _read_manifest(path: Path, folder: Folder) -> None:
    file = path / MANIFEST
    if not file.is_file():
        folder.problems.append(f"{MANIFEST}: the required file is missing. Add it with year, tertial and delivery")
        return
    try:
        manifest = json.loads(file.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        at = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        folder.problems.append(f"{MANIFEST}: is not readable as JSON in UTF-8{at}. Correct the file")
        return
    if not isinstance(manifest, dict):
        folder.problems.append(f"{MANIFEST}: holds no object. Write {{...}} with year, tertial and delivery")
        return
    _check_numbers(manifest, folder)
    produced = manifest.get("produced")
    if isinstance(produced, str) and produced.strip():
        try:
            folder.produced = _iso_date(produced.strip())
        except ValueError:
            folder.produced_unparsed = produced
    elif produced is not None and produced != "":
        folder.produced_unparsed = json.dumps(produced)
    _check_claims(path, manifest.get("files"), folder)


def _iso_date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _whole_number(value: object) -> int | None:
    """A whole number of JSON (2025 or 2025.0), else None. true is not 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(value) if abs(value) < 1e15 and value == int(value) else None


def _check_numbers(manifest: dict, folder: Folder) -> None:
    named = {"year": folder.year, "tertial": folder.tertial, "delivery": folder.number}
    for key, in_name in named.items():
        if key not in manifest or manifest[key] is None:
            folder.problems.append(f"{MANIFEST}: {key} is missing. Add it as a whole number")
            continue
        value = _whole_number(manifest[key])
        if value is None or value < 1 or (key == "tertial" and value > 3):
            shown = json.dumps(manifest[key], ensure_ascii=False)[:60]
            allowed = "1, 2 or 3" if key == "tertial" else "a whole number"
            folder.problems.append(f"{MANIFEST}: {key} is {shown}. Write {allowed}, without quotes")
        elif in_name is not None and value != in_name:
            folder.problems.append(
                f"{MANIFEST}: {key} is {value}, but the folder is named {folder.name}. Correct the wrong one"
            )
        elif in_name is None and key == "year":
            folder.year = value
        elif in_name is None and key == "tertial":
            folder.tertial = value


def _check_claims(path: Path, files: object, folder: Folder) -> None:
    """The `files` part: each key names a table or file that must be there; its figures are checked later."""
    if files is None:
        return
    if not isinstance(files, dict):
        folder.problems.append(f"{MANIFEST}: files is not an object. Write {{table: {{rows, sha256}}}} or leave it out")
        return
    by_file = {f.path.name: f for f in folder.files.values()}
    tables = {t.name for t in TABLES}
    for key, claim in files.items():
        if claim is None:
            claim = {}
        if not isinstance(claim, dict):
            folder.problems.append(f"{MANIFEST}: files.{key} is not an object. Write {{rows, sha256}}")
            continue
        rows, sha = claim.get("rows"), claim.get("sha256")
        if rows is not None and _whole_number(rows) is None:
            folder.problems.append(f"{MANIFEST}: files.{key}.rows is {json.dumps(rows)[:60]}. Write a whole number")
            rows = None
        if sha is not None and not isinstance(sha, str):
            folder.problems.append(f"{MANIFEST}: files.{key}.sha256 is {json.dumps(sha)[:60]}. Write it as text")
            sha = None
        file = by_file.get(key) or folder.files.get(key)
        if file:
            file.claims.append((key, _whole_number(rows), sha))
        elif key in [*folder.unknown_files, MANIFEST] and (path / key).is_file():
            if sha is not None and sha_of(path / key) != sha.strip().lower():
                folder.problems.append(_sha_problem(key, key))
        elif key in tables and any((path / (key + e)).exists() for e in FORMATS):
            continue  # given twice or not a file: said already
        elif not (key in {f"{t}{e}" for t in tables for e in FORMATS} and (path / key).exists()):
            folder.problems.append(
                f"{MANIFEST}: files lists {key}, which is not in the folder. Add it or delete the line"
            )


def check_claims(file: TableFile, rows: int | None, sha256: str | None) -> list[str]:
    """Whether a file has the rows and the sha256 that `leveranse.json` gives; the problems as sentences.
    None: that could not be found out, because the file is damaged."""
    problems = []
    for key, claimed_rows, claimed_sha in file.claims:
        if None not in (claimed_rows, rows) and claimed_rows != rows:
            problems.append(
                f"{file.path.name}: has {rows} rows, but {MANIFEST} says {claimed_rows} (files.{key}.rows). "
                "Deliver the whole file or correct the number"
            )
        if claimed_sha is not None and sha256 is not None and claimed_sha.strip().lower() != sha256:
            problems.append(_sha_problem(file.path.name, key))
    return problems


def _sha_problem(file: str, key: str) -> str:
    return (
        f"{file}: its sha256 is not the one in {MANIFEST} (files.{key}.sha256). "
        "Deliver the file that was meant or correct the sum"
    )


def sha_of(path: Path) -> str | None:
    """SHA-256 of a file's bytes as it lies, in lower-case hexadecimal; None if the file cannot be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
