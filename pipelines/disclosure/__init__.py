"""Disclosure control: which rows of the public tables lose their numbers, and the proof that this is enough.

    system    the public numbers and the sums between them, from the models of `sql/disclosure/`
    attack    what a reader can find out about hidden numbers, by linear programming
    protect   which rows to hide besides the small ones
    decide    both, for a settlement: what its publication asks

All that is public of a delivery is one system: the settlement, the guest-patient matrix, the monthly tables, the counts
of the basis and the points by rule. A reader knows the whole settlement tables, every number that is shown and the sums
between them, that counts and points are not negative, and the rule of suppression, but not its choice of rows.
"""
