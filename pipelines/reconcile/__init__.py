"""Our stays and points beside NPK's own, every difference with one reason: `isf reconcile DELIVERY`.

run.py     attaches the warehouse and runs sql/reconcile
view.py    what page, workbook and terminal show

Belongs here: opening, running and showing. Which reason a difference has is decided in SQL.
"""
