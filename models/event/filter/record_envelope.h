// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of a record's value stands around its events (`"writeKey"`, `"sentAt"`, `"context"` of a
// batch): the value without what is in the array that holds them, a line break in its place. Words
// and `value` are looked for there, too; each event of the record then matches. Of a record that is
// one event, or has one on each line, nothing stands around.
//
// Thread contract: one owner. Bound: a tape and a copy of one record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/event/json/json_tape.h"

namespace weir {

class EnvelopeText {
  public:
    virtual ~EnvelopeText() = default;
    /// Found once it is asked for; valid until the next record. Empty: there is none.
    virtual std::string_view text() = 0;
    /// A number that no other record's envelope in the process has, and not 0.
    virtual std::uint64_t number() const = 0;
};

/// What was found out about an envelope, once for all events of its record.
class EnvelopeAnswer {
  public:
    template <class Test>
    bool of(EnvelopeText& envelope, Test test) {
        if (m_number != envelope.number()) {
            m_answer = test(envelope.text());
            m_number = envelope.number();
        }
        return m_answer;
    }

  private:
    std::uint64_t m_number = 0;
    bool m_answer = false;
};

class RecordEnvelope final : public EnvelopeText {
  public:
    /// Another record: its value, which must stay, and where any of its events begins in it.
    void begin(std::string_view value, std::uint32_t event_begin);
    std::string_view text() override;
    std::uint64_t number() const override { return m_number; }

  private:
    void find();

    std::uint64_t m_number = 0;
    std::string_view m_value;
    std::uint32_t m_event_begin = 0;
    bool m_found = true;
    std::string m_text;
    JsonTape m_tape;
};

} // namespace weir
