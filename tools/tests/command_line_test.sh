#!/usr/bin/env bash
# Tests of the program from its command line: bash command_line_test.sh PROGRAM BINARY_DIR
# On a copy of two lessons, with the parts that BINARY_DIR's presets have built already.
# shellcheck disable=SC2015,SC2016

set -u
# Started in the background of a script, a shell ignores Ctrl-C, and so would all that it starts.
if [ -z "${DEFAULT_SIGNALS:-}" ] && env --default-signal=INT,QUIT true 2>/dev/null; then
    DEFAULT_SIGNALS=1 exec env --default-signal=INT,QUIT bash "${BASH_SOURCE[0]}" "$@"
fi
program=$(realpath "$1") binary=$(cd "$2" && pwd -L) || exit 1
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/interleave-command-line.XXXXXX") || exit 1
started=() # process groups that a test started
clean_up() {
    local pid
    for pid in ${started[@]+"${started[@]}"}; do kill -KILL "$pid" 2>/dev/null; done
    umount "$scratch/small" "$scratch/read-only" 2>/dev/null
    rm -rf "$scratch"
}
trap clean_up EXIT
unset INTERLEAVE_STATE INTERLEAVE_YES NO_COLOR CI
passed=0 failed=0

ok() {
    passed=$((passed + 1))
    [ -z "${VERBOSE:-}" ] || echo "ok: $1"
}
not_ok() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    shift
    printf '    %s\n' "$@"
}
equal() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2" "got:      $3"; fi; }
contains() { case $3 in *"$2"*) ok "$1" ;; *) not_ok "$1" "expected to contain: $2" "got: $3" ;; esac; }
lacks() { case $3 in *"$2"*) not_ok "$1" "expected not to contain: $2" "got: $3" ;; *) ok "$1" ;; esac; }
holds() {
    local sentence=$1
    shift
    if "$@"; then ok "$sentence"; else not_ok "$sentence" "this does not hold: $*"; fi
}
# Waits until a command succeeds; a bound only for a test that would otherwise hang.
await() {
    local tries
    for ((tries = 0; tries < 600; ++tries)); do
        if "$@"; then return 0; fi
        sleep 0.1
    done
    return 1
}

root=$scratch/course
for folder in lessons solutions checks; do
    for lesson in 01-lost-update 13-taking-turns; do
        mkdir -p "$root/$folder"
        cp -R "$source/$folder/$lesson" "$root/$folder/"
    done
done
cp "$source/CMakePresets.json" "$source/CMakeLists.txt" "$root/"
cp "$root/checks/01-lost-update/answers/starter/counter.hpp" "$root/lessons/01-lost-update/"
export INTERLEAVE_ROOT=$root
if [ "${binary##*/}" = default ]; then
    export INTERLEAVE_BUILD=${binary%/*}
else
    mkdir "$scratch/builds"
    ln -s "$binary" "$scratch/builds/default"
    export INTERLEAVE_BUILD=$scratch/builds
fi
own=$root/lessons/01-lost-update/counter.hpp
starter=$root/checks/01-lost-update/answers/starter/counter.hpp

# Runs the program without a terminal; sets status, out and err.
run() {
    PATH=${path:-$PATH} "$program" "$@" </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    out=$(tr -d '\0' <"$scratch/out") err=$(tr -d '\0' <"$scratch/err")
}
# Writes an answer: what stands before the class, what increment() does, and the members.
answer() {
    printf '%s\n' '#pragma once' '#include <cstdio>' '#include <cstdlib>' '#include <mutex>' \
        '#include <unistd.h>' "$1" 'namespace lesson {' 'class counter {' '  public:' \
        "    void increment() { std::lock_guard lock(mutex_); $2 ++value_; }" \
        '    long value() const { std::lock_guard lock(mutex_); return value_; }' \
        '  private:' '    mutable std::mutex mutex_;' '    long value_ = 0;' '};' '}' \
        >"$scratch/answer.hpp"
}
# Judges it in the plain stage, which has to reject it with this kind.
rejects() { # sentence, kind
    run check 01 --stage behaviour --answer "$scratch/answer.hpp" --json
    contains "$1: the kind is $2" "\"kind\": \"$2\"" "$out"
    equal "$1: the status is 1" 1 "$status"
}

# --- what is typed

run list
equal 'list ends well' 0 "$status"
contains 'list names the lessons' '13-taking-turns' "$out"
lacks 'a file gets no colours' $'\033' "$out"
run list --json
contains 'list --json is JSON' '"state": "untouched"' "$out"
run
equal 'without a command the status is 2' 2 "$status"
run frobnicate
equal 'an unknown command is 2' 2 "$status"
run --help
equal '--help is no error' 0 "$status"
run check 01 --stage lunch
equal 'an unknown stage is 2' 2 "$status"
contains 'an unknown stage is told which there are' 'behaviour, race' "$err"
run check lost-updaet
equal 'an unknown lesson is 2' 2 "$status"
contains 'an unknown lesson is told the nearest' 'Did you mean 01-lost-update' "$err"
run check 01 --answer "$scratch/none.hpp"
equal 'an answer that is not there is 2' 2 "$status"
run check 01 --answer "$root/lessons"
equal 'a folder as the answer is 2' 2 "$status"
contains 'a folder as the answer is named' "$root/lessons" "$err"
run check --all --answer "$own"
equal 'one answer for all lessons is 2' 2 "$status"
run check 01 --schedule 'x>y'
equal 'a schedule that is none is 2' 2 "$status"
contains 'a schedule that is none is told how one looks' '1:0.11>2' "$err"
run check --all --schedule '1:0.1>2'
equal 'one schedule for all lessons is 2' 2 "$status"
INTERLEAVE_ROOT=$scratch run list
equal 'a root without a course is 2' 2 "$status"
contains 'a root without a course is named' "$scratch" "$err"

# --- what is kept

run hint 01
contains 'the first hint comes first' 'hint 1 of 3' "$out"
lacks 'no hint comes before its turn' 'hint 2 of 3' "$out"
run hint 01
contains 'then comes the second' 'hint 2 of 3' "$out"
run hint 01 --rung 1
lacks 'a rung that is asked for is shown, and no more' 'hint 2 of 3' "$out"
run hint 01
run hint 01
contains 'after the third the solution is offered' 'interleave solution' "$out"
run hint 01 --rung 4
equal 'there is no fourth rung' 2 "$status"
run solution 01
equal 'the solution is shown' 0 "$status"
contains 'the solution is a difference to the own file' '+++ solutions/01-lost-update/counter.hpp' "$out"
run list
contains 'that it was seen is remembered' 'solution seen' "$out"
run next
contains 'next begins with the first' '01-lost-update' "$out"
run next
contains 'next goes on' '13-taking-turns' "$out"
echo '// mine' >>"$own"
run reset 01
contains 'reset says where the own version is' 'Your version is kept in' "$out"
holds 'reset brings the starter back' cmp -s "$own" "$starter"
holds 'reset keeps the own version' grep -q -r '// mine' "$root/.interleave/backups"
rm "$own"
run check 01
equal 'a starter that is gone is 2' 2 "$status"
contains 'a starter that is gone is offered back' 'interleave reset 01-lost-update' "$err"
run reset 01
holds 'and it comes back' cmp -s "$own" "$starter"
INTERLEAVE_STATE=/proc/none run hint 01
equal 'hints are there where nothing can be kept' 0 "$status"
contains 'and it is said that nothing is kept' '/proc/none' "$err"
chmod a-w "$own"
run reset 01
equal 'a starter that is as it ships is left alone' 0 "$status"
chmod u+w "$own"
echo 'this is not TOML [' >"$root/.interleave/progress.toml"
run list
equal 'a spoilt progress file is set aside' 0 "$status"
holds 'and not lost' test -e "$root/.interleave/progress.toml.broken-1"

# --- what may go wrong with the machine

INTERLEAVE_BUILD=/proc/none run check 01 --stage behaviour
equal 'a build folder that cannot be made is 3' 3 "$status"
contains 'and it is named' '/proc/none' "$err"
path=$scratch run check 01 --stage behaviour
equal 'a missing cmake is 3' 3 "$status"
contains 'and it is named' 'There is no program "cmake"' "$err"

small=$scratch/small
mkdir "$small"
if mount -t tmpfs -o size=300k none "$small" 2>/dev/null; then # as root only
    ln -s "$INTERLEAVE_BUILD/default" "$small/default"
    INTERLEAVE_BUILD=$small run check 01 --stage behaviour
    equal 'a full disk is 3, and not a wrong answer' 3 "$status"
    contains 'and it is said' 'The disk is full' "$out"
    holds 'and nothing is left there' test -z "$(ls "$small/run")"
    umount "$small"
fi
mkdir "$scratch/read-only"
if mount --bind "$root" "$scratch/read-only" 2>/dev/null; then
    mount -o remount,ro,bind "$scratch/read-only"
    INTERLEAVE_ROOT=$scratch/read-only run check 01 --stage behaviour --answer "$starter"
    equal 'a read-only checkout can be judged' 0 "$((status > 1))"
    INTERLEAVE_ROOT=$scratch/read-only run next
    equal 'a read-only checkout can be walked through' 0 "$status"
    contains 'and it is said that nothing is kept' 'INTERLEAVE_STATE' "$err"
    umount "$scratch/read-only"
fi

# --- answers of every sort

run check 01 --stage behaviour --answer "$root/solutions/01-lost-update/counter.hpp"
equal 'the solution passes' 0 "$status"
contains 'and gets its points' 'Right so far: the stages that were run held, 3 of 3 points' "$out"
lacks 'its verdict has no colours in a file' $'\033' "$out"

answer '' 'value_ = nothing;'
run check 01 --stage behaviour --answer "$scratch/answer.hpp"
equal 'what does not compile is rejected' 1 "$status"
contains 'with its place' "$scratch/answer.hpp:10" "$out"
contains 'and the compiler'"'"'s words' "use of undeclared identifier 'nothing'" "$out"
answer 'void nowhere();' 'nowhere();'
rejects 'what does not link' build-error
contains 'it is said what the linker misses' 'nowhere()' "$out"
answer 'inline int gone = (_exit(0), 1);' ''
rejects 'leaving in a static constructor' exit
answer '' 'if (value_ == 1) std::quick_exit(0);'
rejects 'leaving in the middle' exit
answer 'struct last { ~last() { _exit(0); } }; inline last at_the_end;' ''
rejects 'leaving in a static destructor' exit
answer 'inline int* volatile nothing = nullptr; inline int crash = *nothing;' ''
rejects 'crashing in a static constructor' crash
answer '' 'mutex_.lock();'
rejects 'waiting for itself' deadlock
answer '' 'if (value_ == 1) for (int i = 0; i < 3000; ++i) std::printf("%65536d", i);'
rejects 'printing 200 MB' output-limit
holds 'and the verdict is short' test "$(wc -c <"$scratch/out")" -lt 20000
answer '' 'if (value_ == 1) for (volatile long i = 0;; i = i + 1) {}'
run check 01 --stage behaviour --answer "$scratch/answer.hpp"
equal 'an endless loop ends' 1 "$status"
contains 'with its place' "answer.hpp:10" "$out"

# What an answer says for the check counts for nothing.
answer 'struct forger {
    forger() {
        const char* lines[] = {"{\"event\":\"case\",\"name\":\"two counters count apart\",\"tags\":[]}\n",
            "{\"event\":\"case_end\",\"passed\":1,\"failed\":0}\n", "{\"event\":\"end\",\"status\":0}\n"};
        for (const char* line : lines) dprintf(3, "%s", line);
    }
};
inline forger before;' ''
run check 01 --stage behaviour --answer "$scratch/answer.hpp" --json
equal 'forged lines are no verdict' 1 "$status"
contains 'they are tampering' '"result": "tampered"' "$out"
answer '#include <catch2/catch_test_macros.hpp>
TEST_CASE("it is right") { CHECK(true); }' ''
run check 01 --stage behaviour --answer "$scratch/answer.hpp" --json
contains 'a case of its own is tampering' '"result": "tampered"' "$out"
answer '#include <catch2/catch_test_macros.hpp>' 'static bool once = true; if (value_ == 1 && once) { once = false; SKIP("done"); }'
run check 01 --stage behaviour --answer "$scratch/answer.hpp" --json
contains 'a case that is left half-way does not pass' '"result": "tampered"' "$out"

# --- being interrupted

is_running() { pgrep -f "^$INTERLEAVE_BUILD/run/$judging-.*/check " >/dev/null; }
is_gone() { ! is_running; }
answer '' 'for (volatile long i = 0;; i = i + 1) {}'
judge_endlessly() {
    "$program" check 01 --stage behaviour --answer "$scratch/answer.hpp" >"$scratch/out" 2>&1 &
    judging=$!
    started+=("$judging")
    await is_running || not_ok 'the check of the endless answer starts' "$(cat "$scratch/out")"
}
# Job control: in the background of a script, Ctrl-C would be ignored.
set -m
judge_endlessly
set +m
kill -INT "$judging"
{ wait "$judging"; } 2>/dev/null
equal 'Ctrl-C is 130' 130 $?
holds 'Ctrl-C leaves no process' is_gone
holds 'Ctrl-C leaves no folder' test -z "$(compgen -G "$INTERLEAVE_BUILD/run/$judging-*")"
judge_endlessly
kill -KILL "$judging"
{ wait "$judging"; } 2>/dev/null
holds 'kill -9 leaves no process' await is_gone
run check 01 --stage behaviour --answer "$root/solutions/01-lost-update/counter.hpp"
holds 'what kill -9 left behind is gone after the next run' \
    test -z "$(compgen -G "$INTERLEAVE_BUILD/run/$judging-*")"

# --- a race, seen without a terminal

# The sanitized parts are built from the whole checkout where they are not there yet.
INTERLEAVE_ROOT=$source INTERLEAVE_STATE=$scratch/state run check 01 --stage race \
    --answer "$source/solutions/01-lost-update/counter.hpp"
equal 'the solution is free of races' 0 "$status"
run learn 01
equal 'learn without a terminal judges once' 1 "$status"
contains 'the starter races' 'Not yet: race.' "$out"
contains 'in the own file, at a line' '-> lessons/01-lost-update/counter.hpp:9' "$out"
lacks 'the digest does not speak of ThreadSanitizer'"'"'s own words' 'WARNING: ThreadSanitizer' "$out"
printf '%s\n' '#pragma once' '#include <cstdlib>' 'namespace lesson {' 'class counter {' '  public:' \
    '    void increment() { if (++value_ == 3000) std::quick_exit(0); }' \
    '    long value() const { return value_; }' '  private:' '    long value_ = 0;' '};' '}' \
    >"$scratch/answer.hpp"
run check 01 --stage race --answer "$scratch/answer.hpp" --json
equal 'leaving after a race is rejected' 1 "$status"
contains 'and does not pass' '"result": "failed"' "$out"

# On several processors this one is gone before its race can be told.
answer '#include <sched.h>
#include <csignal>
#include <thread>
#if __has_feature(thread_sanitizer)
inline const int gone = [] {
    cpu_set_t mine;
    sched_getaffinity(0, sizeof mine, &mine);
    if (CPU_COUNT(&mine) > 1) std::raise(SIGSEGV);
    int value = 0;
    std::thread other([&] { ++value; });
    ++value;
    other.join();
    return std::raise(SIGSEGV);
}();
#endif' ''
run check 01 --stage race --answer "$scratch/answer.hpp" --json
contains 'a crash is looked at once more for the race that led to it' '"kind": "race"' "$out"

answer '#include <atomic>' 'std::atomic_thread_fence(std::memory_order_seq_cst);'
run check 01 --stage race --answer "$scratch/answer.hpp"
equal 'with fences, ThreadSanitizer alone decides nothing' 3 "$status"
contains 'and it is said who does' '--stage interleavings does' "$out"

# --- races, where fences order what ThreadSanitizer cannot see

# A lock of relaxed accesses and fences; without the one that $3 stands for, no lock.
lock_of_fences() { # file, declaration, what stands where the lock is taken
    printf '%s\n' "// $2" '#pragma once' '#include <atomic>' '#include <thread>' \
        'namespace lesson {' 'class counter {' '  public:' \
        '    void increment() { lock(); ++value_; unlock(); }' \
        '    long value() const { lock(); const long seen = value_; unlock(); return seen; }' \
        '  private:' '    void lock() const {' \
        '        while (taken_.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();' \
        "        $3" '    }' '    void unlock() const {' \
        '        std::atomic_thread_fence(std::memory_order_release);' \
        '        taken_.store(false, std::memory_order_relaxed);' '    }' \
        '    mutable std::atomic<bool> taken_ = false;' '    long value_ = 0;' '};' '}' \
        >"$root/checks/01-lost-update/answers/$1"
}
rm -f "$root"/checks/01-lost-update/answers/{right,wrong}/*
lock_of_fences right/two_fences.hpp 'right: Taken and let go with fences.' \
    'std::atomic_thread_fence(std::memory_order_acquire);'
lock_of_fences wrong/one_fence.hpp 'wrong: race: Nothing is acquired where the lock is taken.' ''
run races 01 --compiler clang
equal 'races asks the explorer where there are fences' 0 "$status"
contains 'and does not blame them' '4 passed, 0 failed' "$out"
lock_of_fences right/two_fences.hpp 'right: One fence taken for two.' ''
run races 01 --compiler clang
equal 'an answer with a fence too few is found' 1 "$status"
contains 'and told as a race that was not expected' '3 passed, 1 failed' "$out"

# --- a mistake that every preset's compiler finds

answer '' 'value_ = nothing;'
run check 01 --stage behaviour --stage race --answer "$scratch/answer.hpp"
equal 'what compiles in no preset is rejected' 1 "$status"
lacks 'the mistake is told once, and not for each preset' 'does not compile in' "$out"
contains 'the race stage had no program to run' 'race          skipped' "$out"
printf '#if __has_feature(thread_sanitizer)\n#error only here\n#endif\n' >"$scratch/half.hpp"
cat "$source/solutions/01-lost-update/counter.hpp" >>"$scratch/half.hpp"
run check 01 --stage behaviour --stage race --answer "$scratch/half.hpp"
equal 'what compiles only without a sanitizer is rejected' 1 "$status"
contains 'where it does not compile is said' 'does not compile in the tsan preset: only here' "$out"

# --- on a terminal

if script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
    typed() { TERM=xterm script -q -e -c "$program list" /dev/null </dev/null; }
    contains 'a terminal gets colours' $'\033[' "$(typed)"
    lacks 'NO_COLOR is respected' $'\033[' "$(NO_COLOR=1 typed)"
fi

# --- a stage that fails while one before it is still under way

if script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
    cp "$own" "$scratch/mine.hpp"
    printf '%s\n' '#pragma once' '#include <unistd.h>' 'namespace lesson {' 'class counter {' \
        '  public:' '    void increment() { wait(); ++value_; }' \
        '    long value() const { return value_; }' '  private:' '    static void wait() {' \
        '#if !__has_feature(thread_sanitizer)' \
        "        while (access(\"$scratch/go\", F_OK) != 0) usleep(20000);" \
        '#endif' '    }' '    long value_ = 0;' '};' '}' >"$own"
    rm -f "$scratch/go"
    mkfifo "$scratch/keys"
    set -m
    NO_COLOR=1 TERM=xterm script -q -f -e -c "stty rows 40 columns 120; exec $program learn 01" \
        "$scratch/screen" <"$scratch/keys" >/dev/null 2>&1 &
    set +m
    judging=$!
    started+=("$judging")
    exec 8>"$scratch/keys"
    holds 'a race is told while the plain run goes on' await grep -q 'race  *failed' "$scratch/screen"
    holds 'and explained' await grep -q 'at the same time' "$scratch/screen"
    lacks 'the plain run has not ended by then' 'behaviour     passed' "$(cat "$scratch/screen")"
    touch "$scratch/go"
    holds 'it ends later' await grep -qE 'behaviour     (passed|failed)' "$scratch/screen"
    printf q >&8
    exec 8>&-
    { wait "$judging"; } 2>/dev/null
    cp "$scratch/mine.hpp" "$own"
fi

# --- the machine changes

# As after an upgrade: a header has another date, an earlier one even, than when it was compiled.
headers=$(find "$INTERLEAVE_BUILD/default/checks/" -name '*.hxx.pch')
if [ -n "$headers" ]; then
    while read -r header; do touch -d 2001-01-01 "${header%.pch}"; done <<<"$headers"
    run check 01 --stage behaviour --answer "$root/solutions/01-lost-update/counter.hpp"
    equal 'parts of headers that have changed are made again' 0 "$status"
fi

# --- two commands at once

if command -v flock >/dev/null && script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
    exec 9>"$INTERLEAVE_BUILD/default.lock"
    judge_while_locked() { # as on a terminal, whose text goes to $scratch/screen
        rm -f "$scratch/screen"
        flock 9
        set -m
        TERM=xterm script -q -f -e -c "exec $program check 01 --stage behaviour \
            --answer $root/solutions/01-lost-update/counter.hpp" "$scratch/screen" \
            </dev/null >/dev/null 2>&1 9>&- &
        set +m
        judging=$!
        started+=("$judging")
        holds "$1" await grep -qs 'Waiting for another process' "$scratch/screen"
    }
    judge_while_locked 'while another process builds, it is said what is waited for'
    flock -u 9
    { wait "$judging"; } 2>/dev/null
    equal 'and the verdict comes afterwards' 0 $?
    judge_while_locked 'and it is said every time'
    pkill -INT -P "$judging"
    { wait "$judging"; } 2>/dev/null
    equal 'Ctrl-C ends the waiting' 130 $?
    exec 9>&-
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
