"""The pipeline in Dagster: assets, checks, partitions and jobs over the functions that the command uses.

Belongs here: how steps appear and run in Dagster. Does not belong here: anything about points, loading or publishing.
Only `pipelines/definitions.py` imports this package, because importing Dagster is slow; no other room imports Dagster.
"""
