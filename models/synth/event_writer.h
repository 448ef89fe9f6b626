// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes one native event as JSON, with a fault in it if one is asked for.
// Thread contract: one owner. Bound: JsonBuffer::capacity.
#pragma once

#include "models/synth/crowd.h"
#include "models/synth/generator.h"
#include "models/synth/json_buffer.h"
#include "models/synth/touch_book.h"

namespace weir::synth {

/// The app version that the server side's events carry.
inline constexpr std::string_view server_version = "orders-2.14.0";

/// What a record of that sender is sent along with.
const std::vector<HeaderView>& headers_of(Platform sender);

/// The order's number; the large ids of Session::large_id go before it.
void write_order_number(const Session& session, JsonBuffer& out);

class EventWriter {
  public:
    /// `sure`: a fault breaks one demand of the demo shop's contracts. Without a version, an event
    /// is judged by its type's newest contract, and breaks what is new in that, too.
    explicit EventWriter(bool sure = false)
        : m_sure(sure) {}

    /// Writes the session's present step; valid until the next call.
    std::string_view write(Session& session, const EventTimes& times, Fault fault, Random& random);

    /// The last event's id, also where the fault hides it.
    std::string_view id() const { return m_id.view(); }
    /// The member that the last event's fault is in; "" for the whole, or without a fault.
    std::string_view pointer() const { return m_pointer; }
    /// What the last event told of where its visit comes from.
    const Landing& landing() const { return m_landing; }

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

    const bool m_sure;
    JsonBuffer m_out;
    JsonBuffer m_id;
    Fault m_fault = Fault::None;
    std::string_view m_pointer;
    Landing m_landing;
    bool m_first = true; // no comma before the next member
};

} // namespace weir::synth
