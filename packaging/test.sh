#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests need, builds and runs all of them; ends with ctest's summary.
#
#   packaging/test.sh          what CI runs
#   packaging/test.sh --soak   the long forms: ring turnovers, 20 M events, a broker
#                              away for a minute, an hour of fuzzing, clang-tidy on all files
#
# WEIR_TIDY_BASE: clang-tidy reads the files changed since that commit (default: five commits of this branch ago).
set -uo pipefail
cd "$(dirname "$0")/.."
. packaging/common.sh

soak=0
case "${1:-}" in
"") ;;
--soak) soak=1 ;;
*) echo "usage: packaging/test.sh [--soak]" >&2; exit 2 ;;
esac

mkdir -p build
room_gb=$(df --output=avail -BG build | tail -n 1 | tr -dc 0-9)
if [ "$room_gb" -lt 15 ]; then # builds, a broker's logs, databases
    echo "Only $room_gb GB of disk are left for $PWD/build; the tests need 15. Free some, then run this again." >&2
    exit 1
fi
failed=build/failed-steps
: >"$failed"
: >build/failed-tests
# step NAME COMMAND…: goes on after a failure, so that one run tells all.
step() {
    local name=$1 began=$SECONDS
    shift
    say "$name"
    "$@" || echo "$name" >>"$failed"
    say "$name: $((SECONDS - began)) s"
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    configure "$preset" || return 1
    [ "$soak" = 0 ] || cmake --preset "$preset" -DWEIR_TEST_TIMEOUT=7200 >/dev/null || return 1
    cmake --build --preset "$preset" ${1:+--target "$@"} -- --quiet
}
# run_ctest PRESET [ctest's arguments]. Most tests wait for a broker: more of them than cores run at
# once. A test of a real broker may need another try on a busy machine; ctest shows each.
run_ctest() {
    local log=$PWD/build/ctest-$1.log
    (cd "build/$1" && shift && ctest --output-on-failure -j 3 --repeat until-pass:3 "$@") | tee "$log" && return
    # A test that failed each time is among the last lines of the whole run once more.
    sed -n 's/^\t *[0-9]* - \(.*\) (.*/\1/p' "$log" | while read -r name; do
        awk -v name="$name" '/ Test +#[0-9]+: /{ shown = index($0, ": " name " ") && /\*\*\*/ } shown' "$log" |
            tail -n 60
    done >>build/failed-tests
    return 1
}

formatted() {
    git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run --Werror
}

tidy() {
    local base files
    base=${WEIR_TIDY_BASE:-$(git rev-list --first-parent --max-count=6 HEAD | tail -n 1)}
    [ "$soak" = 1 ] && base=$(git rev-list --max-parents=0 HEAD) # all files
    files=$(git diff --name-only --diff-filter=d "$base" -- 'connectors/*.cpp' 'models/*.cpp' \
        'widgets/*.cpp' 'app/*.cpp')
    [ -z "$files" ] && return 0
    configure tidy || return 1 # nothing is built: no source includes what moc makes
    # shellcheck disable=SC2086
    python3 packaging/tidy.py build/tidy $files
}

# All fuzzers, two at a time: half a minute each, or (--soak) an hour of fuzzing in all. Each says how many inputs
# it tried, or what it found.
fuzz() {
    local fuzzers seconds=30
    fuzzers=$(find build/fuzz/tests/fuzz -maxdepth 1 -type f -name 'fuzz_*' -executable)
    [ "$soak" = 1 ] && seconds=$((3600 / $(wc -w <<<"$fuzzers")))
    printf '%s\n' $fuzzers | xargs -P 2 -I {} bash -c '
        name=${1##*/fuzz_} log=build/fuzz/${1##*/}.log
        mkdir -p "build/fuzz/corpus/$name"
        if "$1" -max_total_time="$2" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
            -verbosity=0 -artifact_prefix="build/fuzz/$name-" \
            "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
            echo "$name: $(sed -n "s/^stat::number_of_executed_units: *//p" "$log") inputs"
        else
            echo "$name FAILED; $PWD/$log:"
            grep -v "^INFO" "$log" | head -n 40
            exit 1
        fi' fuzz {} "$seconds"
}

# What speaks to Kafka runs on both versions.
on_old_kafka() { WEIR_KAFKA_VERSION=3.9.1 run_ctest "$@"; }

# Not under sanitizers: they are for much, not for long.
long_forms() { WEIR_SOAK=1 run_ctest release -L soak; }

# SDKs that exist send to weir sandbox. They come from PyPI and npm; without these that is said, not
# passed over.
python_sdks() {
    local venv=build/sdk-venv
    if [ ! -x "$venv/bin/python" ]; then
        python3 -m venv "$venv" || return 1
    fi
    if ! "$venv/bin/pip" install -q segment-analytics-python==2.4.0 rudder-sdk-python==2.1.9 \
        snowplow-tracker==1.1.0; then
        say "NOT RUN: the SDKs for Python could not be had from PyPI"
        return 1
    fi
    "$venv/bin/python" tests/sdk/python_sdks.py build/release/app/weir &&
        WEIR_SDK_PYTHON=$PWD/$venv/bin/python run_ctest asan -L sdk
}

browser_sdks() {
    # Not from Debian where Node.js is there already: its npm would take another Node.js along.
    command -v npm >/dev/null || install_packages npm || return 1
    if ! npm install --prefix build/sdk-npm --silent --no-audit --no-fund --ignore-scripts \
        @segment/analytics-next@1.84.3 @rudderstack/analytics-js@3.34.1 \
        @snowplow/browser-tracker@4.10.1; then
        say "NOT RUN: the SDKs for browsers could not be had from npm"
        return 1
    fi
    python3 tests/sdk/browser_sdks.py build/release/app/weir build/sdk-npm/node_modules
}

# Burrow's package starts no service and enables none: its test starts one, on the loopback.
# shellcheck disable=SC2086
install_packages $BUILD_PACKAGES mold clang clang-tidy clang-format libclang-rt-14-dev \
    dbus-daemon gnome-keyring libsecret-tools locales \
    openjdk-17-jre-headless maven openssl curl chromium python3-venv kcat xvfb libsimdjson-dev \
    json-schema-test-suite libvalijson-dev postgresql burrow || exit 1
export QT_QPA_PLATFORM=offscreen

# What needs no waiting fills the processors while tests wait for a broker, and gives way to them.
builds_beside_tests() {
    renice -n 15 -p $BASHPID >/dev/null
    step "threads: build" build tsan tests_of_threads
    step "fuzzers: build" build fuzz
    step "as shipped: build" build release weir
    [ "$soak" = 1 ] || step "clang-tidy" tidy
}
fuzzers_beside_tests() {
    renice -n 15 -p $BASHPID >/dev/null
    step "fuzzers" fuzz
}
tidy_beside_long_forms() {
    renice -n 15 -p $BASHPID >/dev/null
    step "clang-tidy, all files" tidy
}
# beside LOG COMMAND…: in the background; its output is shown by told.
beside() { "${@:2}" >"build/$1.log" 2>&1 & }
told() { wait && cat "build/$1.log"; }

step "format" formatted
step "sanitizers: build" build asan
beside builds builds_beside_tests
step "all tests, address and undefined behaviour, Kafka 4.1.0" run_ctest asan -LE sdk | tee build/all-tests.log
step "tests of a broker, Kafka 3.9.1" on_old_kafka asan -L broker -LE "threads|sdk"
told builds
beside fuzzers fuzzers_beside_tests
step "tests of threads, Kafka 3.9.1" on_old_kafka tsan -L threads
told fuzzers
step "client SDKs: Python" python_sdks
step "client SDKs: browser" browser_sdks
if [ "$soak" = 1 ]; then
    step "long forms: build" build release long_forms
    beside tidy tidy_beside_long_forms
    step "long forms" long_forms
    told tidy
fi

cat build/failed-tests
sed -n '/tests passed/,$p' build/all-tests.log
if [ -s "$failed" ]; then
    sed 's/^/FAILED: /' "$failed"
    exit 1
fi
