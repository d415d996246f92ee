#!/usr/bin/env python3
"""Waiting for many answers: lessons 08 and 19 beside Python.

Every contestant asks the same loopback server, which takes a given time for an answer, for the same
number of URLs. A round runs each of them once, each in a process of its own, from the front or from
the back in turn, so that a busy moment hits all alike; the table shows medians, and how much sooner
each had all pages than the one-at-a-time loop of its own language in the same round. Nothing is
decided by it.

    tools/bench/fetch/fetch_work.py [--rounds 7] [--delay 50] [--compiler clang++]
                                    [--server build/default/bin/loopback_server]
"""

import argparse
import asyncio
import concurrent.futures
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
COUNTS = (3, 64)
THREADS_LESSON = "08-one-at-a-time"
LOOP_LESSON = "19-blocked-loop"


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        answer.read()
        return answer.status == 200


def python_one_at_a_time(urls):
    return sum(fetch(url) for url in urls)


def python_threading(urls):
    pages = [False] * len(urls)

    def work_on(index, url):
        pages[index] = fetch(url)

    threads = [threading.Thread(target=work_on, args=each) for each in enumerate(urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(pages)


def python_pool(urls):
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(urls)) as pool:
        return sum(pool.map(fetch, urls))


async def fetch_async(url):
    """The standard library has no asynchronous HTTP client; this much of one is enough here."""
    parts = urllib.parse.urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\n"
    writer.write(f"{request}Host: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer.startswith(b"HTTP/1.1 200 ")


def python_asyncio(urls):
    async def fetch_all():
        return sum(await asyncio.gather(*(fetch_async(url) for url in urls)))

    return asyncio.run(fetch_all())


PYTHON = {
    "Python, one at a time": python_one_at_a_time,
    "Python, threading": python_threading,
    "Python, ThreadPoolExecutor": python_pool,
    "Python, asyncio": python_asyncio,
}


def run_python(name, url, count):
    """The contestant's run in a process of its own: `PAGES SECONDS`, like driver.cpp."""
    urls = [f"{url}{number}" for number in range(count)]
    start = time.perf_counter()
    pages = PYTHON[name](urls)
    print(pages, time.perf_counter() - start)


def build(compiler, folder):
    """The command of each contestant, by name; one at a time comes first in its language."""
    # What a learner has made of a starter is not the starter any more: its pristine copy is built.
    sources = {
        "C++, one at a time": ROOT / "checks" / THREADS_LESSON / "answers" / "starter",
        "C++, a thread each": ROOT / "solutions" / THREADS_LESSON,
        "C++, one loop": ROOT / "solutions" / LOOP_LESSON,
    }
    commands = {}
    for number, (name, include) in enumerate(sources.items()):
        program = folder / f"driver{number}"
        command = [compiler, "-std=c++20", "-O2", "-pthread", f"-I{include}"]
        command += [str(ROOT / "tools/bench/fetch/driver.cpp"), "-o", str(program), "-lcurl"]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            sys.exit(f"fetch_work: the driver cannot be built with {compiler}: {problem}")
        commands[name] = [str(program)]
    for name in PYTHON:
        commands[name] = [sys.executable, __file__, "--run", name]
    return commands


def language(name):
    return name.split(",")[0]


def measure(commands, url, count, rounds):
    """Seconds by contestant, one of each round."""
    seconds = {name: [] for name in commands}
    for number in range(rounds):
        contestants = list(commands.items())
        for name, command in contestants if number % 2 == 0 else reversed(contestants):
            if sys.stderr.isatty():
                print(f"\rround {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
            run = subprocess.run([*command, url, str(count)], capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"fetch_work: {name} ended with status {run.returncode}: {run.stderr}")
            pages, taken = run.stdout.split()
            if int(pages) != count:
                sys.exit(f"fetch_work: {name} brought {pages} of {count} pages")
            seconds[name].append(float(taken))
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    return seconds


def print_table(seconds, count, delay):
    print(f"{count} URLs, {delay} ms each; medians of interleaved rounds.\n")
    print(f"{'':28}{'seconds':>9}{'sooner':>10}   least to most")
    for name, times in seconds.items():
        plain_times = seconds[f"{language(name)}, one at a time"]
        ratios = [plain / own for plain, own in zip(plain_times, times)]
        print(
            f"{name:28}{statistics.median(times):9.3f}{statistics.median(ratios):9.1f}x"
            f"   {min(ratios):.1f} to {max(ratios):.1f}"
        )
    print()


def start_server(program):
    """The server's process, which ends when its standard input is closed, and its port."""
    try:
        server = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as problem:
        sys.exit(
            f"fetch_work: the loopback server cannot be started: {problem}\n"
            "Build it with `cmake --build build/default --target loopback_server`, or say where "
            "it is with --server."
        )
    return server, int(server.stdout.readline())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--delay", type=int, default=50, help="milliseconds for an answer")
    parser.add_argument("--compiler", default=os.environ.get("CXX", "clang++"))
    parser.add_argument(
        "--server",
        default=os.environ.get(
            "INTERLEAVE_SERVER", str(ROOT / "build/default/bin/loopback_server")
        ),
    )
    parser.add_argument("--run", choices=list(PYTHON), help=argparse.SUPPRESS)
    parser.add_argument("work", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        url, count = options.work
        run_python(options.run, url, int(count))
        return
    if options.rounds < 1 or options.delay < 0 or options.work:
        parser.error("--rounds takes a number from 1 on, --delay one from 0 on")
    server, port = start_server(options.server)
    try:
        with tempfile.TemporaryDirectory(prefix="interleave-bench-") as folder:
            commands = build(options.compiler, pathlib.Path(folder))
            url = f"http://127.0.0.1:{port}/delay/{options.delay}?"
            for count in COUNTS:
                seconds = measure(commands, url, count, options.rounds)
                print_table(seconds, count, options.delay)
    finally:
        server.stdin.close()
        server.wait()


if __name__ == "__main__":
    main()
