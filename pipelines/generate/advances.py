"""The advances (à konto) of the year: twelve months per region and sector, near what the published points would earn."""

import duckdb


def advances(con: duckdb.DuckDBPyConnection, scale: float, seed: int, year: int) -> str:
    """The SELECT of the contract's table `akonto`."""
    return f"""
        with earned as (
            select t.orgnr as rhf, t.sector as sektor,
                t.points * p.unit_price_nok::double * case t.sector when 'SOM' then p.isf_share::double else 1 end * {scale} as nok
            from syn.targets as t inner join ref.unit_price as p on p.sector = t.sector
            where t.level = 'residence'
        )
        select rhf, sektor, printf('%04d-%02d', {year}, m.month) as maned,
            (round(nok / 12 * (0.97 + 0.04 * u(key_of({seed}, hash(rhf || sektor)), 'advance')) / 1000) * 1000
                + if(nok < 120000, round(nok / 12, 2), 0))::decimal(22, 2) as belop
        from earned, range(1, 13) as m(month)
        order by rhf, sektor, maned"""
