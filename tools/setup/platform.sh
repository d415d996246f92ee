# Which system this is, and what it calls the things the suite needs.
# shellcheck shell=bash

# Prints the name of the package table for an os-release file and a kernel name.
platform_of() {
    local os_release=$1 kernel=$2
    if [ "$kernel" = Darwin ]; then
        echo macos
        return
    fi
    [ -r "$os_release" ] || {
        echo other
        return
    }
    # In a subshell: the file sets variables of its own.
    (
        ID='' ID_LIKE='' VERSION_CODENAME='' UBUNTU_CODENAME='' DEBIAN_CODENAME=''
        # shellcheck source=/dev/null
        . "$os_release"
        case "${UBUNTU_CODENAME:-}/${DEBIAN_CODENAME:-$VERSION_CODENAME}/$ID $ID_LIKE" in
            (noble/*) echo ubuntu2404 ;;
            (/bookworm/*debian*) echo debian12 ;;
            (/trixie/*debian*) echo debian13 ;;
            (*/fedora*) echo fedora ;;
            (*/arch* | */*\ arch*) echo arch ;;
            (*) echo other ;;
        esac
    )
}

# Everything that is looked for, in the order in which it is listed.
all_needs() {
    local needs='compiler tsan asan symbolizer lld cmake ninja gcc pkg-config'
    [ "$1" = macos ] && needs='compiler tsan asan symbolizer cmake ninja pkg-config'
    echo "$needs catch2 curl libevent json toml cli11 fmt"
}

# What a need is, for a person.
describe() {
    case $1 in
        compiler) echo 'clang++ 14 or newer, with a C++20 standard library that has std::jthread' ;;
        tsan) echo "clang's ThreadSanitizer runtime, for the race stage" ;;
        asan) echo "clang's AddressSanitizer runtime, for the lifetime stage" ;;
        symbolizer) echo 'llvm-symbolizer, which puts file and line into sanitizer reports' ;;
        lld) echo 'lld, the fast linker' ;;
        cmake) echo 'CMake 3.25 or newer' ;;
        ninja) echo 'Ninja' ;;
        gcc) echo 'g++ with its ThreadSanitizer, the second opinion on races' ;;
        pkg-config) echo 'pkg-config' ;;
        catch2) echo 'Catch2 3, the test framework' ;;
        curl) echo 'libcurl, for the lessons that fetch' ;;
        libevent) echo 'libevent, for the loopback server' ;;
        json) echo 'nlohmann-json' ;;
        toml) echo 'toml++' ;;
        cli11) echo 'CLI11' ;;
        fmt) echo 'fmt' ;;
    esac
}

# Prints the packages of one need. `clang_major` is the version of the installed clang++, whose
# sanitizer runtimes have to match it, or empty.
packages_of() {
    local platform=$1 need=$2 clang_major=$3
    case $platform in
        debian12 | debian13 | ubuntu2404) apt_packages_of "$platform" "$need" "$clang_major" ;;
        fedora)
            case $need in
                compiler) echo clang ;;
                tsan | asan) echo compiler-rt ;;
                symbolizer) echo llvm ;;
                ninja) echo ninja-build ;;
                gcc) echo gcc-c++ libtsan libasan ;;
                pkg-config) echo pkgconf-pkg-config ;;
                catch2) echo catch-devel ;;
                curl) echo libcurl-devel ;;
                libevent) echo libevent-devel ;;
                json) echo json-devel ;;
                toml) echo tomlplusplus-devel ;;
                cli11) echo cli11-devel ;;
                fmt) echo fmt-devel ;;
                *) echo "$need" ;;
            esac
            ;;
        arch)
            case $need in
                compiler) echo clang ;;
                tsan | asan) echo compiler-rt ;;
                symbolizer) echo llvm ;;
                pkg-config) echo pkgconf ;;
                json) echo nlohmann-json ;;
                toml) echo tomlplusplus ;;
                *) echo "$need" ;;
            esac
            ;;
        macos)
            case $need in
                compiler | tsan | asan | symbolizer) echo llvm ;;
                pkg-config) echo pkgconf ;;
                json) echo nlohmann-json ;;
                toml) echo tomlplusplus ;;
                *) echo "$need" ;;
            esac
            ;;
    esac
}

apt_packages_of() {
    local platform=$1 need=$2 clang_major=$3
    case $need in
        compiler) echo clang ;;
        tsan | asan)
            if [ -z "$clang_major" ]; then
                case $platform in
                    debian12) clang_major=14 ;;
                    debian13) clang_major=19 ;;
                    ubuntu2404) clang_major=18 ;;
                esac
            fi
            echo "libclang-rt-$clang_major-dev"
            ;;
        symbolizer) echo llvm ;;
        ninja) echo ninja-build ;;
        gcc) echo g++ ;;
        # Debian 12 itself has Catch2 2; the third is in its backports.
        catch2) if [ "$platform" = debian12 ]; then echo catch2/bookworm-backports; else echo catch2; fi ;;
        curl) echo libcurl4-openssl-dev ;;
        libevent) echo libevent-dev ;;
        json) echo nlohmann-json3-dev ;;
        toml) echo libtomlplusplus-dev ;;
        cli11) echo libcli11-dev ;;
        fmt) echo libfmt-dev ;;
        *) echo "$need" ;;
    esac
}

# Prints the packages of several needs, each once, on one line.
packages_for() {
    local platform=$1 clang_major=$2 need package all=' '
    shift 2
    for need in "$@"; do
        for package in $(packages_of "$platform" "$need" "$clang_major"); do
            case $all in
                *" $package "*) ;;
                *) all="$all$package " ;;
            esac
        done
    done
    all=${all# }
    echo "${all% }"
}
