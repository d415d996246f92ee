#!/usr/bin/env bash
# The explorer's figures: executions per second beside Relacy (Debian: relacy-dev) with the same
# scenarios in its own types; how many correct programs are exhausted at preemption bounds 1 and 2;
# executions until found, for each strategy, beside stress of the same wall time. Nothing is decided
# by them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
build=${INTERLEAVE_BUILD:-$root/build}/explorer-bench
usage="Usage: tools/bench/explorer/explorer_figures.sh [rates | exhausted | found [SEEDS]]

Without an argument all three. found takes minutes: 100 seeds for each strategy. The programs are
built in $build."
case ${1:-all} in
    all | rates | exhausted | found) ;;
    -h | --help) echo "$usage"; exit 0 ;;
    *) echo "$usage" >&2; exit 2 ;;
esac
cmake -S "$root/tools/explorer" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER=clang++ \
    -DCMAKE_BUILD_TYPE=None >/dev/null
cmake --build "$build" --target explorer_bench relacy_bench stress_bench >/dev/null ||
    { echo "explorer_figures: the programs do not build; is relacy-dev installed?" >&2; exit 3; }
bench=$build/bench
case ${1:-all} in
    rates | all) "$bench/explorer_bench" rates "$bench/relacy_bench" ;;&
    exhausted | all) "$bench/explorer_bench" exhausted ;;&
    found | all) "$bench/explorer_bench" found "$bench/stress_bench" "${2:-100}" ;;
esac
