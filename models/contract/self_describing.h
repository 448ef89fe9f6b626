// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Self-describing JSON {"schema": "iglu:…", "data": …} within the parameters of Snowplow's tracker
// protocol ("ue_pr", "co", and in base64 "ue_px", "cx"). What is there and cannot be read is a
// violation: an event does not escape its contract by being illegible.
// Thread contract: pure functions; a SelfDescribing has one owner. Bound: the event's own text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/contract/violation.h"
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

/// too_large for a text of too many levels or values, which may well be JSON; else not_json.
ViolationReason reason_of(const JsonError& error);

/// A self-describing JSON that is text within a tracker's parameters.
class SelfDescribing {
  public:
    /// Reads what is under `plain` or, in base64, under `encoded`. False: there is none, or there
    /// is a problem().
    bool read(const JsonTape& parameters, std::string_view plain, std::string_view encoded);
    /// Why the last read(), has_list() or describe() came to nothing: not_json, too_large,
    /// missing_required, wrong_type or format. Nothing: there was nothing to be read, or all is
    /// well.
    const std::optional<Violation>& problem() const { return m_problem; }
    /// Whether `data` is a list; if not, that is a problem. REQUIRES: the last read() returned
    /// true.
    bool has_list();

    /// REQUIRES, of all: the last read() returned true.
    const JsonTape& tape() const { return m_tape; }
    std::string_view member() const { return m_member; } // "ue_pr"
    std::uint32_t data() const { return m_data; }
    /// What `data` says it is, if it is self-describing in its turn.
    std::string schema_of(std::uint32_t node) const;
    /// What the self-describing JSON at `node` is, its `data`, and the pointer of that in the event
    /// as it came: "/ue_pr/data/data" is data within the text of a member. Nothing: see problem().
    std::optional<IgluName> describe(std::uint32_t node, JsonTape& data, std::string& within);

  private:
    std::string parameter(const JsonTape& parameters, std::string_view name);
    bool read_text(const JsonTape& parameters, std::string_view plain, std::string_view encoded);
    void report(ViolationReason reason, std::string pointer, std::string expected,
                std::string_view found);
    void report(const JsonTape& unread, std::string pointer);

    JsonTape m_tape;
    std::string m_text;
    std::string m_member;
    std::uint32_t m_data = 0;
    std::optional<Violation> m_problem;
};

/// Reads `ue_pr` or `ue_px`: the event itself is in `data`.
inline bool read_event(SelfDescribing& said, const JsonTape& parameters) {
    return said.read(parameters, "ue_pr", "ue_px");
}
/// Reads `co` or `cx`: entities are the elements of `data`.
inline bool read_entities(SelfDescribing& said, const JsonTape& parameters) {
    return said.read(parameters, "co", "cx") && said.has_list();
}

} // namespace weir
