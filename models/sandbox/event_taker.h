// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the decoders of all dialects share: one event's bytes in, one JudgedEvent in the batch. A
// dialect says what the event is (describe) and which text is added to it (complete). Of violations
// beyond the bound each reason says how many there are.
//
// Thread contract: one owner. Bound: BatchLimits.
#pragma once

#include "models/sandbox/batch.h"
#include "models/sandbox/splice.h"

namespace weir::sandbox {

/// What a dialect found in an event.
struct Described {
    std::string type;
    std::string version;
    std::string key;
    std::string source;
    void clear();
};

class EventTaker {
  public:
    EventTaker(Batch& batch, Judge& judge, const BatchLimits& limits)
        : m_batch(batch)
        , m_judge(judge)
        , m_limits(limits) {}
    virtual ~EventTaker() = default;
    EventTaker(const EventTaker&) = delete;
    EventTaker& operator=(const EventTaker&) = delete;

    /// Appends one event to the batch, whatever it is. `original` lives as long as the batch.
    void take(std::string_view original);

  protected:
    /// The tape holds an object.
    virtual void describe(const JsonTape& tape, Described& event) = 0;
    virtual void complete(const JsonTape& tape, const Described& event, Splice& splice) = 0;
    virtual void judge(Judge& judge, const JsonTape& tape, const Described& event,
                       Verdict& verdict);
    /// Text around the event in what goes to the broker.
    virtual std::string_view before() const { return {}; }
    virtual std::string_view after() const { return {}; }

    const Batch& batch() const { return m_batch; }

  private:
    bool readable(std::string_view original, JudgedEvent& event);
    bool make_value(JudgedEvent& event, const Verdict& verdict);
    bool write_value(JudgedEvent& event, const Verdict& verdict);

    Batch& m_batch;
    Judge& m_judge;
    const BatchLimits m_limits;
    JsonTape m_tape;
    Splice m_splice;
    Described m_described;
};

/// The broker takes no record of the size of this event.
void refuse_as_too_large(JudgedEvent& event);
/// 413: more than limits.events.
Unreadable too_many_events(const BatchLimits& limits);
/// The text of a string, number or boolean as a client may have meant it; "" for all else.
std::string scalar_text(const JsonTape& tape, std::uint32_t node);
/// `text` with its quotes, as JSON.
std::string json_string(std::string_view text);

} // namespace weir::sandbox
