-- what: how many trusts win and lose, in bands of their change in per cent
-- title: Vinnere og tapere i bånd
-- grain: one row per measure, sector and band that has a trust
-- key: maal, sektor, baand_nr
-- source: docs/simulation.md
-- column maal: base or full, as in the other tables
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column baand_nr: number of the band, the largest losses first
-- column baand: the band in words
-- column antall_hf: trusts in the band
-- column endring: their change in points
-- column hf: their names, in the order of the change
with
band (baand_nr, baand, from_percent, to_percent) as (
    values
        (1, 'taper mer enn 2 %', -1000000000.0, -2.0),
        (2, 'taper 1–2 %', -2.0, -1.0),
        (3, 'taper 0,5–1 %', -1.0, -0.5),
        (4, 'taper inntil 0,5 %', -0.5, 0.0),
        (6, 'vinner inntil 0,5 %', 0.0, 0.5),
        (7, 'vinner 0,5–1 %', 0.5, 1.0),
        (8, 'vinner 1–2 %', 1.0, 2.0),
        (9, 'vinner mer enn 2 %', 2.0, 1000000000.0)
),

judged as (
    select
        endring_hf.*,
        if(endring_hf.endring = 0, 5, band.baand_nr) as baand_nr,
        if(endring_hf.endring = 0, 'uendret', band.baand) as baand,
    from endring_hf
    left join band
        -- A loss of exactly 1 % is in the band that ends there on the side of zero.
        on (endring_hf.endring < 0
            and 100 * endring_hf.endring >= band.from_percent * endring_hf.poeng_utgangspunkt
            and 100 * endring_hf.endring < band.to_percent * endring_hf.poeng_utgangspunkt)
        or (endring_hf.endring > 0
            and 100 * endring_hf.endring > band.from_percent * endring_hf.poeng_utgangspunkt
            and 100 * endring_hf.endring <= band.to_percent * endring_hf.poeng_utgangspunkt)
    where endring_hf.hf_orgnr is not null and endring_hf.poeng_utgangspunkt > 0
)

select
    maal,
    sektor,
    baand_nr,
    baand,
    count(*) as antall_hf,
    cast(sum(endring) as decimal(20, 9)) as endring,
    string_agg(hf, ', ' order by endring, hf) as hf,
from judged
group by maal, sektor, baand_nr, baand
