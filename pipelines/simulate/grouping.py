"""Another grouping of the same activity, beside the rule sets: `isf simulate --crosswalk FILE` gives episodes other
DRGs, `--alternative-grouping ID` groups the stays anew by definition tables of the grouper. Both become a schema
`regrouped`, as the settlement reads it (`sql/20_episodes/reported_episode.sql`, `sql/30_stays/stay.sql`)."""

import csv
import dataclasses
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.engine.workspace import literal
from pipelines.errors import InputRefused
from pipelines.grouper import sets, units
from pipelines.publication.manifest import sha256_of
from pipelines.rules.load import Ruleset
from pipelines.rules.read import nearest
from pipelines.simulate.activity import Activity

STAGE = "simulation_grouping"
COLUMNS = ("episodeID", "drg")
SETTLED = "wh.regrouped"
MOST_TOLD = 20


@dataclass(frozen=True)
class Grouping:
    """A grouping of the activity. `schema`: where its `regrouped` is, `patients`: the relation with those whom it
    moves; `of_stays`: it knows the stays as they are settled, so no rule set may form others."""

    title: str
    facts: dict[str, Any]
    sha256: str
    schema: str
    patients: str
    of_stays: bool

    def of(self, rules: Ruleset) -> Ruleset:
        """A rule set on activity grouped so: the same rules, with an identity of its own."""
        digest = hashlib.sha256(f"{rules.sha256} {self.sha256}".encode()).hexdigest()
        name = f"{rules.id} omgruppert"
        identity = [row | {"ruleset": name, "sha256": digest} for row in rules.tables["ruleset"]]
        return dataclasses.replace(rules, id=name, sha256=digest, tables=rules.tables | {"ruleset": identity})


def by_crosswalk(activity: Activity, path: Path, alternatives: Iterable[Ruleset]) -> Grouping:
    """Episodes with the DRGs of a CSV with `episodeID` and `drg`; those that it lacks keep their own.

    Raises InputRefused with every fault: a column that is missing, an episode that is given twice, an empty field, a
    DRG that an alternative lacks in the episode's sector.
    """
    con, database = activity.con, activity.database("regrouped")
    activity.tell("crosswalk")
    with workspace.inside(con, database):
        units.prepare(con)
        _read(con, path)
        rules = [activity.rules(r) for r in alternatives]
        known = " intersect ".join(f"select sector, drg from {schema}.drg" for schema in rules)
        con.execute(f"create table known_drg as {known}")
    reading = {"landing": "wh.landing", "reported_episode": "wh.main.reported_episode"}
    run(STAGE, con, into=database, reading=reading, only=["crosswalk_fault"])
    _refuse(con, database, path)
    run(STAGE, con, into=database, only=["crosswalk_episode", "crosswalk_account"])
    con.execute(
        f"insert into {database}.regrouped.episode_drg select * from {database}.main.crosswalk_episode"
        f" union all select * from {SETTLED}.episode_drg"
        f" where unit_nr not in (select unit_nr from {database}.main.crosswalk_episode)"
    )
    con.execute(f"insert into {database}.regrouped.stay_drg select * from {SETTLED}.stay_drg")
    account = workspace.rows(con, f"select * from {database}.crosswalk_account")[0]
    digest = sha256_of(path)
    return _made(
        activity,
        database,
        f"{path.name}: {account['used']} av {account['lines']} linjer er brukt, {account['changed']} gir en annen DRG, "
        f"{account['without_episode']} har ingen godtatt episode",
        {"kind": "crosswalk", "file": path.name, "sha256": digest, **account},
        digest,
        of_stays=False,
    )


def by_definitions(activity: Activity, home: Path, name: str) -> Grouping:
    """The stays grouped anew by an imported definition set. Raises IsfError if there is none of that id."""
    con, database = activity.con, activity.database("regrouped")
    chosen = sets.opened_set(home, name)
    with workspace.inside(con, database):
        units.prepare(con)
    con.execute(f"insert into {database}.regrouped.episode_drg select * from {SETTLED}.episode_drg")
    activity.tell(f"group by {chosen.id}")
    units.group_stays(con, chosen, source="wh", into=database)
    return _made(
        activity,
        database,
        f"definisjonstabellene {chosen.id} for {chosen.year}",
        {"kind": "definitions", "definitions": chosen.id, "year": chosen.year, "sha256": chosen.sha256},
        chosen.sha256,
        of_stays=True,
    )


def _made(activity: Activity, database: str, title: str, facts: dict, digest: str, *, of_stays: bool) -> Grouping:
    reading = {name: f"wh.main.{name}" for name in ("reported_episode", "stay")}
    run(STAGE, activity.con, into=database, reading=reading, only=["regrouped_patient"])
    return Grouping(title, facts, digest, f"{database}.regrouped", f"{database}.main.regrouped_patient", of_stays)


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Table `crosswalk_line` of a CSV, comma or semicolon, in UTF-8."""
    if not path.is_file():
        raise InputRefused(str(path), [f"There is no such file. Give a CSV with {' and '.join(COLUMNS)}."])
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
        delimiter = ";" if ";" in first else ","
        header = next(csv.reader([first], delimiter=delimiter), [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise InputRefused(
                str(path), [f"line 1: column {' and '.join(missing)} is missing. The columns are {', '.join(COLUMNS)}."]
            )
        con.execute(
            "create table crosswalk_line as select trim(episodeID) as episode_id, upper(trim(drg)) as drg"
            f" from read_csv({literal(path)}, delim = '{delimiter}', quote = '\"', header = true, all_varchar = true,"
            " null_padding = false)"
        )
    except (UnicodeDecodeError, csv.Error, duckdb.Error) as error:
        raise InputRefused(
            str(path),
            [f"It cannot be read as CSV in UTF-8 with {len(COLUMNS)} fields a line: {str(error).splitlines()[0]}"],
        ) from error


def _refuse(con: duckdb.DuckDBPyConnection, database: str, path: Path) -> None:
    """Raise InputRefused with the faults of the crosswalk, if it has any; an episode's id is not told, its line is."""
    found = workspace.rows(con, f"select * from {database}.crosswalk_fault order by fault, sector, value")
    if not found:
        return
    known = [row[0] for row in con.execute(f"select distinct drg from {database}.known_drg").fetchall()]
    lines = _lines(path, {row["value"] for row in found if row["fault"] == "twice"})
    told = []
    for row in found:
        if row["fault"] == "twice":
            told.append(f"lines {', '.join(map(str, lines[row['value']]))}: the same episode is given twice. Keep one.")
        elif row["fault"] == "empty":
            told.append(f"{row['lines']} lines have an empty episodeID or drg. Fill it in, or leave the line out.")
        else:
            near = ", ".join(nearest(row["value"], known))
            told.append(
                f"drg {row['value']} on {row['lines']} lines is not a DRG of {row['sector']} in every alternative"
                f"{f'; the nearest are {near}' if near else ''}. Correct it, or add it to the set's drg.csv."
            )
    if len(told) > MOST_TOLD:
        told = [*told[:MOST_TOLD], f"{len(told) - MOST_TOLD} more"]
    raise InputRefused(str(path), told)


def _lines(path: Path, episodes: set[str]) -> dict[str, list[int]]:
    """On which lines of the file these episodes stand."""
    found: dict[str, list[int]] = {episode: [] for episode in episodes}
    if episodes:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            read = csv.DictReader(stream, delimiter=";" if ";" in first else ",")
            for row in read:
                episode = (row["episodeID"] or "").strip()
                if episode in found:
                    found[episode].append(read.line_num)
    return found
