"""`<home>/published/<delivery>-kvalitet/`: a folder per hospital, one of the directorate and a public overview, whole
or not at all.

A published settlement is never changed, so the quality reports lie beside it, with revisions of their own: another
result (a threshold, an answer) becomes `<delivery>-kvalitet-r2`. Packs hold rows under the hospital's own ids, so only
their owner may read the files; each hospital is sent its own folder and nothing else. The directorate's folder has the
counts of all hospitals, small ones too. The public one has only marks: which hospital has findings of which check. With
no number in it, nothing that the settlement hides can be computed from it.
"""

import hashlib
import re
from pathlib import Path

import duckdb

from pipelines.engine import beside
from pipelines.engine import home as homes
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.engine.workspace import only_row
from pipelines.publication import audience, csvfile, folder, manifest
from pipelines.publication.folder import Made, Published
from pipelines.publication.tables import read
from pipelines.quality import catalogue, overview, pack, pack_code, page, sheets

# Of fewer rows all packs are written before a second process has begun.
MANY_ROWS = 20_000
NATIONAL = "nasjonalt"
DIRECTORATE = "direktoratet"


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
    threads: int = 1,
    progress: Progress = silent,
) -> Published:
    """Publish the judged results of `judge.judged`. `extra`: further files of the directorate's folder. `threads`: so
    many packs are written at once."""
    homes.prepare(home)
    name = f"{pack.info(con)['delivery']}-kvalitet"

    def write(tmp: Path) -> Made:
        (found,) = only_row(con, "select count(*) from check_row")
        _write_packs(con, home, tmp, development, threads if found >= MANY_ROWS else 1, progress)
        _write_national(con, tmp / NATIONAL)
        _write_directorate(con, tmp / DIRECTORATE, development, extra or {})
        content = manifest.content(_facts(con, pack_code.fingerprint(home)), {"check_row": found}, audience.DIRECTORATE)
        public = {f"{NATIONAL}/{path.name}" for path in (tmp / NATIONAL).iterdir()}
        return Made(content, frozenset({*manifest.files_in(tmp), manifest.NAME} - public))

    return folder.publish(home / "published", name, write, private=True)


def _write_packs(
    con: duckdb.DuckDBPyConnection, home: Path, tmp: Path, development: list[dict], threads: int, progress: Progress
) -> None:
    delivery, hospitals, key = pack.info(con)["delivery"], pack.hospitals(con), pack_code.key(home)
    with beside.processes(threads) as do:
        for number, hf_orgnr in enumerate(hospitals, 1):
            progress(f"{delivery}: pack of {hf_orgnr}", number, len(hospitals) + 1)
            target = tmp / folder_name(hf_orgnr)
            target.mkdir()
            own = pack.build(con, hf_orgnr, development, key)
            do(write_pack, own, target, program_version()["version"])
    progress("overview", len(hospitals) + 1, len(hospitals) + 1)


def write_pack(own: pack.Pack, target: Path, version: str) -> None:
    """The files of a hospital's folder."""
    (target / "kvalitet.html").write_text(page.build(own, version), encoding="utf-8", newline="\n")
    sheets.write_csv(own, target / "funn.csv")
    sheets.write_workbook(own, target / "kvalitet.xlsx")


def _write_national(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    target.mkdir()
    text = overview.build_public(con, program_version()["version"])
    (target / "oversikt.html").write_text(text, encoding="utf-8", newline="\n")
    marks = "kontroll, niva, alvor, paa_prove, hf_orgnr, hf, status"
    csvfile.write(read(con, f"select {marks} from kontroller order by kontroll, hf_orgnr"), target / "kontroller.csv")
    marks = "kontroll, hf_orgnr, sektor, maned, endret, avviker"
    order = "kontroll, hf_orgnr, sektor, maned"
    csvfile.write(read(con, f"select {marks} from makro order by {order}"), target / "makro.csv")


def _write_directorate(
    con: duckdb.DuckDBPyConnection, target: Path, development: list[dict], extra: dict[str, bytes]
) -> None:
    """What the directorate alone may see: numbers and rows of all hospitals."""
    target.mkdir()
    text = overview.build(con, development, program_version()["version"])
    (target / "oversikt.html").write_text(text, encoding="utf-8", newline="\n")
    csvfile.write(read(con, "select * from kontroller order by kontroll, hf_orgnr"), target / "kontroller.csv")
    csvfile.write(read(con, "select * from makro order by kontroll, hf_orgnr, sektor, maned"), target / "makro.csv")
    for name, content in extra.items():
        (target / folder.safe_path(name)).write_bytes(content)
    order = "kroner, kontroll, hf_orgnr, radtype, radnokkel, verdi"
    confirmed = read(con, f"select * from bekreftet_overbetaling order by {order}")
    csvfile.write(confirmed, target / "bekreftet_overbetaling.csv")


def _facts(con: duckdb.DuckDBPyConnection, fingerprint: str) -> dict:
    """What the reports were made from. `fingerprint`: of the key of the packs' codes."""
    info = pack.info(con)
    inputs = con.execute("select file, format, rows_in, sha256 from input_file order by file").fetchall()
    answers = only_row(
        con,
        "select coalesce(bit_xor(hash("
        "check_id, row_type, row_key, hf_orgnr, value, answer, answer_comment, delivery)), 0)"
        " from given_answer",
    )[0]
    earlier = con.execute("select which, delivery from earlier_delivery order by which").fetchall()
    return {
        "delivery": info["delivery"],
        "inputs": [{"file": f, "format": form, "rows": n, "sha256": digest} for f, form, n, digest in inputs],
        "ruleset": {"id": info["ruleset"], "status": info["ruleset_status"], "sha256": info["ruleset_sha256"]},
        "program": _version(),
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


def _version() -> dict[str, str]:
    """The release and a hash of the package's own part that makes the reports."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes() + b"\0")
    return {**program_version(), "quality_sha256": digest.hexdigest()}
