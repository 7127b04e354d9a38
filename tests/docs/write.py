"""`make docs`: writes the generated pages of docs/ and the README's sample of the demo anew; the tests fail when one of
them is old. The demo takes a minute."""

import runpy

MODULES = (
    "tests.cases.document",
    "pipelines.publication.dictionary",
    "tests.unit.expectations_document",
    "pipelines.quality.docs",
    "tests.docs.outputs",
    "tests.docs.models",
    "tests.docs.readme",
)

if __name__ == "__main__":
    for module in MODULES:
        runpy.run_module(module, run_name="__main__")
