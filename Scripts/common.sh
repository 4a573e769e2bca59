# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What Scripts/run and Scripts/test share. It is sourced, and leaves the shell in the root of the repository.
# shellcheck disable=SC2034  # The variables are read by the scripts that source this.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# The Debian packages that the program is built from.
build_packages=(libargon2-dev libsqlite3-dev libssl-dev pkg-config zlib1g-dev)

# How the program is built for use: one file without the Swift libraries, optimised across modules, position
# independent, with every symbol bound at the start and no run path.
release_flags=(
    -c release --product lanyard --static-swift-stdlib --disable-local-rpath
    -Xswiftc -cross-module-optimization -Xlinker -z -Xlinker now
)

step() { printf '==> %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Makes sure of a Swift compiler that can build this, and of the named Debian packages.
prepare() {
    command -v swift >/dev/null ||
        fail 'swift is not on the PATH; install Swift 6.3 for Debian 12 from https://www.swift.org/install/linux/'
    require_packages "$@"
    local text version
    text=$(swift --version 2>&1) || fail "swift does not start: $text"
    version=$(grep -o 'Swift version [0-9]*\.[0-9]*' <<<"$text" | grep -o '[0-9.]*$') || version=0.0
    (( ${version%.*} > 6 || (${version%.*} == 6 && ${version#*.} >= 3) )) ||
        fail "Swift 6.3 or later is needed, and $(command -v swift) is $version"
}

# Installs those of the named Debian packages that are missing. With all there, nothing is asked of the network.
require_packages() {
    local package missing=()
    command -v dpkg-query >/dev/null ||
        fail "this is no Debian; install what these packages hold, and build with: swift build ${release_flags[*]}"
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
    done
    (( ${#missing[@]} )) || return 0

    step "Installing ${missing[*]}"
    local as_root=()
    if (( EUID != 0 )); then
        command -v sudo >/dev/null || fail "run this as root, or install sudo; missing: ${missing[*]}"
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq || fail "apt-get update failed; missing: ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "apt-get could not install: ${missing[*]}"
}

# Builds the program for use, and sets `binary` to its path.
build_release() {
    step 'Building lanyard (release)'
    compile_release && find_release
}

compile_release() {
    discard_builds_of_another_folder
    # The linker warns of `mktemp` in Swift's own FoundationEssentials, which this program never calls.
    swift build "${release_flags[@]}" |
        sed -u '/libFoundationEssentials\.a(.*: warning: the use of `mktemp. is dangerous/d'
}

# Sets `binary` to the path of the release build.
find_release() { binary=$(swift build "${release_flags[@]}" --show-bin-path)/lanyard; }

# The compiler's caches hold the path of their folder, so after the folder was moved or copied, a build ends with "missing
# required module 'SwiftShims'" and the like. What the compiler wrote of each module's sources says where they were.
discard_builds_of_another_folder() {
    local modules stale
    for modules in .build/*/{debug,release}/Modules .build/*/*/{debug,release}/Modules; do
        stale=$(grep -LaF "$root/" "$modules"/Lanyard*.swiftsourceinfo 2>/dev/null) || :
        [[ -n $stale ]] || continue
        step "This folder was moved or copied since its last build; removing ${modules%/Modules}"
        rm -rf "${modules%/Modules}"
    done
}
