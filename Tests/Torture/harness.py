"""What the cases of torture.py run upon with, and how they say what they have found."""
import os
import shutil
import subprocess
import tempfile
from collections import Counter, namedtuple

Found = namedtuple("Found", "status out err")
LIMIT = 120


class Case:
    """One fault: a folder of its own, and what was not as promised."""

    all = []

    def __init__(self, upon, short):
        self.upon = upon
        self.short = short
        self.folder = tempfile.mkdtemp(prefix="torture")
        self.faults = []
        self.notes = []

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def note(self, text):
        self.notes.append(str(text))

    def expect(self, what, found, wanted):
        if found != wanted:
            shown = repr(found)
            self.faults.append(f"{what}: {shown if len(shown) < 100 else shown[:97] + '...'} instead of {str(wanted)[:60]!r}")

    def count(self, found, wanted, what=""):
        """Counts what is missing and what came more than once."""
        missing = Counter(wanted) - Counter(found)
        surplus = Counter(found) - Counter(wanted)
        if missing or surplus:
            self.faults.append(f"{what} {sum(missing.values())} lost, {sum(surplus.values())} too many".strip())
        elif found != wanted:
            self.faults.append(f"{what} out of order".strip())


def cases(arguments):
    """Registers a function once for each of its arguments."""
    def register(function):
        Case.all += [(function, argument) for argument in arguments]
        return function
    return register


def inject(fault):
    """A prefix that runs a program with a fault in its system calls."""
    call = fault.split(":")[0]
    return f"strace -f -qq -o /dev/null -e trace={call} -e inject={fault}"


def run(case, prefix, arguments, text=""):
    """Runs upon under a prefix with a text on standard input."""
    found = subprocess.run(
        prefix.split() + [case.upon] + arguments, input=text.encode(), capture_output=True, cwd=case.folder, timeout=LIMIT)
    return Found(found.returncode, found.stdout.decode(errors="replace"), found.stderr.decode(errors="replace"))


def script(case, text, limit=LIMIT):
    """Runs a bash script in which `run [PREFIX...] ARG...` is upon."""
    with open(os.path.join(case.folder, "run"), "w") as file:
        # The words of a prefix stand in front, up to upon's own.
        file.write(
            '#!/bin/bash\nprefix=()\nif [ "$1" = strace ]; then\n  while [ "${1#inject=}" = "$1" ]; do prefix+=("$1"); shift; done\n'
            f'  prefix+=("$1"); shift\nfi\nexec "${{prefix[@]}}" {case.upon} "$@"\n')
    os.chmod(file.name, 0o755)
    found = subprocess.run(
        ["bash", "-c", text], capture_output=True, cwd=case.folder, timeout=limit,
        env={**os.environ, "PATH": case.folder + ":" + os.environ["PATH"]})
    return Found(found.returncode, found.stdout.decode(errors="replace"), found.stderr.decode(errors="replace"))
