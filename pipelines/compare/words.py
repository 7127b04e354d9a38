"""The causes of a change, in Norwegian."""

from pipelines.publication.words import REASON

_CAUSE = {
    "karantene": "karantene i den ene leveransen",
    "ny": "nye episoder",
    "borte": "episoder som er borte",
    "pasient": "annen pasient-id",
    "sammenslaing": "slått sammen eller delt på annen måte",
    "drg": "annen DRG",
    "prosedyre": "prosedyrer",
    "tilstand": "tilstander",
    "helseperson": "utførende personell",
    "takst": "takster",
    "stedAktivitet": "sted for aktivitet",
    "innDatoTid": "start",
    "utDatoTid": "slutt",
    "utskrKlarDato": "utskrivningsklar dato",
    "komNrHjem": "bostedskommune",
    "hf": "behandlende HF",
    "institusjonID": "institusjon",
    "avdeling": "enhet",
    "sektor": "sektor",
    "episodetype": "episodetype",
    "kontaktType": "kontakttype",
    "omsorgsniva": "omsorgsnivå",
    "innmateHast": "hastegrad",
    "inntilstand": "tilstand ved ankomst",
    "fodselsar": "fødselsår",
    "debitor": "debitor",
    "hresept": "H-reseptlinjer",
    "forlop": "tatt over eller gitt tilbake av et forløp",
    "regionalt_trekk": "trekk for kompleks rehabilitering (§7.2.1)",
    "regelsett": "regelsett, priser eller program",
}
_ELIGIBILITY = "rett_"
UNIT = {
    "opphold": "opphold",
    "sertjeneste": "særtjeneste",
    "forlop": "tjenesteforløp",
    "region": "regionalt trekk",
}


def cause(code: str) -> str:
    """A cause in words; eligibility with its reason."""
    if code.startswith(_ELIGIBILITY):
        reason = code.removeprefix(_ELIGIBILITY)
        return f"rett til ISF: {REASON[reason].text if reason in REASON else reason}"
    return _CAUSE.get(code, code)
