// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events as rows of analytics.event_ids, analytics.events and enrichment_audit
// (resources/sql/README.md).
// Thread contract: one owner. Bound: the caller's batch. The records that rows are made of must
// outlive them: their bytes are not copied.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "connectors/warehouse/page.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

class EventRows {
  public:
    /// Rows of this load batch, loaded now.
    EventRows(std::string load_batch, Micros loaded_at);

    void add(const StageInput& event);

    std::size_t size() const { return m_events.rows(); }
    const std::string& load_batch() const { return m_load_batch; }
    Micros loaded_at() const { return m_loaded_at; }
    /// The days of the rows, with their texts.
    const std::map<Day, std::string>& days() const { return m_days; }

    /// The ids of rows [first, past): what decides whether they are new.
    warehouse::Page ids(std::size_t first, std::size_t past) const;
    /// Of those rows the ones with these numbers, counted from `first`.
    warehouse::Page events(std::size_t first, const std::vector<std::size_t>& numbers) const;
    /// Their audits, of those that have one.
    warehouse::Page audits(std::size_t first, const std::vector<std::size_t>& numbers) const;

  private:
    static constexpr std::size_t no_audit = SIZE_MAX;
    void add_audit(const StageInput& event, std::string_view key);
    void add_text(const StageInput& event, std::string_view text);
    void add_field(const StageInput& event, EventField field);
    void add_time(Micros time, TimeState state);
    const std::string& day_of_record(const Record& record);

    const std::string m_load_batch;
    const Micros m_loaded_at;
    std::map<Day, std::string> m_days; // with their texts, which rows point to
    warehouse::Page m_ids;
    warehouse::Page m_events;
    warehouse::Page m_audits;
    std::vector<std::size_t> m_audit_of; // each event's row in m_audits
    JsonTape m_tape;                     // of an audit
    std::string m_scratch;
};

} // namespace weir::sandbox
