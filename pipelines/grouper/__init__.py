"""The DRG grouper: definition tables in the NordDRG format, and cases grouped by them.

shape.py    which tables and columns a definition set has
read.py     a file or folder as published → its rows as text
sets.py     import, validation, listing; `<home>/grouper/<id>/`
cases.py    a file of cases, or one case → the tables that the SQL groups
run.py      what `isf grouper` and `isf group` call
text.py     what the terminal shows

Belongs here: reading, running, showing. What decides a group is data in the definition set and SQL in
`sql/grouper_*` and `sql/grouper`; no DRG, rule or year is named in either.
"""
