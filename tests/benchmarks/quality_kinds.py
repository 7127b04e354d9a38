"""Errors to inject into a clean delivery, one kind each: which rows, and what is done to them in SQL.

Written apart from the generator's own errors (`reference_data/synthetic/error_kinds.csv`), which the checks were made
with. Each statement sees the table `picked` (`id`, `patient`, `nr`): the rows chosen for the kind.
"""

from dataclasses import dataclass

CHILDREN = ("tilstand", "prosedyre", "helseperson", "takst")


@dataclass(frozen=True)
class Kind:
    """A kind of error. `where`: rows of `table` (alias `e`) it may be made in; `checks`: those that shall find it, at
    the picked row or at `prefix` and its id."""

    name: str
    checks: tuple[str, ...]
    where: str
    statements: tuple[str, ...]
    table: str = "episode"
    prefix: str = ""
    wanted: int = 60


def changed(name: str, checks: str, where: str, change: str, **more) -> Kind:
    """Values of the picked row changed."""
    table = more.get("table", "episode")
    key = "utleveringID" if table == "hresept" else "episodeID"
    return Kind(name, tuple(checks.split()), where,
                (f"update {table} as e set {change} from picked where e.{key} = picked.id",), **more)  # fmt: skip


def copied(change: str, prefix: str) -> tuple[str, ...]:
    """A copy of the picked episode with its codes, under `prefix` and its id."""
    return (
        f"""insert into episode select e.* replace ({change}) from episode as e
        inner join picked on picked.id = e.episodeID""",
        *(
            f"""insert into {child} select c.* replace ('{prefix}' || c.episodeID as episodeID) from {child} as c
            inner join picked on picked.id = c.episodeID"""
            for child in CHILDREN
        ),
    )


def _split(name: str, check: str, gap: str, where: str = "true", change: str = "") -> Kind:
    """A stay cut in two at its middle: the later half begins `gap` after the earlier one ends."""
    middle = "date_trunc('day', e.innDatoTid + (e.utDatoTid - e.innDatoTid) / 2)"
    return Kind(
        name, tuple(check.split()),
        f"""e.episodetype = 'A' and e.sektor = 'SOM' and e.utDatoTid - e.innDatoTid between interval 8 day
        and interval 40 day and e.drg not like '462%' and e.komNrHjem < 9000
        and e.innDatoTid >= timestamp '2025-01-05' and {where}""",
        (
            *copied(f"'X-' || e.episodeID as episodeID, {middle} + to_hours(20) + {gap} as innDatoTid{change}", "X-"),
            f"""update episode as e set utDatoTid = {middle} + interval 20 hour
            from picked where e.episodeID = picked.id""",
        ),
        prefix="X-",
    )  # fmt: skip


CONTACT = "e.episodetype = 'K' and e.sektor = 'SOM' and e.utDatoTid is not null and e.drg is not null"
COUNTS = "e.utDatoTid is not null and e.drg is not null and e.debitor = 1 and e.komNrHjem < 9000"
STAY = "e.episodetype = 'A' and e.sektor = 'SOM' and e.utDatoTid is not null and e.drg is not null"
MAIN = "update tilstand as t set {} from picked where t.episodeID = picked.id and t.tilstNr = 1 and t.kodeNr = 1"


def _main(name: str, checks: str, codes: str, where: str = CONTACT) -> Kind:
    listed = "[" + ", ".join(f"'{code}'" for code in codes.split()) + "]"
    return Kind(name, tuple(checks.split()), where,
                (MAIN.format(f"kode = {listed}[1 + picked.nr % len({listed})]"),))  # fmt: skip


OTHER_UNIT = """coalesce((select min(o.avdeling) from episode as o where o.institusjonID = e.institusjonID
    and o.episodetype = 'K' and o.avdeling > e.avdeling), e.avdeling || '')"""
HAS_OTHER_UNIT = """exists (select 1 from episode as o where o.institusjonID = e.institusjonID
    and o.episodetype = 'K' and o.avdeling > e.avdeling)"""
LATER = """exists (select 1 from episode as o where o.pasientID = e.pasientID and o.hf = e.hf
    and o.innDatoTid > e.utDatoTid)"""
HOME_RARE = """e.avdeling in (select avdeling from episode where episodetype = 'K' group by avdeling
    having count(*) >= 60 and count(*) filter (where stedAktivitet in (4, 5)) = 0)"""
OTHER_INSTITUTION = """(select min(o.institusjonID) from episode as o where o.hf = e.hf and o.sektor = 'SOM'
    and o.episodetype = 'A' and o.institusjonID <> e.institusjonID)"""
OTHER_TRUST = """(select min((o.institusjonID, o.hf)) from episode as o where o.hf <> e.hf and o.sektor = 'SOM'
    and o.episodetype = 'A')"""
LINE = "e.refusjonsKodeUtlevering is not null and e.komNrHjem < 9000"

KINDS = (
    changed("municipality_lost", "municipality_missing", COUNTS, "komNrHjem = null"),
    changed("municipality_abolished", "municipality_unknown", COUNTS, "komNrHjem = 1001 + 10 * (picked.nr % 5)"),
    changed("municipality_of_others", "municipality_disagrees",
         f"""{COUNTS} and (select count(*) from episode as o where o.pasientID = e.pasientID
         and o.innDatoTid < e.innDatoTid and o.komNrHjem = e.komNrHjem) > 0
         and (select count(*) from episode as o where o.pasientID = e.pasientID
         and o.innDatoTid > e.innDatoTid and o.komNrHjem = e.komNrHjem) > 0""",
         "komNrHjem = if(e.komNrHjem = 5001, 4601, 5001)"),
    changed("debitor_lost", "debitor_missing", COUNTS, "debitor = null"),
    changed("debitor_not_in_list", "debitor_unknown", COUNTS, "debitor = 77"),
    changed("debitor_foreign", "debitor_disagrees", COUNTS, "debitor = 12"),
    Kind("personnel_lost", ("personnel_missing",), f"{CONTACT} and {COUNTS}",
         ("delete from helseperson where episodeID in (select id from picked)",), wanted=120),
    Kind("personnel_99", ("personnel_unknown",), f"{CONTACT} and {COUNTS}",
         ("update helseperson as h set polUtforende = 98 from picked where h.episodeID = picked.id",)),
    changed("drg_lost", "drg_missing", COUNTS, "drg = null, hdg = null", wanted=150),
    changed("drg_of_other_years", "drg_unknown", COUNTS, "drg = '9XX', hdg = null", wanted=100),
    changed("birth_year_lost", "birth_year_missing", f"{COUNTS} and e.fodselsar > 1999 and e.sektor <> 'SOM'",
         "fodselsar = null"),
    changed("birth_year_decades_off", "birth_year_of_others", """(select count(*) from episode as o
         where o.pasientID = e.pasientID and o.fodselsar = e.fodselsar) > 2""", "fodselsar = e.fodselsar - 30"),
    changed("newborn_century", "birth_year_disagrees age_disagrees", "e.hdg = 15", "fodselsar = 1925"),
    changed("discharge_ready_outside", "discharge_ready_outside",
         f"{STAY} and e.utDatoTid - e.innDatoTid > interval 2 day",
         "utskrKlarDato = cast(e.utDatoTid as date) + 4"),
    changed("discharge_ready_before_stay", "discharge_ready_outside",
         f"{STAY} and e.utDatoTid - e.innDatoTid > interval 7 day", "utskrKlarDato = cast(e.innDatoTid as date) - 1"),
    changed("discharge_ready_on_admission_day", "discharge_ready_at_once",
         f"{STAY} and e.utDatoTid - e.innDatoTid > interval 8 day", "utskrKlarDato = cast(e.innDatoTid as date)"),
    changed("long_stay_date_lost", "long_stay_without_discharge_ready",
         f"{STAY} and e.utDatoTid - e.innDatoTid > interval 32 day and e.utskrKlarDato is not null",
         "utskrKlarDato = null"),
    Kind("main_lost", ("main_condition_missing",), CONTACT,
         ("delete from tilstand where episodeID in (select id from picked) and tilstNr = 1",)),
    _main("main_letter_o", "icd10_form condition_unknown", "I21O S72O J18O"),
    _main("main_bad_form", "icd10_form", "0639 I2X9 12345"),
    _main("main_of_no_chapter", "condition_unknown", "D94 E95 T994 Y991 P980"),
    _main("main_unfit", "main_condition_unfit condition_unknown", "T900 U999 P761 Q899"),
    _main("main_icpc2", "main_condition_truncated condition_unknown main_condition_unfit", "R74 K86 T90 L84 D94"),
    Kind("main_truncated", ("main_condition_truncated",),
         f"""{CONTACT} and e.episodeID in (select episodeID from tilstand where tilstNr = 1 and kodeNr = 1
         and len(kode) = 4)""", (MAIN.format("kode = kode[:3]"),), wanted=100),
    _main("external_cause_as_main", "external_cause_as_main", "W19 Y579 X599 V234"),
    _main("asterisk_alone", "asterisk_as_main", "G632 M010 N083 F000"),
    Kind("same_code_twice", ("condition_twice",), CONTACT,
         ("""insert into tilstand select t.* replace (9 as tilstNr) from tilstand as t
         inner join picked on picked.id = t.episodeID where t.tilstNr = 1 and t.kodeNr = 1""",)),
    _main("male_code_in_woman", "code_against_sex", "C61 N40 N411", f"{CONTACT} and e.kjonn = 2"),
    _main("female_code_in_man", "code_against_sex", "C530 O800 Z349 N832", f"{CONTACT} and e.kjonn = 1"),
    _main("old_age_in_child", "age_disagrees", "F009 F019 N40", f"{CONTACT} and e.fodselsar > 2012 and e.kjonn = 1"),
    changed("sex_against_group", "sex_disagrees", "e.sektor = 'SOM' and e.hdg in (13, 14)", "kjonn = 1"),
    _split("stay_split_3h", "stay_split_same_day", "to_hours(3)"),
    _split("stay_split_6h_over_midnight", "stay_resumed", "to_hours(6)"),
    _split("stay_split_24h", "stay_resumed", "to_hours(24)"),
    _split("stay_split_60h", "stay_resumed", "to_hours(60)"),
    _split("transfer_within_trust_2h", "transfer_within_trust", "to_hours(2)",
           f"{OTHER_INSTITUTION} is not null", f", {OTHER_INSTITUTION} as institusjonID"),
    _split("transfer_within_trust_overlap", "transfer_within_trust", "to_hours(-5)",
           f"{OTHER_INSTITUTION} is not null", f", {OTHER_INSTITUTION} as institusjonID"),
    _split("overlap_of_two_trusts", "inpatient_in_two_hospitals", "to_hours(-9)", "true",
           f", {OTHER_TRUST}[1] as institusjonID, {OTHER_TRUST}[2] as hf"),
    Kind("stay_twice_minutes_apart", ("overlapping_department_stays",), f"{STAY} and e.utDatoTid > e.innDatoTid",
         copied("'X-' || e.episodeID as episodeID, e.innDatoTid + interval 4 minute as innDatoTid", "X-"), prefix="X-"),
    changed("stay_never_closed", "stay_not_closed", f"{STAY} and {COUNTS} and {LATER}", "utDatoTid = null"),
    changed("admission_year_typo", "stay_very_long", f"{STAY} and {COUNTS} and e.innDatoTid > timestamp '2025-01-02'",
         "innDatoTid = e.innDatoTid - interval 1 year"),
    changed("contact_over_a_day", "contact_over_a_day", CONTACT, "utDatoTid = e.utDatoTid + interval 1 day"),
    changed("contact_ten_hours_too_long", "contact_very_long",
         f"{CONTACT} and e.utDatoTid - e.innDatoTid < interval 2 hour and e.drg not in (select drg from hours_matter)",
         "utDatoTid = e.utDatoTid + interval 10 hour"),
    changed("clock_at_midnight", "time_at_midnight", f"{CONTACT} and e.utDatoTid > e.innDatoTid",
         "innDatoTid = date_trunc('day', e.innDatoTid)"),
    Kind("contact_twice_minutes_apart", ("contact_repeated",), f"{CONTACT} and {COUNTS}",
         copied("""'X-' || e.episodeID as episodeID, e.innDatoTid + to_minutes(3 + picked.nr % 9) as innDatoTid,
         e.utDatoTid + to_minutes(3 + picked.nr % 9) as utDatoTid""", "X-"), prefix="X-"),
    Kind("contact_at_other_unit", ("contact_repeated",), f"{CONTACT} and {COUNTS} and {HAS_OTHER_UNIT}",
         copied(f"'X-' || e.episodeID as episodeID, {OTHER_UNIT} as avdeling", "X-"), prefix="X-"),
    Kind("contact_next_day", ("contact_next_day",), f"{CONTACT} and {COUNTS}",
         copied("""'X-' || e.episodeID as episodeID, e.innDatoTid + interval 1 day as innDatoTid,
         e.utDatoTid + interval 1 day as utDatoTid""", "X-"), prefix="X-"),
    Kind("contact_of_other_patient_id", ("contact_of_two_patients",), f"{CONTACT} and {COUNTS}",
         copied("'X-' || e.episodeID as episodeID, 'X-' || e.pasientID as pasientID", "X-"), prefix="X-"),
    changed("home_wrongly", "place_unusual", f"{CONTACT} and {COUNTS} and {HOME_RARE}", "stedAktivitet = 4"),
    changed("place_lost", "place_missing", f"e.episodetype = 'K' and {COUNTS}", "stedAktivitet = null"),
    Kind("surgery_lost", ("surgical_group_without_procedure",),
         f"""{COUNTS} and e.sektor = 'SOM' and e.drg in (select drg from surgical)
         and e.episodeID in (select episodeID from prosedyre where kodeverk = 'K')""",
         ("delete from prosedyre where kodeverk = 'K' and episodeID in (select id from picked)",)),
    changed("planned_wrongly", "urgency_unusual acute_drg_not_acute",
         f"{CONTACT} and e.drg in (select drg from hours_matter)",
         "innmateHast = 4"),
    changed("unit_lost", "unit_absent", COUNTS, "avdeling = 'X-' || e.avdeling"),
    Kind("contact_after_death", ("activity_after_death",), f"{CONTACT} and e.innDatoTid > timestamp '2025-02-01'",
         ("""insert into episode select e.* replace ('X-' || e.episodeID as episodeID, 2 as utTilstand,
         e.innDatoTid - interval 20 day as innDatoTid, e.innDatoTid - interval 20 day + interval 1 hour as utDatoTid,
         null as drg, null as hdg) from episode as e inner join picked on picked.id = e.episodeID""",)),
    changed("line_indication_lost", "line_indication_missing", LINE,
         "refusjonsKodeUtlevering = null, refusjonsKodeResept = null", table="hresept"),
    changed("line_indication_too_long", "line_indication_form", LINE,
         "refusjonsKodeUtlevering = 'M0690112', refusjonsKodeResept = 'M0690112'", table="hresept"),
    changed("line_icpc2", "line_indication_unfit line_indication_form", LINE,
         """refusjonsKodeUtlevering = ['L88', 'S91', 'D94'][1 + picked.nr % 3],
         refusjonsKodeResept = ['L88', 'S91', 'D94'][1 + picked.nr % 3]""", table="hresept"),
    changed("line_indication_unfit", "line_indication_unfit", LINE,
         "refusjonsKodeUtlevering = 'Z000', refusjonsKodeResept = 'Z000'", table="hresept"),
    changed("line_two_indications", "line_indications_disagree", LINE,
         "refusjonsKodeUtlevering = if(e.refusjonsKodeUtlevering = 'C829', 'M069', 'C829')", table="hresept"),
    changed("line_atc_lost", "line_atc_missing", LINE, "atc = null", table="hresept"),
    changed("line_atc_bad", "line_atc_form", LINE, "atc = 'L04ABO2'", table="hresept"),
    changed("line_outside_period", "line_outside_period", LINE, "utleveringsdato = date '2024-11-03'", table="hresept"),
    Kind("line_twice", ("line_repeated",), LINE,
         ("""insert into hresept select e.* replace ('X-' || e.utleveringID as utleveringID) from hresept as e
         inner join picked on picked.id = e.utleveringID""",), table="hresept", prefix="X-"),
    changed("line_municipality_lost", "line_municipality_missing", LINE, "komNrHjem = null", table="hresept"),
)  # fmt: skip

# Errors of a second hand, after the checks were written: slips of typing, copies further off, exchanged values.
SEVERAL = "(select count(*) from episode as o where o.pasientID = e.pasientID) > 2"
NEVER_AGAIN = "(select count(*) from episode as o where o.pasientID = e.pasientID) between 1 and 3"
VARIANTS = (
    changed(
        "municipality_digits_exchanged",
        "municipality_unknown municipality_disagrees",
        f"{COUNTS} and e.komNrHjem % 10 <> e.komNrHjem // 10 % 10",
        "komNrHjem = e.komNrHjem // 100 * 100 + 10 * (e.komNrHjem % 10) + e.komNrHjem // 10 % 10",
    ),
    changed(
        "birth_year_digits_exchanged",
        "birth_year_of_others age_disagrees birth_year_disagrees birth_year_impossible",
        f"{COUNTS} and {SEVERAL} and abs(e.fodselsar % 10 - e.fodselsar // 10 % 10) > 1 and e.fodselsar < 2000",
        "fodselsar = e.fodselsar // 100 * 100 + 10 * (e.fodselsar % 10) + e.fodselsar // 10 % 10",
    ),
    changed(
        "sex_exchanged",
        "sex_disagrees sex_of_others code_against_sex",
        f"{COUNTS} and {SEVERAL}",
        "kjonn = 3 - e.kjonn",
    ),
    changed("trust_exchanged", "trust_of_other_unit", f"{COUNTS} and e.sektor = 'SOM'", f"hf = {OTHER_TRUST}[2]"),
    changed(
        "group_nought_for_letter",
        "drg_unknown",
        f"{COUNTS} and e.drg like '%O'",
        "drg = e.drg[:-2] || '0', hdg = null",
    ),
    changed(
        "contact_ends_a_month_later",
        "contact_over_a_day",
        f"{CONTACT} and e.utDatoTid < timestamp '2025-07-20'",
        "utDatoTid = e.utDatoTid + interval 1 month",
    ),
    changed(
        "stay_ends_a_month_later",
        "stay_unusually_long long_stay_without_discharge_ready stay_very_long",
        f"{STAY} and {COUNTS} and e.utDatoTid < timestamp '2025-07-20'"
        f" and e.utDatoTid - e.innDatoTid < interval 6 day and e.innDatoTid >= timestamp '2025-01-05'",
        "utDatoTid = e.utDatoTid + interval 1 month",
    ),
    changed(
        "stay_begins_a_month_earlier",
        "stay_unusually_long long_stay_without_discharge_ready stay_very_long",
        f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid < interval 6 day"
        f" and e.innDatoTid >= timestamp '2025-02-05'",
        "innDatoTid = e.innDatoTid - interval 1 month",
    ),
    changed(
        "times_exchanged",
        "episode_ends_before_start",
        f"{CONTACT} and e.utDatoTid > e.innDatoTid",
        "innDatoTid = e.utDatoTid, utDatoTid = e.innDatoTid",
    ),
    Kind(
        "contact_again_45_minutes_later",
        ("contact_repeated", "contact_reported_twice"),
        f"{CONTACT} and {COUNTS} and {NEVER_AGAIN}",
        copied(
            """'X-' || e.episodeID as episodeID, e.innDatoTid + interval 45 minute as innDatoTid,
         e.utDatoTid + interval 45 minute as utDatoTid""",
            "X-",
        ),
        prefix="X-",
    ),
    Kind(
        "contact_two_days_later",
        ("contact_next_day",),
        f"{CONTACT} and {COUNTS} and {NEVER_AGAIN}",
        copied(
            """'X-' || e.episodeID as episodeID, e.innDatoTid + interval 2 day as innDatoTid,
         e.utDatoTid + interval 2 day as utDatoTid""",
            "X-",
        ),
        prefix="X-",
    ),
    Kind(
        "contact_recoded_and_sent_again",
        ("contact_reported_twice", "contact_repeated"),
        f"{CONTACT} and {COUNTS}",
        (
            *copied("'X-' || e.episodeID as episodeID", "X-"),
            """update tilstand as t set kode = 'Z099' from picked
          where t.episodeID = 'X-' || picked.id and t.tilstNr = 1 and t.kodeNr = 1""",
        ),
        prefix="X-",
    ),
    changed(
        "ready_date_a_year_off",
        "discharge_ready_outside",
        f"{STAY} and e.utskrKlarDato is not null",
        "utskrKlarDato = e.utskrKlarDato - interval 1 year",
        wanted=30,
    ),
    changed("unit_cut_off", "unit_absent", COUNTS, "avdeling = e.avdeling[:-2]"),
    changed(
        "emergency_as_planned",
        "urgency_unusual acute_drg_not_acute",
        f"{STAY} and e.innmateHast = 1",
        "innmateHast = 4",
    ),
    Kind(
        "main_and_secondary_exchanged",
        ("main_condition_unfit", "asterisk_as_main", "external_cause_as_main"),
        f"{STAY} and e.episodeID in (select episodeID from tilstand where tilstNr = 2 and kodeNr = 1)",
        (
            """update tilstand as t set tilstNr = 3 - t.tilstNr from picked
         where t.episodeID = picked.id and t.tilstNr in (1, 2)""",
        ),
    ),
    changed(
        "line_atc_letters_exchanged",
        "line_atc_form line_indication_unfit",
        f"{LINE} and e.atc[4] <> e.atc[5]",
        "atc = e.atc[:3] || e.atc[5] || e.atc[4] || e.atc[6:]",
        table="hresept",
    ),
    Kind(
        "line_again_next_day",
        ("line_repeated",),
        LINE,
        (
            """insert into hresept select e.* replace ('X-' || e.utleveringID as utleveringID,
         e.utleveringsdato + interval 1 day as utleveringsdato) from hresept as e
         inner join picked on picked.id = e.utleveringID""",
        ),
        table="hresept",
        prefix="X-",
    ),
)
