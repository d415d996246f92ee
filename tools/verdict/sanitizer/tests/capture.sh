#!/bin/sh
# Compiles every program beside this script with clang and gcc, runs it under its sanitizer, and
# writes the logs the tests read. The course's root is called /course in them.
# Usage: capture.sh [PREFIX]    only the logs whose names begin so
set -eu
here=$(cd "$(dirname "$0")" && pwd)
logs=$here/../fixtures
only=${1:-}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# capture LOG COMPILER SANITIZER SOURCE [ARGUMENT]
capture() {
    log=$1 compiler=$2 sanitizer=$3 source=$4 argument=${5:-}
    case $log in "$only"*) ;; *) return ;; esac
    $compiler -std=c++20 -O1 -g -fno-omit-frame-pointer -fno-inline -w -fsanitize=$sanitizer \
        -ffile-prefix-map="$here=/course" -pthread "$here/$source" -o "$work/program"
    # One processor makes the order of the two threads the same on most runs.
    TSAN_OPTIONS="io_sync=0 atexit_sleep_ms=0 history_size=7 detect_deadlocks=${ORDER:-0}" \
    ASAN_OPTIONS="detect_stack_use_after_return=1 detect_leaks=1" \
        timeout 20 setarch -R taskset -c 0 "$work/program" $argument 2>"$work/log" >/dev/null || true
    sed -e "s|$work/program|/course/build/program|g" -e "s|$here|/course|g" \
        -e 's|pid=[0-9]*|pid=4711|; s|tid=[0-9]*|tid=4712|g; s|^==[0-9]*==\([^=]\)|==4711==\1|' \
        -e 's|^==4711=*$|==================|; s|^=*==4711==$|==================|' \
        "$work/log" >"$logs/$log.log"
}

for compiler in clang++ g++; do
    tag=${compiler%++} && [ "$tag" = g ] && tag=gcc
    capture "counter.$tag" $compiler thread checks/01-lost-update/check.cpp
    for name in global heap vector_element vector_grows map one_locks different_locks sleep \
        lambda_capture destructor main_thread atomic_vs_plain freed_in_use null_pointer \
        two_races correct; do
        capture "$name.$tag" $compiler thread "programs/$name.cpp"
    done
    ORDER=1 capture "lock_order.$tag" $compiler thread programs/lock_order.cpp
    for misuse in unlock destroy leak double; do
        capture "mutex_$misuse.$tag" $compiler thread programs/mutex_misuse.cpp $misuse
    done
    for mistake in free overflow leak double_free return scope; do
        capture "asan_$mistake.$tag" $compiler address programs/memory.cpp $mistake
    done
    capture "asan_null_pointer.$tag" $compiler address programs/null_pointer.cpp
done
