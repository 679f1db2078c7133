"""What a result must be before its time counts."""

import json
import re
import subprocess

from measure import Failure


def lines(command, path, numbered):
    """Every line of the file comes out, in order, with its number and nothing else."""
    with open(path, "rb") as file, open(path, "rb") as expected:
        job = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE)
        shape = re.compile(rb'\{"seq":(\d+),"time":"[0-9T:.-]{26}Z","name":"stdin","kind":"stdin","event":"line","count":1,'
                           rb'"data":"(.*)"\}\n' if numbered else rb'()"(.*)"\n')
        number = 0
        for record in job.stdout:
            number += 1
            match = shape.fullmatch(record)
            if not match or match[2] + b"\n" != expected.readline() or (numbered and int(match[1]) != number):
                raise Failure(f"{command[0]}: record {number} is wrong: {record!r:.200}")
        if job.wait() != 0 or expected.readline():
            raise Failure(f"{command[0]}: ended after {number} records")


def tcp_records(output, clients, count):
    """Each line that was sent comes once, from the connection that it was sent on, in order."""
    seen, at = set(), {}
    for record in map(json.loads, output):
        number = int(record["data"].split()[1])
        if record["event"] != "line" or at.setdefault(record["conn"], number) % clients != number % clients:
            raise Failure(f"line {number} is not one of connection {record['conn']}")
        if at[record["conn"]] > number:
            raise Failure(f"line {number} comes after {at[record['conn']]}")
        at[record["conn"]] = number
        seen.add(number)
    if seen != set(range(count)) or len(at) != min(clients, count):
        raise Failure(f"{len(seen)} of {count} lines on {len(at)} of {clients} connections")


def runs(command, path, count):
    """The command has run once for each line."""
    with open(path, "rb") as file:
        done = subprocess.run(command, stdin=file, stdout=subprocess.PIPE)
    if done.returncode != 0 or done.stdout != b"x\n" * count:
        raise Failure(f"{command[0]}: {len(done.stdout) // 2} runs of {count}, status {done.returncode}")
