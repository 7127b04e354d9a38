"""The Dagster code location: `make dagster` opens it; docs/dagster.md says how to use it."""

from pipelines.orchestration.jobs import definitions

__all__ = ["definitions"]
