// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What enrichment does to one event's text: personal values become tokens, a currency its code,
// advertising ids go where consent to ads is refused, and a member `enrichment` tells what was
// found out. All other bytes stay as the client wrote them. Beside it, the audit: what was there
// before and what is now, by JSON pointer; of a personal value only that it was one.
//
// The rules and their tables have one version together: the same event, version and key give the
// same bytes.
//
// Thread contract: one owner; reused from event to event. Bound: the event's size;
// audit_bytes_max of audit, beyond which it says no more than that it was cut.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/event/disclosure/tokeniser.h"
#include "models/sandbox/enrich/personal_finder.h"
#include "models/sandbox/enrich/touch.h"
#include "models/sandbox/splice.h"

namespace weir::sandbox {

/// Raised with every change of a rule or a table.
inline constexpr int enrichment_version = 1;
inline constexpr std::string_view enrichment_rule = "enrichment";
/// The member of an event's root that enrichment adds.
inline constexpr std::string_view enrichment_member = "enrichment";
/// A member of what enrichment added to this event, if there is one.
std::optional<std::uint32_t> enrichment_part(const JsonTape& tape, std::string_view name);

class Enrichment {
  public:
    static constexpr std::size_t audit_bytes_max = 16u << 10;

    explicit Enrichment(std::shared_ptr<const Tokeniser> tokeniser);

    /// Applies the rules. `contract` and `touch` may be null.
    void apply(const JsonTape& tape, const EventFields& fields, const Contract* contract,
               const Touch* touch);

    /// Of the last event; valid until the next one.
    const std::string& value() const { return m_value; }
    /// {"rule":…,"version":…,"before":{…},"after":{…}}
    const std::string& audit() const { return m_audit; }

  private:
    /// Members of a JSON object that is being written.
    struct Members {
        std::string text;
        void name(std::string_view name);
        void add(std::string_view name, std::string_view json);
        void add_text(std::string_view name, std::string_view text); // "" is null
        std::string_view braced() { return text += text.empty() ? "{}" : "}"; }
    };

    void replace(std::uint32_t node, std::string_view before, std::string_view after);
    bool is_edited(std::uint32_t node) const;
    void personal(const Contract* contract);
    void refuse_ads();
    void money();
    void units();
    void device(const EventFields& fields);
    void signal(const EventFields& fields);
    void finish();

    const std::shared_ptr<const Tokeniser> m_tokeniser;
    PersonalFinder m_finder;
    const JsonTape* m_tape = nullptr; // the event at hand
    Splice m_splice;
    std::vector<std::uint32_t> m_edited;
    Members m_added, m_before, m_after;
    std::string m_value, m_audit, m_scratch, m_json;
};

} // namespace weir::sandbox
