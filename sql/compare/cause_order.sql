-- what: the precedence of the causes: a unit gets the first that applies
-- grain: one row per cause, or per beginning of one (`rett_`)
-- key: cause
-- source: docs/compare.md
select
    cause,
    position,
from (values
    ('karantene', 10),
    ('ny', 20),
    ('borte', 30),
    ('pasient', 40),
    ('rett_', 50),
    ('sammenslaing', 60),
    ('drg', 70),
    ('prosedyre', 83),
    ('tilstand', 84),
    ('helseperson', 85),
    ('takst', 86),
    ('stedAktivitet', 87),
    ('innDatoTid', 88),
    ('utDatoTid', 89),
    ('utskrKlarDato', 90),
    ('komNrHjem', 91),
    ('hf', 92),
    ('institusjonID', 93),
    ('avdeling', 94),
    ('sektor', 95),
    ('episodetype', 96),
    ('kontaktType', 97),
    ('omsorgsniva', 98),
    ('innmateHast', 99),
    ('inntilstand', 100),
    ('fodselsar', 101),
    ('debitor', 102),
    ('hresept', 200),
    ('forlop', 210),
    ('regionalt_trekk', 220)
) as known(cause, position)
