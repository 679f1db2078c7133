"""The workloads in which upon waits: its start, its timers, and nothing at all."""

import json
import os
import signal
import subprocess
import time

from measure import Failure, Job, Sample, Series, cpu_of, status_of, wait_until


def start(bench):
    """From start to end, which is all that a one-shot wait costs."""
    times = bench.size(200, 20)

    def often(command):
        def run():
            samples = [bench.run(command) for _ in range(times)]
            middle = Series(sample.wall for sample in samples).median
            cpu = sum(sample.cpu for sample in samples) / times
            return Sample(middle, cpu, max(sample.peak for sample in samples))
        return run

    samples = bench.rounds_of({
        "upon": often([bench.upon, "after:0"]),
        "timeout": often(["timeout", "1", "true"]),
        "socat -V": often(["socat", "-V"]),
        "tclsh": often(["tclsh", "/dev/null"]),
    })
    for each in samples.values():
        for sample in each:
            sample.wall, sample.cpu = sample.wall * 1000, sample.cpu * 1000
    title = "start to end of `upon after:0`"
    for reference, target in (("timeout", "less than timeout"), ("socat -V", ""), ("tclsh", "")):
        upon = Series(sample.wall for sample in samples["upon"])
        other = Series(sample.wall for sample in samples[reference])
        ratio = upon.over(other)
        bench.row(title, "time", "ms", upon, other, reference, target, ratio, ratio < 1 if target else None)
    bench.compare(title, samples, "timeout", "peak", "")


def ticks(bench):
    """Ticks of one millisecond: how late, and what they cost."""
    seconds = bench.size(10, 2)
    late = {"upon": [], "C": []}

    def run(name, command, status):
        def once():
            with open(bench.file("ticks"), "w+b") as output:
                sample = Job(bench, command, stdout=output).wait(status)
                output.seek(0)
                records = [json.loads(line) for line in output]
            numbers = [record["number"] for record in records]
            if numbers != sorted(set(numbers)) or numbers[-1] < seconds * 1000 - 50:
                raise Failure(f"{name}: ticks are missing: {len(numbers)} up to {numbers[-1]}")
            late[name].append(sorted(record["late_us"] for record in records))
            return sample
        return once

    samples = bench.rounds_of({
        "upon": run("upon", [bench.upon, "-t", str(seconds), "every:1ms"], 124),
        "C": run("C", [bench.reference("timers"), str(seconds), "1000"], 0),
    })
    title = f"1 ms ticks for {seconds} s"
    early = {name: Series(sum(1 for us in each if us < 0) for each in rounds) for name, rounds in late.items()}
    bench.row(title, "early", "ticks", early["upon"], early["C"], "C", "0", None, max(early["upon"].values) == 0)
    for what, part in (("median lateness", 0.5), ("99 % lateness", 0.99)):
        series = {
            name: Series(each[int(len(each) * part)] for each in rounds) for name, rounds in late.items()}
        ratio = series["upon"].over(series["C"])
        bench.row(title, what, "µs", series["upon"], series["C"], "C", "1.2 × or less", ratio, ratio <= 1.2)
    bench.compare(title, samples, "C", "cpu", "1.2 × or less", at_most=1.2)
    bench.compare(title, samples, "C", "peak", "")


def many_timers(bench):
    """Many timers of a second each."""
    timers, seconds = bench.size(100_000, 10_000), bench.size(10, 5)
    sources = [f"every:{1_000_000 + place}us" for place in range(timers)]
    command = [bench.upon, "-q", "-t", str(seconds), *sources]
    samples = bench.rounds_of({
        "upon": lambda: Job(bench, command, stderr=subprocess.DEVNULL).wait(124),
        "C": lambda: bench.run([bench.reference("timers"), str(seconds), "1000000", str(timers)]),
    })
    title = f"{timers:,} timers of 1 s for {seconds} s, `-q`"
    bench.compare(title, samples, "C", "cpu", "1.2 × or less", at_most=1.2)
    bench.compare(title, samples, "C", "peak", "")


def idle(bench):
    """Nothing happens."""
    seconds = bench.size(5, 1)
    input_end, feed_end = os.pipe()
    reader, output = os.pipe()
    job = Job(bench, [bench.upon, "stdin", "signal:HUP", "every:1h"], stdin=input_end, stdout=output)
    os.close(input_end)
    os.close(output)
    wakeups, resident = rest(job, seconds)
    title = f"nothing happens for {seconds} s"
    bench.row(title, "wakeups", "", Series([wakeups]), target="0", is_met=wakeups == 0)
    # A reader that goes is noticed while nothing happens.
    started = time.monotonic()
    os.close(reader)
    job.wait(128 + signal.SIGPIPE)
    gone = (time.monotonic() - started) * 1000
    bench.row(title, "standard output closed: end after", "ms", Series([gone]), target="noticed", is_met=True)
    os.close(feed_end)
    peers = {
        "socat": ["socat", "-u", "TCP-LISTEN:0,bind=127.0.0.1", "STDOUT"],
        "tcpserver": ["tcpserver", "-HRl0", "127.0.0.1", "0", "true"],
        "tclsh": ["tclsh", script(bench, "idle.tcl", "after 3600000 {}\nvwait forever\n")],
        "entr": ["entr", "-n", "true"],
    }
    mine = Series([resident])
    bench.row(title, "resident memory", "MiB", mine, target="6 MiB or less", is_met=resident <= 6)
    for name, command in peers.items():
        # What entr watches.
        with open(script(bench, "watched", __file__ + "\n")) as names:
            job = Job(bench, command, stdin=names)
        other = Series([rest(job, 0)[1]])
        job.stop()
        job.wait(status=None)
        bench.row(title, "resident memory", "MiB", mine, other, name, ratio=mine.over(other))


def rest(job, seconds):
    """How often a program wakes up while it waits, and what is resident: in MiB."""
    wait_until(lambda: state(job.pid) == "S", "the program to wait")
    time.sleep(0.3)
    key = "voluntary_ctxt_switches"
    before, cpu = status_of(job.pid, key), cpu_of(job.pid)
    time.sleep(seconds)
    wakeups = status_of(job.pid, key) - before
    if wakeups == 0 and cpu_of(job.pid) != cpu:
        raise Failure("the program has worked without waking up")
    return wakeups, status_of(job.pid, "VmRSS") / 1024


def script(bench, name, text):
    path = bench.file(name)
    with open(path, "w") as file:
        file.write(text)
    return path


def state(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0]


ALL = {
    "start": start,
    "ticks": ticks,
    "timers": many_timers,
    "idle": idle,
}
