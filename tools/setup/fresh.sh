# Whether the set-up has nothing to do: asked at every start, so it costs a few processes only.
# Uses of tools/interleave: root, build, program.
# shellcheck shell=bash disable=SC2154

stamp=$build/setup.stamp

# The tools whose replacement calls for a new look at the machine.
watched_tools() {
    local tool
    for tool in clang++ ld.lld cmake ninja g++; do command -v "$tool"; done
}

# Everything the last look at the machine depended on: where this checkout is, the list of
# dependencies (with the rest of the set-up), and the tools by size and time.
setup_key() {
    local tools
    tools=$(watched_tools)
    printf '%s\n' "$root"
    cat "$root"/tools/setup/*.sh | cksum
    local IFS=$'\n'
    # shellcheck disable=SC2086 # one word per line is meant
    stat -L -c '%n %s %Y' $tools /etc/os-release 2>/dev/null ||
        stat -L -f '%N %z %m' $tools 2>/dev/null
}

# Whether the stamp says that nothing was missing on this very machine.
stamp_is_valid() {
    [ -r "$stamp" ] || return 1
    local saved
    IFS= read -r -d '' saved <"$stamp"
    [ "$saved" = "$(setup_key)"$'\n' ]
}

# Whether the program is there and up to date. A dry run writes nothing, so this is safe beside
# a build in another terminal and in a checkout that cannot be written.
program_is_current() {
    [ -x "$program" ] || return 1
    case $(ninja -C "$build/default" -n interleave 2>/dev/null) in
        *'no work to do'*) return 0 ;;
    esac
    return 1
}

# Homebrew keeps its clang out of PATH; Apple's own lacks std::jthread.
use_homebrew_llvm() {
    case $OSTYPE in darwin*) ;; *) return ;; esac
    local bin
    for bin in /opt/homebrew/opt/llvm/bin /usr/local/opt/llvm/bin; do
        if [ -x "$bin/clang++" ]; then
            export PATH="$bin:$PATH"
            return
        fi
    done
}

is_fresh() { stamp_is_valid && program_is_current; }
