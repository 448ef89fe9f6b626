#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is needed, builds Weir, and opens its window on a live pipeline. Without a display it
# runs for a minute, prints what it sees and leaves a picture of each view in build/demo/.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/common.sh

# shellcheck disable=SC2086
install_packages $BUILD_PACKAGES
say "building (the first time takes some minutes)"
configure release -DWEIR_TESTS=OFF -DWEIR_WERROR=OFF
cmake --build --preset release --target weir -- --quiet

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "opening the window; close it to end the demo"
    exec build/release/app/weir demo
fi
say "no display: running for a minute without a window; pictures go to build/demo/"
mkdir -p build/demo
export QT_QPA_PLATFORM=offscreen
exec build/release/app/weir demo --headless --for "${WEIR_DEMO_FOR:-60s}" --pictures build/demo
