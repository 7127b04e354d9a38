"""A comparison for the terminal, in Norwegian: the answer, the tables per region, and what is worth a look."""

from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.simulate import answer, layout, report
from pipelines.simulate import assumptions as texts


def text(comparison) -> str:
    """The answer and the directorate's table per region for every measure and sector that changes."""
    lines = [f"{comparison.baseline.id} -> {comparison.alternative.id}"]
    if comparison.touches_nothing:
        lines.append("Ingen virkning: hvert poeng på denne aktiviteten er det samme i begge regelsett.")
    for sector in report.sectors(comparison):
        lines += _sector(comparison, sector)
    if not comparison.only_weights and not comparison.touches_nothing:
        lines += _computed(comparison)
    return layout.plain("\n".join([*lines, *neutral(comparison), *large_changes(comparison)]))


def neutral(comparison) -> list[str]:
    """The weights at which the change costs nothing, of the country and each region."""
    found = []
    for row in comparison.tables["noytral"].dicts() if "noytral" in comparison.tables else []:
        if row["nivaa"] == "land":
            found.append(f"Nøytral vekt for {row['gruppe']} ({row['tittel']}):")
        weight = row["vekt_noytral"]
        value = row["merknad"] if weight is None else f"{norwegian.number(weight, 6)} på {row['antall']} enheter"
        found.append(f"  {row['navn']}: {value}")
    return found


def _sector(comparison, sector: str) -> list[str]:
    name = labels.SECTOR.get(sector, sector)
    changed = [m for m in report.measures(comparison) if report.is_changed(comparison, m, sector)]
    if not changed:
        return [] if comparison.touches_nothing else [f"{name}: ingen endring."]
    lines = []
    for main in report.rows_of(comparison, "hovedtall", changed[0], sector):
        trusts = report.rows_of(comparison, "endring_hf", changed[0], sector)
        lines.append(answer.sentence(main, layout.decimals(r["endring"] for r in trusts)))
    for measure in changed:
        lines.append(f"{name}, {texts.MEASURE[measure]}, faktor {_factor(comparison, measure, sector)}")
        lines += table(report.rows_of(comparison, "endring_rhf", measure, sector))
        if measure == "full":
            total = report.total(report.rows_of(comparison, "endring_hf", measure, sector))
            shown = [f"{title.lower()} {norwegian.number(total[part], 1, True)}" for part, title in report.PARTS]
            lines.append("  derav " + ", ".join(shown))
    return lines


def _factor(comparison, measure: str, sector: str) -> str:
    found = next(f for f in comparison.factors if f["measure"] == measure and f["sector"] == sector)
    return norwegian.number(found["factor"], 6)


def table(rows: list[dict]) -> list[str]:
    """The directorate's table per region, with kroner."""
    units = layout.by_name(
        (report.unit_name(r), r["poeng_utgangspunkt"], r["poeng_alternativ"], r["endring_kr"]) for r in rows
    )
    printed = [("", "før", "etter", "endring", "%", "kroner"), *layout.table(units)]
    width = max(len(entry[0]) for entry in printed)
    return [f"  {entry[0]:<{width}}" + "".join(f"{cell:>14}" for cell in entry[1:]) for entry in printed]


def _computed(comparison) -> list[str]:
    if comparison.reasons:
        lines = ["Alle pasienter gjort opp på nytt: " + "; ".join(comparison.reasons)]
    else:
        causes = ", ".join(f"{cause} {count}" for cause, count in sorted(comparison.causes.items()))
        lines = [f"Pasienter gjort opp på nytt: {comparison.patients_anew}" + (f" ({causes})" if causes else "")]
    moved = sum(
        r["antall"]
        for r in comparison.tables["migrering_land"].dicts()
        if r["enhet_type"] == "opphold" and r["flytter"]
    )
    return [*lines, f"Opphold i en annen gruppe: {moved}"]


def large_changes(comparison) -> list[str]:
    """Groups whose base points change by more than half, before and after, for the eye."""
    rows = [row for row in comparison.tables["vektendringer"].dicts() if row["over_halvparten"]]
    found = [
        f"  {labels.SECTOR_SHORT[r['sektor']]} {r['gruppe']}: {norwegian.points(r['vekt_utgangspunkt'])} -> "
        f"{norwegian.points(r['vekt_alternativ'])}"
        for r in rows
    ]
    return [f"Basispoeng som endres med mer enn halvparten: {len(found)}", *found] if found else []
