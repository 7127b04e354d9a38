"""What a second delivery changes in the first of the same tertial.

Only episodes that ended in the tertial (and medicines dispensed in it) are revised: some are registered
late, some are withdrawn again, some are coded anew. A first delivery has the former state, all later ones
the final.
"""

from typing import Any

import duckdb

from pipelines.generate import tables


def revise(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> None:
    """Find the chunk's revisions (`revision`, `late_line`); a first delivery gets the former state back."""
    tables.create(con, "revision", numbers, temp=True)
    tables.create(con, "late_line", numbers, temp=True)
    if numbers["delivery"] != 1:
        return
    con.execute("delete from episode where ep_nr in (select ep_nr from revision where change = 'added')")
    con.execute("delete from hresept where line_nr in (select line_nr from late_line)")
    con.execute("""
        update episode set item_nr = r.former_item, drg = r.former_drg, hdg = r.former_hdg
        from revision as r where r.ep_nr = episode.ep_nr and r.change = 'recoded'""")
    tables.insert(con, "episode", "dropped_registration", numbers)
