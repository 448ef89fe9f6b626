// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Self-describing JSON {"schema": "iglu:…", "data": …} within the parameters of Snowplow's tracker
// protocol ("ue_pr", "co", and in base64 "ue_px", "cx").
// Thread contract: pure functions; a SelfDescribing has one owner. Bound: the event's own text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/event/json/json_tape.h"

namespace weir {

/// "iglu:com.acme/sign_up/jsonschema/1-0-2" in its parts.
struct IgluName {
    std::string vendor;
    std::string name;
    std::string version;
};
/// Nothing: it is no such name.
std::optional<IgluName> split_iglu(std::string_view schema);
/// The model of a version MODEL-REVISION-ADDITION; -1 for one that no contract can have; nothing if
/// none is named.
std::optional<std::int64_t> iglu_model(std::string_view version);

/// A self-describing JSON that is text within a tracker's parameters.
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
    /// The `data` of the self-describing JSON at `node`, and its pointer in the event as it came:
    /// "/ue_pr/data/data" is data within the text of a member. False: it has none.
    bool inner(std::uint32_t node, JsonTape& data, std::string& within) const;

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

} // namespace weir
