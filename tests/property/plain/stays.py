"""Section 2: how included episodes become stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ..reference import Reference
from .model import Episode, Stay

GAP = timedelta(minutes=120)
DOCTORS = (1, 17)
DAY_PROGRAMME = {"IEAA00", "IEAA10"}
INDIRECT = 5


def groups_by(episodes: Iterable[Episode], key) -> list[list[Episode]]:
    """The episodes in groups of equal key, groups in the order first seen."""
    groups: dict = {}
    for e in episodes:
        groups.setdefault(key(e), []).append(e)
    return list(groups.values())


def chain(department_stays: list[Episode]) -> list[list[Episode]]:
    """Two department stays belong to the same stay when the later starts no more than 120 minutes after the
    latest end so far (chains; overlaps join)."""
    chains: list[list[Episode]] = []
    for e in sorted(department_stays, key=lambda e: (e.start.as_start, e.end.as_end, e.id)):
        if chains and e.start.as_start <= interval(chains[-1])[1] + GAP:
            chains[-1].append(e)
        else:
            chains.append([e])
    return chains


def interval(episodes: list[Episode]) -> tuple[datetime, datetime]:
    """From the first start to the last end of department stays."""
    return min(e.start.as_start for e in episodes), max(e.end.as_end for e in episodes)


def main_episode(episodes: list[Episode]) -> Episode:
    """Highest weight; ties -> longest duration (unknown counts as 0); ties -> earliest start; ties ->
    smallest `episodeID`."""
    return min(episodes, key=lambda e: (-e.weight, -e.duration, e.start.as_start, e.id))


def is_exception(e: Episode, ref: Reference) -> bool:
    """The contact's DRG is on the aggregation-exception list of the sector."""
    return ("aggregation", e.sector, e.drg) in ref.exceptions


def somatic_hospital_stays(episodes: list[Episode]) -> tuple[list[list[Episode]], list[Episode]]:
    """The chains of department stays of one patient and institution with the contacts that join them, and
    the remaining contacts.

    A contact joins the stay if its interval overlaps or touches the interval of the stay's department stays
    extended by the same gap at both ends; joined contacts do not extend that interval. If a contact fits two
    stays it joins the earlier.
    """
    chains = chain([e for e in episodes if not e.is_contact])
    intervals = [interval(c) for c in chains]
    remaining = []
    for contact in (e for e in episodes if e.is_contact):
        for members, (first, last) in zip(chains, intervals, strict=True):
            if contact.start.as_start <= last + GAP and contact.end.as_end >= first - GAP:
                members.append(contact)
                break
        else:
            remaining.append(contact)
    return chains, remaining


def somatic_outpatient_stays(contacts: list[Episode], ref: Reference) -> list[list[Episode]]:
    """The stays of the contacts of one patient, institution and calendar date."""
    exceptions = [e for e in contacts if is_exception(e, ref)]
    stays = groups_by(exceptions, lambda e: e.drg)
    rest = [e for e in contacts if not is_exception(e, ref)]
    with_doctor = [e for e in rest if any(person in DOCTORS for person in e.personnel)]
    hdgs = groups_by(with_doctor, lambda e: e.hdg)
    if len(hdgs) < 2:
        return stays + ([rest] if rest else [])
    # Contacts without doctor join the stay whose doctor contacts have the highest weight (ties: lowest HDG).
    leader = min(hdgs, key=lambda group: (-max(e.weight for e in group), group[0].hdg))
    leader.extend(e for e in rest if e not in with_doctor)
    return stays + hdgs


def phvtsb_stays(episodes: list[Episode], ref: Reference) -> list[tuple[list[Episode], list[Episode]]]:
    """The stays of one patient and institution, each with the episodes its main episode is chosen among.

    (1) A department stay takes all contacts on any date it covers, first to last (of two, the earlier takes
    the contact). (2) Otherwise, if any contact that day has IEAA00 or IEAA10, all that day's contacts are one
    stay; its main episode is chosen among the contacts that carry the code. (3) Otherwise contacts in an
    exception DRG stand alone, one stay per DRG and day; the rest form one stay of the direct contacts and one
    of the indirect.
    """
    chains = chain([e for e in episodes if not e.is_contact])
    dates = [(min(e.start.day for e in c), max(e.end.day for e in c)) for c in chains]
    remaining: list[Episode] = []
    for contact in (e for e in episodes if e.is_contact):
        for members, (first, last) in zip(chains, dates, strict=True):
            if first <= contact.start.day <= last:
                members.append(contact)
                break
        else:
            remaining.append(contact)
    stays = [(members, members) for members in chains]
    for contacts in groups_by(remaining, lambda e: e.start.day):
        carriers = [e for e in contacts if DAY_PROGRAMME & set(e.procedures)]
        if carriers:
            stays.append((contacts, carriers))
            continue
        exceptions = [e for e in contacts if is_exception(e, ref)]
        rest = [e for e in contacts if not is_exception(e, ref)]
        groups = groups_by(exceptions, lambda e: e.drg)
        groups += groups_by(rest, lambda e: e.contact_type == INDIRECT)
        stays.extend((group, group) for group in groups)
    return stays


def start_date(e: Episode) -> date:
    return e.start.day


def make_stays(episodes: list[Episode], ref: Reference, drg_source: str) -> list[Stay]:
    """Every included episode in exactly one stay. The two sectors never meet in one stay."""
    included = [e for e in episodes if e.reason == "included"]
    stays = []
    for group in groups_by(included, lambda e: (e.sector, e.patient, e.institution)):
        if group[0].sector == "SOM":
            chains, remaining = somatic_hospital_stays(group)
            made = [(members, members) for members in chains]
            for contacts in groups_by(remaining, start_date):
                made += [(members, members) for members in somatic_outpatient_stays(contacts, ref)]
        else:
            made = phvtsb_stays(group, ref)
        for members, chosen_among in made:
            stays.append(Stay(members, main_episode(chosen_among), group[0].sector))
    for stay in stays:
        set_stay_drg(stay, ref, drg_source)
    return stays


def set_stay_drg(stay: Stay, ref: Reference, drg_source: str) -> None:
    """The main episode's DRG; NPK's own if the run asks for it, all episodes carry the same, it is in the
    year's table and the main condition is not outside ISF."""
    stay.drg = stay.main.drg
    stay.non_isf = stay.main.main_condition in ref.non_isf
    if drg_source == "npk" and not stay.non_isf:
        reported = {e.npk_drg for e in stay.episodes}
        npk = reported.pop() if len(reported) == 1 else None
        if npk is not None and (stay.sector, npk) in ref.drg:
            stay.drg = npk
