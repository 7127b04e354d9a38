"""The rules in plain Python: one small module per step, no SQL, no floats, no cleverness."""
