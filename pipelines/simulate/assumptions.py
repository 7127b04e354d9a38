"""What a scenario rests on, in Norwegian sentences: the method of each table, the changes and the assumptions of the
rule sets."""

from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.rules.load import Ruleset
from pipelines.simulate.compare import Comparison

CALIBRATION = {
    "sector": "Kalibrert til budsjettnøytralitet i hver sektor: summen for landet er den samme før og etter.",
    "total": "Kalibrert samlet til budsjettnøytralitet i kroner, med én faktor for begge sektorer.",
    "none": "Ikke kalibrert: alternativet gir den summen det gir.",
}
MEASURE = {"base": "basispoeng", "full": "alt som utbetales"}


def calibrated(comparison: Comparison, measure: str) -> str:
    """`, kalibrert` where it is, else nothing."""
    return ", kalibrert" if comparison.calibrate != "none" and factors(comparison, measure) else ""


def factors(comparison: Comparison, measure: str) -> str:
    """The factors of a measure: `Somatikk 0,986412, PHV/TSB 1,000000`."""
    return ", ".join(
        f"{labels.SECTOR_SHORT.get(f['sector'], f['sector'])} {norwegian.number(f['factor'], 6)}"
        for f in comparison.factors
        if f["measure"] == measure
    )


def method(comparison: Comparison, measure: str) -> list[str]:
    """How the tables of a measure were computed."""
    if measure == "base":
        texts = [
            "Basispoeng: samme aktivitet og samme gruppering som i oppgjøret, med basispoeng fra "
            f"{comparison.baseline.id} og {comparison.alternative.id}. Opphold (DRG) og særtjenester (STG); "
            "tillegg, fradrag og tjenesteforløp er ikke med.",
        ]
    else:
        texts = [
            "Alt som utbetales: basispoeng, tillegg og fradrag, særtjenester og tjenesteforløp.",
            "Vekter: samme enheter i samme gruppe med nye basispoeng. "
            "Omgruppering: enheter som kommer i en annen gruppe. "
            "Tillegg og fradrag: alle andre regler. Telleregel: det tjenesteforløp betaler og tar over.",
        ]
    texts.append(CALIBRATION[comparison.calibrate])
    if comparison.calibrate != "none":
        texts.append(
            f"Kalibreringsfaktor, seks desimaler, ganget med alle alternativets poeng: {factors(comparison, measure)}."
        )
    texts.append("Kroner etter utgangspunktets priser på begge sider.")
    if measure == "full":
        texts.append(settled_anew(comparison))
    if measure == "full" and comparison.grouping:
        texts.append(f"Aktiviteten er gruppert på nytt under alternativet: {comparison.grouping}.")
    texts.append("Hvert tall er avrundet én gang, fra uavrundede poeng; derfor kan summer avvike i siste siffer.")
    return texts


def settled_anew(comparison: Comparison) -> str:
    """How the alternative was computed: who was settled anew."""
    if comparison.patients_anew is None:
        return "Alle pasienter er gjort opp på nytt under alternativet."
    return (
        f"Beregnet som endring fra oppgjøret; på nytt gjort opp: {norwegian.number(comparison.patients_anew)} "
        "pasienter som endringen kan gi andre opphold, tjenester eller regler."
    )


def changes(rules: Ruleset) -> list[dict]:
    """The changes that a rule set makes to its base: id, Norwegian title, whether they are on."""
    return [{"id": row["change"], "title": row["title"], "enabled": row["enabled"]} for row in rules.tables["change"]]


def of_rules(rules: Ruleset) -> list[dict]:
    """The assumptions of a rule set: paragraph, values, the text in Norwegian, and the value as it is shown. A choice
    between methods is told by the text; its code says nothing more to a reader."""
    found: dict[tuple[str, str], dict] = {}
    for row in rules.tables["parameter"]:
        if row["assumption"]:
            entry = found.setdefault(
                (row["rule"], row["parameter"]),
                {"paragraph": row["paragraph"], "values": [], "text": row["text_no"]},
            )
            entry["values"].append(row["value"].replace(".", ",") if row["kind"] == "points" else row["value"])
            entry["is_method"] = row["kind"] == "code" and row["value"] == row["value"].lower()
    return [
        {**entry, "shown": "" if entry.pop("is_method") else ", ".join(entry["values"])} for entry in found.values()
    ]


def of_both(baseline: Ruleset, alternative: Ruleset) -> dict[str, list[dict]]:
    """The assumptions that only the alternative makes, only the baseline, and both."""
    before, after = of_rules(baseline), of_rules(alternative)
    return {
        "alternative": [entry for entry in after if entry not in before],
        "baseline": [entry for entry in before if entry not in after],
        "both": [entry for entry in after if entry in before],
    }
