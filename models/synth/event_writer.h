// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes one native event as JSON, with a fault in it if one is asked for.
// Thread contract: one owner. Bound: JsonBuffer::capacity.
#pragma once

#include "models/synth/generator.h"
#include "models/synth/json_buffer.h"
#include "models/synth/session.h"

namespace weir::synth {

struct EventTimes {
    Micros event, sent, received;
};

class EventWriter {
  public:
    /// Writes the session's present step; valid until the next call.
    std::string_view write(Session& session, const EventTimes& times, Fault fault, Random& random);

    /// The member that the last event's fault is in; "" for the whole, or without a fault.
    std::string_view pointer() const { return m_pointer; }

  private:
    void choose_victim(const Session& session, Random& random);
    void name(std::string_view name);
    void text(std::string_view name, std::string_view value);
    void schema_version(std::int64_t version);
    void write_who(const Session& session);
    void write_times(const EventTimes& times);
    void write_context(Session& session, Random& random);
    void write_properties(const Session& session, Random& random);
    void write_number(const StepInfo& step, std::int64_t value);
    void write_items(const Session& session);
    void write_order_id(const Session& session);
    void spoil(Random& random);
    bool missing(std::string_view pointer) const {
        return m_fault == Fault::MissingField && m_pointer == pointer;
    }

    JsonBuffer m_out;
    Fault m_fault = Fault::None;
    std::string_view m_pointer;
    bool m_first = true; // no comma before the next member
};

} // namespace weir::synth
