-- what: the answer in one row: who wins and loses most, how much moves between trusts, and what moves it
-- title: Hvem som vinner og taper mest, og hvor mye som flyttes
-- sheet: Hovedtall
-- grain: one row per measure and sector
-- key: maal, sektor
-- source: docs/simulation.md
-- column maal: base or full, as in the other tables
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column antall_hf: trusts with points under either set
-- column antall_opp: trusts that gain
-- column antall_ned: trusts that lose
-- column antall_over_1_prosent: trusts that gain more than 1 %
-- column antall_under_1_prosent: trusts that lose more than 1 %
-- column poeng_utgangspunkt: points of all trusts under the baseline
-- column endring: change of all trusts and of what has no trust
-- column endring_kr: the same in kroner at the baseline's prices, unrounded
-- column opp: what the trusts that gain gain together
-- column ned: what the trusts that lose lose together, below 0
-- column flyttet: the smaller of the two: points that move from trust to trust
-- column flyttet_prosent: the points that move in per cent of the baseline's
-- column mest_opp_hf: the trust that gains most points; empty: none gains
-- column mest_opp: its change in points
-- column mest_opp_kr: its change in kroner
-- column mest_opp_prosent: its change in per cent
-- column mest_ned_hf: the trust that loses most points; empty: none loses
-- column mest_ned: its change in points
-- column mest_ned_kr: its change in kroner
-- column mest_ned_prosent: its change in per cent
-- column storst_vekst_hf: the trust that gains most in per cent; empty: none gains
-- column storst_vekst_prosent: its change in per cent
-- column storst_vekst: its change in points
-- column storst_fall_hf: the trust that loses most in per cent; empty: none loses
-- column storst_fall_prosent: its change in per cent
-- column storst_fall: its change in points
-- column brutto_vekter: what new weights change, summed over the trusts without sign
-- column brutto_omgruppering: the same for units in other groups
-- column brutto_tillegg_fradrag: the same for supplements and deductions
-- column brutto_telleregel: the same for pathways
with
-- What has no trust, the regional deduction, neither wins nor loses.
trust as (
    select *
    from endring_hf
    where hf_orgnr is not null
),

judged as (
    select
        maal,
        sektor,
        count(*) as antall_hf,
        count(*) filter (where endring > 0) as antall_opp,
        count(*) filter (where endring < 0) as antall_ned,
        count(*) filter (where 100 * endring > poeng_utgangspunkt) as antall_over_1_prosent,
        count(*) filter (where 100 * endring < -poeng_utgangspunkt) as antall_under_1_prosent,
        coalesce(sum(endring) filter (where endring > 0), 0) as opp,
        coalesce(sum(endring) filter (where endring < 0), 0) as ned,
        arg_max(struct_pack(hf, endring, endring_kr, endring_prosent), (endring, hf_orgnr))
            filter (where endring > 0) as winner,
        arg_min(struct_pack(hf, endring, endring_kr, endring_prosent), (endring, hf_orgnr))
            filter (where endring < 0) as loser,
        arg_max(struct_pack(hf, endring, endring_prosent), (endring_prosent, hf_orgnr))
            filter (where endring > 0 and endring_prosent is not null) as steepest_up,
        arg_min(struct_pack(hf, endring, endring_prosent), (endring_prosent, hf_orgnr))
            filter (where endring < 0 and endring_prosent is not null) as steepest_down,
        sum(abs(vekter)) as brutto_vekter,
        sum(abs(omgruppering)) as brutto_omgruppering,
        sum(abs(tillegg_fradrag)) as brutto_tillegg_fradrag,
        sum(abs(telleregel)) as brutto_telleregel,
    from trust
    group by maal, sektor
),

whole as (
    select
        maal,
        sektor,
        sum(poeng_utgangspunkt) as poeng_utgangspunkt,
        sum(endring) as endring,
        sum(endring_kr) as endring_kr,
    from endring_hf
    group by maal, sektor
)

select
    whole.maal,
    whole.sektor,
    coalesce(judged.antall_hf, 0) as antall_hf,
    coalesce(judged.antall_opp, 0) as antall_opp,
    coalesce(judged.antall_ned, 0) as antall_ned,
    coalesce(judged.antall_over_1_prosent, 0) as antall_over_1_prosent,
    coalesce(judged.antall_under_1_prosent, 0) as antall_under_1_prosent,
    cast(whole.poeng_utgangspunkt as decimal(20, 9)) as poeng_utgangspunkt,
    cast(whole.endring as decimal(20, 9)) as endring,
    cast(whole.endring_kr as decimal(32, 15)) as endring_kr,
    cast(coalesce(judged.opp, 0) as decimal(20, 9)) as opp,
    cast(coalesce(judged.ned, 0) as decimal(20, 9)) as ned,
    cast(least(coalesce(judged.opp, 0), -coalesce(judged.ned, 0)) as decimal(20, 9)) as flyttet,
    cast(
        100 * least(coalesce(judged.opp, 0), -coalesce(judged.ned, 0)) / nullif(whole.poeng_utgangspunkt, 0)
        as decimal(18, 6)
    ) as flyttet_prosent,
    judged.winner.hf as mest_opp_hf,
    judged.winner.endring as mest_opp,
    judged.winner.endring_kr as mest_opp_kr,
    judged.winner.endring_prosent as mest_opp_prosent,
    judged.loser.hf as mest_ned_hf,
    judged.loser.endring as mest_ned,
    judged.loser.endring_kr as mest_ned_kr,
    judged.loser.endring_prosent as mest_ned_prosent,
    judged.steepest_up.hf as storst_vekst_hf,
    judged.steepest_up.endring_prosent as storst_vekst_prosent,
    judged.steepest_up.endring as storst_vekst,
    judged.steepest_down.hf as storst_fall_hf,
    judged.steepest_down.endring_prosent as storst_fall_prosent,
    judged.steepest_down.endring as storst_fall,
    cast(coalesce(judged.brutto_vekter, 0) as decimal(20, 9)) as brutto_vekter,
    cast(coalesce(judged.brutto_omgruppering, 0) as decimal(20, 9)) as brutto_omgruppering,
    cast(coalesce(judged.brutto_tillegg_fradrag, 0) as decimal(20, 9)) as brutto_tillegg_fradrag,
    cast(coalesce(judged.brutto_telleregel, 0) as decimal(20, 9)) as brutto_telleregel,
from whole
left join judged on judged.maal = whole.maal and judged.sektor = whole.sektor
