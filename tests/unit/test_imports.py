"""A library imported without the parts that are not used; they are there for whoever asks afterwards."""

import gc
import importlib
import subprocess
import sys

import pytest

from pipelines.engine import imports

USER = "import colorsys\n\n\ndef half():\n    return colorsys.rgb_to_hsv(1, 0, 0)\n"
OPTIONAL = "try:\n    import colorsys\nexcept ImportError:\n    colorsys = None\n"


@pytest.fixture
def libraries(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    for name, text in (("uses_it", USER), ("may_use_it", OPTIONAL)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    yield
    for name in ("uses_it", "may_use_it"):
        sys.modules.pop(name, None)


def test_a_module_is_imported_when_it_is_first_used(libraries):
    with imports.sparing(later=["colorsys"]):
        uses_it = importlib.import_module("uses_it")
        assert not gc.isenabled()
    assert gc.isenabled() and "colorsys" not in sys.modules
    assert uses_it.half() == (0.0, 1.0, 1)
    import colorsys

    assert not isinstance(colorsys, imports.Later)


def test_an_optional_module_is_left_out_and_is_there_afterwards(libraries):
    with imports.sparing(without=["colorsys"]):
        may_use_it = importlib.import_module("may_use_it")
    assert may_use_it.colorsys is None
    import colorsys

    assert colorsys.rgb_to_hsv(1, 0, 0)


def test_what_is_imported_already_stays(libraries):
    import colorsys

    with imports.sparing(later=["colorsys"], without=["json"]):
        import json

        uses_it = importlib.import_module("uses_it")
    assert uses_it.colorsys is colorsys and json.dumps(1) == "1"


def test_the_expectations_are_imported_without_what_they_do_not_use():
    found = """if True:
        import sys
        import pipelines.checks.gx
        from pipelines.checks.gx import gx
        print([name for name in ("altair", "scipy.stats", "sqlalchemy") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"]
