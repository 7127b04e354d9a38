"""A set of definition tables as data: its tables and their columns, all of them text.

What belongs here: names. What a value means is in the SQL; which values are known in `sql/grouper_fault`.
"""

TABLES: dict[str, tuple[str, ...]] = {
    "drglogic": (
        "ord", "drg", "rtc", "icd", "mdc", "pdgprop", "or", "procpro1", "dgcat1", "agelim", "compl", "sex",
        "dgprop1", "dgprop2", "dgprop3", "dgprop4", "secproc1", "disch", "dur", "loc_drg",
    ),
    "dg": ("code", "d_code", "vartype", "varval"),
    "proc": ("code", "vartype", "varval"),
    "complcat": ("compl", "inclprop"),
    "complexcl": ("compl", "code", "d_code"),
    "drgnames": ("drg", "mdc", "loc_drg"),
}  # fmt: skip

# Names that published files use for the same column; white space in them is read as one blank.
SAME_COLUMN = {"loc_drg (link to ndms)": "loc_drg"}
