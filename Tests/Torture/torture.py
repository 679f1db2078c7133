#!/usr/bin/env python3
"""Faults for a built upon: what it loses, doubles or gets wrong under them, as a table.

  torture.py --upon PATH [--short] [NAME...]

Each case is a function; it returns what was found, and the table says whether that is what the manual promises. Faults
of system calls are injected with strace. The exit status is 1 if any row is not as promised.
"""
import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from harness import Case, cases, inject, run, script

LINES = "".join(f"line {n}\n" for n in range(2000))


# System calls that are not there


OPTIONAL = [
    "pidfd_open", "pidfd_send_signal", "close_range", "preadv2", "pwritev2", "tee", "inotify_init1", "timerfd_create",
    "statx", "madvise",
]
REQUIRED = ["signalfd4", "epoll_create1"]


@cases(OPTIONAL)
def without(case, call):
    """Everything works without the call."""
    fault = inject(f"{call}:error=ENOSYS")
    lines = run(case, fault, ["-o", "data", "stdin"], LINES)
    case.expect("lines", lines.out, LINES)
    taken = script(case, f"seq 9 | (run {fault} -n 3 -o data stdin; cat) | tail -n 1")
    case.expect("next reader", taken.out, "9\n")
    command = run(case, fault, ["-q", "start", "do", "exit 3", "until=exit"])
    case.expect("status of a command", command.status, 3)
    timeout = run(case, fault, ["-q", "-1", "start", "do", "exec sleep 9", "timeout=100ms"])
    case.expect("timeout of a command", timeout.status, 124)
    waited = script(case, f"(sleep 0.2; nc -lU s) & run {fault} -1 -q -t 9s unix:$PWD/s; echo $?")
    case.expect("a socket that appears", waited.out, "0\n")


@cases(REQUIRED)
def required(case, call):
    """What upon cannot do without is named in one line."""
    found = run(case, inject(f"{call}:error=ENOSYS"), ["-1", "signal:USR1", "start", "do", "true"])
    case.expect("status", found.status, 125)
    case.expect("lines on standard error", found.err.count("\n"), 1)
    case.expect("a reason", "Function not implemented" in found.err, True)


# Interruptions and full buffers


@cases(["read", "write", "readv", "writev", "preadv2", "pwritev2", "epoll_wait", "recvfrom", "sendto", "poll"])
def interrupted(case, call):
    """A call that is interrupted, or would block, loses and doubles nothing."""
    for error in ["EINTR", "EAGAIN"] if call != "epoll_wait" else ["EINTR"]:
        found = run(case, inject(f"{call}:error={error}:when=3+4"), ["-o", "data", "stdin"], LINES)
        case.count(found.out.splitlines(), LINES.splitlines(), error)


@cases(["accept4", "recvfrom", "sendto", "epoll_ctl"])
def connections(case, call):
    """The lines of clients come whole while calls fail in passing."""
    error = {"accept4": "ECONNABORTED", "epoll_ctl": None}.get(call, "EINTR")
    fault = inject(f"{call}:error={error}:when=2+3") if error else ""
    found = script(
        case,
        f"""
        run {fault} -o data unix-listen:s on=line limit=20 >out & pid=$!
        until test -S s; do sleep 0.01; done
        for c in $(seq 20); do seq -f "$c-%g" 50 | nc -NU s & done; wait
        sort out
        """)
    wanted = sorted(f"{c}-{n}" for c in range(1, 21) for n in range(1, 51))
    case.count(sorted(found.out.splitlines()), wanted)


# Shortages


@cases(["descriptors"])
def shortage(case, what):
    """Clients that find no descriptor wait, and are all served."""
    found = script(
        case,
        """
        (ulimit -n 24; exec run -q unix-listen:s limit=200 do 'read l; echo "$l"' jobs=6 2>err) & pid=$!
        until test -S s; do sleep 0.01; done
        for c in $(seq 200); do echo $c | nc -w 60 -NU s >>got.$c & done
        wait; cat got.* | sort -n; sort err | uniq -c | awk '$1 > 1' >&2
        """)
    case.count(found.out.splitlines(), [str(n) for n in range(1, 201)])


@cases(["mmap", "brk"])
def memory(case, call):
    """Without memory there is one line and 125, or the run is whole; never a backtrace."""
    endings = {}
    # The first dozen are those of the dynamic loader.
    for when in range(13, 120, 6 if case.short else 1):
        found = run(case, inject(f"{call}:error=ENOMEM:when={when}+"), ["-o", "data", "stdin"], LINES)
        whole = found.status == 0 and found.out == LINES
        told = found.status in (125, 127) and found.err.count("\n") <= 1
        kind = "whole" if whole else "told" if told else f"status {found.status}"
        endings[kind] = endings.get(kind, 0) + 1
    case.note(endings)
    case.expect("crashes", sum(n for kind, n in endings.items() if kind.startswith("status")), 0)


@cases(["disk"])
def full(case, what):
    """A full disk is told once; when there is room again nothing is missing."""
    if os.geteuid() != 0:
        return case.note("needs root")
    found = script(
        case,
        """
        unshare -m sh -c '
          mkdir disk; mount -t tmpfs -o size=64k none disk || exit
          head -c 61440 /dev/zero >disk/fill
          (seq 1 4000; until grep -q again err; do sleep 0.05; done; rm disk/fill; sleep 1.5; seq 4001 5000) |
            run stdin print file=disk/log as=data 2>err
          cat disk/log; cat err >&2'
        """)
    case.count(found.out.splitlines(), [str(n) for n in range(1, 5001)])
    case.expect("messages", found.err.count("\n"), 1)


# Readers and peers


@cases(["slow", "gone"])
def reader(case, how):
    if how == "slow":
        found = script(
            case, """
            seq 300000 | run -o data stdin | python3 -c '
import sys, time
while part := sys.stdin.buffer.raw.read(65536):
    sys.stdout.buffer.write(part)
    time.sleep(0.002)' | md5sum; seq 300000 | md5sum""")
        lines = found.out.splitlines()
        case.expect("same bytes", len(set(lines)), 1)
    else:
        found = script(case, "yes | run stdin | head -n 1 >/dev/null; echo ${PIPESTATUS[1]}")
        case.expect("status", found.out, "141\n")


@cases(["reset", "half-close", "vanish"])
def peer(case, how):
    """Clients that go in every way leave nothing behind, and their lines are whole."""
    number = 50 if case.short else 500
    found = script(
        case,
        f"""
        run -o tsv unix-listen:s on=line,close limit={number} >out & pid=$!
        until test -S s; do sleep 0.01; done
        python3 - <<'end'
import socket, struct
for n in range({number}):
    s = socket.socket(socket.AF_UNIX); s.connect("s")
    s.sendall(f"client {{n}}\\n".encode() * 10)
    if "{how}" == "half-close": s.shutdown(socket.SHUT_WR); s.recv(1)
    if "{how}" == "reset": s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()
end
        wait $pid; grep -c '	line	' out; grep -c '	close	' out
        """)
    case.expect("lines, closes", found.out.split(), [str(number * 10), str(number)])


# Signals, stops and ends


@cases(["real-time"])
def storm(case, which):
    """Every real-time signal is told."""
    number = 2000 if case.short else 20000
    found = script(
        case,
        f"""
        run --ready-fd 4 -n {number} -o tsv signal:RTMIN+1 4>ready >out & pid=$!
        until test -s ready; do sleep 0.01; done
        python3 -c 'import os,signal
for n in range({number}):
    while True:
        try: os.kill('$pid', signal.SIGRTMIN + 1); break
        except BlockingIOError: pass'
        wait $pid; wc -l <out
        """)
    case.expect("signals", found.out.strip(), str(number))


@cases(["stopped"])
def stopped(case, how):
    """STOP and CONT lose nothing; ticks that were missed are told."""
    found = script(
        case,
        """
        (seq 500; sleep 1; seq 501 1000) | run -o data stdin >out & pid=$(pgrep -n -P $$ -f 'stdin' || echo $!)
        kill -STOP $!; sleep 0.5; kill -CONT $!; wait; cat out
        """)
    case.count(found.out.splitlines(), [str(n) for n in range(1, 1001)])


@cases(["set 40 times"])
def clock(case, how):
    """The wall clock set forward and back: no time of the calendar comes twice, and periods go on as if nothing were."""
    preload = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Preload", "set_clock.c")
    found = script(
        case,
        f"""
        cc -shared -fPIC -o set_clock.so {preload}; mkfifo told; echo 0 >offset
        CLOCK_OFFSET=offset CLOCK_TOLD=told LD_PRELOAD=./set_clock.so {case.upon} -t 60s \
          every:20ms on=tick print as=tsv fields=number,missed file=periods cron:'* * * * * *' print as=tsv fields=due file=times \
          fd:3 exit=end:0 3< <(for step in $(seq 40); do
            for to in 3600 7200 0 -86400 -1 1 90000; do
              echo $((to + step)) >next; mv next offset; printf x >told; sleep 0.01
            done
          done)
        echo $?
        """)
    case.expect("status", found.out.split(), ["0"])
    with open(os.path.join(case.folder, "times")) as file:
        times = file.read().split()
    case.expect("times that came twice", len(times) - len(set(times)), 0)
    with open(os.path.join(case.folder, "periods")) as file:
        periods = [line.split() for line in file]
    numbers = [int(number) for number, missed in periods]
    case.expect("periods in order", numbers, sorted(set(numbers)))
    case.expect("periods told or missed", sum(1 + int(missed) for number, missed in periods), numbers[-1] if numbers else -1)
    case.note(f"{len(times)} times, {len(periods)} periods")


@cases(["kill -9"])
def killed(case, how):
    """What is killed leaves no command that runs directly, and the next start takes its socket's path."""
    found = script(
        case,
        """
        cp "$(command -v sleep)" napper
        for round in 1 2 3 4 5; do
          run -q --control unix:c unix-listen:s start do 'echo up >up; exec ./napper 60' & pid=$!
          until test -s up; do sleep 0.01; done; rm up
          kill -9 $pid; wait $pid 2>/dev/null
          for i in $(seq 300); do pgrep -x napper >/dev/null || break; sleep 0.01; done
          pgrep -x napper | wc -l
        done
        """)
    case.expect("commands left", found.out.split(), ["0"] * 5)


@cases(["starts"])
def starts(case, how):
    """So many starts and ends have one status."""
    number = 50 if case.short else 10000
    found = script(
        case,
        f"""
        for i in $(seq {number}); do run -1 -q signal:USR1 start after:0 do : ; echo $?; done | sort | uniq -c
        """,
        limit=900)
    case.expect("statuses", found.out.split(), [str(number), "0"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upon", required=True)
    parser.add_argument("--short", action="store_true", help="so little that CI can run it")
    parser.add_argument("names", nargs="*", help="only these functions")
    options = parser.parse_args()
    missing = [tool for tool in ["strace", "nc", "pgrep", "cc"] if not shutil.which(tool)]
    if missing:
        sys.exit(f"torture: missing: {' '.join(missing)}")
    failed = 0
    total = 0
    for function, argument in Case.all:
        if options.names and function.__name__ not in options.names:
            continue
        case = Case(os.path.abspath(options.upon), options.short)
        began = time.monotonic()
        try:
            function(case, argument)
        except subprocess.TimeoutExpired:
            case.faults.append("did not end")
        case.close()
        total += 1
        failed += bool(case.faults)
        verdict = "as promised" if not case.faults else "; ".join(case.faults)
        notes = f" ({', '.join(case.notes)})" if case.notes else ""
        print(f"{function.__name__:12} {argument:18} {time.monotonic() - began:6.1f} s  {verdict}{notes}", flush=True)
    print(f"{total - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
