"""For every expectation a change that must break it: id → SQL, or the SQL it needs first and then the fault.

The warehouse is `expectations_warehouse`, its views turned into tables. A fault may break other expectations
too; that is not looked at.
"""

RULE_SET = {
    "ett_regelsett": "insert into ref.ruleset select * from ref.ruleset",
    "regelsettets_ar": "update ref.ruleset set activity_year = activity_year + 1",
    "endelig_regelsett": "update ref.ruleset set status = 'draft'",
    "ref_doble_nokler": "insert into ref.drg select * from ref.drg limit 1",
    "ref_tomme_nokler": "insert into ref.trust (rhf_orgnr) values ('991324968')",
    "ref_nodvendige_tabeller": "delete from ref.debitor",
    "ref_tomme_tabeller": "delete from ref.burn_weight",
    "drg_basispoeng_finnes": "update ref.drg set base_points = null where drg = '14A'",
    "drg_basispoeng_ikke_negative": "update ref.drg set base_points = -0.001 where drg = '14A'",
    "drg_basispoeng_rimelige": "update ref.drg set base_points = 100.001 where drg = '14A'",
    "drg_kostnadsvekt_finnes": "update ref.drg set cost_weight = null where drg = '14A'",
    "drg_kostnadsvekt_ikke_negativ": "update ref.drg set cost_weight = -0.001 where drg = '14A'",
    "drg_trimpunkt": "update ref.drg set trim_point = -1 where drg = '14A'",
    "andre_vekter_finnes": "update ref.tfg set base_points = null where tfg = 'AT01'",
    "andre_vekter_i_grensene": "update ref.rehab_day set points_per_day = -0.001 where from_day = 1",
    "andre_vekter_rimelige": "update ref.burn_weight set weight = 100.001",
    "pris_per_sektor": "delete from ref.unit_price where sector = 'PHVTSB'",
    "en_pris_per_sektor": "insert into ref.unit_price select * from ref.unit_price where sector = 'SOM'",
    "pris_finnes": "update ref.unit_price set unit_price_nok = null where sector = 'SOM'",
    "pris_positiv": "update ref.unit_price set unit_price_nok = 0 where sector = 'SOM'",
    "andel_finnes": "update ref.unit_price set isf_share = null where sector = 'SOM'",
    "andel_mellom_0_og_1": "update ref.unit_price set isf_share = 1.0001 where sector = 'SOM'",
    "tre_tertialer": "delete from ref.delivery_period where tertial = 2",
    "periode_slutter_etter_start": "update ref.delivery_period set period_to = period_from where tertial = 2",
    "periode_begynner_i_aret": "update ref.delivery_period set period_from = '2000-12-31' where tertial = 1",
    "periode_slutter_i_aret": "update ref.delivery_period set period_to = period_to + 1 where tertial = 3",
    "ref_henvisninger": "update ref.stg_medicine set stg = 'XX99' where priority = 10",
    "hf_har_rhf": "update ref.trust set rhf_orgnr = null where hf_orgnr = '993467049'",
    "rhf_har_ett_navn": "update ref.trust set rhf_name = 'Sør-Øst' where hf_orgnr = '993467049'",
    "organisasjonsnummer": "update ref.trust set hf_orgnr = '99346704' where hf_orgnr = '993467049'",
    "parametere_har_verdi": "update ref.parameter set points = null where rule = '7.3' and kind = 'points'",
    "debitor_gir_isf": "update ref.debitor set isf_counts = false",
    "personell_gir_isf": "update ref.personnel set isf_eligible = false",
}

BASIS = {
    "grunnlag_kolonner": "alter table grunnlag rename antall to tall",
    "grunnlag_nokkel": "insert into grunnlag select * from grunnlag where steg = 'episode' limit 1",
    "grunnlag_steg": "insert into grunnlag values ('fil:annet', 'x', 'alle', 1)",
    "grunnlag_sektor": "insert into grunnlag values ('episode', 'x', 'VOP', 1)",
    "grunnlag_tomme_celler": "update grunnlag set antall = null where steg = 'balanse'",
    "grunnlag_negative_antall": "insert into grunnlag values ('episode', 'x', 'SOM', -1)",
    "balanser_alle": "delete from grunnlag where arsak = 'episoder: inkludert = i opphold'",
    "filer_publisert": "update grunnlag set antall = 1 where steg = 'fil:episode' and arsak = 'lastet'",
    "kjente_grunner": "update episode set reason = null where episode_id = 'E1'",
}

LEDGER = {
    "hovedbok_nokkel": "insert into ledger select * from ledger where unit_id = 'E1'",
    "hovedbok_tomme_celler": "update ledger set residence_rhf_orgnr = null where unit_id = 'E1'",
    "hovedbok_enhetstype": "update ledger set unit_type = 'episode' where unit_id = 'E1'",
    "hovedbok_sektor": "update ledger set sector = null where unit_id = 'E1'",
    "hovedbok_regel": "update ledger set rule = '9.9' where unit_id = 'E1'",
    "hovedbok_nullrader": "update ledger set points = 0 where rule = '7.17'",
    "hovedbok_regional": "update ledger set points = -points where unit_type = 'region'",
    "grunnpoeng_per_enhet": "delete from ledger where unit_id = 'E1' and rule = 'drg_base'",
    "hovedbok_kjente_enheter": "update ledger set unit_id = 'E999' where unit_id = 'E1'",
    "grunnpoeng_er_vekten": "update ledger set points = points + 0.001 where unit_id = 'E1'",
    "tillegg_er_satsen": "update ledger set points = points + 0.001 where rule = '7.1'",
    "phv_innlagte_null": "delete from ledger where rule = 'phv_inpatient'",
    "utelatte_sertjenester_null": "update ledger set points = 0.001 where unit_id like 'ZS470%'",
}


def _column(table: str, column: str, value: str, where: str = "sektor = 'SOM'") -> str:
    return f"update {table} set {column} = {value} where {where}"


REGION = {
    "rhf_kolonner": "alter table oppgjor_rhf add column merknad varchar",
    "rhf_nokkel": "insert into oppgjor_rhf select * from oppgjor_rhf limit 1",
    "rhf_sektor": _column("oppgjor_rhf", "sektor", "'VOP'"),
    "rhf_trekk": _column("oppgjor_rhf", "trekk_kompleks_rehab", "0.001"),
    "rhf_pris": _column("oppgjor_rhf", "enhetspris", "0"),
    "rhf_andel": _column("oppgjor_rhf", "isf_andel", "1.5"),
    "rhf_negativ_refusjon": _column("oppgjor_rhf", "refusjon_kr", "-0.01"),
    "rhf_kjent": _column("oppgjor_rhf", "rhf", "'ukjent 123456789'"),
    "rhf_tomme_celler": _column("oppgjor_rhf", "saldo_kr", "null"),
    "rhf_negative_antall": _column("oppgjor_rhf", "antall_forlop", "-1"),
    "rhf_alle_med": "delete from oppgjor_rhf where rhf_orgnr = '883658752' and sektor = 'PHVTSB'",
    "rhf_poeng_summert": _column("oppgjor_rhf", "isf_poeng", "isf_poeng + 0.001"),
    "rhf_pris_fra_regelsettet": _column("oppgjor_rhf", "enhetspris", "enhetspris + 1"),
    "rhf_andel_fra_regelsettet": _column("oppgjor_rhf", "isf_andel", "0.5"),
    "rhf_refusjon": _column("oppgjor_rhf", "refusjon_kr", "refusjon_kr + 0.01"),
    "rhf_akonto": _column("oppgjor_rhf", "akonto_kr", "akonto_kr + 0.01"),
    "rhf_saldo": _column("oppgjor_rhf", "saldo_kr", "saldo_kr - 0.01"),
}

MATRIX = "gjestepasienter_usladdet"
TRUST = {
    "hf_kolonner": "create or replace table oppgjor_hf as select sektor, * exclude (sektor) from oppgjor_hf",
    "hf_nokkel": "insert into oppgjor_hf select * from oppgjor_hf where hf_orgnr is null",
    "hf_sektor": _column("oppgjor_hf", "sektor", "'TSB'"),
    "hf_negativ_refusjon": _column("oppgjor_hf", "refusjon_kr", "-0.01"),
    "hf_tomme_celler": _column("oppgjor_hf", "isf_poeng", "null"),
    "hf_negative_antall": _column("oppgjor_hf", "antall_opphold", "-1"),
    "hf_alle_med": "delete from oppgjor_hf where hf_orgnr = '993467049' and sektor = 'SOM'",
    "hf_poeng_summert": _column("oppgjor_hf", "poeng_opphold", "poeng_opphold + 0.001"),
    "hf_refusjon": _column("oppgjor_hf", "refusjon_kr", "refusjon_kr - 0.01"),
    "gjest_nokkel": f"insert into {MATRIX} select * from {MATRIX} where hf_orgnr is null",
    "gjest_bosted": _column(MATRIX, "bosted_rhf_orgnr", "null"),
    "gjest_sektor": _column(MATRIX, "sektor", "'BUP'"),
    "gjest_pasienter": _column(MATRIX, "antall_pasienter", "0"),
    "gjest_opphold": _column(MATRIX, "antall_opphold", "-1"),
    "gjest_fylt_ut": _column(MATRIX, "refusjon_kr", "null"),
    "gjest_refusjon": _column(MATRIX, "refusjon_kr", "refusjon_kr + 0.01"),
}

SUMS = {
    "sum_hf_rhf": _column("oppgjor_hf", "antall_opphold", "antall_opphold + 1", "hf_orgnr = '993467049'"),
    "sum_gjest_opphold": _column(MATRIX, "antall_opphold", "antall_opphold + 1"),
    "sum_gjest_poeng": _column(MATRIX, "isf_poeng", "isf_poeng - 0.001"),
    "poengposter_rader": "delete from poengposter where regel = '7.17'",
    "poengposter_poeng": _column("poengposter", "poeng", "poeng + 0.001"),
    "poengposter_paragraf": _column("poengposter", "paragraf", "null"),
    "poengposter_kolonner": "alter table poengposter drop paragraf",
}


def _reason(reason: str) -> str:
    return f"update episode set reason = '{reason}' where sector = 'SOM'"


WARNINGS = {
    "andel_utenfor": _reason("not_resident"),
    "andel_ugruppert": _reason("ungrouped"),
    "andel_uten_personell": _reason("no_eligible_personnel"),
    "andel_uten_bosted": _reason("unknown_municipality"),
    "andel_uten_isf_enhet": _reason("unit_not_isf"),
    "andel_karantene": (
        "update landing.row_account set rows_quarantined = 0",
        "update landing.row_account set rows_in = 10000, rows_quarantined = 11 where file = 'episode'",
    ),
    "andel_ulest": "insert into landing.unparsed values ('episode', 2, 'debitor', 'x', 'E1')",
    "id_uten_eksponent": "update landing.hresept set pasientID = '1,23457E+17'",
    "rhf_har_aktivitet": _column("oppgjor_rhf", "antall_opphold", "0"),
    "rhf_har_akonto": _column("oppgjor_rhf", "akonto_kr", "0"),
    "rhf_saldo_rimelig": (
        "update oppgjor_rhf set saldo_kr = 0",
        _column("oppgjor_rhf", "saldo_kr", "-0.3 * refusjon_kr"),
    ),
    "hf_har_aktivitet": (
        "update oppgjor_hf set antall_opphold = 1",
        _column("oppgjor_hf", "antall_opphold", "0", "hf_orgnr = '993467049'"),
    ),
    "hf_kjent": (
        "delete from oppgjor_hf where starts_with(hf, 'ukjent ')",
        _column("oppgjor_hf", "hf_orgnr", "'123456789'", "hf_orgnr = '993467049'"),
    ),
    "hver_maned": "delete from stay where date_part('month', end_date) = 7",
    "poeng_per_opphold": _column("oppgjor_rhf", "poeng_opphold", "1000"),
    "akonto_for_aret": "update landing.akonto set maned = '2024-12' where sektor = 'SOM'",
}

TAMPERING: dict[str, str | tuple[str, str]] = {
    **RULE_SET, **BASIS, **LEDGER, **REGION, **TRUST, **SUMS, **WARNINGS,
}  # fmt: skip

# Faults that an invariant finds (`sql/75_invariants/`), so that no expectation asks again: id → SQL, the invariant.
FOUND_BY_INVARIANT = {
    "balanser_null": ("update grunnlag set antall = 1 where arsak = 'resept: lastet = vurdert'", "invariant_balance"),
    "filer_regnskap": (
        "update landing.row_account set rows_in = rows_in + 1 where file = 'akonto'",
        "invariant_file_account",
    ),
    "filer_lastet": ("delete from landing.takst", "invariant_file_account"),
    "filer_karantene": ("delete from landing.quarantine where file = 'episode'", "invariant_file_account"),
    "episode_vurdert_en_gang": (
        "insert into episode select * from episode where episode_id = 'E1'",
        "invariant_episode_reason",
    ),
    "alle_episoder_vurdert": ("delete from episode where episode_id = 'E1'", "invariant_episode_reason"),
    "inkludert_i_opphold": ("delete from stay_episode where episode_nr % 2 = 0", "invariant_episode_stay"),
    "bare_inkluderte_i_opphold": (
        "update episode set reason = 'ungrouped' where episode_id = 'E1'",
        "invariant_episode_stay",
    ),
    "ett_opphold_per_episode": (
        "insert into stay_episode select * from stay_episode limit 1",
        "invariant_episode_stay",
    ),
    "opphold_en_gang": ("insert into stay select * from stay where stay_id = 'E1'", "invariant_episode_stay"),
    "uten_refusjon_null": ("update ledger set points = points + 0.001 where kind = 'zeroing'", "invariant_no_refund"),
    "forlopsmedlemmer_null": (
        "delete from ledger where rule = 'tfg_member' and unit_type = 'service'",
        "invariant_pathway_member",
    ),
    "sum_rhf_hovedbok": (
        "update ledger set residence_rhf_orgnr = '983658725' where unit_id = 'E1'",
        "invariant_ledger_rhf",
    ),
    "sum_hf_hovedbok": ("update ledger set hf_orgnr = '983974724' where unit_id = 'E1'", "invariant_ledger_hf"),
}
