// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Snowplow's tracker protocol says of an event, by its short names ("e", "ue_pr", "co").
// Thread contract: pure functions; a SelfDescribing has one owner. Bound: the event's own text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/event/json/json_tape.h"

namespace weir::sandbox {

/// "iglu:com.acme/sign_up/jsonschema/1-0-2" in its parts.
struct IgluName {
    std::string vendor;
    std::string name;
    std::string version;
};
/// Nothing: it is no such name.
std::optional<IgluName> split_iglu(std::string_view schema);

/// "page_view" for "pv", …; the code itself where it is none that is known.
std::string_view snowplow_type_word(std::string_view code);
/// The schema of an event that names none itself: Snowplow's own of its kind; "" for none.
std::string_view snowplow_own_schema(std::string_view code);

/// A self-describing JSON {"schema","data"} that is text within a tracker's parameters.
class SelfDescribing {
  public:
    /// Reads what is under `plain` or, in base64, under `encoded`. False: there is none that is
    /// JSON and has `data`.
    bool read(const JsonTape& parameters, std::string_view plain, std::string_view encoded);

    /// REQUIRES, of all: the last read() returned true.
    const JsonTape& tape() const { return m_tape; }
    std::string_view member() const { return m_member; } // "ue_pr"
    std::uint32_t data() const { return m_data; }
    /// What `data` says it is, if it is self-describing in its turn.
    std::string schema_of(std::uint32_t node) const;

  private:
    JsonTape m_tape;
    std::string m_text;
    std::string m_member;
    std::uint32_t m_data = 0;
};

/// Reads `ue_pr` or `ue_px`: the event itself is in `data`.
inline bool read_event(SelfDescribing& said, const JsonTape& parameters) {
    return said.read(parameters, "ue_pr", "ue_px");
}
/// Reads `co` or `cx`: entities are the elements of `data`.
inline bool read_entities(SelfDescribing& said, const JsonTape& parameters) {
    return said.read(parameters, "co", "cx") &&
           said.tape().nodes()[said.data()].kind == JsonKind::Array;
}

} // namespace weir::sandbox
