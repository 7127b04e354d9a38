"""Stays of a settled delivery grouped anew by definition tables: which move, why, and the points that move.

run.py    what `isf group --delivery` and `isf settle --drg-source grouped:ID` call
view.py   what page, workbook and terminal show

Belongs here: the report. The grouping is `pipelines/grouper` and `sql/grouper*`, the report's tables `sql/regroup`.
"""
