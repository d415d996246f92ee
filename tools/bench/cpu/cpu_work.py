#!/usr/bin/env python3
"""CPU work on several cores: lesson 13's starter and solution beside Python.

Every contestant adds up the same kind of work. A round runs each of them once, so that a busy
moment hits all alike; the table shows medians, and how much sooner each was ready than the plain
loop of its own language in the same round. Nothing is decided by it.

    tools/bench/cpu/cpu_work.py [--rounds 7] [--threads CORES] [--compiler clang++]
"""

import argparse
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
LESSON = "13-taking-turns"

# A plain loop of each language takes some tenths of a second.
CPP_ITEMS = 1_000_000
PYTHON_ITEMS = 40_000


def collatz_steps(item):
    """The same as in driver.cpp."""
    number = item * 2_654_435_761 % 1_000_003 + 1
    steps = 0
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps += 1
    return steps


def sum_of(first, last):
    return sum(collatz_steps(item) for item in range(first, last))


def shares(items, workers):
    return [(items * i // workers, items * (i + 1) // workers) for i in range(workers)]


def python_loop(items, _workers):
    return sum_of(0, items)


def python_threading(items, workers):
    partials = [0] * workers

    def work_on(worker, share):
        partials[worker] = sum_of(*share)

    threads = [
        threading.Thread(target=work_on, args=each) for each in enumerate(shares(items, workers))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(partials)


def python_multiprocessing(items, workers):
    with multiprocessing.Pool(workers) as pool:
        return sum(pool.starmap(sum_of, shares(items, workers)))


PYTHON = {
    "Python, plain loop": python_loop,
    "Python, threading": python_threading,
    "Python, multiprocessing": python_multiprocessing,
}


def run_python(name, workers):
    """The contestant's run in a process of its own: `TOTAL SECONDS`, like driver.cpp."""
    start = time.perf_counter()
    total = PYTHON[name](PYTHON_ITEMS, workers)
    print(total, time.perf_counter() - start)


def build(compiler, folder, workers):
    """The command of each contestant, by name; the plain loops come first in their language."""
    commands = {}
    for role, source in (("starter", "lessons"), ("solution", "solutions")):
        include = ROOT / source / LESSON
        if role == "starter":  # what a learner has made of it is not the starter any more
            include = ROOT / "checks" / LESSON / "answers" / "starter"
        program = folder / role
        command = [compiler, "-std=c++20", "-O2", "-pthread", f"-I{include}"]
        command += [str(ROOT / "tools/bench/cpu/driver.cpp"), "-o", str(program)]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            sys.exit(f"cpu_work: the driver cannot be built with {compiler}: {problem}")
        arguments = [str(CPP_ITEMS), str(workers)]
        commands.setdefault("C++, plain loop", [str(program), "loop", *arguments])
        commands[f"C++, {role}"] = [str(program), "answer", *arguments]
    for name in PYTHON:
        commands[name] = [sys.executable, __file__, "--run", name, "--threads", str(workers)]
    return commands


def usable_cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def language(name):
    return name.split(",")[0]


def measure(commands, rounds):
    """Seconds by contestant, one of each round."""
    seconds = {name: [] for name in commands}
    totals = {}
    for number in range(rounds):
        for name, command in commands.items():
            if sys.stderr.isatty():
                print(f"\rround {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"cpu_work: {name} ended with status {run.returncode}: {run.stderr}")
            total, taken = run.stdout.split()
            seconds[name].append(float(taken))
            if totals.setdefault(language(name), total) != total:
                sys.exit(f"cpu_work: {name} computed {total}, not {totals[language(name)]}")
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    return seconds


def print_table(seconds, workers):
    print(f"CPU work on {workers} threads or processes; medians of interleaved rounds.\n")
    print(f"{'':26}{'seconds':>9}{'speedup':>10}   least to most")
    for name, times in seconds.items():
        loop = seconds[f"{language(name)}, plain loop"]
        ratios = [plain / own for plain, own in zip(loop, times)]
        print(
            f"{name:26}{statistics.median(times):9.3f}{statistics.median(ratios):9.2f}x"
            f"   {min(ratios):.2f} to {max(ratios):.2f}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=usable_cores())
    parser.add_argument("--compiler", default=os.environ.get("CXX", "clang++"))
    parser.add_argument("--run", choices=list(PYTHON), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1 or options.threads < 1:
        parser.error("--rounds and --threads take numbers from 1 on")
    if options.run:
        run_python(options.run, options.threads)
        return
    with tempfile.TemporaryDirectory(prefix="interleave-bench-") as folder:
        commands = build(options.compiler, pathlib.Path(folder), options.threads)
        print_table(measure(commands, options.rounds), options.threads)


if __name__ == "__main__":
    main()
