"""A settlement on a cluster of machines: for data that lie there, not for speed (docs/cluster.md).

A delivery is loaded on one machine, as always. Its patients go in buckets to the executors, each of which runs the
unchanged models in DuckDB (`pipelines.engine.bucket`); what is about all patients together runs once over the union.
"""
