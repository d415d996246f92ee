# What the set-up says. Everything goes to stderr: stdout belongs to the program.
# shellcheck shell=bash

# One command a line: its name, then what it does. Also tells a mistyped command before
# anything is installed for it.
commands() {
    cat <<'END'
learn     open the next lesson and watch it: every save gets its verdict
list      the lessons, and how far you are
next      go on to the next lesson
check     judge lessons once, or another file as the answer
hint      the next hint for a lesson
reset     put a lesson's starter back (your version is kept as a backup)
solution  how the solution differs from your answer
doctor    look at the compiler, the sanitizers and everything else the suite needs
test      prove the whole suite: course, tools, and every lesson both ways
verify    prove lessons: starters fail as declared, solutions pass, answers get their kind
races     every answer under ThreadSanitizer, with clang and with gcc, as a table
explore   search the schedules of a lesson for one that breaks it
grade     judge many submissions
report    write the results as a page
setup     only install what is missing
END
}

usage() {
    cat <<'END'
Interleave teaches C++20 concurrency by broken programs to fix, and proves the fix.

usage: tools/interleave [--yes] COMMAND [ARGUMENT...]

END
    commands | sed 's/^/  /'
    cat <<'END'

Start with `tools/interleave learn`. `tools/interleave COMMAND --help` says more about one.

  --yes     install what is missing without asking (also: CI=true, INTERLEAVE_YES=1)

What is missing on this machine is listed with the exact command before anything is
installed, and the program is built when its sources have changed.

  INTERLEAVE_BUILD=DIR         build there instead of in build/ of the checkout
  CMAKE_BUILD_PARALLEL_LEVEL=N compile at most N files at a time
  NO_COLOR=1                   no colours

exit status: that of the command; before it is reached 2 for an unknown command, 3 when
something is missing and may not be installed, 4 when the set-up failed, 130 when interrupted.
END
}

is_command() {
    case $'\n'$(commands) in
        *$'\n'"$1 "*) return 0 ;;
    esac
    return 1
}

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$'\033[1m' red=$'\033[31m' green=$'\033[32m' plain=$'\033[0m'
else
    bold='' red='' green='' plain=''
fi

say() { printf '%s\n' "$*" >&2; }
heading() { printf '%s%s%s\n' "$bold" "$*" "$plain" >&2; }
well() { printf '%s%s%s\n' "$green" "$*" "$plain" >&2; }
complain() { printf '%s%s%s\n' "$red" "$*" "$plain" >&2; }

# Ends with a status after a complaint; further arguments are lines of explanation.
give_up() {
    local status=$1
    complain "$2"
    shift 2
    local line
    for line in "$@"; do say "$line"; done
    exit "$status"
}

# Shows a text in place on a terminal; elsewhere nothing, so that a log has no noise.
status_line() {
    [ -t 2 ] || return 0
    printf '\r\033[K%.*s' "$((${columns:-80} - 1))" "$1" >&2
}
clear_status_line() { if [ -t 2 ]; then printf '\r\033[K' >&2; fi; }

# The width of the terminal, asked once per set-up.
measure_terminal() {
    columns=80
    [ -t 2 ] || return 0
    local size
    size=$(stty size <&2 2>/dev/null) && columns=${size#* }
    [ "$columns" -ge 20 ] 2>/dev/null || columns=80
}
