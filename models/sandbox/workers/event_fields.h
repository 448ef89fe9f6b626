// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields that an event has under some name in every dialect, found on its tape.
// Thread contract: immutable once made. Bound: the dialect's paths.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/field_paths.h"
#include "models/event/json/json_tape.h"

namespace weir::sandbox {

enum class EventField : std::uint8_t {
    Id,
    Type,
    SchemaVersion,
    Session,
    Anonymous,
    User,
    EventTime,
    ReceivedTime,
    Source,
    SourceId,
    Platform,
    AppVersion,
    Ip,
    UserAgent,
    Locale,
    Page,     // a URL or a path
    Referrer, // a URL
    Campaign, // an object
    Consent,  // an object: purpose → whether it is agreed to
};
inline constexpr int event_field_count = 19;

class EventFields {
  public:
    /// Of no dialect: nothing is ever found.
    EventFields() = default;
    explicit EventFields(const FieldPaths& paths);

    /// The field's value, which is neither missing nor null.
    std::optional<std::uint32_t> find(const JsonTape& tape, EventField field) const;
    /// The text of a string, the digits of a number; "" for all else. `scratch` may hold it.
    std::string_view text(const JsonTape& tape, EventField field, std::string& scratch) const;

  private:
    using Path = std::vector<std::string>;                    // names of members, from the root
    std::array<std::vector<Path>, event_field_count> m_paths; // tried in order
};

} // namespace weir::sandbox
