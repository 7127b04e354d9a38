"""Redistribution: the same activity under two or more rule sets, exactly, with the warehouse only read.

activity.py    opens a settled warehouse, keeps the activity in small (the cube) beside it
sets.py        what differs between two rule sets, and whether all patients must be settled anew
evaluate.py    the points of the activity under a rule set, by trust, region, group and rule
compare.py     baseline against alternative: parts that add up, calibration, tables
bootstrap.py   intervals by resampling patients
each.py        what each change of an alternative does alone
neutral.py     the weight at which a change costs nothing
grouping.py    another grouping of the same activity
weights.py     a weight set built from cost weights and volumes
costs.py       a weight set from what patients cost
scenario.py    the saved scenario folder
command.py     what the command line calls
"""
