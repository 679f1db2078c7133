"""Figures over sizes that grow: what an event costs must not."""

import os
import subprocess

from measure import Failure, Job, Series, free_port
from report import Curve
from workloads import filter_run, log_file, tcp_commands, tcp_server


def cost(bench, sizes, run, base, events):
    """The microseconds of CPU of one event at each size, by program: what a run takes less one without events."""
    series = {}
    for size in sizes:
        samples, empty = bench.rounds_of(run(size)), bench.rounds_of(base(size))
        for name in samples:
            start = Series(sample.cpu for sample in empty[name]).median
            series.setdefault(name, []).append(
                Series(max(sample.cpu - start, 0) * 1e6 / events(size) for sample in samples[name]))
    return series


def add(bench, title, labels, unit, series, note):
    curve = Curve(title, labels, unit, series, note)
    bench.curves.append(curve)
    print("\n".join(curve.lines()), flush=True)


def line_lengths(bench):
    """Lines of 10 bytes to 100 kilobytes."""
    total = bench.size(400_000_000, 20_000_000)
    sizes = [10, 100, 1_000, 10_000, 100_000]
    count = {size: min(total // size, 4_000_000) for size in sizes}
    commands = {"upon": [bench.upon, "stdin"], "C": [bench.reference("stdin_lines")]}

    def runs(path):
        return {name: filter_run(bench, command, path) for name, command in commands.items()}

    series = cost(
        bench, sizes, lambda size: runs(log_file(bench, count[size], size)), lambda size: runs("/dev/null"),
        lambda size: count[size])
    add(bench, "Length of a line", ["10 B", "100 B", "1 kB", "10 kB", "100 kB"], "CPU a line, µs", series,
        "`upon stdin`, from a file to nowhere.")


def connection_counts(bench):
    """Lines of 1 to 10,000 connections."""
    lines = bench.size(200_000, 20_000)
    # The hard limit on descriptors of many systems lies a little above 10,000 a process.
    sizes = bench.size([1, 10, 100, 1_000, 9_900], [1, 100, 900])

    def runs(size, count):
        return {
            name: tcp_server(bench, command, free_port(), size, count)
            for name, command in tcp_commands(bench, count).items()}

    series = cost(bench, sizes, lambda size: runs(size, lines), lambda size: runs(size, 1), lambda size: lines)
    add(bench, "Open connections", [f"{size:,}" for size in sizes], "CPU a line, µs", series,
        f"{lines:,} lines in turn on all of them; a run that only accepts them is subtracted.")


def timer_counts(bench):
    """1 to 100,000 timers."""
    sizes = bench.size([1, 10, 100, 1_000, 10_000, 100_000], [1, 100, 10_000])
    seconds = bench.size(5, 2)
    period = {size: max(size * 100, 1_000) for size in sizes}

    def runs(size, seconds):
        sources = [f"every:{period[size] + place}us" for place in range(size)]
        command = [bench.upon, "-q", "-t", f"{seconds}s", *sources]
        reference = [bench.reference("timers"), str(seconds), str(period[size]), str(size)]
        return {
            "upon": lambda: Job(bench, command, stderr=subprocess.DEVNULL).wait(124),
            "C": lambda: bench.run(reference),
        }

    series = cost(
        bench, sizes, lambda size: runs(size, seconds), lambda size: runs(size, 0),
        lambda size: seconds * 1_000_000 / period[size] * size)
    add(bench, "Timers", [f"{size:,}" for size in sizes], "CPU a tick, µs", series,
        "Periods of 1 ms up to 10 timers, beyond it as long as makes 10,000 ticks a second; the start is subtracted.")


def idle_descriptors(bench):
    """1 to 10,000 idle descriptors beside one that is busy."""
    lines = bench.size(2_000_000, 20_000)
    sizes = bench.size([1, 100, 1_000, 10_000], [1, 100, 1_000])

    def runs(size, count):
        first, last = 100, 100 + size - 1
        commands = {
            "upon": [bench.upon, "stdin", *(f"fd:{number}" for number in range(first, last + 1))],
            "C": [bench.reference("stdin_lines"), str(first), str(last)],
        }
        return {
            name: (lambda command: lambda: beside_idle(bench, command, range(first, last + 1), count))(command)
            for name, command in commands.items()}

    series = cost(bench, sizes, lambda size: runs(size, lines), lambda size: runs(size, 0), lambda size: lines)
    add(bench, "Idle descriptors beside one busy one", [f"{size:,}" for size in sizes], "CPU a line, µs", series,
        f"{lines:,} lines on standard input, ten in each write; the rest are silent pipes.")
    few, many = series["upon"][0], series["upon"][-1]
    ratio = many.over(few)
    bench.row(f"{sizes[-1]:,} idle descriptors beside a busy one", "CPU a line", "µs", many, few, "1 idle",
              "flat: 1.2 × or less", ratio, ratio <= 1.2)


def beside_idle(bench, command, numbers, lines):
    """Lines on standard input beside descriptors on which nothing comes."""
    read_end, write_end = os.pipe()
    for number in numbers:
        os.dup2(read_end, number, inheritable=True)
    input_end, feed_end = os.pipe()
    try:
        job = Job(bench, command, stdin=input_end, inherit=numbers)
    finally:
        for descriptor in (*numbers, read_end, input_end):
            os.close(descriptor)
    feed = subprocess.run([bench.tool("feed"), str(lines), "0", "10"], stdout=feed_end)
    os.close(feed_end)
    # upon ends when the last of its inputs has; the reference does when standard input has.
    os.close(write_end)
    if feed.returncode != 0:
        raise Failure("the feed could not write")
    return job.wait()


ALL = {
    "line-lengths": line_lengths,
    "connection-counts": connection_counts,
    "timer-counts": timer_counts,
    "idle-descriptors": idle_descriptors,
}
