"""What the year will be, from the months delivered: `isf prognosis DELIVERY`.

budget.py     reads the budget's points
run.py        finds last year and the pair of deliveries that shows what is registered late, and runs sql/prognosis
backtest.py   how far generated years were from their prognosis: the widths of the intervals
view.py       what page, workbook and terminal show

Belongs here: opening, running and showing. How the year is reckoned is decided in SQL.
"""
