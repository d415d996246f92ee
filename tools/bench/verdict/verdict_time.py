#!/usr/bin/env python3
"""How long a learner waits for a verdict, beside doing the same by hand.

From a save of lesson 01's answer to its verdict: `check 01` with all stages, a bare compile and run
of an equivalent single file, and CMake with ctest over the same two presets. A round runs each once,
so that a busy moment hits all alike; the table shows medians and ratios within a round. Needs a
checkout in which `tools/interleave test` has been run. Nothing is decided by it.

    tools/bench/verdict/verdict_time.py [--rounds 9] [--compiler clang++]
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("INTERLEAVE_BUILD", ROOT / "build"))
LESSON = "01-lost-update"
ANSWER = ROOT / "solutions" / LESSON / "counter.hpp"

BARE_TSAN = "bare clang++ -fsanitize=thread"
BARE_PLAIN = "bare clang++"
CHECK = "interleave check, all stages"
CHECK_PLAIN = "interleave check, plain verdict"
NAIVE = "cmake --build and ctest, two presets"


def timed(command, **options):
    start = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, **options)
    if run.returncode != 0:
        sys.exit(f"verdict_time: {command[0]} ended with status {run.returncode}:\n{run.stderr}")
    return time.perf_counter() - start


def bare(compiler, flags, folder):
    program = folder / "single"
    # Optimized where the suite's own build is.
    level = "-O1" if flags else "-O0"
    compile_it = [compiler, "-std=c++20", level, "-g", "-pthread", *flags, f"-I{ANSWER.parent}"]
    compile_it += [str(ROOT / "tools/bench/verdict/single.cpp"), "-o", str(program)]
    return timed(compile_it) + timed([str(program)])


def check():
    """Seconds until the behaviour stage's line is printed, and until the end."""
    start = time.perf_counter()
    command = [str(ROOT / "tools/interleave"), "check", LESSON, "--answer", str(ANSWER)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )
    plain = None
    for line in process.stdout:
        if line.split()[:2] == ["behaviour", "passed"]:
            plain = time.perf_counter() - start
    if process.wait() != 0 or plain is None:
        sys.exit("verdict_time: the check of the solution did not pass")
    return plain, time.perf_counter() - start


def naive():
    ANSWER.touch()  # what a save does to a build
    seconds = 0.0
    for preset in ("default", "tsan"):
        folder = str(BUILD / preset)
        seconds += timed(["cmake", "--build", folder, "--target", f"{LESSON}.solution"])
        seconds += timed(["ctest", "--test-dir", folder, "-L", "^solution$", "-R", f"^{LESSON}:"])
    return seconds


def measure(compiler, rounds, folder):
    seconds = {name: [] for name in (BARE_PLAIN, CHECK_PLAIN, BARE_TSAN, CHECK, NAIVE)}
    check()
    naive()  # builds what only the first run builds
    for number in range(rounds):
        if sys.stderr.isatty():
            print(f"\rround {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
        seconds[BARE_PLAIN].append(bare(compiler, [], folder))
        seconds[BARE_TSAN].append(bare(compiler, ["-fsanitize=thread"], folder))
        plain, whole = check()
        seconds[CHECK_PLAIN].append(plain)
        seconds[CHECK].append(whole)
        seconds[NAIVE].append(naive())
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    return seconds


def ratio(seconds, name, peer):
    return statistics.median(own / other for own, other in zip(seconds[name], seconds[peer]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--compiler", default=os.environ.get("CXX", "clang++"))
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds takes a number from 1 on")
    with tempfile.TemporaryDirectory(prefix="interleave-bench-") as folder:
        seconds = measure(options.compiler, options.rounds, pathlib.Path(folder))
    print("From save to verdict, lesson 01; medians of interleaved rounds.\n")
    for name, times in seconds.items():
        print(f"{name:40}{statistics.median(times):8.3f} s")
    print()
    print(f"plain verdict / bare compile and run       {ratio(seconds, CHECK_PLAIN, BARE_PLAIN):5.2f}")
    print(f"all stages / bare ThreadSanitizer run      {ratio(seconds, CHECK, BARE_TSAN):5.2f}")
    print(f"all stages / cmake and ctest               {ratio(seconds, CHECK, NAIVE):5.2f}")


if __name__ == "__main__":
    main()
