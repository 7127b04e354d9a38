"""What changed between two settled deliveries of one year, and why: `isf compare A B`.

run.py      opens both warehouses, settles the earlier again under the later's rules where they differ
view.py     what page, workbook and terminal show
words.py    the causes in Norwegian

Belongs here: opening, running and showing. Which cause a change has is decided in SQL.
"""
