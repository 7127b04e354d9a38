"""What stands under each table of a scenario: how it was computed, in Norwegian sentences."""

from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.simulate.compare import Comparison

CALIBRATION = {
    "sector": "Kalibrert til budsjettnøytralitet i hver sektor: summen for landet er den samme før og etter.",
    "total": "Kalibrert samlet til budsjettnøytralitet i kroner, med én faktor for begge sektorer.",
    "none": "Ikke kalibrert: alternativet gir den summen det gir.",
}


def assumptions(comparison: Comparison) -> list[str]:
    """What holds for the directorate's tables of this comparison, in sentences."""
    by_sector = {f["sector"]: f for f in comparison.factors if f["measure"] == "base"}
    factors = ", ".join(
        f"{labels.SECTOR_SHORT.get(s, s)} {norwegian.number(f['factor'], 6)}" for s, f in by_sector.items()
    )
    texts = [
        f"Samme aktivitet og samme gruppering som i oppgjøret; basispoeng fra {comparison.baseline.id} "
        f"og {comparison.alternative.id}.",
        "Poeng for DRG-er og STG-er; tillegg, fradrag og tjenesteforløp er ikke med.",
        CALIBRATION[comparison.calibrate],
    ]
    if comparison.calibrate != "none":
        texts.append(f"Kalibreringsfaktor, seks desimaler, ganget med alle alternativets poeng: {factors}.")
    texts.append("Tallene er avrundet én gang, fra uavrundede poeng; derfor kan summer avvike med 1.")
    return texts


def assumptions_full(comparison: Comparison) -> list[str]:
    factors = ", ".join(
        f"{labels.SECTOR_SHORT.get(f['sector'], f['sector'])} {norwegian.number(f['factor'], 6)}"
        for f in comparison.factors
        if f["measure"] == "full"
    )
    texts = [
        "Alle poeng som utbetales: basispoeng, tillegg og fradrag, særtjenester og tjenesteforløp.",
        "Vekter: samme enheter i samme gruppe med nye basispoeng. "
        "Omgruppering: enheter som kommer i en annen gruppe. "
        "Tillegg og fradrag: alle andre regler. Telleregel: det tjenesteforløp betaler og tar over.",
        CALIBRATION[comparison.calibrate],
        "Kroner etter utgangspunktets priser på begge sider. Delene summerer nøyaktig til endringen.",
    ]
    if comparison.calibrate != "none":
        texts.insert(3, f"Faktor, ganget med alle alternativets poeng: {factors}.")
    if comparison.reasons:
        texts.append(
            "All aktivitet er gjort opp på nytt, fordi dette er endret: " + "; ".join(comparison.reasons) + "."
        )
    else:
        texts.append(
            f"Aktiviteten er ikke slått sammen på nytt, unntatt for "
            f"{norwegian.number(comparison.patients_anew)} "
            "pasienter som endringen kan gi andre opphold, tjenester eller regler."
        )
    return texts
