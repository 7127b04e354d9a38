"""`make docs`: writes the generated pages of docs/ anew; the tests fail when one of them is old."""

import runpy

MODULES = (
    "tests.cases.document",
    "pipelines.publication.dictionary",
    "tests.unit.expectations_document",
    "pipelines.quality.docs",
    "tests.docs.outputs",
)

if __name__ == "__main__":
    for module in MODULES:
        runpy.run_module(module, run_name="__main__")
