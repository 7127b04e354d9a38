"""Weights from costs on a settled random delivery: every step recomputed in plain Python from the warehouse."""

import csv
import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from pipelines.errors import InputRefused, IsfError
from pipelines.rules import load as rulesets
from pipelines.simulate import command, costs
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import compare
from pipelines.simulate.evaluate import settled_rules
from tests.integration.simulated import settled_home

FEW, FEW_STAYS, RANGE = 3, 4, 100
SET = f"""[ruleset]
id = "few"
activity_year = 2025
status = "draft"
base = "2025"
source = "test"
[[rule]]
id = "cost_weights"
parameter = [
    {{ name = "fewest_units", value = "{FEW}" }}, {{ name = "trim_fewest_stays", value = "{FEW_STAYS}" }},
    {{ name = "trim_range_percent", value = "{RANGE}" }},
]
"""
COMPONENTS = ("pleie", "operasjon", "intensiv", "diagnostikk", "legemidler", "annet")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return settled_home(tmp_path_factory.mktemp("costs"), 3, 40, ruleset="2025")


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets") / "few"
    folder.mkdir()
    (folder / "rules.toml").write_text(SET, encoding="utf-8")
    return str(folder)


@pytest.fixture(scope="module")
def given(home):
    """episodeID → øre per column; one episode in twenty has no line."""
    r = random.Random(8)
    with opened(*home) as activity:
        ids = [
            row[0]
            for row in activity.con.execute("select episodeID from wh.landing.episode order by episode_nr").fetchall()
        ]
    found = {}
    for episode in ids:
        if r.random() > 0.05:
            found[episode] = {name: r.randrange(0, 5_000_000) for name in COMPONENTS} | {
                "egenbetaling": r.randrange(0, 40_000)
            }
    return found


def written(path, given, more=()):
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, delimiter=";")
        out.writerow(["episodeID", *COMPONENTS, "egenbetaling"])
        for episode, amounts in given.items():
            out.writerow(
                [episode, *(f"{amounts[n] // 100},{amounts[n] % 100:02}" for n in (*COMPONENTS, "egenbetaling"))]
            )
        out.writerows(more)
    return path


@pytest.fixture(scope="module")
def built(home, few, given, tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    path = written(folder / "kostnader.csv", given, [["nowhere", *["1"] * 7]])
    return costs.build(*home, path, few, folder / "mine", resamples=60, seed=2)


@pytest.fixture(scope="module")
def units(home, given):
    """The counted units with all costs known: (unit_type, id) → facts, from the warehouse's own tables."""
    with opened(*home) as activity:
        con = activity.con
        rules = settled_rules(activity)
        built_in = {row["rule"] for row in rules.tables["weight_method"]}
        price = {row["sector"]: row["unit_price_nok"] for row in rules.tables["unit_price"]}
        member = {
            row[0]: row[1]
            for row in con.execute(
                "select stay_nr, pathway_id from wh.pathway_member where unit_type = 'stay'"
            ).fetchall()
        }
        in_pathway = {
            row[0]: row[1]
            for row in con.execute(
                "select unit_id, pathway_id from wh.pathway_member where unit_type = 'service'"
            ).fetchall()
        }
        zeroed = {row[0] for row in con.execute("select stay_nr from wh.zeroing_rule").fetchall()}
        stays = {
            row[0]: row
            for row in con.execute(
                "select stay_nr, sector, drg, hf_orgnr, patient_id, if(is_overnight, length_of_stay, null)"
                " from wh.stay where not is_phv_inpatient and not outside_isf"
            ).fetchall()
        }
        stay_of = dict(
            con.execute(
                "select episode_id, stay_nr from wh.stay_episode inner join wh.episode using (episode_nr)"
            ).fetchall()
        )
        beside = defaultdict(Decimal)
        for stay, rule, kind, points in con.execute("select stay_nr, rule, kind, points from wh.stay_rule").fetchall():
            if kind != "base" and rule not in built_in:
                beside[stay] += points
        services = con.execute(
            "select service_id, sector, stg, hf_orgnr, patient_id, first_candidate_kind, first_candidate_id,"
            " base_points, period"
            " from wh.service where status = 'counted'"
        ).fetchall()
        for service in services:
            if service[5] == "episode" and service[0] not in in_pathway and service[6] in stay_of:
                beside[stay_of[service[6]]] += service[7]
        alone = {
            row[0]
            for row in con.execute("select episode_id from wh.episode where reason = 'reports_service'").fetchall()
        }
        candidates = con.execute(
            "select candidate_id, sector, stg, patient_id, period from wh.service_candidate"
            " where candidate_kind = 'episode'"
        ).fetchall()
        pathways = {
            row[0]: row
            for row in con.execute("select pathway_id, sector, tfg, hf_orgnr, patient_id from wh.pathway").fetchall()
        }
    episodes = defaultdict(set)
    for episode, stay in stay_of.items():
        if stay in stays and stay not in zeroed:
            episodes[("pathway", member[stay]) if stay in member else ("stay", stay)].add(episode)
    by_key = {(s[1], s[2], s[4], s[8]): s[0] for s in services}
    of_service = defaultdict(list)
    for episode, *key in candidates:
        if episode in alone and tuple(key) in by_key:
            of_service[episode].append(by_key[tuple(key)])
    for episode, ids in of_service.items():
        service = min(ids)
        episodes[("pathway", in_pathway[service]) if service in in_pathway else ("service", service)].add(episode)
    known = {("stay", s[0]): s[1:] for s in stays.values()} | {("service", s[0]): (*s[1:5], None) for s in services}
    known |= {("pathway", p[0]): (*p[1:], None) for p in pathways.values()}
    found = {}
    for unit, own in episodes.items():
        sector, group, hf, patient, nights = known[unit]
        fact = {
            "sector": sector,
            "group": group,
            "hf": hf,
            "patient": patient,
            "nights": nights,
            "complete": own <= given.keys(),
        }
        if fact["complete"]:
            fact["ward"] = sum(given[e]["pleie"] for e in own)
            rest = sum(given[e][name] for e in own for name in COMPONENTS[1:])
            points = beside[unit[1]] if unit[0] == "stay" else Decimal(0)
            fact["rest"] = (
                rest
                - sum(given[e]["egenbetaling"] for e in own)
                - int((100 * points * price[sector]).quantize(Decimal(1), rounding=ROUND_HALF_UP))
            )
        found[unit] = fact
    return found


def half_up(value: Fraction, decimals: int) -> Decimal:
    whole = value * 10**decimals
    return (
        (Decimal(whole.numerator) / Decimal(whole.denominator))
        .quantize(Decimal(1), rounding=ROUND_HALF_UP)
        .scaleb(-decimals)
    )


@pytest.fixture(scope="module")
def limits(units):
    """DRG → trim point by the rule."""
    nights = defaultdict(list)
    for (kind, _), unit in units.items():
        if kind == "stay" and unit["nights"] is not None:
            nights[unit["sector"], unit["group"]].append(unit["nights"])
    found = {}
    for row in rulesets.read("2025").tables["drg"]:
        key = (row["sector"], row["drg"])
        days = sorted(nights[key])
        if row["trim_point"] is not None and len(days) >= FEW_STAYS:
            low, high = (days[-(-len(days) * n // 4) - 1] for n in (1, 3))
            found[key] = (100 * high + RANGE * (high - low)) // 100
        elif row["trim_point"] is not None:
            found[key] = row["trim_point"]
    return found


@pytest.fixture(scope="module")
def groups(units, limits):
    """(sector, kind, group) → net øre per unit, long stays cut."""
    found = defaultdict(list)
    for (kind, _), unit in units.items():
        if unit["complete"]:
            trim = limits.get((unit["sector"], unit["group"])) if kind == "stay" else None
            ward = unit["ward"]
            if trim is not None and unit["nights"] is not None and unit["nights"] > trim:
                ward = int(half_up(Fraction(ward * trim, unit["nights"]), 0))
            found[unit["sector"], kind, unit["group"]].append((ward + unit["rest"], unit["hf"]))
    return found


def test_trim_points_follow_the_quartiles(built, limits):
    rows = built.tables["trimpunkt"].dicts()
    assert {(r["sektor"], r["drg"]): r["trimpunkt_etter"] for r in rows} == limits
    assert any(r["trimpunkt_for"] != r["trimpunkt_etter"] for r in rows)


def test_every_weight_is_the_mean_over_what_a_point_costs(built, groups):
    names = {"opphold": "stay", "sertjeneste": "service", "forlop": "pathway"}
    rows = {(r["sektor"], names[r["enhet_type"]], r["gruppe"]): r for r in built.tables["kostnadsgruppe"].dicts()}
    hdg = {("SOM", "stay", r["drg"]): r["hdg"] for r in rulesets.read("2025").tables["drg"] if r["sector"] == "SOM"}
    weighed = {key: [cost for cost, _ in own] for key, own in groups.items() if rows[key]["vekt_for"] > 0}
    methods = set()
    for sector in ("SOM", "PHVTSB"):
        here = {key: own for key, own in weighed.items() if key[0] == sector}
        points = sum(len(own) * Fraction(rows[key]["vekt_for"]) for key, own in here.items())
        of_point = Fraction(sum(map(sum, here.values()))) / points
        small = {key: own for key, own in here.items() if len(own) < FEW}
        for key, own in here.items():
            row = rows[key]
            methods.add(row["metode"])
            assert row["antall"] == len(own)
            if key not in small:
                assert row["metode"] == "egen"
                assert row["vekt_etter"] == half_up(max(Fraction(sum(own), len(own)), Fraction(0)) / of_point, 3)
            else:
                assert row["metode"] == "felles"
            if key in small and key[:2] == ("SOM", "stay"):
                by_hdg = defaultdict(list)
                for k, costs_of in small.items():
                    if k[1] == "stay":
                        by_hdg[hdg[k]].append((k, costs_of))
                own_pool = sum(len(c) for _, c in by_hdg[hdg[key]]) >= FEW
                pool = (
                    by_hdg[hdg[key]]
                    if own_pool
                    else [pair for pairs in by_hdg.values() if sum(len(c) for _, c in pairs) < FEW for pair in pairs]
                )
                assert row["metode"] == "felles" and row["felles_med"] == (f"HDG {hdg[key]}" if own_pool else "alle")
                change = Fraction(max(sum(sum(c) for _, c in pool), 0)) / (
                    sum(len(c) * Fraction(rows[k]["vekt_for"]) for k, c in pool) * of_point
                )
                assert row["vekt_etter"] == half_up(Fraction(row["vekt_for"]) * change, 3)
    assert methods == {"egen", "felles"}
    untouched = [r for key, r in rows.items() if key not in weighed]
    assert untouched and all(r["metode"] == "som_for" and r["vekt_etter"] == r["vekt_for"] for r in untouched)
    for row in rows.values():
        if row["vekt_for"]:
            assert row["over_ti_prosent"] == (abs(row["vekt_etter"] / row["vekt_for"] - 1) > Decimal("0.1"))


def test_the_index_is_the_trusts_cost_over_what_its_mix_costs(built, groups):
    cost, expected = defaultdict(int), defaultdict(Fraction)
    for key, own in groups.items():
        for net, hf in own:
            cost[key[0], hf] += net
            expected[key[0], hf] += Fraction(sum(c for c, _ in own), len(own))
    rows = built.tables["kostnadsindeks"].dicts()
    assert {(r["sektor"], r["hf_orgnr"]) for r in rows} == set(cost)
    for row in rows:
        key = (row["sektor"], row["hf_orgnr"])
        assert row["kostnad_kr"] == Decimal(cost[key]) / 100
        assert abs(row["indeks"] - half_up(100 * Fraction(cost[key]) / expected[key], 2)) <= Decimal("0.01")


def test_no_line_and_no_unit_is_lost(built, given, units):
    rows = built.tables["kostnadsregnskap"].dicts()
    lines = {r["utfall"]: r["antall"] for r in rows if r["slag"] == "linje"}
    assert sum(lines.values()) == len(given) + 1 and lines["ingen godtatt episode"] == 1 and lines["brukt"] > 0
    found = {r["utfall"]: r["antall"] for r in rows if r["slag"] == "enhet"}
    complete = sum(unit["complete"] for unit in units.values())
    assert found == {"brukt": complete, "mangler kostnad for en episode": len(units) - complete}


def test_variance_is_told_as_it_is(built, groups):
    for row in built.tables["kostnadsmodell"].dicts():
        own = [[c for c, _ in costs_of] for key, costs_of in groups.items() if key[0] == row["sektor"]]
        every = [c for costs_of in own for c in costs_of]
        mean = Fraction(sum(every), len(every))
        total = sum((c - mean) ** 2 for c in every)
        within = sum(sum((c - Fraction(sum(costs_of), len(costs_of))) ** 2 for c in costs_of) for costs_of in own)
        assert abs(row["forklart_etter"] - half_up(1 - within / total, 4)) <= Decimal("0.0001")
        assert row["antall"] == len(every)


def test_the_total_is_the_one_that_a_simulation_prints(home, built):
    with opened(*home) as activity:
        settled = settled_rules(activity)
        new = rulesets.read(str(built.path))
        result = compare(activity, settled, settled, new, calibrate="none", only_weights=True)
    sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in result.tables["endring_rhf"].dicts():
        sums[row["sektor"]][0] += row["poeng_utgangspunkt"]
        sums[row["sektor"]][1] += row["poeng_alternativ"]
    assert sums["SOM"][0] == sums["SOM"][1] != 0
    stays = sum(r["stays"] for r in built.rows if r["sector"] == "PHVTSB")
    assert abs(sums["PHVTSB"][0] - sums["PHVTSB"][1]) <= stays * Decimal("0.0005")


def test_intervals_hold_their_weight_and_narrow_where_costs_are_alike(built):
    rows = built.tables["kostnadsvekt_intervall"].dicts()
    assert rows and all(r["vekt_lav"] <= r["vekt_hoy"] and r["antall"] >= FEW for r in rows)
    inside = sum(r["vekt_lav"] <= r["vekt"] <= r["vekt_hoy"] for r in rows)
    assert inside > 0.9 * len(rows)
    effects = built.tables["vektvirkning_intervall"].dicts()
    assert effects and all(r["prosent_lav"] <= r["prosent_hoy"] for r in effects)


@pytest.mark.parametrize(
    "lines, told",
    [
        (["episode;pleie", "a;1"], r"(?s)column episode is not known.*column episodeID is missing"),
        (["episodeID;egenbetaling", "{0};1"], "no column has a cost"),
        (
            ["episodeID;pleie", "{0};1,234", "{1};-1", "{1};"],
            r"(?s)line 2, pleie: '1,234' is no amount.*line 3, pleie.*line 4, episodeID: the episode is on line 3 too",
        ),
        (["episodeID;pleie", ";1"], "line 2, episodeID is empty"),
    ],
)
def test_a_faulty_file_is_refused_with_every_fault(home, few, given, tmp_path, lines, told):
    path = tmp_path / "feil.csv"
    path.write_text("\n".join(line.format(*sorted(given)) for line in lines) + "\n", encoding="utf-8")
    with pytest.raises(InputRefused, match=told):
        costs.build(*home, path, few, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_writes_set_and_report_and_never_over_them(home, few, given, tmp_path):
    path = written(tmp_path / "kostnader.csv", given)
    told = command.weights_from_costs(home[0], tmp_path / "w", activity=home[1], costs=path, ruleset=few)
    report = tmp_path / "w-rapport"
    assert "isf simulate --activity" in told and rulesets.read(str(tmp_path / "w")).base
    assert {p.stem for p in report.iterdir()} == set(costs.REPORT) - set(costs.INTERVALS)
    with pytest.raises(IsfError, match="exists already"):
        command.weights_from_costs(home[0], tmp_path / "w", activity=home[1], costs=path, ruleset=few)
