"""A publication is compared with the delivery before, which is then an input of it."""

import json

from pipelines.settlement.run import settle
from tests.integration.runs import deliver

COMPARED = "forrige_grunner"


def test_the_delivery_before_is_compared_with_and_named_in_the_manifest(tmp_path):
    first, second = (deliver(tmp_path / str(number), number=number) for number in (1, 2))
    alone, after = (settle(folder, tmp_path / "home") for folder in (first, second))
    seen = {}
    for result in (alone, after):
        (found,) = (check for check in result.checks if check.expectation == COMPARED)
        manifest = json.loads((result.published / "manifest.json").read_bytes())
        seen[result.delivery] = (found.success, found.observed, manifest.get("earlier"))
    assert seen["2025-T3-1"] == (True, "0 rader", None)
    held, observed, (before,) = seen["2025-T3-2"]
    assert held and observed != "0 rader"
    assert before["delivery"] == "2025-T3-1" and all(file["sha256"] for file in before["files"])
