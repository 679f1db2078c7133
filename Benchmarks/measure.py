"""Runs programs and tells what they took."""

import os
import signal
import socket
import statistics
import subprocess
import time


class Sample:
    """What one run took: seconds on the clock, seconds of CPU, and the largest resident size in kilobytes."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


class Failure(Exception):
    """A run whose result is wrong: its time does not count."""


class Job:
    """A program started under `run`, which measures it."""

    def __init__(self, bench, command, stdin=None, stdout=None, stderr=None, inherit=()):
        read_end, write_end = os.pipe()
        self.command = command
        self.report = os.fdopen(read_end)
        self.process = subprocess.Popen(
            [bench.tool("run"), str(write_end), *command],
            stdin=stdin or subprocess.DEVNULL, stdout=stdout or subprocess.DEVNULL, stderr=stderr,
            pass_fds=(write_end, *inherit))
        os.close(write_end)
        self.pid = int(self.report.readline() or 0)

    def stop(self):
        """Ends the program by TERM, as a user does with a server."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, status=0):
        """Waits for the end and returns what it took; the status must be the expected one."""
        line = self.report.readline().split()
        self.process.wait()
        self.report.close()
        if len(line) != 4 or (status is not None and int(line[3]) != status):
            raise Failure(f"{' '.join(self.command)[:100]}: ended with {line[3:] or 'nothing'}")
        return Sample(float(line[0]), float(line[1]), int(line[2]))


def status_of(pid, key):
    """A number of /proc/PID/status."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    raise KeyError(key)


def cpu_of(pid):
    """The nanoseconds of CPU that a process of one thread has used (/proc/PID/schedstat)."""
    with open(f"/proc/{pid}/schedstat") as times:
        return int(times.read().split()[0])


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"waited in vain for {what}")
        time.sleep(0.002)


def is_listening(port):
    """Whether a socket of this machine listens at the port; asking by connecting would be one connection more."""
    with open("/proc/net/tcp") as table:
        return any(
            fields[3] == "0A" and fields[1].endswith(f":{port:04X}")
            for fields in (line.split() for line in table))


def free_port():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Series:
    """One figure of every round."""

    def __init__(self, values):
        self.values = list(values)

    @property
    def median(self):
        return statistics.median(self.values)

    def text(self, unit):
        low, high = min(self.values), max(self.values)
        if len(self.values) == 1:
            return f"{number(self.median)} {unit}"
        return f"{number(self.median)} {unit} ({number(low)}–{number(high)})"

    def over(self, other):
        """The median of the rounds' ratios: what slows both programs of a round cancels out."""
        return statistics.median(a / b if b else float("inf") for a, b in zip(self.values, other.values))


def number(value):
    """Three figures are more than a run repeats."""
    if value == 0:
        return "0"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
