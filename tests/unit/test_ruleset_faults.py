"""Every fault of a rule set is named with file, row, value and remedy, and all of them at once."""

import re
import shutil
from pathlib import Path

import pytest

from pipelines.errors import RulesetInvalid
from pipelines.rules import load as ruleset


@pytest.fixture
def copy(tmp_path) -> Path:
    folder = Path(shutil.copytree(ruleset.ROOT / "2025", tmp_path / "mine"))
    edit(folder, "rules.toml", '[ruleset]\nid = "2025"', '[ruleset]\nid = "mine"')
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the one occurrence of `old` in a file of the set."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {text.count(old)} of {old!r}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(RulesetInvalid) as refused:
        ruleset.read(folder)
    return refused.value.problems


# file, text in it, what replaces it, and what the message must say
# fmt: off
FAULTS = {
    "number": ("drg.csv", ",4.212,4.212,", ",4.2x,4.212,",
        r"drg\.csv row 2: cost_weight '4.2x' is not a number\. Write"),
    "below 0": ("drg.csv", ",4.212,4.212,", ",4.212,-4.212,", r"row 2: base_points -4\.212 is below 0\. Weights are"),
    "trim point below 0": ("drg.csv", "4.212,4.212,", "4.212,4.212,-", r"row 2: trim_point -\d+ is below 0"),
    "day points below 0": ("rehab_day.csv", "462B,36,,", "462B,36,,-", r"points_per_day -.* is below 0"),
    "comma": ("stg.csv", ",1.596", ',"1,596"', r"stg\.csv row 2: base_points '1,596' is not a number"),
    "exponent": ("stg.csv", ",1.596", ",1e2", r"'1e2' is not a number"),
    "decimals": ("drg.csv", ",4.212,4.212,", ",4.2121,4.212,",
        r"row 2: cost_weight '4.2121' has more than 3 decimals"),
    "money": ("unit_price.csv", "54412", "54412.125", r"unit_price\.csv row 2: .* has more than 2 decimals"),
    "integer": ("rehab_day.csv", "462A,6,18", "462A,6,1.8", r"to_day '1.8' is not a whole number"),
    "large": ("debitor.csv", "\n22,", "\n2200000000,", r"debitor\.csv row 7: code '2200000000' is too large"),
    "flag": ("debitor.csv", "Forskningsprogram,0", "Forskningsprogram,no",
        r"isf_counts 'no' is neither 0 nor 1"),
    "date": ("delivery_period.csv", "2025-04-30", "30.04.2025", r"period_to '30.04.2025' is not a date"),
    "empty": ("drg.csv", ",4.212,4.212,", ",,4.212,", r"drg\.csv row 2: cost_weight is empty\. Give a value"),
    "sector": ("drg_exception.csv", "ambulatory,SOM,474", "ambulatory,SOMA,474",
        r"sector 'SOMA' is not known\. Use SOM"),
    "kind": ("drg_exception.csv", "ambulatory,SOM,474", "ambulant,SOM,474",
        r"kind 'ambulant' is not known\. Use aggre"),
    "fields": ("burn_weight.csv", "hudtransplantasjon,7.438", "hudtransplantasjon",
        r"fields where the header has 3"),
    "extra column": ("stg.csv", "base_points\n", "points\n", r"stg\.csv row 1: column 'points' is not known"),
    "missing column": ("stg.csv", "base_points\n", "points\n",
        r"stg\.csv row 1: column 'base_points' is missing"),
    "twice": ("tfg.csv", "SOM,AT851,", "SOM,at01,", r"row 3: key sector SOM, tfg AT01 is already in row 2"),
    "stg of procedure": ("stg_procedure.csv", "IEAB20,SOM,*,*,XS07", "IEAB20,SOM,*,*,XS70",
        r"stg 'XS70' is not in stg"),
    "sector of stg": ("stg_procedure.csv", "IEAB20,SOM,*,*,XS07", "IEAB20,SOM,*,*,TS02",
        r"'TS02' is not in .*sector SOM"),
    "stg of medicine": ("stg_medicine.csv", "GS01", "GS77",
        r"stg_medicine\.csv row 28: stg 'GS77' is not in stg\.csv"),
    "member drg": ("tfg_component.csv", "drg,801H", "drg,801Z",
        r"tfg_component\.csv row 3: code '801Z' is not in drg"),
    "member stg": ("tfg_component.csv", "stg,AS01", "stg,AS77", r"code 'AS77' is not in stg\.csv"),
    "pathway": ("tfg_exclusive_group.csv", "FT01", "FT77", r"tfg 'FT77' is not in tfg\.csv"),
    "exception": ("drg_exception.csv", "SOM,317O", "SOM,317Z",
        r"drg_exception\.csv row 8: drg '317Z' is not in drg"),
    "day gap": ("rehab_day.csv", "462A,6,18", "462A,7,18", r"from_day 7 where DRG 462A continues with day 6"),
    "day end": ("rehab_day.csv", "462B,36,,", "462B,36,60,", r"the last days of DRG 462B end at 60"),
    "region": ("municipality.csv", "0301,Oslo,Oslo,991324968", "0301,Oslo,Oslo,991324967",
        r"row 2: rhf_orgnr '991324967'"),
    "trust region": ("trust.csv", "983974880,Finnmarkssykehuset HF,HF,883658752", "983974880,F,HF,883658753",
        "883658753"),
    "org number": ("trust.csv", "983974880", "98397488",
        r"hf_orgnr '98397488' is not an organisation number"),
    "price": ("unit_price.csv", "PHVTSB,3820", "SOM,3820", r"unit_price\.csv: sector PHVTSB has no price"),
    "period year": ("delivery_period.csv", "2,2025-01-01", "2,2024-01-01",
        r"2024-01-01 is not in the activity year 2025"),
    "tertial": ("delivery_period.csv", "3,2025-01-01", "4,2025-01-01", r"the tertials must be 1, 2 and 3"),
    "position": ("stg_period.csv", "20,XS09", "10,XS09", r"position 10 is already used"),
    "hdg": ("stg_procedure.csv", "WMGA28,SOM,1,", "WMGA28,SOM,one,", r"hdg 'ONE' is neither a number nor \*"),
    "month": ("stg_period.csv", "MS01,month", "MS01,year",
        r"STG 'MS01' counts per year, the pathway MT01 per month"),
    "two pathways": ("tfg_component.csv", "stg,SS02", "stg,MS01",
        r"stg 'MS01' is in the pathways MT01, ST01"),
    "two kinds": ("tfg_component.csv", "ST01,year,member,drg,818O", "ST01,year,member,drg,209U",
        r"HT05, ST01"),
    "no trigger": ("tfg_component.csv", "HT05,per_trigger,trigger", "HT05,per_trigger,member",
        "no trigger"),
    "no members": ("tfg.csv", "forløp - HDG 01,0.000", "forløp - HDG 01,0.100",
        r"'AT99' has points but no row"),
    "anchor": ("day_surgery_family.csv", "F01,6O,day,1", "F01,6O,day,0",
        r"family F01 has the anchors \['inpatient'\]"),
    "trust of a rule": ("rules.toml", '"983974724"', '"983974725"',
        r"rule 7\.11, .*'983974725' is not in trust\.csv"),
    "drg of a rule": ("rules.toml", '["998O"]', '["998Z"]',
        r"rule 7\.12, parameter drg: value '998Z' is not in drg\.csv"),
    "stg of a rule": ("rules.toml", 'value = "ZS470"', 'value = "ZS471"',
        r"value 'ZS471' is not in stg\.csv"),
    "number of a rule": ("rules.toml", 'value = "5.940"', 'value = "5,94"',
        r"rule 7\.3, parameter points: value '5,94'"),
    "float": ("rules.toml", 'value = "5.940"', "value = 5.940",
        r"rule 7\.3, .* 5\.94 is not text\. Write it in quotes"),
    "parameter kind": ("rules.toml", 'value = "120"\nkind = "number"', 'value = "120"\nkind = "code"',
        r"reads number"),
    "missing parameter": ("rules.toml", 'name = "below_minutes"', 'name = "minutes"',
        r"parameter below_minutes .* missing"),
    "missing rule": ("rules.toml", 'id = "tfg_member"', 'id = "tfg_members"', r"rule tfg_member is missing"),
    "list": ("rules.toml", 'value = ["B53"]', 'value = "B53"', r"value 'B53' does not fit kind list"),
    "list twice": ("rules.toml", '["IEAA00", "IEAA10"]', '["IEAA00", "IEAA00"]',
        r"an element is given twice"),
    "rule key": ("rules.toml", 'id = "7.3"\n', 'id = "7.3"\nnote = "x"\n',
        r"rule 7\.3: key 'note' is not known"),
    "rule twice": ("rules.toml", 'id = "7.3"\n', 'id = "7.4"\n', r"rule 7\.4 is given twice"),
    "parameter twice": ("rules.toml", 'name = "min_days"', 'name = "max_days"',
        r"parameter max_days is given twice"),
    "sections": ("rules.toml", "[ruleset]", "change = 1\n[ruleset]", r"change is not a list of sections"),
    "rule status": ("rules.toml", 'og sykehotell"\nstatus = "not_computable"', 'o"\nstatus = "none"',
        r"status 'none'"),
    "reason": ("rules.toml", 'reason = "Where the patient slept', 'source = "Where the patient slept',
        r"reason is missing"),
    "Norwegian reason": ("rules.toml", 'reason_no = "Hvor pasienten sov', 'source = "Hvor pasienten sov',
        r"rule 7\.10: reason_no is missing\. Write the reason in Norwegian"),
    "Norwegian text": ("rules.toml", 'text_no = "Takster som', 'source = "Takster som',
        r"parameter tariff: text_no is missing\. Write the description in Norwegian"),
    "numeric list": ("rules.toml", 'value = ["9000", "9900"]', 'value = ["9000", "x"]',
        r"'x' is not a whole number"),
    "settings": ("rules.toml", "activity_year = 2025", 'activity_year = "2025"',
        r"activity_year is missing or not a int"),
    "set status": ("rules.toml", 'status = "final"', 'status = "done"',
        r"status 'done' is not known\. Use final or draft"),
    "section": ("rules.toml", "[ruleset]", "[rules]\n[ruleset]", r"section \[rules\] is not known"),
    "toml": ("rules.toml", "[ruleset]", "[ruleset", r"rules\.toml cannot be read: "),
}
# fmt: on


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_named(copy, fault):
    file, old, new, message = FAULTS[fault]
    edit(copy, file, old, new)
    found = problems(copy)
    assert [p for p in found if re.search(message, p)], found
    assert all(re.search(r"\. [A-Z]", p) or "cannot be read" in p for p in found), "a fault without a remedy"


def test_a_replacement_drg_with_points_is_a_fault(copy):
    text = (copy / "non_isf_main_condition.csv").read_text(encoding="utf-8")
    (copy / "non_isf_main_condition.csv").write_text(text.replace("Laboratorieundersøkelse,474", "Lab,1A"), "utf-8")
    assert [p for p in problems(copy) if "row 3: replacement_drg_som '1A' has 4.212 base points" in p]


def test_missing_and_unknown_tables_are_faults(copy):
    (copy / "trust.csv").rename(copy / "trusts.csv")
    found = "\n".join(problems(copy))
    assert "mine/trust.csv is missing. Add the table" in found
    assert "mine/trusts.csv is not a table of a rule set. Rename it" in found


def test_all_faults_are_told_at_once(copy):
    edit(copy, "stg.csv", ",1.596", ",x")
    edit(copy, "unit_price.csv", "54412", "y")
    edit(copy, "rules.toml", 'value = "5.940"', 'value = "z"')
    assert len(problems(copy)) == 3
    with pytest.raises(RulesetInvalid, match=r"Rule set .* cannot be used\. 3 problem\(s\)"):
        ruleset.read(copy)


def test_every_norwegian_text_that_is_missing_is_told_at_once(copy):
    text = (copy / "rules.toml").read_text(encoding="utf-8")
    lacking, count = re.subn(r'^(?:text_no|reason_no) = ".*"\n', "", text, flags=re.MULTILINE)
    (copy / "rules.toml").write_text(lacking, encoding="utf-8")
    found = problems(copy)
    assert len(found) == len(set(found)) == count > 100
    assert all(re.search(r"(?:text_no|reason_no) is missing\. Write the", problem) for problem in found)


def test_a_derived_set_that_says_something_else_says_it_in_norwegian_too(tmp_path):
    (tmp_path / "rules.toml").write_text(
        f"""{DERIVED}[[rule]]\nid = "7.10"\nreason = "Another one."\n
[[rule]]\nid = "7.9"\n[[rule.parameter]]\nname = "tariff"\ndescription = "Other tariffs."\n""",
        encoding="utf-8",
    )
    found = problems(tmp_path)
    assert [re.search(r"\S+_no is missing", problem)[0] for problem in found] == [
        "reason_no is missing",
        "text_no is missing",
    ]


def test_a_set_cannot_take_the_id_of_one_that_comes_with_the_program(copy):
    edit(copy, "rules.toml", 'id = "mine"', 'id = "2025"')
    assert [p for p in problems(copy) if "id '2025' is that of a rule set that comes with the program" in p]


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000 + "]" * 20_000, "a = " + "9" * 5_000])
def test_a_file_that_python_cannot_take_is_a_fault(copy, text):
    (copy / "rules.toml").write_text(f"{text}\n", encoding="utf-8")
    assert [p for p in problems(copy) if "mine/rules.toml cannot be read" in p]


def test_a_file_that_is_not_utf8_is_a_fault(copy):
    (copy / "code.csv").write_bytes("field,code,label\nkjonn,1,\xe5\n".encode("latin-1"))
    assert [p for p in problems(copy) if "mine/code.csv cannot be read" in p]


DERIVED = '[ruleset]\nid = "d"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "s"\n'
# fmt: off
DERIVED_FAULTS = {
    "new row": ("", "sector,stg,base_points\nSOM,AS77,1.000\n", 
        r"stg\.csv row 2: sector SOM, stg AS77 is not in the base; the nearest are XS07, AS10, AS03\. Correct .* name"),
    "no key": ("", "stg,base_points\nAS01,1.000\n", r"stg\.csv row 1: column 'sector' is missing"),
    "change": ("", "change,sector,stg,base_points\nx,SOM,AS01,1.000\n", r"change 'x' is not declared"),
    "change keys": ('[[change]]\nid = "x"\n', "sector,stg\n",
        r"\[\[change\]\] x: title, source, touches missing"),
    "remove rule": ('[[remove]]\nrule = "9.9"\n', "sector,stg\n", r"rule 9\.9 is not in the base"),
    "remove row": ('[[remove]]\ntable = "burn_weight"\nkey = { drg = "1" }\n', "sector,stg\n",
        r"drg 1 is not in the"),
    "remove key": ('[[remove]]\ntable = "drg"\nkey = { drg = "1A" }\n', "sector,stg\n",
        r"not complete.* sector, drg"),
    "remove change": ('[[remove]]\nrule = "7.3"\nchange = "x"\n', "sector,stg\n",
        r"change 'x' is not declared"),
    "required": ('[[remove]]\nrule = "7.18"\n', "sector,stg\n",
        r"rule 7\.18 is missing, and the computation needs it"),
}
# fmt: on


@pytest.mark.parametrize("fault", DERIVED_FAULTS)
def test_the_fault_of_a_derived_set_is_named(tmp_path, fault):
    toml, stg, message = DERIVED_FAULTS[fault]
    (tmp_path / "rules.toml").write_text(DERIVED + toml, encoding="utf-8")
    (tmp_path / "stg.csv").write_text(stg, encoding="utf-8")
    found = problems(tmp_path)
    assert [p for p in found if re.search(message, p)], found
