// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What kind of device a user agent names, by a fixed table: its type, its system, its browser and
// the browser's main version. What the text does not tell stays unknown; nothing is guessed from
// the rest of the event.
//
// Thread contract: a pure function over constant tables.
#pragma once

#include <string_view>

namespace weir::sandbox {

/// Views are constants, but for the version, which is part of the user agent.
struct Device {
    std::string_view type;    // "desktop", "phone", "tablet", "bot", "unknown"
    std::string_view system;  // "Windows"; "" is unknown
    std::string_view browser; // "Chrome"; "" is unknown
    std::string_view version; // "130"
};

Device device_of(std::string_view user_agent);

} // namespace weir::sandbox
