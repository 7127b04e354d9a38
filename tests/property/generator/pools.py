"""What the scenarios choose from: small pools, so that things meet."""

from __future__ import annotations

from datetime import date

from ..reference import load

REF = load(2025)

#: Days on which something changes: a year begins, a Friday before a month, tertials, the year's end.
ANCHORS = {
    1: [date(2025, 1, 1), date(2025, 1, 31), date(2025, 3, 28), date(2025, 4, 29)],
    2: [date(2025, 1, 31), date(2025, 4, 30), date(2025, 6, 13), date(2025, 8, 29)],
    3: [date(2025, 1, 31), date(2025, 4, 30), date(2025, 8, 29), date(2025, 10, 25), date(2025, 12, 29)],
}
#: The night in which summer time ends, and nights that look like it.
SUMMER_TIME_ENDS = date(2025, 10, 26)
OTHER_NIGHTS = [date(2025, 10, 19), date(2025, 10, 27), date(2025, 3, 30), date(2024, 10, 27)]

#: Text order is not number order, case matters, and letters beyond ASCII come last.
ID_PREFIXES = [
    "",
    "",
    "",
    "0",
    "00",
    "a",
    "A",
    "b",
    "Z",
    "ø",
    "Ø",
    "å",
    "é",
    "\ufb01",
    "\U0001f600",
    "1e",
    "-",
]
PATIENTS = ["10", "9", "p", "P", "Ås", "ås", "007", "7", "1e3", "q", "Q", "p10", "p9", "x" * 40, "ø.1", "1-2"]
PATIENTS += [f"n{i}" for i in range(30)]
INSTITUTIONS = ["974589095", "974557746", "99", "100", "974A"]
#: Helse Vest's own number and one that nobody has, among the trusts.
TRUSTS = ["983974724", "993467049", "983974899", "883974832", "982791952", "999999999", "983658725"]
#: One municipality of each region first, then others.
MUNICIPALITIES = ["0301", "4601", "5001", "5501", "301", "1103", "1506", "1804", " 301"]
NOT_RESIDENT = ["9000", "9900"]
UNKNOWN = ["9999", "", "2100", "2321", "1", "0", "x", "30.1", "-301"]
ICD = ["M170", "M179", "M16.1", "m161", "Z470", "Z47", "J18.9", "G35", "F32", "C50.1", "I21", "Z302", "Z30.2"]
NON_ISF = ["Z016", "Z01.7", "Z768", "z769", "Z50.30", "Z5030", "Z530", "Z531", "Z532", "Z538", "Z539"]
NEAR_NON_ISF = ["Z01", "Z503", "Z0160", "Z53", "Z533"]
REHAB = ["Z5080", "Z50.89", "z5089", "Z508", "Z50800"]

EXCEPTIONS_SOM = ["317O", "850A", "851N", "992O", "998O", "998o", " 992O"]
EXCEPTIONS_PHV = ["TD03A", "TD03B", "TD72B", "TD96A", "TD96B", "TD97", "td97"]
PHV = ["TD32A", "TD32B", "TD40A", "TD70A", "TD99L", "TD998A", "TD998B", "TD802A", "TD802B", "XD90A", "TD99A"]
PHV += ["ZD470", "TD31A", "TD10A", "TD50A"]
PHV_INPATIENT = ["TD430B", "TD427A", "TD981", "TD436B", "TD32A"]
SHORT = ["980A", "980C", "980D", "980E", "980F", "980H", "980T", "980U", "980X", "981X"]
TRIGGERS = ["209H", "209O", "209U", "209V"]
TRIGGER_MEMBERS = ["908B", "908O", "908C", "996O", "998O", "981X", "923O"]
NEAR_TRIGGERS = ["209S", "209C", "908A", "908E", "997O"]
YEAR_MEMBERS = ["801H", "806H", "808H", "809H", "818O"]
DIALYSIS = ["317", "317O"]
STERILISATION = ["362", "362O", "351", "351O", "361", "361O", "360", "342N"]
BURNS = [*REF.burn_weight, "456"]
REHAB_DRG = ["462A", "462B", "462C", "862B"]

ORGANS = [*sorted(REF.organ_donation)[:4], "YKA02", "YKA00", "YFA"]
SERVICE_CODES = sorted({r["procedure"] for r in REF.stg_procedures})
SERVICE_CODES_PHV = sorted({r["procedure"] for r in REF.stg_procedures if r["sector"] == "PHVTSB"})[:4]
NEAR_CODES = ["WMGA29", "FPFE4", "JAGD5", "IEAB2", "WWAA0", "IECC11", "WWAA03", "WWAA00", "WMGA280"]
SUPPLEMENT_CODES = ["WWAA00", "WWAA03", "WRBA20", "WRBA21", "WRBA22", "KGV20", "KGV21", "IEAA00", "IEAA10"]
SUPPLEMENT_CODES += ["IEAA11", "wwaa00", "wrba20", "kgv20", "ieaa00", *ORGANS]
TARIFFS = ["B53", "b53", "B52", "201b", "B530"]
ELIGIBLE = ["1", "17", "01", "2", "4", "29", "40"]
INELIGIBLE = ["9", "99", "10", "55", "0"]
#: Both sides of 26 years, of the activity year and of 130 years before it.
BIRTH_YEARS = ["1998", "1999", "2000", "2025", "2026", "1895", "1894", "1999.0", "0", "-1", "9999", ""]
DEBITORS = ["1", "1", "1", "01", "40", "43", "50", "70", "80"]
DEBITORS_NOT = ["11", "20", "30", "51", "60", "90", "99", "", "2", "77", "x"]


def _groupable(drg: str) -> bool:
    return REF.drg["SOM", drg].cost_weight > 0


def tied_drgs(limit: int = 14) -> list[str]:
    """Outpatient DRGs that share their weight with a DRG of another HDG."""
    by_weight: dict = {}
    for (sector, code), row in REF.drg.items():
        if sector == "SOM" and row.trim_point == 0 and 0 < row.cost_weight < 1:
            by_weight.setdefault(row.cost_weight, []).append(code)
    ties = [codes for codes in by_weight.values() if len({REF.drg["SOM", c].hdg for c in codes}) > 2]
    return [code for codes in sorted(ties)[: limit // 2] for code in codes[:4]]


def with_trim(low: int, high: int, limit: int) -> list[str]:
    """Inpatient DRGs with a trim point in the range, some tied in base points."""
    found = [c for (s, c), row in REF.drg.items() if s == "SOM" and low <= row.trim_point <= high]
    return [c for c in found if _groupable(c)][:: max(len(found) // limit, 1)][:limit]


TIED = tied_drgs()
#: cost weight and base points order these differently
CROSSED = [c for (s, c), r in REF.drg.items() if s == "SOM" and r.cost_weight != r.base_points][:16]
TRIM_5 = with_trim(4, 7, 10)
TRIM_20 = with_trim(19, 23, 10)
INPATIENT = ["14A", "64", "475A", "89", "90", "127", *TRIM_5[:4], *CROSSED[:6]]
SOMATIC = [TIED, CROSSED, INPATIENT, EXCEPTIONS_SOM, SHORT, STERILISATION, BURNS, YEAR_MEMBERS, DIALYSIS]
SOMATIC += [TRIGGER_MEMBERS, REHAB_DRG]


def medicine_codes(column: str) -> list[str]:
    return sorted({r[column] for r in REF.stg_medicines} - {"*"})


ATC = medicine_codes("atc_prefix")
INDICATIONS = medicine_codes("icd10_prefix")
BAD_INDICATIONS = ["", "", "-90", "G3", "35G", "G35123", "GG5", "C", "Æ12", "G 35"]
