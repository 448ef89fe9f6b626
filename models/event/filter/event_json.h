// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values of JSON paths in one payload, by way of its tape: of several members of one name the last,
// of [*] every element. A payload that is not JSON has no values.
// Thread contract: one owner. Bound: as JsonTape; recursion is at most a path's steps.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "models/event/filter/filter_compare.h"
#include "models/event/filter/json_path.h"
#include "models/event/json/json_tape.h"

namespace weir {

class EventJson {
  public:
    EventJson() = default;
    EventJson(const EventJson&) = delete;
    EventJson& operator=(const EventJson&) = delete;

    /// Starts on a payload; nothing is parsed before it is asked for, nor where its `tape` is there
    /// already. Both must stay.
    void begin(std::string_view payload, const JsonTape* tape = nullptr) {
        m_payload = payload;
        m_tape = tape != nullptr ? tape : &m_own;
        m_state = tape != nullptr ? State::Json : State::Unread;
    }

    /// Calls `test` with each value at the path until it answers true; says whether it did.
    template <class Test>
    bool any(const JsonPath& path, Test test) {
        return readable() && walk(path, 0, 0, test);
    }

    /// Whether a string or key that is written with escapes holds what `matcher` looks for.
    bool escaped_text_holds(const TextMatcher& matcher) {
        if (!readable())
            return false;
        const std::vector<TapeNode>& nodes = m_tape->nodes();
        for (std::uint32_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i].escaped && matcher.is_in(m_tape->text_of(i, m_scratch)))
                return true;
        }
        return false;
    }

  private:
    enum class State : std::uint8_t { Unread, Json, NotJson };

    bool readable() {
        if (m_state == State::Unread)
            m_state = m_own.parse(m_payload) ? State::Json : State::NotJson;
        return m_state == State::Json;
    }

    template <class Test>
    bool walk(const JsonPath& path, std::size_t step, std::uint32_t node, Test& test) {
        for (; step < path.steps.size(); ++step) {
            const JsonPathStep& next = path.steps[step];
            std::optional<std::uint32_t> found;
            if (next.kind == JsonPathStep::Kind::Member) {
                found = m_tape->member(node, next.name);
            } else if (next.kind == JsonPathStep::Kind::Element) {
                found = m_tape->element(node, next.index);
            } else {
                const TapeNode& array = m_tape->nodes()[node];
                if (array.kind != JsonKind::Array)
                    return false;
                for (std::uint32_t i = node + 1; i < array.next; i = m_tape->nodes()[i].next) {
                    if (walk(path, step + 1, i, test))
                        return true;
                }
                return false;
            }
            if (!found)
                return false;
            node = *found;
        }
        return test(value_of(node));
    }

    FilterValue value_of(std::uint32_t node);

    std::string_view m_payload;
    State m_state = State::Unread;
    JsonTape m_own;
    const JsonTape* m_tape = &m_own;
    std::string m_scratch;
};

} // namespace weir
