"""Result-based financing (resultatbasert finansiering, RBF): indicators from a settled delivery, allocation per region.

scheme.py   a year's scheme from `reference_data/<year>/rbf/`, checked
nki.py      the file of the national quality indicator, checked
run.py      what `isf rbf` calls
text.py     what the terminal shows
page.py     the page, the workbook is `workbook.py`

Belongs here: reading, running, showing. The indicators and the allocation are SQL: `sql/rbf`, `sql/rbf_allocation`.
"""
