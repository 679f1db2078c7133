"""The table, and what it was measured on."""

import datetime
import os
import platform
import re
import subprocess

from measure import number


class Row:
    """One line of the table."""

    def __init__(self, workload, measure, unit, upon, reference, name, target, ratio, is_met):
        self.workload, self.measure, self.unit = workload, measure, unit
        self.upon, self.reference, self.name = upon, reference, name
        self.target, self.ratio, self.is_met = target, ratio, is_met

    def cells(self):
        reference = f"{self.name}: {self.reference.text(self.unit)}" if self.reference else self.name
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        verdict = {True: "yes", False: "**no**", None: ""}[self.is_met]
        return [self.workload, self.measure, self.upon.text(self.unit), reference, ratio, self.target, verdict]

    def line(self):
        return "  ".join(cell for cell in self.cells() if cell)


class Curve:
    """One figure over sizes that grow."""

    def __init__(self, title, sizes, unit, series, note):
        self.title, self.sizes, self.unit, self.series, self.note = title, sizes, unit, series, note

    def lines(self):
        yield f"### {self.title}"
        yield ""
        yield table(
            [self.unit, *self.sizes],
            [[name, *(number(value.median) for value in values)] for name, values in self.series.items()])
        yield ""
        yield self.note
        yield ""


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def first_line(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return next((line.strip() for line in done.stdout.splitlines() if line.strip()), "?")
    except OSError:
        return None


def package(name):
    return first_line(["dpkg-query", "-W", "-f", "${Version}", name])


def machine():
    with open("/proc/cpuinfo") as info:
        model = re.search(r"model name\s*: (.*)", info.read())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {memory} GiB, {platform.release()}"


def text(bench):
    now = datetime.datetime.now(datetime.timezone.utc)
    swift = re.search(r"Swift version \S+", first_line(["swift", "--version"]) or "")
    packages = ["libc6", "libevent-core-2.1-7", "libpcre2-8-0", "gcc", "jq", "socat", "ucspi-tcp", "coreutils", "findutils",
                "tcl", "entr"]
    versions = [f"{name} {package(name)}" for name in packages]
    lines = [
        "# Speed",
        "",
        "Written by `make bench`. Every figure is the median of the rounds, with the smallest and the largest behind it;",
        "a ratio is the median of the ratios of the rounds. CPU and peak memory are those of the program and what it",
        "has waited for. The C references are in `reference/`.",
        "",
        f"- {now:%Y-%m-%d %H:%M} UTC, {bench.rounds} rounds" + (", short workloads" if bench.is_short else ""),
        f"- {machine()}",
        f"- {first_line([bench.upon, '--version'])}, {swift[0] if swift else 'Swift unknown'}, {', '.join(versions)}",
        "",
        table(
            ["workload", "figure", "upon", "reference", "ratio", "target", "met"],
            [row.cells() for row in bench.rows]),
        "",
    ]
    if bench.curves:
        lines += ["## Curves", ""]
        for curve in bench.curves:
            lines += curve.lines()
    return "\n".join(lines)
