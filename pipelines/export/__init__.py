"""A published settlement for other tools: `isf export DELIVERY --to parquet|stata`.

run.py        reads the publication, makes the dimensions, places the folder
stata.py      a table as `.dta`, its decimal numbers as marked copies
"""
