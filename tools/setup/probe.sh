# Finds out what is missing on this machine. Programs are tried, not looked up in a package
# database: what counts is that they work.
# shellcheck shell=bash

# Folders in which headers of libraries are looked for, one a line.
include_folders() {
    if [ -n "${INTERLEAVE_INCLUDE_DIRS+set}" ]; then # for the tests
        printf '%s\n' "$INTERLEAVE_INCLUDE_DIRS" | tr ':' '\n'
        return
    fi
    printf '%s:' "${CPATH:-}" "${CPLUS_INCLUDE_PATH:-}" | tr ':' '\n'
    printf '%s:' "${CMAKE_PREFIX_PATH:-}" | tr ';' ':' | tr ':' '\n' | sed -n 's,.$,&/include,p'
    printf '%s\n' /usr/local/include /opt/homebrew/include /usr/include /usr/include/*-linux-gnu
    if command -v xcrun >/dev/null; then echo "$(xcrun --show-sdk-path 2>/dev/null)/usr/include"; fi
}

has_header() {
    local folder
    while IFS= read -r folder; do
        if [ -n "$folder" ] && [ -e "$folder/$1" ]; then return 0; fi
    done <<END
$(include_folders)
END
    return 1
}

# Whether version $1 is at least $2; both are dotted numbers.
at_least() {
    local have=$1 want=$2
    while [ -n "$want" ]; do
        local h=${have%%.*} w=${want%%.*}
        h=${h%%[!0-9]*}
        [ "${h:-0}" -gt "$w" ] && return 0
        [ "${h:-0}" -lt "$w" ] && return 1
        case $have in *.*) have=${have#*.} ;; *) have= ;; esac
        case $want in *.*) want=${want#*.} ;; *) want= ;; esac
    done
    return 0
}

# The major version of clang++, or nothing.
clang_major() {
    local version
    version=$(clang++ -dumpversion 2>/dev/null) || return 0
    echo "${version%%.*}"
}

# Whether a compiler, called with these arguments, makes a program of an empty main().
# The program is linked but not run: whether it runs here is the doctor's question.
links() {
    local out status
    out=$(mktemp "${TMPDIR:-/tmp}/interleave.XXXXXX") || return 1
    "$@" -x c++ - -o "$out" >/dev/null 2>&1 <<<'int main() { return 0; }'
    status=$?
    rm -f "$out"
    return $status
}

probe_compiler() {
    local major
    major=$(clang_major)
    [ "${major:-0}" -ge 14 ] 2>/dev/null || return 1
    clang++ -std=c++20 -fsyntax-only -x c++ - >/dev/null 2>&1 <<'END'
#include <thread>
int main() { std::jthread thread([] {}); }
END
}
probe_tsan() { links clang++ -fsanitize=thread; }
probe_asan() { links clang++ -fsanitize=address; }
probe_symbolizer() {
    command -v llvm-symbolizer >/dev/null ||
        [ -x "$(clang++ -print-prog-name=llvm-symbolizer 2>/dev/null)" ]
}
probe_lld() { command -v ld.lld >/dev/null; }
probe_cmake() {
    local version
    version=$(cmake --version 2>/dev/null) || return 1
    version=${version#cmake version }
    at_least "${version%%[!0-9.]*}" 3.25
}
probe_ninja() { ninja --version >/dev/null 2>&1; }
probe_gcc() { links g++ -fsanitize=thread; }
probe_pkg_config() { pkg-config --version >/dev/null 2>&1; }

probe() {
    case $1 in
        pkg-config) probe_pkg_config ;;
        catch2) has_header catch2/catch_test_macros.hpp ;;
        curl) has_header curl/curl.h ;;
        libevent) has_header event2/http.h ;;
        json) has_header nlohmann/json.hpp ;;
        toml) has_header toml++/toml.h ;;
        cli11) has_header CLI/CLI.hpp ;;
        fmt) has_header fmt/format.h ;;
        *) "probe_$1" ;;
    esac
}

# Prints the needs that are missing, space-separated.
find_missing() {
    local need missing=''
    for need in $(all_needs "$1"); do
        probe "$need" || missing="$missing $need"
    done
    echo "${missing# }"
}
