"""Writes `docs/outputs.md`, the list of all outputs and for whom they are."""

from pathlib import Path

from pipelines.publication.audience import document

PAGE = Path(__file__).resolve().parents[2] / "docs" / "outputs.md"

if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8", newline="\n")
