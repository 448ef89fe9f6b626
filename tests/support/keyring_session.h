// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A desktop session for tests of the keychain: a D-Bus of its own with an empty, unlocked GNOME
// Keyring, which ends with what was run in it.
// Thread contract: one thread. Bound: a minute. REQUIRES: dbus-daemon, gnome-keyring.
#pragma once

#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir::test {

/// What is missing for it on this computer; empty: nothing.
std::string keyring_session_lacks();
/// Runs a program in such a session; what it printed. An exit code other than 0 is an error.
Result<std::string> run_in_keyring_session(const std::vector<std::string>& arguments);

} // namespace weir::test
