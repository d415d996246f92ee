#!/usr/bin/env bash
# Tests of the set-up: bash tools/setup/setup_test.sh. Needs cmake and ninja; every other tool is
# a stub in a folder that becomes the whole PATH, so that the machine does not matter.
# shellcheck disable=SC2015,SC2030,SC2031,SC2034,SC2016

set -u
# Started in the background of a script, a shell ignores Ctrl-C, and so would all that it starts.
if [ -z "${DEFAULT_SIGNALS:-}" ] && env --default-signal=INT,QUIT true 2>/dev/null; then
    DEFAULT_SIGNALS=1 exec env --default-signal=INT,QUIT bash "${BASH_SOURCE[0]}" "$@"
fi
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P) && [ -x "$tools/interleave" ] || exit 1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/interleave-setup-test.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
unset CI INTERLEAVE_YES INTERLEAVE_BUILD NO_COLOR CPATH CPLUS_INCLUDE_PATH CMAKE_PREFIX_PATH
export TMPDIR=$scratch
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

# A PATH with the ordinary commands and these stubs: each writes its name to calls.log.
bin=$scratch/bin
stub() { # name, body
    rm -f "$bin/$1" # it may be a link to the real one
    printf '#!%s\necho "%s $*" >>"%s/calls.log"\n%s\n' "$BASH" "$1" "$scratch" "$2" >"$bin/$1"
    chmod +x "$bin/$1"
}
fresh_machine() {
    local name
    rm -rf "$bin" "$scratch/include"
    mkdir -p "$bin" "$scratch/include"
    for name in env cat sed grep awk cut head tail tr tee mktemp rm mv cp ln mkdir chmod readlink \
        stat cksum sleep stty dirname df cmake ninja; do
        ln -s "$(command -v "$name")" "$bin/$name"
    done
    ln -s "$BASH" "$bin/bash"
    stub uname 'echo Linux'
    stub id 'echo 0'
    stub clang++ 'case $* in *-dumpversion*) echo 14.0.6 ;; esac'
    stub g++ ''
    stub ld.lld ''
    stub llvm-symbolizer ''
    stub pkg-config ''
    stub apt-get 'case $1 in indextargets) echo "bookworm http://mirror.example/debian/ main" ;; esac'
    for name in catch2/catch_test_macros.hpp curl/curl.h event2/http.h nlohmann/json.hpp \
        toml++/toml.h CLI/CLI.hpp fmt/format.h; do
        mkdir -p "$scratch/include/${name%/*}"
        : >"$scratch/include/$name"
    done
    : >"$scratch/calls.log"
}

os_release() { # name, line...
    local file=$scratch/os-release.$1
    shift
    printf '%s\n' "$@" >"$file"
    echo "$file"
}
debian12=$(os_release debian12 'ID=debian' 'VERSION_ID="12"' 'VERSION_CODENAME=bookworm')

# --- platforms and package tables

root=$scratch build=$scratch/build program=none consent=no
mkdir -p "$scratch/tools"
# shellcheck source=say.sh
. "$tools/setup/say.sh"
# shellcheck source=fresh.sh
. "$tools/setup/fresh.sh"
# shellcheck source=platform.sh
. "$tools/setup/platform.sh"
# shellcheck source=probe.sh
. "$tools/setup/probe.sh"
# shellcheck source=install.sh
. "$tools/setup/install.sh"
# shellcheck source=build.sh
. "$tools/setup/build.sh"

is_platform() { # expected, kernel, os-release line...
    local expected=$1 kernel=$2
    shift 2
    equal "$* is $expected" "$expected" "$(platform_of "$(os_release any "$@")" "$kernel")"
}
is_platform debian12 Linux 'ID=debian' 'VERSION_CODENAME=bookworm'
is_platform debian12 Linux 'ID=raspbian' 'ID_LIKE=debian' 'VERSION_CODENAME=bookworm'
is_platform debian12 Linux 'ID=linuxmint' 'ID_LIKE=debian' 'DEBIAN_CODENAME=bookworm' 'VERSION_CODENAME=faye'
is_platform debian13 Linux 'ID=debian' 'VERSION_CODENAME=trixie'
is_platform ubuntu2404 Linux 'ID=ubuntu' 'ID_LIKE=debian' 'VERSION_CODENAME=noble' 'UBUNTU_CODENAME=noble'
is_platform ubuntu2404 Linux 'ID=linuxmint' 'ID_LIKE="ubuntu debian"' 'VERSION_CODENAME=wilma' 'UBUNTU_CODENAME=noble'
is_platform other Linux 'ID=ubuntu' 'ID_LIKE=debian' 'VERSION_CODENAME=jammy' 'UBUNTU_CODENAME=jammy'
is_platform fedora Linux 'ID=fedora' 'VERSION_ID=42'
is_platform other Linux 'ID=rocky' 'ID_LIKE="rhel centos fedora"'
is_platform arch Linux 'ID=arch'
is_platform arch Linux 'ID=manjaro' 'ID_LIKE=arch'
is_platform other Linux 'ID="opensuse-tumbleweed"' 'ID_LIKE="opensuse suse"'
is_platform macos Darwin ''
equal 'a system without os-release is other' other "$(platform_of "$scratch/none" Linux)"

equal 'Debian 12 takes Catch2 from backports' catch2/bookworm-backports \
    "$(packages_of debian12 catch2 '')"
equal 'Debian 13 has Catch2 3 itself' catch2 "$(packages_of debian13 catch2 '')"
equal 'both sanitizers come in one package, named once' 'libclang-rt-14-dev ninja-build' \
    "$(packages_for debian12 '' tsan asan ninja)"
equal 'Ubuntu 24.04 has clang 18' libclang-rt-18-dev "$(packages_of ubuntu2404 tsan '')"
equal 'the runtimes match the clang++ that is there' libclang-rt-16-dev \
    "$(packages_of debian12 tsan 16)"
equal 'Fedora calls Catch2 3 catch-devel' catch-devel "$(packages_of fedora catch2 '')"
equal 'Homebrew has all of clang in llvm' llvm "$(packages_for macos '' compiler tsan asan)"
lacks 'macOS needs no lld and no g++' lld "$(all_needs macos)"
for platform in debian12 debian13 ubuntu2404 fedora arch macos; do
    for need in $(all_needs $platform); do
        holds "$platform has a package for $need" test -n "$(packages_of $platform "$need" '')"
        holds "$need is described" test -n "$(describe "$need")"
    done
done

holds '3.25.1 is at least 3.25' at_least 3.25.1 3.25
holds '3.25 is at least 3.25' at_least 3.25 3.25
holds '4.0 is at least 3.25' at_least 4.0 3.25
holds '3.30.0-rc1 is at least 3.25' at_least 3.30.0-rc1 3.25
equal '3.9 is not at least 3.25' no "$(at_least 3.9 3.25 && echo yes || echo no)"
equal '3.24.9 is not at least 3.25' no "$(at_least 3.24.9 3.25 && echo yes || echo no)"

# --- what is missing

missing_here() (PATH=$bin INTERLEAVE_INCLUDE_DIRS=$scratch/include find_missing "${1:-debian12}")

fresh_machine
equal 'nothing is missing on a full machine' '' "$(missing_here)"
rm "$bin/ninja" "$scratch/include/catch2/catch_test_macros.hpp"
equal 'what is not there is missing' 'ninja catch2' "$(missing_here)"
fresh_machine
stub clang++ 'case $* in *-dumpversion*) echo 13.0.1 ;; esac'
equal 'clang++ 13 is too old' 'compiler' "$(missing_here)"
fresh_machine
stub clang++ 'case $* in *-dumpversion*) echo 14.0.6 ;; *=thread*) exit 1 ;; esac'
equal 'a sanitizer that does not link is missing' 'tsan' "$(missing_here)"
fresh_machine
stub cmake 'echo "cmake version 3.24.4"'
equal 'CMake 3.24 is too old' 'cmake' "$(missing_here)"
fresh_machine
rm "$bin/clang++"
equal 'without clang++ its runtimes are missing too' 'compiler tsan asan' "$(missing_here)"
fresh_machine
stub g++ 'exit 1'
equal 'g++ without its sanitizer is missing' 'gcc' "$(missing_here)"
equal 'g++ is not asked for on macOS' '' "$(missing_here macos)"

# --- the mirror of the backports

backports() (PATH=$bin backports_command '')
fresh_machine
apt=$scratch/apt
mkdir -p "$apt/sources.list.d"
contains 'backports come from the mirror of bookworm' "'URIs: http://mirror.example/debian/'" "$(backports)"
lacks 'no key is named where the mirror names none' Signed-By "$(backports)"
printf '%s\n' 'Types: deb' 'URIs: http://mirror.example/debian' 'Signed-By: /keys/debian.gpg' \
    >"$apt/sources.list.d/debian.sources"
contains 'the key of the mirror is the key of its backports' "'Signed-By: /keys/debian.gpg'" "$(backports)"
rm "$apt/sources.list.d/debian.sources"
echo 'deb [arch=amd64 signed-by=/keys/own.gpg] http://mirror.example/debian bookworm main' \
    >"$apt/sources.list"
contains 'the key is found in the one-line style too' "'Signed-By: /keys/own.gpg'" "$(backports)"
stub apt-get 'printf "%s\n" "bookworm http://m.example/debian/ main" "bookworm-backports http://m.example/debian/ main"'
equal 'configured backports are left alone' '' "$(backports)"
stub apt-get "case \$* in *--print-uris*) echo \"'http://m.example/d/dists/oldstable/InRelease' x 0\" ;; esac"
contains 'the mirror is found before the first update' "'URIs: http://m.example/d'" "$(backports)"
stub apt-get ''
equal 'without a mirror nothing is added' '' "$(backports)"

# The command, run as it is printed, writes the file that it describes.
stub apt-get 'case $1 in indextargets) echo "bookworm http://mirror.example/debian/ main" ;; esac'
written=$(backports | sed "s,/etc/apt/sources.list.d/,$scratch/," >"$scratch/command" &&
    PATH=$bin bash "$scratch/command" >/dev/null && cat "$scratch/interleave-backports.sources")
contains 'the printed command writes a stanza of its own lines' $'Types: deb\nURIs: http://' "$written"

# --- the first error of a log

first_of() { printf '%s\n' "$@" >"$scratch/log" && first_error "$scratch/log"; }
equal 'the first compiler error is shown with its lines, and no more' \
    $'a.cpp:3:1: error: no such thing\n    foo();\n    ^' \
    "$(first_of '[1/2] Building' 'a.cpp:1:1: warning: hm' 'a.cpp:3:1: error: no such thing' '    foo();' \
        '    ^' 'b.cpp:9:9: error: other' 'ninja: build stopped: subcommand failed.')"
equal 'a log without a known error shows its end' 'last words' "$(first_of 'last words')"

# --- from the command to the program, in a checkout with a space in its path

checkout="$scratch/my checkout"
new_checkout() {
    chmod -R u+w "$checkout" 2>/dev/null
    rm -rf "$checkout"
    mkdir -p "$checkout"
    cp -R "$tools/setup" "$scratch/setup.copy" && mkdir "$checkout/tools" &&
        mv "$scratch/setup.copy" "$checkout/tools/setup" && cp "$tools/interleave" "$checkout/tools/"
    printf '%s\n' '#!/bin/sh' 'echo "root=$INTERLEAVE_ROOT"' 'echo "cwd=$(pwd)"' \
        'for a in "$@"; do echo "arg=$a"; done' 'exit 7' >"$checkout/program.sh"
    chmod +x "$checkout/program.sh"
    cat >"$checkout/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(stub LANGUAGES NONE)
set(program ${CMAKE_BINARY_DIR}/bin/interleave)
add_custom_command(OUTPUT ${program} DEPENDS program.sh
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/program.sh ${program})
add_custom_target(interleave DEPENDS ${program})
END
    printf '%s\n' '{ "version": 6, "configurePresets": [ { "name": "default",' \
        '"generator": "Ninja", "binaryDir": "${sourceDir}/build/default" } ] }' \
        >"$checkout/CMakePresets.json"
}
# Runs the checkout's entry script on the stub machine; sets status, out (stdout) and err.
run() {
    PATH=$bin INTERLEAVE_INCLUDE_DIRS=$scratch/include INTERLEAVE_OS_RELEASE=$debian12 \
        "${entry:-$checkout/tools/interleave}" "$@" </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    out=$(cat "$scratch/out") err=$(cat "$scratch/err")
}
calls() { grep -c "^$1" "$scratch/calls.log"; }

fresh_machine
new_checkout
rm "$bin/clang++" "$bin/cmake" "$bin/ninja"
run --help
equal '--help works on a bare machine' 0 "$status"
for command in learn list next check hint reset solution doctor test verify races explore setup; do
    contains "--help names $command" "  $command " "$out"
done
holds '--help writes nothing' test ! -e "$checkout/build"

run list
equal 'without consent and without a terminal the status is 3' 3 "$status"
contains 'the exact command is printed' 'apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 clang libclang-rt-14-dev cmake ninja-build' "$err"
lacks 'what is there is not installed' libfmt-dev "$err"
equal 'nothing was installed' 0 "$(calls 'apt-get install')"
equal 'nothing goes to stdout' '' "$out"
lacks 'no colour where there is no terminal' $'\033' "$err"
holds 'no stamp is written' test ! -e "$checkout/build/setup.stamp"
stub id 'echo 1000'
stub sudo 'exit 1'
run list
contains 'sudo is named when not root' 'sudo apt-get update' "$err"
run --yes list
equal 'a sudo that refuses ends the set-up before anything is installed' 3 "$status"
rm "$bin/sudo"
run --yes list
contains 'a machine without sudo is told to use root' 'as root' "$err"
stub id 'echo 0'
run lost
equal 'an unknown command is 2, before anything is installed for it' 2 "$status"
INTERLEAVE_SAVED=$debian12 debian12=$(os_release suse 'ID=opensuse')
run list
equal 'an unknown system is 3' 3 "$status"
contains 'an unknown system is told about the devcontainer' .devcontainer "$err"
debian12=$INTERLEAVE_SAVED

stub apt-get 'case $* in *install*) echo "E: Could not resolve mirror"; exit 100 ;; esac'
run --yes list
equal 'a failed installation is 4' 4 "$status"
contains 'a failed installation shows the last lines' 'E: Could not resolve mirror' "$err"
contains 'a failed installation names the network' 'network' "$err"
holds 'a failed installation leaves no stamp' test ! -e "$checkout/build/setup.stamp"
holds 'a failed installation leaves no lock' test ! -h "$checkout/build/setup.lock"

stub apt-get ''
run --yes list
equal 'an installation that brought nothing is 4' 4 "$status"
contains 'an installation that brought nothing says what is missing' 'yet this is still missing' "$err"

# apt-get "installs" the tools: afterwards everything goes on by itself.
fresh_machine
mkdir "$scratch/store"
mv "$bin/clang++" "$bin/ninja" "$scratch/store/"
stub apt-get "case \$* in *install*) cp -P '$scratch/store/'* '$bin/' ;; esac"
run --yes check 'a file.hpp' --json
equal 'after the installation the program runs, with its status' 7 "$status"
contains 'the program gets its arguments' $'arg=check\narg=a file.hpp\narg=--json' "$out"
contains 'the program gets the root' "root=$checkout" "$out"
rm -rf "$scratch/store"
new_checkout
: >"$scratch/calls.log"
CI=true run list
equal 'CI=true is consent too' 7 "$status"

# later starts
: >"$scratch/calls.log"
run --color list
equal 'a later start runs the program' 7 "$status"
equal 'a later start runs no compiler' 0 "$(calls clang++)"
equal 'a later start says nothing' '' "$err"
contains 'options that are not ours go to the program' $'arg=--color\narg=list' "$out"
chmod -R a-w "$checkout"
run list
equal 'a later start needs no writing' 7 "$status"
chmod -R u+w "$checkout"
printf '%s\n' '#!/bin/sh' 'echo changed' >"$checkout/program.sh"
run list
equal 'a changed source is built' changed "$out"
stub clang++ 'case $* in *-dumpversion*) echo 15.0.7 ;; esac # another one'
: >"$scratch/calls.log"
run list
holds 'a replaced compiler is looked at' test "$(calls clang++)" -gt 0

ln -s "$checkout/tools/interleave" "$scratch/link"
ln -s link "$scratch/link to link"
(cd / && entry="$scratch/link to link" run list && equal 'it runs through links from anywhere' changed "$out"
    printf '%s %s\n' "$passed" "$failed" >"$scratch/counts")
read -r passed failed <"$scratch/counts"
mv "$checkout" "$scratch/moved checkout" && checkout="$scratch/moved checkout"
run list
equal 'a moved checkout configures again' changed "$out"

# where it builds
INTERLEAVE_BUILD="$scratch/other build" run list
equal 'INTERLEAVE_BUILD is honoured' changed "$out"
holds 'INTERLEAVE_BUILD holds the preset folders' test -x "$scratch/other build/default/bin/interleave"
: >"$scratch/file"
INTERLEAVE_BUILD=$scratch/file/build run list
equal 'a build folder that cannot be written is 4' 4 "$status"
contains 'a build folder that cannot be written says what to do' 'INTERLEAVE_BUILD=/some/dir' "$err"

# failures of the build
new_checkout
run list
echo 'message(FATAL_ERROR "no such luck")' >>"$checkout/CMakeLists.txt"
run list
equal 'a build that fails is 4' 4 "$status"
contains 'a build that fails shows the first error' 'no such luck' "$err"
contains 'a build that fails names its log' "$checkout/build/" "$err"

# Ctrl-C while it builds. The build waits in cat, which opens `here` when it is there: a shell
# that is just starting a command may lose the signal.
new_checkout
mkfifo "$scratch/here" "$scratch/never"
printf '%s\n' "cat '$scratch/here' '$scratch/never'" >"$checkout/wait.sh"
cat >>"$checkout/CMakeLists.txt" <<'END'
add_custom_command(OUTPUT wait COMMAND sh ${CMAKE_SOURCE_DIR}/wait.sh)
add_custom_target(wait_for_ever DEPENDS wait)
add_dependencies(interleave wait_for_ever)
END
ln -s /bin/sh "$bin/sh"
set -m
# A build that ends by itself lets go of whoever waits for it to be there.
(run list; echo "$status" >"$scratch/status"; : <>"$scratch/here") &
job=$!
set +m
: >"$scratch/here"
kill -INT -- "-$job"
wait "$job" 2>/dev/null
equal 'Ctrl-C is 130' 130 "$(cat "$scratch/status" 2>/dev/null)"
contains 'Ctrl-C says that it may be started again' 'start again' "$(cat "$scratch/err")"
holds 'Ctrl-C leaves no lock' test ! -h "$checkout/build/setup.lock"

# A lock whose process is gone does not hold anybody up.
new_checkout
mkdir "$checkout/build"
(exit 0) & gone=$!
wait "$gone"
ln -s "$gone" "$checkout/build/setup.lock"
run list
equal 'a lock of a killed process is taken over' 7 "$status"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
