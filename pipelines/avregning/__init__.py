"""The final settlement of a year (avregning): decided prices, corrections, balance, a letter per RHF.

decisions.py   the directorate's decisions from a TOML file, checked
run.py         attaches the warehouses and runs sql/avregning
view.py        what page, letters, workbook and terminal show

Belongs here: reading decisions, running and showing. What is paid is decided in SQL.
"""
