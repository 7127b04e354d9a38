"""What a cluster of this machine costs (docs/cluster.md): a standalone master and workers of one core each.

    python -m tests.benchmarks.cluster buckets DELIVERY [--numbers 2,8,32,128]
    python -m tests.benchmarks.cluster scenarios HOME ACTIVITY [--alternatives 10]
    python -m tests.benchmarks.cluster settle DELIVERY HOME [--numbers 70]

It needs Java and Spark, as `make test-spark` installs them. Prints Markdown. Every line is a command in a process of
its own, its start and Spark's included; CPU and memory are of all processes, the cluster's too, read twice a second:
what lives shorter is not seen, and memory that processes share is counted in each.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pipelines.engine.home import remove
from pipelines.publication import manifest
from pipelines.rules import load as rulesets
from tests.benchmarks.simulation import GAP, HEAD
from tests.cluster.conftest import Standalone, standalone

ROOT = Path(__file__).resolve().parents[2]
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
EVERY_S = 0.5
Measured = dict[str, float]


class Watch:
    """CPU seconds and the peak of memory of all processes of some sessions, while it runs."""

    def __init__(self, leaders: list[int]):
        self.leaders = set(leaders)
        self.seconds: dict[tuple[int, int], float] = {}
        self.before, self.peak = 0.0, 0.0
        self.over = threading.Event()
        self._look()
        self.before, self.peak = sum(self.seconds.values()), 0.0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def end(self) -> Measured:
        self.over.set()
        self.thread.join()
        return {"cpu": sum(self.seconds.values()) - self.before, "peak": self.peak / 1e9}

    def _run(self) -> None:
        while not self.over.wait(EVERY_S):
            self._look()

    def _look(self) -> None:
        memory = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, rest = int(path.parent.name), path.read_text().rpartition(")")[2].split()
            except (OSError, ValueError):
                continue
            session, user, system, begun, pages = (int(rest[n]) for n in (3, 11, 12, 19, 21))
            if session in self.leaders:
                self.seconds[pid, begun] = (user + system) / TICKS
                memory += pages * PAGE
        self.peak = max(self.peak, memory)


def run(words: list[str], cluster: Standalone | None = None) -> tuple[subprocess.CompletedProcess, Measured]:
    """A command in a session of its own, measured with the cluster's."""
    began = time.perf_counter()
    process = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    others = [cluster.master.pid, *(worker.pid for worker in cluster.workers)] if cluster else []
    watch = Watch([process.pid, *others])
    out, errors = process.communicate()
    measured = {"wall": time.perf_counter() - began, **watch.end()}
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}: {errors}")
    return subprocess.CompletedProcess(words, 0, out, errors), measured


def isf(*words: object) -> list[str]:
    return [sys.executable, "-m", "pipelines", *map(str, words)]


def hashes(folder: Path) -> dict[str, str]:
    return {name: manifest.sha256_of(folder / name) for name in manifest.files_in(folder)}


def settled(
    delivery: Path, home: Path, cluster: Standalone, buckets: int, memory: str = "8GB"
) -> tuple[dict, Measured]:
    """A settlement on the cluster: what it tells, with the seconds of its parts, and what was measured."""
    words = [
        sys.executable,
        "-m",
        "tests.benchmarks.cluster",
        "one",
        str(delivery),
        str(home),
        "--memory-limit",
        memory,
    ]
    done, measured = run([*words, "--master", cluster.url, "--numbers", str(buckets)], cluster)
    told = json.loads(done.stdout.splitlines()[-1])
    begun = {step: at for step, at in told["steps"]}
    out, spread = begun["landing as Parquet"], begun[f"{buckets} buckets of patients"]
    back = begun["the union of the buckets"]
    told["parts"] = {"before": out, "out": spread - out, "spread": back - spread, "after": told["wall"] - back}
    return told, measured


def one(args: argparse.Namespace, work: Path) -> None:
    """One settlement, in a process of its own: when each step began, as JSON."""
    from pipelines.cluster.run import settle
    from pipelines.cluster.settings import Cluster

    began, steps = time.perf_counter(), []
    settlement, told = settle(
        args.delivery,
        args.home,
        Cluster(args.master, *args.numbers),
        progress=lambda step, number, of: steps.append((step, time.perf_counter() - began)),
        memory_limit=args.memory_limit,
    )
    each = {made.bucket: (made.bucket, made.worker, made.seconds) for made in told}
    wall = time.perf_counter() - began
    published = str(settlement.published)
    print(json.dumps({"steps": steps, "wall": wall, "published": published, "buckets": [*each.values()]}))


HEADINGS = (
    "| buckets | wall s | loading | rows out | buckets | union to publication | in the buckets, sum | longest |"
    " CPU s | peak GB |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def line(buckets: int, told: dict, measured: Measured) -> str:
    parts, each = told["parts"], [seconds for *_, seconds in told["buckets"]]
    numbers = [measured["wall"], *parts.values(), sum(each), max(each), measured["cpu"]]
    return f"| {buckets} | {' | '.join(f'{n:.1f}' for n in numbers)} | {measured['peak']:.1f} |"


def buckets(args: argparse.Namespace, work: Path) -> None:
    """One delivery in more and more buckets."""
    whole = work / "whole"
    _, alone = run(isf("settle", args.delivery, "--home", whole))
    print(f"without a cluster: {alone['wall']:.1f} s, CPU {alone['cpu']:.1f} s, {alone['peak']:.1f} GB")
    with standalone(work) as cluster:
        print(HEADINGS)
        for number in args.numbers:
            home = work / f"home-{number}"
            told, measured = settled(args.delivery, home, cluster, number)
            print(line(number, told, measured), flush=True)
            assert hashes(Path(told["published"])) == hashes(whole / "published" / args.delivery.name)
            remove(home)


def settle(args: argparse.Namespace, work: Path) -> None:
    """One delivery, kept in the home that is given."""
    with standalone(work) as cluster:
        print(HEADINGS)
        for number in args.numbers:
            told, measured = settled(args.delivery, args.home, cluster, number, args.memory_limit)
            print(line(number, told, measured))
            workers = sorted({worker for _, worker, _ in told["buckets"]})
            print("buckets per worker:", [sum(w == one for _, w, _ in told["buckets"]) for one in workers])
            print("published:", told["published"], flush=True)


def scenarios(args: argparse.Namespace, work: Path) -> None:
    """Alternatives by which every stay may be another: one by one on this machine, on one worker, on two."""
    base = rulesets.read(rulesets.newest_final())
    words = []
    for number in range(args.alternatives):
        folder = work / f"gap-{number}"
        folder.mkdir()
        gap = re.sub(r'value = "\d+"', f'value = "{600 + 60 * number}"', GAP)
        (folder / "rules.toml").write_text(
            HEAD.format(id=folder.name, year=base.activity_year, base=base.id) + gap, encoding="utf-8"
        )
        words.append(["--alternative", str(folder)])
    common = ["simulate", "--home", args.home, "--activity", args.activity]
    run(isf(*common, *words[0], "--only", "weights", "--out", work / "cube"))
    print(f"| {args.alternatives} alternatives | wall s | CPU s | peak GB |\n|---|---:|---:|---:|")
    one_by_one = work / "one-by-one"
    alone = [run(isf(*common, *one, "--out", one_by_one))[1] for one in words]
    wall, cpu = (sum(one[key] for one in alone) for key in ("wall", "cpu"))
    print(
        f"| one by one, without a cluster | {wall:.1f} | {cpu:.1f} | {max(one['peak'] for one in alone):.1f} |",
        flush=True,
    )
    every = [word for one in words for word in one]
    for workers in (1, 2):
        place = work / f"cluster-{workers}"
        place.mkdir()
        with standalone(place, workers) as cluster:
            out = work / f"spread-{workers}"
            spread = isf(*common, *every, "--engine", "spark", "--master", cluster.url, "--out", out)
            done, measured = run(spread, cluster)
        print(f"| {workers} worker(s) | {measured['wall']:.1f} | {measured['cpu']:.1f} | {measured['peak']:.1f} |")
        print(done.stderr.splitlines()[-1], file=sys.stderr, flush=True)
        assert hashes(out) == hashes(one_by_one)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_subparsers(required=True)
    for job in (buckets, settle, scenarios, one):
        parser_of = chosen.add_parser(job.__name__)
        parser_of.set_defaults(job=job)
        if job is not scenarios:
            parser_of.add_argument("delivery", type=Path)
            default = "2,8,32,128" if job is buckets else "70"
            parser_of.add_argument("--numbers", type=lambda text: [int(n) for n in text.split(",")], default=default)
        if job is not buckets:
            parser_of.add_argument("home", type=Path)
        if job in (settle, one):
            parser_of.add_argument("--memory-limit", default="8GB")
    chosen.choices["one"].add_argument("--master")
    chosen.choices["scenarios"].add_argument("activity")
    chosen.choices["scenarios"].add_argument("--alternatives", type=int, default=10)
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster ends too
    with tempfile.TemporaryDirectory(prefix="isf-cluster-") as temporary:
        args.job(args, Path(temporary))


if __name__ == "__main__":
    main()
