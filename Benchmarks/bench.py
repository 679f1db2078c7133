#!/usr/bin/env python3
"""The workloads of upon, each beside its reference, in one table.

Every round runs all programs of a workload one after the other, so that what else happens on the machine meets all of
them. A run whose result is wrong stops everything.
"""

import argparse
import os
import resource
import sys

import report
import workloads
import waits
import curves
from measure import Failure, Job, Series


class Bench:
    """What the workloads share: where programs are, how many rounds, and the rows so far."""

    def __init__(self, options):
        self.options = options
        self.rounds = options.rounds
        self.is_short = options.short
        self.directory = os.path.abspath(options.build)
        self.upon = os.path.abspath(options.upon)
        self.rows = []
        self.curves = []

    def tool(self, name):
        """A program of `tools`, compiled."""
        return os.path.join(self.directory, "tools", name)

    def reference(self, name):
        """A program of `reference`, compiled."""
        return os.path.join(self.directory, "reference", name)

    def file(self, name):
        """A file for the data of a workload."""
        return os.path.join(self.directory, name)

    def size(self, full, short):
        return short if self.is_short else full

    def run(self, command, **settings):
        return Job(self, command, **settings).wait()

    def rounds_of(self, contenders):
        """Runs each contender once a round; returns the samples of each by its name."""
        samples = {name: [] for name in contenders}
        for round in range(self.rounds):
            for name, run in contenders.items():
                samples[name].append(run())
        return samples

    def row(self, workload, measure, unit, upon, reference=None, name="", target="", ratio=None, is_met=None):
        """Adds a row to the table: `upon` and `reference` are series of one figure."""
        row = report.Row(workload, measure, unit, upon, reference, name, target, ratio, is_met)
        self.rows.append(row)
        print(row.line(), flush=True)

    def compare(self, workload, samples, reference, measure, target, at_most=None, at_least=None):
        """Adds the row of one figure of samples, with upon's ratio to the reference.

        `at_least` is a speed: the reference's figure over upon's. `at_most` is upon's figure over the reference's.
        """
        unit = {"wall": "s", "cpu": "s", "peak": "MiB"}[measure]
        scale = 1 / 1024 if measure == "peak" else 1
        series = {
            name: Series(getattr(sample, measure) * scale for sample in samples[name])
            for name in ("upon", reference)
        }
        upon, other = series["upon"], series[reference]
        ratio = upon.over(other) if at_most is not None else other.over(upon)
        is_met = None
        if at_most is not None:
            is_met = ratio <= at_most
        if at_least is not None:
            is_met = ratio >= at_least
        title = {"wall": "time", "cpu": "CPU", "peak": "peak memory"}[measure]
        self.row(workload, title, unit, upon, other, reference, target, ratio, is_met)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="names of workloads, with commas")
    parser.add_argument("--short", action="store_true", help="small workloads, for development")
    parser.add_argument("--upon", default="./upon")
    parser.add_argument("--build", default=".build/bench", help="where the compiled references are")
    parser.add_argument("--results", help="the file to write")
    return parser.parse_args()


def main():
    options = parse()
    everything = {**workloads.ALL, **waits.ALL, **curves.ALL}
    names = [name for name in options.only.split(",") if name] or list(everything)
    for name in names:
        if name not in everything:
            sys.exit(f"bench: {name}: no such workload; there are {', '.join(everything)}")
    # 100,000 sources are 3 MB of arguments, of which the kernel takes a quarter of the stack; and 10,000 descriptors.
    for limit, value in ((resource.RLIMIT_STACK, 1 << 26), (resource.RLIMIT_NOFILE, 1 << 20)):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value if hard < 0 else min(value, hard), hard))
    bench = Bench(options)
    try:
        for name in names:
            everything[name](bench)
    except Failure as failure:
        sys.exit(f"bench: {name}: {failure}")
    text = report.text(bench)
    print("\n" + text)
    if options.results:
        with open(options.results, "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
