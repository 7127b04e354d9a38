"""`<home>/published/<delivery>-kvalitet/`: a folder per hospital and the national overview, whole or not at all.

A published settlement is never changed, so the quality reports lie beside it, with revisions of their own: another
result (a threshold, an answer) becomes `<delivery>-kvalitet-r2`. Packs hold rows under the hospital's own ids, so only
their owner may read the files; each hospital is sent its own folder and nothing else.
"""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.publication import csvfile, folder, manifest
from pipelines.publication.tables import read
from pipelines.quality import catalogue, overview, pack, pack_code, page, sheets

Progress = Callable[[str, int, int], None]
NATIONAL = "nasjonalt"
DIRECTORATE = "direktoratet"
_RESULT = """select result.check_id as kontroll, tier as niva, severity as alvor, trial as paa_prove,
    result.hf_orgnr, hospital.hf_name as hf, numerator as teller,
    denominator as nevner, share as andel, confirmed as bekreftet, new_rows as nye, points_lost as poeng_tapt,
    points_over as poeng_for_mye, cast(nok_lost as decimal(18, 2)) as kroner_tapt,
    cast(nok_over as decimal(18, 2)) as kroner_for_mye, status
    from unit_result as result left join hospital on hospital.hf_orgnr = result.hf_orgnr
    where level = 'hf' order by result.check_id, result.hf_orgnr"""
_MACRO = """select check_id as kontroll, hf_orgnr, sector as sektor, month as maned, numerator as teller,
    denominator as nevner, measure as maal, measure_last_delivery as forrige_leveranse, measure_last_year as i_fjor,
    peer_middle as lignende_hf, differs_from_itself as endret, differs_from_peers as avviker
    from macro_result where not is_not_applicable order by check_id, hf_orgnr, sector, month"""
_CONFIRMED = """select check_id as kontroll, hf_orgnr, institution_id as institusjon, unit_id as avdeling,
    month as maned, row_type as radtype, row_key as radnokkel, value as verdi, points_at_stake as poeng,
    cast(nok_at_stake as decimal(18, 2)) as kroner, answer_comment as kommentar
    from confirmed_overpayment order by nok_at_stake, check_id, hf_orgnr, row_type, row_key, value"""


@dataclass(frozen=True)
class Published:
    """Where the reports lie; `unchanged`: the same were there before."""

    path: Path
    unchanged: bool
    hospitals: int


def folder_name(hf_orgnr: str) -> str:
    """The folder of a hospital: its number, or a hash of what it reports as number if that cannot be a name."""
    if re.fullmatch(r"[0-9A-Za-z]{1,20}", hf_orgnr) and hf_orgnr.lower() not in (NATIONAL, DIRECTORATE):
        return hf_orgnr
    return "hf-" + hashlib.sha256(hf_orgnr.encode("utf-8")).hexdigest()[:12]


def publish(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    development: list[dict],
    *,
    extra: dict[str, bytes] | None = None,
    progress: Progress | None = None,
) -> Published:
    """Publish the judged results of `judge.judged`. `extra`: further files of the national folder."""
    info = pack.info(con)
    name = folder.safe_name(f"{info['delivery']}-kvalitet")
    homes.prepare(home)
    published = home / "published"
    tmp = folder.tmp_folder(published, name)
    folder.remove_stale(published, tmp)
    tmp.mkdir(mode=0o700)
    try:
        hospitals = pack.hospitals(con)
        version, key = _version(), pack_code.key(home)
        for number, hf_orgnr in enumerate(hospitals, 1):
            if progress:
                progress(f"{info['delivery']}: pack of {hf_orgnr}", number, len(hospitals) + 1)
            _write_pack(con, tmp / folder_name(hf_orgnr), hf_orgnr, development, version["version"], key)
        if progress:
            progress("overview", len(hospitals) + 1, len(hospitals) + 1)
        _write_national(con, tmp / NATIONAL, development, version["version"], extra or {})
        _write_directorate(con, tmp / DIRECTORATE)
        raw = _manifest(con, tmp, info, version, pack_code.fingerprint(home))
        (tmp / manifest.NAME).write_bytes(raw)
        files = folder.files_in(tmp)
        folder.seal(tmp, {file for file in files if not file.startswith(NATIONAL) and file != manifest.NAME})
        for known in folder.revisions(published, name).values():
            there = known / manifest.NAME
            if there.is_file() and there.read_bytes() == raw and not manifest.compare(known)[0]:
                return Published(known, True, len(hospitals))
        path, _ = folder.place(tmp, published, name)
        path.chmod(0o700)
        return Published(path, False, len(hospitals))
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def _write_pack(
    con: duckdb.DuckDBPyConnection, target: Path, hf_orgnr: str, development: list[dict], version: str, key: bytes
) -> None:
    target.mkdir()
    own = pack.build(con, hf_orgnr, development, key)
    (target / "kvalitet.html").write_text(page.build(own, version), encoding="utf-8", newline="\n")
    sheets.write_csv(own, target / "funn.csv")
    sheets.write_workbook(own, target / "kvalitet.xlsx")


def _write_national(
    con: duckdb.DuckDBPyConnection, target: Path, development: list[dict], version: str, extra: dict[str, bytes]
) -> None:
    target.mkdir()
    text = overview.build(con, development, version)
    (target / "oversikt.html").write_text(text, encoding="utf-8", newline="\n")
    csvfile.write(read(con, _RESULT), target / "kontroller.csv")
    csvfile.write(read(con, _MACRO), target / "makro.csv")
    for name, content in extra.items():
        (target / folder.safe_path(name)).write_bytes(content)


def _write_directorate(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    """What the directorate alone may see: rows of all hospitals."""
    target.mkdir()
    csvfile.write(read(con, _CONFIRMED), target / "bekreftet_overbetaling.csv")


def _manifest(
    con: duckdb.DuckDBPyConnection, tmp: Path, info: dict, version: dict[str, str], fingerprint: str
) -> bytes:
    """What the reports were made from, and the hash of every file. `fingerprint`: of the key of the packs' codes."""
    inputs = con.execute("select file, format, rows_in, sha256 from input_file order by file").fetchall()
    answers = con.execute(
        "select coalesce(bit_xor(hash(check_id, row_type, row_key, hf_orgnr, value, answer, answer_comment)), 0)"
        " from given_answer"
    ).fetchone()[0]
    earlier = con.execute("select which, delivery from earlier_delivery order by which").fetchall()
    (found,) = con.execute("select count(*) from check_row").fetchone()
    made_from = {
        "delivery": info["delivery"],
        "inputs": [{"file": f, "format": form, "rows": n, "sha256": digest} for f, form, n, digest in inputs],
        "ruleset": {"id": info["ruleset"], "status": info["ruleset_status"], "sha256": info["ruleset_sha256"]},
        "program": version,
        "options": {
            "catalogue_sha256": hashlib.sha256(
                repr([(c, c.parameters) for c in catalogue.checks()]).encode("utf-8")
            ).hexdigest(),
            "checks_sha256": info["checks_sha256"],
            "answers": str(answers),
            "answer_key": fingerprint,
            "settlement": "published" if info["is_published"] else "not published",
            "compared_with": {which: delivery for which, delivery in earlier},
        },
    }
    files = {name: manifest.sha256_of(tmp / name) for name in folder.files_in(tmp)}
    return manifest.build(made_from, {"check_row": found}, {}, files)


def _version() -> dict[str, str]:
    """The release and a hash of the package's own part that makes the reports."""
    from pipelines.engine.version import program_version

    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes() + b"\0")
    return {**program_version(), "quality_sha256": digest.hexdigest()}


__all__ = ["Published", "folder_name", "publish"]
