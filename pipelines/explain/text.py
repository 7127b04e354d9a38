"""The text of `isf explain`, in Norwegian: pure, from the data of `pipelines.explain.find`."""

from decimal import Decimal
from typing import Any

from pipelines.explain import arithmetic
from pipelines.publication import norwegian
from pipelines.publication.words import UNIT

Facts = dict[str, Any]


def render(found: list[Facts]) -> str:
    """All findings under one another, separated by a blank line."""
    shown = {
        "stay": _stay, "episode": _episode, "service": _service, "prescription": _prescription, "pathway": _pathway,
        "quarantine": _quarantine, "patient": _patient,
    }  # fmt: skip
    return "\n\n".join("\n".join(shown[facts["kind"]](facts)) for facts in found)


def points(value: Decimal) -> str:
    """1.782 → `1,782`, with sign for deductions."""
    return norwegian.on_screen(norwegian.points(value))


def _stay(facts: Facts) -> list[str]:
    duration = facts["duration_s"]
    return [
        f"Opphold {facts['stay_id']} ({facts['sector']}), pasient {facts['patient_id']}",
        f"  DRG {facts['drg']} {facts['drg_name']}"
        + (" (NPKs egen gruppering av oppholdet)" if facts["is_npk_drg"] else "")
        + (" (oppholdet gruppert på nytt)" if facts["is_grouped_drg"] else ""),
        f"  hovedtilstand {facts['main_condition'] or 'mangler'}, HDG {facts['hdg'] or '–'},"
        f" kostnadsvekt {points(facts['cost_weight'])}, basispoeng {points(facts['base_points'])},"
        f" trimpunkt {'–' if facts['trim_point'] is None else facts['trim_point']}",
        f"  {facts['start_date']} til {facts['end_date']}: liggetid {facts['length_of_stay']} døgn,"
        f" regnet til {facts['effective_length']}"
        + (f" (utskrivningsklar {facts['discharge_ready_date']}, §4.7)" if facts["discharge_ready_date"] else "")
        + (
            f", varighet {duration // 3600} t {duration % 3600 // 60} min"
            if duration is not None
            else ", varighet ukjent"
        ),
        f"  institusjon {facts['institution_id']}, avdeling {facts['unit_id']},"
        f" bosted kommune {facts['municipality_number']:04d}",
        *_ledger(facts["ledger"]),
        *_money(facts["money"]),
        *([f"  Poengene er overtatt av tjenesteforløp {facts['pathway']} (§3.11 f)"] if facts["pathway"] else []),
        *[f"  Melder også særtjeneste {service}" for service in facts["services"]],
        "  Episoder i oppholdet:",
        *[line for episode in facts["episodes"] for line in _member_episode(episode)],
    ]


def _member_episode(episode: Facts) -> list[str]:
    paragraph, text = episode["merge_text"]
    marks = [name for name, is_so in (("hovedepisode", episode["is_main"]), ("første", episode["is_first"])) if is_so]
    start = _moment(episode["start"], episode["start_time_known"])
    end = _moment(episode["end"], episode["end_time_known"], episode["ends_its_date"])
    return [
        f"    {episode['episode_id']} {episode['episodetype']} {start} – {end}, DRG {episode['drg']}"
        f" (kostnadsvekt {points(episode['cost_weight'])})" + (f" [{', '.join(marks)}]" if marks else ""),
        f"      {text} ({paragraph}); tilstander {_codes(episode['conditions'])};"
        f" prosedyrer {_codes(episode['procedures'])};"
        f" helsepersonell {_codes(episode['personnel'])}",
    ]


def _ledger(rows: list[Facts]) -> list[str]:
    lines = ["  Poengposter:", f"    {'regel':<14}{'paragraf':<16}{'poeng':>10}{'sum':>10}  tittel og parametre"]
    for row in rows:
        used = "; ".join(
            f"{parameter['parameter']} = {parameter['value']}{' (antakelse)' if parameter['assumption'] else ''}"
            for parameter in row["parameters"]
        )
        lines.append(
            f"    {row['rule']:<14}{'§' + row['paragraph'] if row['paragraph'] else '':<16}"
            f"{points(row['points']):>10}{points(row['running_sum']):>10}"
            f"  {row['title'] or ''}" + (f" [{used}]" if used else "")
        )
        if row["arithmetic"]:
            lines.append(f"{'':<54}  {row['arithmetic']}")
    return lines


def _money(facts: Facts | None) -> list[str]:
    """Kroner of the unit, who is paid and who has treated; nothing for a unit without points of any kind."""
    if facts is None:
        return []
    return [
        f"  Refusjon: {norwegian.on_screen(arithmetic.money(facts))}",
        f"  Betales til {arithmetic.paid_to(facts)}, behandlet ved {arithmetic.treated_by(facts)}",
    ]


def _episode(facts: Facts) -> list[str]:
    paragraph, text = facts["reason_text"]
    return [
        f"Episode {facts['episode_id']} ({facts['sector']}), pasient {facts['patient_id']},"
        f" {facts['start_date']} – {facts['end_date'] or 'ikke avsluttet'}",
        f"  Teller ikke som opphold: {text} [{facts['reason']}, {paragraph}]",
        f"  kommune {facts['municipality_number']}, debitor {facts['debitor']}, DRG {facts['drg'] or 'mangler'},"
        f" HF {facts['hf_orgnr']}, avdeling {facts['unit_id']}",
    ]


def _service(facts: Facts) -> list[str]:
    paragraph, text = facts["status_text"]
    return [
        f"Særtjeneste {facts['service_id']} ({facts['sector']}), pasient {facts['patient_id']}",
        f"  STG {facts['stg']} {facts['stg_name']}, periode {facts['period']}",
        f"  {text} ({paragraph})" + (f": {facts['winning_stg']}" if facts["winning_stg"] else ""),
        f"  bosted kommune {facts['municipality_number']:04d}",
        *_ledger(facts["ledger"]),
        *_money(facts["money"]),
        *([f"  Poengene er overtatt av tjenesteforløp {facts['pathway']} (§3.11 f)"] if facts["pathway"] else []),
        "  Kandidater i perioden, den første gir HF og bosted:",
        *[
            f"    {row['candidate_kind']} {row['candidate_id']}, {row['period_date']},"
            f" institusjon {row['institution_id'] or 'mangler'}"
            for row in facts["candidates"]
        ],
    ]


def _prescription(facts: Facts) -> list[str]:
    paragraph, text = facts["reason_text"]
    return [
        f"H-resept {facts['dispensing_id']}, pasient {facts['patient_id']}, {facts['dispensing_date']}",
        f"  Teller ikke: {text} [{facts['reason']}, {paragraph}]",
    ]


def _pathway(facts: Facts) -> list[str]:
    return [
        f"Tjenesteforløp {facts['pathway_id']} ({facts['sector']}), pasient {facts['patient_id']}",
        f"  TFG {facts['tfg']} {facts['tfg_name']}, periode {facts['period']}"
        + (f", utløst av opphold {facts['trigger_stay_id']}" if facts["trigger_stay_id"] else ""),
        *_ledger(facts["ledger"]),
        *_money(facts["money"]),
        "  Medlemmer, med poengene som forløpet har overtatt:",
        *[
            f"    {UNIT[row['unit_type']]} {row['unit_id']} ({row['group_code']}), {points(row['points_taken'])}"
            + (f", {row['days_after_trigger']} dager etter utløsende opphold" if row["days_after_trigger"] else "")
            for row in facts["members"]
        ],
    ]


def _quarantine(facts: Facts) -> list[str]:
    return [
        f"Rad i karantene: {facts['file']} linje {facts['line']}",
        f"  {facts['reason_text']} [{facts['reason']}], kolonne {facts['column_name'] or '–'}",
    ]


def _patient(facts: Facts) -> list[str]:
    return [
        f"Pasient {facts['patient_id']}: {len(facts['units'])} enheter, {points(facts['points'])} poeng",
        *[
            f"  {row['first_date'] or '          '}  {UNIT[row['unit_type']]:<15}{row['unit_id']:<32}"
            f" {row['group_code']:<8}{points(row['points']):>10}"
            for row in facts["units"]
        ],
        *[
            f"  {row['first_date']}  teller ikke    {row['what']} {row['id']}:"
            f" {row['reason_text'][1]} ({row['reason_text'][0]})"
            for row in facts["not_counted"]
        ],
    ]


def _moment(value: Any, time_known: bool, ends_its_date: bool = False) -> str:
    if ends_its_date:
        return f"{value:%Y-%m-%d} 24:00"
    return f"{value:%Y-%m-%d %H:%M}" if time_known else f"{value:%Y-%m-%d} (tid ikke oppgitt)"


def _codes(values: list[Any] | None) -> str:
    return ", ".join(str(value) for value in values) if values else "ingen"
