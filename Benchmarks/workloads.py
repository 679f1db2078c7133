"""The workloads in which events come: lines, connections and commands, and what else does the same."""

import os
import subprocess
import time

import checks
from measure import Failure, Job, Sample, free_port, is_listening, wait_until

SHELL = "/bin/sh"


def log_file(bench, lines, size=0):
    """A file of log lines, made once."""
    path = bench.file(f"log-{lines}-{size}")
    if not os.path.exists(path):
        with open(path + ".new", "wb") as file:
            subprocess.run([bench.tool("feed"), str(lines), str(size)], stdout=file, check=True)
        os.rename(path + ".new", path)
    return path


def filter_run(bench, command, path):
    """A run of a filter from a file to nowhere."""
    def run():
        with open(path, "rb") as file:
            return bench.run(command, stdin=file)
    return run


def lines(bench):
    """Log lines through standard input to JSON."""
    count = bench.size(2_000_000, 200_000)
    path = log_file(bench, count)
    commands = {
        "upon": [bench.upon, "stdin"],
        "C": [bench.reference("stdin_lines")],
        "jq": ["jq", "-Rc", "."],
    }
    for name, command in commands.items():
        checks.lines(command, path, numbered=name != "jq")
    samples = bench.rounds_of({name: filter_run(bench, command, path) for name, command in commands.items()})
    title = f"{count:,} lines, `upon stdin`"
    bench.compare(title, samples, "C", "wall", "0.9 × C", at_least=0.9)
    bench.compare(title, samples, "jq", "wall", "20 × jq", at_least=20)
    bench.compare(title, samples, "C", "cpu", "")
    bench.compare(title, samples, "C", "peak", "")


def tcp_server(bench, command, port, connections, count, check=None):
    """A run of a server that takes lines of many connections and ends after the last."""
    def run():
        server = Job(bench, command(port), stdout=check or subprocess.DEVNULL)
        wait_until(lambda: is_listening(port), f"port {port}")
        client = subprocess.run([bench.tool("tcp_send"), str(port), str(connections), str(count)])
        if client.returncode != 0:
            server.stop()
            raise Failure("the client could not send")
        return server.wait()
    return run


def tcp_commands(bench, count):
    return {
        "upon": lambda port: [bench.upon, "-n", str(count), f"tcp-listen:{port}", "name=in", "on=line", "print"],
        "C": lambda port: [bench.reference("tcp_lines"), str(port), str(count)],
    }


def connections(bench):
    """Lines of many open TCP connections to JSON."""
    clients, count = bench.size(9_900, 900), bench.size(200_000, 20_000)
    commands = tcp_commands(bench, count)
    for name, command in commands.items():
        with open(bench.file("records"), "w+b") as output:
            tcp_server(bench, command, free_port(), clients, count, check=output)()
            output.seek(0)
            checks.tcp_records(output, clients, count)
    samples = bench.rounds_of({
        name: tcp_server(bench, command, free_port(), clients, count) for name, command in commands.items()})
    title = f"{clients:,} connections, {count:,} lines, `upon tcp-listen:`"
    bench.compare(title, samples, "C", "cpu", "1.0 × C or less", at_most=1.0)
    bench.compare(title, samples, "C", "peak", "16 MiB or less")
    row = bench.rows[-1]
    row.is_met = row.upon.median <= 16


def handler_run(bench, command, calls, answer):
    """Calls of four clients to a server that runs a program for each; the time is the clients'."""
    def run():
        port = free_port()
        server = Job(bench, command(port))
        wait_until(lambda: is_listening(port), f"port {port}")
        start = time.monotonic()
        client = subprocess.run([bench.tool("tcp_call"), str(port), "4", str(calls), answer])
        seconds = time.monotonic() - start
        server.stop()
        sample = server.wait(status=None)
        if client.returncode != 0:
            raise Failure(f"{' '.join(server.command)}: a client got a wrong answer")
        return Sample(seconds, sample.cpu, sample.peak)
    return run


def handlers(bench):
    """A handler for each TCP connection."""
    calls = bench.size(4_000, 400)
    cases = [
        ("`-- /bin/echo hi`", {
            "upon": lambda port: [bench.upon, f"tcp-listen:{port}", "--", "/bin/echo", "hi"],
            "tcpserver": lambda port: ["tcpserver", "-HRl0", "127.0.0.1", str(port), "/bin/echo", "hi"],
            "C": lambda port: [bench.reference("tcp_handlers"), str(port), "/bin/echo", "hi"],
            "socat": lambda port: ["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,backlog=128",
                                   "EXEC:/bin/echo hi"],
        }),
        ("`do 'echo hi'`", {
            "upon": lambda port: [bench.upon, f"tcp-listen:{port}", "do", "echo hi"],
            "tcpserver": lambda port: ["tcpserver", "-HRl0", "127.0.0.1", str(port), SHELL, "-c", "echo hi"],
            "C": lambda port: [bench.reference("tcp_handlers"), str(port), SHELL, "-c", "echo hi"],
            "socat": lambda port: ["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,backlog=128",
                                   "SYSTEM:echo hi"],
        }),
    ]
    for what, commands in cases:
        samples = bench.rounds_of({
            name: handler_run(bench, command, calls, "hi") for name, command in commands.items()})
        title = f"{calls:,} calls of 4 clients, {what}"
        bench.compare(title, samples, "tcpserver", "wall", "1.0 × tcpserver", at_least=1.0)
        bench.compare(title, samples, "socat", "wall", "2 × socat", at_least=2)
        bench.compare(title, samples, "C", "wall", "")
        bench.compare(title, samples, "tcpserver", "cpu", "")
        bench.compare(title, samples, "C", "cpu", "")
        bench.compare(title, samples, "tcpserver", "peak", "")


def commands(bench):
    """A command for each line, one after the other."""
    count = bench.size(3_000, 300)
    numbers = bench.file(f"seq-{count}")
    with open(numbers, "w") as file:
        file.writelines(f"{number}\n" for number in range(count))
    for command in ([bench.upon, "stdin", "do", "echo x"], [bench.reference("spawn_loop"), "echo x"]):
        checks.runs(command, numbers, count)
    samples = bench.rounds_of({
        "upon": filter_run(bench, [bench.upon, "stdin", "do", ":"], numbers),
        "C": filter_run(bench, [bench.reference("spawn_loop"), ":"], numbers),
        "xargs": filter_run(bench, ["xargs", "-n1", SHELL, "-c", ":"], numbers),
    })
    title = f"{count:,} lines, `upon stdin do :`"
    bench.compare(title, samples, "C", "wall", "0.9 × C", at_least=0.9)
    bench.compare(title, samples, "xargs", "wall", "")
    bench.compare(title, samples, "C", "cpu", "")
    bench.compare(title, samples, "C", "peak", "")


ALL = {
    "lines": lines,
    "connections": connections,
    "handlers": handlers,
    "commands": commands,
}
