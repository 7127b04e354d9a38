"""What each step of a settlement costs, beside what it cost when it was last recorded: `make bench-small`, or

    python -m tests.benchmarks.budget [--scale 0.02 | --delivery D] [--runs 3] [--threads 2] [--record]

Seconds are of the processor (all threads), the least of the runs, so that a busy machine disturbs little; ratios are to
the floor, which reads every value once, measured beside. `--record` writes them into docs/benchmarks.md, from where the
next run takes them. A step that takes much more than recorded is marked: look at what was changed in it.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- budget: written by make bench-small -->", "<!-- end of the budget -->"
MUCH_MORE = 1.3  # times what is recorded
WORTH_TELLING = 0.1  # × floor: below it, a step is noise
REST = "start, checks, page"
Steps = dict[str, float]


def floor_seconds(delivery: Path, threads: int) -> float:
    """CPU seconds of the floor."""
    from tests.benchmarks.measure import floor

    return floor(delivery, threads, Path())["cpu"]


def steps_of_settle(delivery: Path, home: Path, threads: int) -> Steps:
    """CPU seconds per step of one settlement, in order; what is before the first and between them is `REST`."""
    from pipelines.settlement import run as runs

    seconds: Steps = {REST: 0.0}
    last: dict[str, Any] = {"step": REST, "cpu": time.process_time(), "wall": time.perf_counter()}

    def told(step: str, number: int, of: int) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        loaded = re.fullmatch(r"(\w+)\.\S+: \d+ rows read", step)
        # A file is told when it is loaded, a model before it is made.
        name = f"load {loaded[1]}" if loaded else last["step"]
        seconds[name] = seconds.get(name, 0.0) + cpu - last["cpu"]
        if os.environ.get("BUDGET_WALL"):
            print(f"{name:40} {cpu - last['cpu']:8.2f} {wall - last['wall']:8.2f}", file=sys.stderr, flush=True)
        last.update(step=REST if loaded else step, cpu=cpu, wall=wall)

    result = runs.settle(delivery, home, threads=threads, progress=told)
    if result.blocked:
        raise SystemExit(f"not published: {'; '.join(result.blocked)}")
    told("", 0, 0)
    return seconds


def least(runs: list[Steps]) -> Steps:
    """Per step the least of the runs."""
    return {step: min(run[step] for run in runs) for step in runs[0]}


def recorded(page: str) -> Steps:
    """× floor per step, as the page has it; empty where it has none."""
    rows = re.findall(r"^\| `([^`]+)` \| ([\d.]+) \|", between(page, BEGIN, END), re.M)
    return {step: float(ratio) for step, ratio in rows}


def between(page: str, begin: str, end: str) -> str:
    """What stands between two markers of a page; empty where they are missing."""
    found = re.search(f"{re.escape(begin)}(.*?){re.escape(end)}", page, re.S)
    return found[1].strip() if found else ""


def table(steps: Steps, floor: float) -> str:
    """The steps as the page has them: the dearest first, those below the noise together."""
    ratios = {step: seconds / floor for step, seconds in steps.items()}
    shown = {step: ratio for step, ratio in ratios.items() if ratio >= WORTH_TELLING}
    lines = ["| step | × floor |", "|---|---:|"]
    lines += [f"| `{step}` | {ratio:.2f} |" for step, ratio in sorted(shown.items(), key=lambda item: -item[1])]
    rest = sum(ratios.values()) - sum(shown.values())
    lines += [f"| {len(ratios) - len(shown)} others | {rest:.2f} |", f"| together | {sum(ratios.values()):.1f} |"]
    return "\n".join(lines)


def compared(steps: Steps, floor: float, before: Steps) -> str:
    """The steps in their order beside what is recorded; `<<<` marks one that takes much more."""
    lines = [f"{'step':40} {'CPU s':>8} {'× floor':>8} {'recorded':>9}"]
    for step, seconds in steps.items():
        ratio, was = seconds / floor, before.get(step)
        if ratio < WORTH_TELLING and was is None:
            continue
        slower = ratio > MUCH_MORE * (was or 0) + WORTH_TELLING
        mark = "  <<<" if before and slower else ""
        lines.append(f"{step:40} {seconds:8.2f} {ratio:8.2f} {'' if was is None else f'{was:9.2f}':>9}{mark}")
    total = sum(steps.values())
    lines.append(f"{'together':40} {total:8.2f} {total / floor:8.1f} {sum(before.values()):9.1f}")
    lines.append(f"{'floor':40} {floor:8.2f}")
    return "\n".join(lines)


def record(text: str, page: Path) -> None:
    """Put the table into the page, between its markers."""
    start, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, rest = rest.partition(END)
    if not end:
        raise SystemExit(f"{page}: the markers of the budget are missing")
    page.write_text(f"{start}{begin}\n\n{text}\n\n{end}{rest}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.02, help="of the delivery that is generated")
    parser.add_argument("--delivery", type=Path, help="a delivery that is there, instead of a generated one")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--record", action="store_true", help=f"write the budget into {PAGE.name}")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="isf-budget-") as temporary:
        from tests.benchmarks.run import make

        work = Path(temporary)
        delivery = args.delivery or make(work, args.scale)
        floors, runs = [floor_seconds(delivery, args.threads)], []
        for number in range(args.runs):
            print(f"run {number + 1} of {args.runs}", file=sys.stderr, flush=True)
            floors.append(floor_seconds(delivery, args.threads))
            runs.append(steps_of_settle(delivery, work / f"home-{number}", args.threads))
    floor, steps = min(floors), least(runs)
    print(compared(steps, floor, recorded(PAGE.read_text(encoding="utf-8"))))
    if args.record:
        record(table(steps, floor), PAGE)


if __name__ == "__main__":
    main()
