# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# What demo.sh and test.sh share. Sourced, not run.

BUILD_PACKAGES="cmake ninja-build g++ ccache git pkg-config python3
    qt6-base-dev qt6-base-dev-tools qt6-svg-dev qt6-charts-dev qtkeychain-qt6-dev qt6-qpa-plugins
    librdkafka-dev nlohmann-json3-dev libxxhash-dev libre2-dev
    libcurl4-openssl-dev libsqlite3-dev libpq-dev libssl-dev zlib1g-dev libboost-dev fonts-inter fonts-jetbrains-mono"

say() { printf '== %s\n' "$*"; }

# install_packages NAME…: those that are missing, as root or with sudo; nothing if all are there.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "These packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2
            echo "Install them, then run this again." >&2
            return 1
        }
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# configure PRESET [OPTION…]: only when it was not, so that a second run is quick.
configure() { [ -f "build/$1/build.ninja" ] || cmake --preset "$@" >/dev/null; }
