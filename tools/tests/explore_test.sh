#!/usr/bin/env bash
# Tests of `interleave explore` from its command line: bash explore_test.sh PROGRAM BINARY_DIR
# With the parts that BINARY_DIR's presets have built already; what is stale is built.

set -u
program=$(realpath "$1") binary=$(cd "$2" && pwd -L) || exit 1
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/interleave-explore.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
unset INTERLEAVE_YES NO_COLOR CI
export INTERLEAVE_ROOT=$source INTERLEAVE_STATE=$scratch/state
[ "${binary##*/}" != default ] || export INTERLEAVE_BUILD=${binary%/*}
passed=0 failed=0

ok() { passed=$((passed + 1)); }
not_ok() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    shift
    printf '    %s\n' "$@"
}
equal() { if [ "$2" = "$3" ]; then ok; else not_ok "$1" "expected: $2" "got:      $3" "$out" "$err"; fi; }
contains() { case $3 in *"$2"*) ok ;; *) not_ok "$1" "expected to contain: $2" "got: $3" ;; esac; }
lacks() { case $3 in *"$2"*) not_ok "$1" "expected not to contain: $2" "got: $3" ;; *) ok ;; esac; }
# Explores with these arguments; sets status, out and err.
explore() {
    (cd "$scratch" && "$program" explore "$@" </dev/null >out 2>err)
    status=$?
    out=$(tr -d '\0' <"$scratch/out") err=$(tr -d '\0' <"$scratch/err")
}

cat >"$scratch/lost.cpp" <<'END'
#include <interleave/explore.hpp>
#include <thread>

int main() {
    const auto found = interleave::explore([] {
        int value = 0;
        std::thread a([&] { ++value; });
        std::thread b([&] { ++value; });
        a.join();
        b.join();
        EXPECT(value == 2);
    });
    return found.ok() ? 0 : 1;
}
END
sed -e 's/int value/std::atomic<int> value/' -e '1i #include <atomic>' "$scratch/lost.cpp" \
    >"$scratch/kept.cpp"

explore lost.cpp
equal 'a lost update is found' 1 "$status"
contains 'the expectation is told' 'EXPECT(value == 2) does not hold' "$out"
contains 'with the line of a step' '++value' "$out"
lacks 'without a word of the library' 'std::' "$(grep -v 'std::thread [ab]' <<<"$out")"
replay=$(grep -o "Replay: .*" <<<"$out")
contains 'and with the line that replays it' 'tools/interleave explore lost.cpp --schedule' "$replay"
schedule=$(sed "s/.*--schedule '\(.*\)'.*/\1/" <<<"$replay")
explore lost.cpp --schedule "$schedule"
equal 'the schedule fails again' 1 "$status"
contains 'in the same way' 'EXPECT(value == 2) does not hold' "$out"
contains 'and is run once' 'after 1 interleaving' "$out"

explore lost.cpp --json
equal 'as JSON it is found too' 1 "$status"
contains 'with its kind' '"kind": "wrong-result"' "$out"
contains 'and its story' '"steps"' "$out"

explore kept.cpp
equal 'an atomic counter is right' 0 "$status"
contains 'and that is said' 'No failure' "$out"
explore kept.cpp --schedule "$schedule" --json
[ "$status" != 1 ] && ok || not_ok 'a schedule of another program is no failure' "$out" "$err"

explore lost.cpp --seed 7 --strategy random --executions 500
equal 'a random search finds it' 1 "$status"
explore kept.cpp --executions 5
equal 'five executions are right too' 0 "$status"
contains 'and no more than five' ' 5 interleavings' "$out"

# A whole program in C, by its main().
cat >"$scratch/embrace.c" <<'END'
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void* back(void* unused) {
    (void)unused;
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    return 0;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, back, 0);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_join(other, 0);
    return 0;
}
END
explore embrace.c
equal 'a deadlock of a C program is found' 1 "$status"
contains 'and named' 'deadlock' "$out"
contains 'with who waits for whom' 'waits for' "$out"

# Globals start afresh in each execution, with the heap memory that they had before main(); what the
# program does in exit() belongs to it.
cat >"$scratch/guests.cpp" <<'END'
#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>
#include <vector>

struct house {
    std::vector<bool> rooms = std::vector<bool>(2);
    std::atomic<bool> closed = false;
    ~house() { closed = true; }
};
house inn;
std::mutex guard;

void take_a_room() {
    const std::lock_guard lock(guard);
    assert(!inn.closed);
    for (std::size_t i = 0; i < inn.rooms.size(); ++i) {
        if (!inn.rooms[i]) {
            inn.rooms[i] = true;
            return;
        }
    }
    assert(false && "one of two is free");
}

int main() {
    std::thread a(take_a_room), b(take_a_room);
    a.join();
    b.join();
}
END
explore guests.cpp
equal 'a global vector is as it was made, each time' 0 "$status"
sed 's/b.join/b.detach/' "$scratch/guests.cpp" >"$scratch/early.cpp"
explore early.cpp
equal 'a thread that meets a global at its end is found' 1 "$status"
contains 'with the expectation' '!inn.closed' "$out"

# What cannot be explored.
explore absent.cpp
equal 'a missing file is a mistake of the command' 2 "$status"
contains 'and named' 'There is no file absent.cpp' "$err"
echo 'int main() { return mistake; }' >"$scratch/mistake.cpp"
explore mistake.cpp
equal 'so is a program that does not compile' 2 "$status"
contains 'with the place of the error' 'mistake.cpp' "$err"
contains 'and the error' "undeclared identifier 'mistake'" "$err"
printf '%s\n' '#include <interleave/explore.hpp>' 'int main(int argc, char**) {' \
    '    if (argc > 5) return interleave::explore([] {}).executions;' '}' >"$scratch/never.cpp"
explore never.cpp
equal 'so is one that never calls explore()' 2 "$status"
contains 'and that is said' 'without a call of explore()' "$err"
explore lost.cpp --schedule nonsense
equal 'so is a schedule that is none' 2 "$status"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
