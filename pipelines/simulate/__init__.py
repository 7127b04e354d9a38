"""Redistribution: the same activity under two or more rule sets, exactly, with the warehouse only read.

activity.py    opens a settled warehouse, keeps the activity in small (the cube) beside it
sets.py        what differs between two rule sets, and whether all patients must be settled anew
evaluate.py    the points of the activity under a rule set, by trust, region, group and rule
compare.py     baseline against alternative: parts that add up, calibration, tables
bootstrap.py   intervals by resampling patients
weights.py     a weight set built from cost weights and volumes
scenario.py    the saved scenario folder
command.py     what the command line calls
"""
