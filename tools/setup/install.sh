# Says what is missing and how it is installed, asks, and installs it.
# Uses of tools/interleave: build, consent.
# shellcheck shell=bash disable=SC2154

log=$build/setup.log
apt=/etc/apt

# Prints the shell commands that install the needs $2... on platform $1, one a line: what is
# shown is what is run. Prints nothing where the platform is not known.
install_commands() {
    local platform=$1 packages sudo=''
    shift
    packages=$(packages_for "$platform" "$(clang_major)" "$@")
    [ "$(id -u)" = 0 ] || sudo='sudo '
    case $platform in
        debian12 | debian13 | ubuntu2404)
            dpkg_was_interrupted && echo "${sudo}dpkg --configure -a"
            case $packages in *bookworm-backports*) backports_command "$sudo" ;; esac
            echo "${sudo}apt-get update"
            echo "${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y" \
                "--no-install-recommends -o DPkg::Lock::Timeout=120 $packages"
            ;;
        fedora) echo "${sudo}dnf install -y $packages" ;;
        arch) echo "${sudo}pacman -S --needed --noconfirm $packages" ;;
        macos) echo "brew install $packages" ;;
    esac
}

# An installation that was killed leaves notes here, and apt-get refuses to work until then.
dpkg_was_interrupted() {
    local note
    for note in /var/lib/dpkg/updates/*; do [ -e "$note" ] && return 0; done
    return 1
}

# Prints the command that adds bookworm-backports from the mirror that bookworm comes from
# here, trusted as that is; nothing if it is configured already, or there is no such mirror.
backports_command() {
    local sudo=$1 releases mirror file keyring trusted
    releases=$(configured_releases)
    case $'\n'$releases in *$'\n'bookworm-backports\ *) return ;; esac
    mirror=$(printf '%s\n' "$releases" | sed -n -E 's/^(bookworm|(old)*stable) //p' | head -n 1)
    [ -n "$mirror" ] || return 0
    file=$(grep -l -s -F "${mirror%/}" "$apt"/sources.list "$apt"/sources.list.d/*.sources \
        "$apt"/sources.list.d/*.list | head -n 1)
    keyring=$(source_option '[Ss]igned-[Bb]y' '/[^] ]*' "$file")
    trusted=$(source_option '[Tt]rusted' 'yes' "$file")
    printf "printf '%%s\\\\n' 'Types: deb' 'URIs: %s' 'Suites: bookworm-backports'" "$mirror"
    printf " 'Components: main'"
    [ -z "$keyring" ] || printf " 'Signed-By: %s'" "$keyring"
    [ -z "$trusted" ] || printf " 'Trusted: %s'" "$trusted"
    printf ' | %stee /etc/apt/sources.list.d/interleave-backports.sources\n' "$sudo"
}

# Prints "release mirror" for every release that apt is configured for. The index targets know
# codenames also where the sources say "stable", but are empty before the first update (as in
# every fresh container); then the addresses that an update would ask tell.
configured_releases() {
    local targets
    # shellcheck disable=SC2016 # apt-get expands these
    targets=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI) $(COMPONENT)' \
        'Created-By: Packages' 2>/dev/null | sed -n 's/ main$//p')
    if [ -n "$targets" ]; then
        printf '%s\n' "$targets"
    else
        apt-get update --print-uris 2>/dev/null |
            sed -n -E "s,^'([^']*)/dists/([^/']*)/InRelease'.*,\\2 \\1,p"
    fi
}

# Prints the value of an option, given as patterns, of a source in the file $3.
source_option() {
    [ -n "$3" ] || return 0
    sed -n -E "s,^[^#]*$1[:=] *($2).*,\\1,p" "$3" | head -n 1
}

# Lists what is missing; exits with 3 unless it may be installed.
install_missing() {
    local platform=$1 need commands
    shift
    heading 'Missing on this machine:'
    for need in "$@"; do say "  - $(describe "$need")"; done
    commands=$(install_commands "$platform" "$@")
    if [ -z "$commands" ]; then
        give_up 3 'How to install these on this system is not known here.' \
            'Install them with its package manager and start again, or open the checkout in its' \
            '.devcontainer (a Debian 12 with everything in it).'
    fi
    heading 'To install it:'
    printf '%s\n' "$commands" | sed 's/^/  /' >&2
    may_install "$commands"
    run_commands "$commands"
}

may_install() {
    local installer
    case $1 in *brew\ *) installer=brew ;; *sudo\ *) installer=sudo ;; *) installer='sh' ;; esac
    if ! command -v $installer >/dev/null; then
        case $installer in
            brew) give_up 3 'Homebrew is not installed; https://brew.sh says how to get it.' ;;
            sudo) give_up 3 'There is no sudo here: run these commands as root, without sudo.' ;;
        esac
    fi
    if [ "$consent" != yes ]; then
        if ! [ -t 0 ] || ! [ -t 2 ]; then
            give_up 3 'Nothing was installed: there is no terminal to ask on.' \
                'Run the above yourself, or let it be done: tools/interleave --yes COMMAND'
        fi
        local answer=''
        printf 'Run this now? [y/N] ' >&2
        read -r answer || say ''
        case $answer in
            y | Y | yes | Yes | YES) ;;
            *) give_up 3 'Nothing was installed.' 'Start again when it is there.' ;;
        esac
    fi
    if [ $installer = sudo ]; then
        say 'sudo is used for this; it may ask for your password.'
        sudo -v || give_up 3 'sudo refused. Nothing was installed.'
    fi
}

run_commands() {
    local command
    : >"$log"
    while IFS= read -r command; do
        say "Running: ${command%% -*}"
        printf '$ %s\n' "$command" >>"$log"
        bash -c "$command" </dev/null 2>&1 | log_patiently | follow || install_failed "$command"
    done <<END
$1
END
    well 'Installed what was missing.'
}

# On Ctrl-C a package manager first brings its packages into order. Until then its output goes on
# to be shown and kept: to a closed pipe it could not write.
log_patiently() (
    trap '' INT
    exec tee -a "$log"
)

# Shows the latest line of what comes in.
follow() {
    trap 'clear_status_line; say "Stopping when the package manager can safely stop ..."' INT
    local line
    while IFS= read -r line; do status_line "  $line"; done
    clear_status_line
}

install_failed() {
    complain "This failed: $1"
    tail -n 12 "$log" | sed 's/^/  | /' >&2
    say "All of it is in $log."
    if grep -q -i -E 'No space left|not enough free space' "$log"; then
        say 'The disk is full. Make room and start again; nothing that is there is installed twice.'
    elif grep -q -i -E 'could not resolve|temporary failure resolving|unable to connect|network is unreachable|failed to fetch|cannot download' "$log"; then
        say 'The package server cannot be reached. Look at the network and start again.'
    else
        say 'Put right what it says and start again; what is installed by then is not touched.'
    fi
    exit 4
}
