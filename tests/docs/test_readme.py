"""The README shows what the demo ends with."""

from tests.docs.readme import README, SAMPLE, demo, sample


def test_the_sample_is_the_demos_own_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = SAMPLE.search(README.read_text("utf-8"))[2]
    assert shown == sample(demo()), "run make docs"
