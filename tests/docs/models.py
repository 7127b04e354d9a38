"""Writes `docs/models.md`: the tables of the data's way from the headers of the SQL, and how many other jobs have."""

from pathlib import Path

from pipelines.engine.models import RULES, WAY, Model, models, stages

PAGE = Path(__file__).resolve().parents[2] / "docs" / "models.md"
TOP = """# The models

Made from the headers in `sql/` by `make docs`; do not edit by hand. A file of a numbered folder is one select and makes
the table of its name in the warehouse, in the order of what it reads. Keys inside the warehouse are `episode_nr` and
`stay_nr` (the `episode_nr` of the stay's first episode); ids for people are text.
"""


def document() -> str:
    """The page."""
    parts = [TOP]
    for stage in (RULES, *sorted({model.stage for model in models(WAY)})):
        found = [model for model in models(RULES if stage == RULES else WAY) if model.stage == stage]
        rows = [f"| `{_name(model)}` | {model.header['what']} | {model.header.get('grain', '')} |" for model in found]
        parts.append("\n".join([f"## `{stage}`", "", "| table | what | grain |", "|---|---|---|", *rows, ""]))
    beside = [f"`{stage}` {len(models(stage))}" for stage in stages() if not stage[0].isdigit()]
    parts.append("## Beside the way\n\nNumber of models per stage ([who runs them](architecture.md#the-engine)): ")
    return "\n".join(parts) + "\n" + ", ".join(beside) + ".\n"


def _name(model: Model) -> str:
    return f"{model.union}/{model.name}" if model.union else model.name


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8", newline="\n")
