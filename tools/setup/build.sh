# The way from whatever state this checkout is in to a program that can be run.
# Uses of tools/interleave: root, build, program; of fresh.sh: stamp.
# shellcheck shell=bash disable=SC2154

# Does all of it for the command $1; returns when the program is there.
prepare() {
    if [ -n "$1" ] && ! is_command "$1"; then
        give_up 2 "There is no command '$1'." 'tools/interleave --help lists the commands.'
    fi
    trap interrupted INT TERM
    measure_terminal
    make_writable_build
    take_lock
    looked=no
    installed=no
    if [ "$1" = setup ] || ! stamp_is_valid; then provide_dependencies; fi
    if [ "$1" = setup ]; then
        well 'Everything the suite needs is installed.'
        exit 0
    fi
    make_program || make_program_again || show_failure
    release_lock
    trap - INT TERM EXIT
}

interrupted() {
    trap '' INT TERM
    clear_status_line
    say 'Stopped. Nothing is lost: start again and it goes on from here.'
    exit 130
}

make_writable_build() {
    # Writing is tried: permissions alone do not tell on a read-only file system or a full disk.
    if ! { mkdir -p "$build/default" && echo >"$build/write.test" && rm -f "$build/write.test"; } \
        2>/dev/null; then
        give_up 4 "The build folder $build cannot be written." \
            'It may be read-only, belong to another user, or be on a full disk. To build elsewhere:' \
            '  INTERLEAVE_BUILD=/some/dir tools/interleave COMMAND'
    fi
}

# One set-up at a time: two builds in one folder would damage each other. The lock is a link to
# the number of its process, so that it cannot exist without saying whose it is.
take_lock() {
    local said='' owner
    lock=$build/setup.lock
    while ! ln -s $$ "$lock" 2>/dev/null; do
        owner=$(readlink "$lock") || continue
        if ! kill -0 "$owner" 2>/dev/null; then
            rm -f "$lock" # its process was killed
            continue
        fi
        if [ -z "$said" ]; then
            say "Waiting for the set-up that process $owner is doing in $build."
            said=yes
        fi
        sleep 0.2
    done
    trap release_lock EXIT
}
release_lock() { rm -f "$lock"; }

# Looks at the machine, installs what is missing, and only then writes the stamp.
provide_dependencies() {
    local platform missing need
    looked=yes
    platform=$(platform_of "${INTERLEAVE_OS_RELEASE:-/etc/os-release}" "$(uname -s)")
    status_line 'Looking at what is installed ...'
    missing=$(find_missing "$platform")
    clear_status_line
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086 # a list of words
        install_missing "$platform" $missing
        installed=yes
        hash -r
        use_homebrew_llvm
        missing=$(find_missing "$platform")
        if [ -n "$missing" ]; then
            complain 'The installation ended well, and yet this is still missing:'
            for need in $missing; do say "  - $(describe "$need")"; done
            give_up 4 "What was done is in $log." \
                'An older version that comes earlier in PATH is a common reason.'
        fi
    fi
    if ! { setup_key >"$stamp.new" && mv -f "$stamp.new" "$stamp"; } 2>/dev/null; then
        give_up 4 "$stamp could not be written." 'Is the disk full?'
    fi
}

# Configures if need be, and builds. On failure `failed` says what did and `failed_log` is its log.
make_program() {
    failed='Configuring failed' failed_log=$build/configure.log
    configure_program || return
    failed='The program does not build' failed_log=$build/build.log
    quietly 'Building the program' "$failed_log" \
        cmake --build "$build/default" --target interleave
}

# When the stamp was believed and the build fails, something may have been uninstalled since.
make_program_again() {
    [ "$looked" = no ] || return
    provide_dependencies
    [ "$installed" = yes ] || return
    rm -f "$build/default/build.ninja"
    make_program
}

# Configures unless that is done. A checkout may have been moved together with its build folder,
# and a configuration cut short may have left files that are no good: it always starts afresh.
configure_program() {
    local folder=$build/default
    if [ -f "$folder/build.ninja" ] &&
        grep -q -x -F "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt" 2>/dev/null; then
        return
    fi
    rm -f "$folder/build.ninja"
    quietly 'Configuring' "$failed_log" cmake --fresh --preset default -S "$root" -B "$folder"
}

# Runs a command with its output in a log; on a terminal, one line shows how far it is.
quietly() {
    local title=$1 file=$2
    shift 2
    if [ -t 2 ]; then
        status_line "$title ..."
        "$@" </dev/null 2>&1 | tee "$file" | follow_steps "$title"
    else
        say "$title ..."
        "$@" </dev/null >"$file" 2>&1
    fi
}

# Ninja's "[3/40] Building ..." becomes "title 3/40"; all other lines are for the log.
follow_steps() {
    local line
    while IFS= read -r line; do
        case $line in
            \[*/*\]*)
                line=${line#\[}
                status_line "$1 ${line%%\]*}"
                ;;
        esac
    done
    clear_status_line
}

# Shows the first error of the failed step with what belongs to it, and where the rest is.
show_failure() {
    complain "$failed:"
    if disk_is_full; then
        say '  The disk is full. Make room and start again, or build on another one:'
        say '    INTERLEAVE_BUILD=/some/dir tools/interleave COMMAND'
    else
        first_error "$failed_log" | sed 's/^/  | /' >&2
    fi
    say "All of it: $failed_log"
    exit 4
}

# A full disk does not always say so: a tool may just find its files cut short.
disk_is_full() {
    grep -q -i 'no space left on device' "$failed_log" ||
        [ "$(df -P -k "$build" | awk 'NR == 2 { print $4 }')" -lt 1024 ]
}

# Prints the first error of a log and at most seven lines that belong to it, or its last lines.
first_error() {
    awk '
        /(^|[ :])(fatal )?error: |^CMake Error|undefined reference to|^ninja: error/ {
            if (++errors == 2) exit
        }
        errors && /: (warning|note): |^\[[0-9]+\/[0-9]+\]|^ninja: build stopped/ { exit }
        errors { print; if (++lines == 8) exit }
        END { exit !errors }' "$1" || tail -n 8 "$1"
}
