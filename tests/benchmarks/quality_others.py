"""Errors of a third hand: what hospitals' systems and people do, written without the checks in mind.

No check is named: what finds a kind, if anything does, is told by the run (`python -m tests.benchmarks.quality_repair
--others`).
"""

from tests.benchmarks.quality_kinds import (
    CONTACT,
    COUNTS,
    LINE,
    MAIN,
    NEVER_AGAIN,
    OTHER_INSTITUTION,
    OTHER_TRUST,
    SEVERAL,
    STAY,
    Kind,
    changed,
    copied,
)

_TIMED = f"{CONTACT} and e.utDatoTid > e.innDatoTid and e.innDatoTid > timestamp '2025-01-20'"
_CODED = "e.episodeID in (select episodeID from tilstand where tilstNr = 1 and kodeNr = 1 and len(kode) = 4)"
_OPERATED = "e.episodeID in (select episodeID from prosedyre where kodeverk = 'K')"
_ADULT = "2025 - e.fodselsar between 30 and 70"
_SECONDARY = "insert into tilstand by name select id as episodeID, 8 as tilstNr, 1 as kodeNr, '{}' as kode from picked"
_ALONE = "not exists (select 1 from episode as o where o.pasientID = e.pasientID and o.episodeID <> e.episodeID)"
_NAMED = "e.sektor = 'SOM' and e.drg in (select drg from wh.ref.drg where sector = 'SOM' and name like '%{}%')"
_AFTER = "and o.innDatoTid > e.utDatoTid"
_BEFORE = "and o.utDatoTid < e.innDatoTid"


def _other(which: str) -> str:
    return f"exists (select 1 from episode as o where o.pasientID = e.pasientID and o.episodeID <> e.episodeID {which})"


def _value(name: str, where: str, change: str, **more) -> Kind:
    return changed(name, "", where, change, **more)


def _line(name: str, change: str, where: str = LINE) -> Kind:
    return changed(name, "", where, change, table="hresept")


def _again(name: str, where: str, change: str, *more: str) -> Kind:
    return Kind(name, (), where, (*copied(f"'X-' || e.episodeID as episodeID{change}", "X-"), *more), prefix="X-")


def _codes(name: str, where: str, *statements: str) -> Kind:
    return Kind(name, (), where, statements)


OTHERS = (
    # Who the patient is.
    _value("postcode_for_municipality", COUNTS, "komNrHjem = [372, 5021, 7030, 9019, 4015][1 + picked.nr % 5]"),
    _value("municipality_of_the_hospital_by_default",
           f"""{COUNTS} and {_other(_BEFORE + " and o.komNrHjem = e.komNrHjem")}
           and {_other(_AFTER + " and o.komNrHjem = e.komNrHjem")} and e.komNrHjem // 100 <> (
           select mode(o.komNrHjem) from episode as o where o.institusjonID = e.institusjonID) // 100""",
           "komNrHjem = (select mode(o.komNrHjem) from episode as o where o.institusjonID = e.institusjonID)"),
    _value("municipality_not_told_though_known", f"{COUNTS} and {SEVERAL}", "komNrHjem = 9999"),
    _value("municipality_of_svalbard_for_all", f"{COUNTS} and {SEVERAL}", "komNrHjem = 2111"),
    _value("birth_year_of_two_digits", f"{COUNTS} and e.fodselsar between 1931 and 1999",
           "fodselsar = e.fodselsar % 100"),
    _value("birth_year_by_default", f"{COUNTS} and {_ADULT}", "fodselsar = 1900"),
    _value("birth_year_of_today", f"{COUNTS} and {_ADULT} and e.sektor = 'SOM'", "fodselsar = 2025"),
    _value("birth_year_of_the_mother", f"{COUNTS} and e.sektor = 'SOM' and e.fodselsar >= 2021 and {_other('')}",
           "fodselsar = e.fodselsar - 31"),
    _value("childs_group_in_adult", f"{COUNTS} and {_ALONE} and {_NAMED.format('0-17 år')}", "fodselsar = 1962"),
    _value("adults_group_in_child", f"{COUNTS} and {_ALONE} and {_NAMED.format('>17 år')}", "fodselsar = 2019"),
    _value("sex_by_default", f"{COUNTS} and {SEVERAL} and e.kjonn in (1, 2)", "kjonn = 9"),
    _value("newborn_under_its_mother",
           "e.hdg = 15 and e.utDatoTid is not null and e.drg is not null",
           """pasientID = (select min(o.pasientID) from episode as o
           where o.hdg = 14 and o.institusjonID = e.institusjonID)"""),
    # When it was.
    _value("both_dates_a_year_back", f"{_TIMED} and {COUNTS}",
           "innDatoTid = e.innDatoTid - interval 1 year, utDatoTid = e.utDatoTid - interval 1 year"),
    _value("both_dates_a_year_ahead", f"{_TIMED} and {COUNTS}",
           "innDatoTid = e.innDatoTid + interval 1 year, utDatoTid = e.utDatoTid + interval 1 year"),
    _value("stay_a_year_ahead", f"{STAY} and {COUNTS}",
           "innDatoTid = e.innDatoTid + interval 1 year, utDatoTid = e.utDatoTid + interval 1 year"),
    _value("contact_never_closed", f"{CONTACT} and {COUNTS} and {_other(_AFTER + ' and o.hf = e.hf')}",
           "utDatoTid = null"),
    _value("contact_never_closed_nor_again", f"{CONTACT} and {COUNTS} and {NEVER_AGAIN}", "utDatoTid = null"),
    _value("closed_by_the_clock_at_midnight", f"{_TIMED} and {COUNTS}",
           "utDatoTid = date_trunc('day', e.innDatoTid) + interval 1439 minute"),
    _value("end_before_start_by_twelve_hours", f"{_TIMED} and hour(e.innDatoTid) >= 12",
           "utDatoTid = e.utDatoTid - interval 12 hour"),
    _value("day_and_month_exchanged_in_the_end",
           f"{STAY} and {COUNTS} and day(e.utDatoTid) <= 8 and day(e.utDatoTid) > month(e.utDatoTid)",
           """utDatoTid = make_timestamp(2025, day(e.utDatoTid), month(e.utDatoTid), hour(e.utDatoTid),
           minute(e.utDatoTid), 0)"""),
    _value("closed_at_the_end_of_the_month",
           f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid < interval 4 day and day(e.utDatoTid) < 12",
           "utDatoTid = date_trunc('month', e.utDatoTid) + interval 1 month - interval 1 minute"),
    _value("contact_lasts_nothing_at_five_hours", f"{CONTACT} and {COUNTS} and e.drg like '980%'",
           "utDatoTid = e.innDatoTid"),
    _value("ready_after_death_or_end", f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 4 day",
           "utskrKlarDato = cast(e.utDatoTid as date) + 1"),
    # Reported twice, in other clothes.
    _again("stay_at_two_departments", f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 2 day",
           """, (select min(o.avdeling) from episode as o where o.institusjonID = e.institusjonID
           and o.episodetype = 'A' and o.avdeling <> e.avdeling) as avdeling"""),
    _again("stay_at_two_institutions",
           f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 2 day and {OTHER_INSTITUTION} is not null",
           f", {OTHER_INSTITUTION} as institusjonID"),
    _again("stay_invoiced_halfway", f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 6 day",
           ", e.innDatoTid + (e.utDatoTid - e.innDatoTid) / 2 as utDatoTid"),
    _again("stay_of_other_patient_id", f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 2 day",
           ", 'X-' || e.pasientID as pasientID"),
    _again("stay_of_other_patient_id_hours_apart",
           f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 2 day",
           ", 'X-' || e.pasientID as pasientID, e.innDatoTid + interval 2 hour as innDatoTid"),
    _again("contact_also_as_day_stay", f"{CONTACT} and {COUNTS} and e.utDatoTid > e.innDatoTid",
           ", 'A' as episodetype"),
    _again("contact_also_in_psychiatry", f"{CONTACT} and {COUNTS}", ", 'VOP' as sektor"),
    _again("contact_at_two_trusts", f"{CONTACT} and {COUNTS}", f", {OTHER_TRUST}[1] as institusjonID,"
           f" {OTHER_TRUST}[2] as hf"),
    _again("contact_of_other_patient_id_minutes_apart", f"{CONTACT} and {COUNTS}",
           """, 'X-' || e.pasientID as pasientID, e.innDatoTid + interval 5 minute as innDatoTid,
           e.utDatoTid + interval 5 minute as utDatoTid"""),
    _again("contact_in_the_midst_of_a_stay",
           f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 3 day",
           """, 'K' as episodetype, 3 as omsorgsniva, '901A' as drg, e.innDatoTid + interval 20 hour as innDatoTid,
           e.innDatoTid + interval 21 hour as utDatoTid, 2 as kontaktType"""),
    _again("contact_again_a_week_later", f"{CONTACT} and {COUNTS} and {NEVER_AGAIN} and e.utDatoTid < '2025-08-20'",
           ", e.innDatoTid + interval 7 day as innDatoTid, e.utDatoTid + interval 7 day as utDatoTid"),
    # Codes.
    _value("group_of_other_sector", f"{COUNTS} and e.sektor <> 'SOM'", "drg = '901A', hdg = null"),
    _value("group_with_noughts_in_front", f"{COUNTS} and e.sektor = 'SOM' and len(e.drg) between 2 and 3",
           "drg = '0' || e.drg"),
    _value("group_without_its_letter",
           f"{COUNTS} and e.sektor = 'SOM' and e.drg like '%O' and e.drg[:-2] in (select drg from episode)",
           "drg = e.drg[:-2]"),
    _value("main_category_of_another_group", f"{COUNTS} and e.sektor = 'SOM' and e.hdg in (5, 6, 8)", "hdg = 14"),
    _codes("main_with_local_letter", f"{CONTACT} and {_CODED}", MAIN.format("kode = kode || 'H'")),
    _codes("main_of_the_old_register", f"{CONTACT} and {_CODED}", MAIN.format("kode = '41401'")),
    _codes("main_shifted_by_one", f"{CONTACT} and {_CODED}", MAIN.format("kode = kode[2:] || '0'")),
    _codes("procedure_as_main", f"{CONTACT} and {_CODED}", MAIN.format("kode = 'NFB40'")),
    _codes("numbers_begin_at_nought", CONTACT,
           "update tilstand as t set tilstNr = tilstNr - 1 from picked where t.episodeID = picked.id"),
    _codes("birth_code_in_man_as_secondary", f"{CONTACT} and e.kjonn = 1 and {_ADULT}",
           _SECONDARY.format("O800")),
    _codes("newborn_code_in_adult_as_secondary", f"{STAY} and {_ADULT}",
           _SECONDARY.format("P599")),
    _codes("surgery_in_the_wrong_register", f"{COUNTS} and e.sektor = 'SOM' and {_OPERATED}",
           "update prosedyre as p set kodeverk = 'M' from picked where p.episodeID = picked.id and p.kodeverk = 'K'"),
    _codes("procedures_of_all_twice", f"{COUNTS} and e.sektor = 'SOM' and {_OPERATED}",
           """insert into prosedyre select p.* replace (p.prosNr + 50 as prosNr) from prosedyre as p
           inner join picked on picked.id = p.episodeID"""),
    _codes("performed_by_nobody_who_counts", f"{CONTACT} and {COUNTS}",
           "update helseperson as h set polUtforende = 0 from picked where h.episodeID = picked.id"),
    # Where it was, and who pays.
    _value("institution_of_another_department", f"{STAY} and {COUNTS} and {OTHER_INSTITUTION} is not null",
           f"institusjonID = {OTHER_INSTITUTION}"),
    _value("institution_is_the_trust", COUNTS, "institusjonID = e.hf"),
    _value("department_in_small_letters", COUNTS, "avdeling = lower(e.avdeling) || ' '"),
    _value("debitor_of_a_conventional_patient", f"{COUNTS} and {SEVERAL}", "debitor = 11"),
    _value("stay_as_contact", f"{STAY} and {COUNTS} and e.utDatoTid - e.innDatoTid > interval 1 day",
           "episodetype = 'K', omsorgsniva = 3, kontaktType = 2"),
    _value("contact_as_stay", f"{CONTACT} and {COUNTS} and e.utDatoTid > e.innDatoTid",
           "episodetype = 'A', omsorgsniva = 1"),
    # H-resept.
    _line("line_medicine_cut", "atc = e.atc[:5]"),
    _line("line_medicine_as_name", "atc = 'HUMIRA'"),
    _line("line_indication_with_dash", "refusjonsKodeUtlevering = '-L88', refusjonsKodeResept = '-L88'"),
    _line("line_indication_of_paragraph", "refusjonsKodeUtlevering = '§2', refusjonsKodeResept = '§2'"),
    _line("line_a_year_ahead", "utleveringsdato = e.utleveringsdato + interval 1 year"),
    _line("line_municipality_not_told", "komNrHjem = 9999"),
    _line("line_birth_year_of_two_digits", "fodselsar = e.fodselsar % 100"),
    Kind("line_of_two_trusts", (), LINE,
         ("""insert into hresept select e.* replace ('X-' || e.utleveringID as utleveringID,
         (select min(o.hf) from hresept as o where o.hf <> e.hf) as hf) from hresept as e
         inner join picked on picked.id = e.utleveringID""",), table="hresept", prefix="X-"),
    Kind("line_again_without_amount", (), LINE,
         ("""insert into hresept select e.* replace ('X-' || e.utleveringID as utleveringID, null as belop)
         from hresept as e inner join picked on picked.id = e.utleveringID""",), table="hresept", prefix="X-"),
    Kind("line_after_death", (), f"{LINE} and e.utleveringsdato > date '2025-03-01'",
         ("""update episode as d set utTilstand = 2 from (
             select min(o.episodeID) as episodeID from episode as o inner join picked on picked.patient = o.pasientID
             inner join hresept as h
                 on h.utleveringID = picked.id and h.utleveringsdato > cast(o.utDatoTid as date) + 20
             group by picked.patient) as last where d.episodeID = last.episodeID""",), table="hresept"),
)  # fmt: skip
