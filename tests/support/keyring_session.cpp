// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/keyring_session.h"

#include "tests/support/process.h"

namespace weir::test {
namespace {

constexpr int limit_s = 60;

// The keyring's daemon ends when the session's bus does.
constexpr const char* script = R"(
folder=$(mktemp -d) || exit 99
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" XDG_DATA_HOME="$folder" XDG_CACHE_HOME="$folder" XDG_RUNTIME_DIR="$folder"
printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 98
"$@"
)";

} // namespace

std::string keyring_session_lacks() {
    for (const char* program : {"dbus-run-session", "gnome-keyring-daemon"})
        if (!run({"/bin/sh", "-c", "command -v \"$0\"", program}))
            return program;
    return {};
}

Result<std::string> run_in_keyring_session(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"dbus-run-session", "--", "/bin/sh", "-c", script, "session"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, limit_s);
}

} // namespace weir::test
