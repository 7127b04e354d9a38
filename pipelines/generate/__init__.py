"""Synthetic deliveries of a believable Norway, calibrated to published points (docs/synthetic-data.md).

    generate(Path("out"), year=…, tertial=1, delivery=2, scale=0.01, seed=1)   →   out/<year>-T1-2/

The year's patients follow from year, scale and seed alone; a delivery is what of them has happened by the
end of its period.
"""

from pipelines.generate.run import generate

__all__ = ["generate"]
