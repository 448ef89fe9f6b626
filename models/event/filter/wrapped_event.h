// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The event that a dead letter holds as a text or in base64: its bytes are not those of the
// payload.
//
// Thread contract: may_wrap_event() from any thread; a WrappedEvent belongs to one owner.
// Bound: one copy of the event.
#pragma once

#include <string>
#include <string_view>

#include "models/event/field_paths.h"
#include "models/event/filter/event_json.h"
#include "models/event/filter/text_matcher.h"

namespace weir {

/// Whether `value` may hold an event in base64: then that a literal is not in its bytes proves
/// nothing. No is certain if it holds no backslash.
bool may_wrap_event(std::string_view value);

class WrappedEvent {
  public:
    /// Starts on another payload; nothing is unwrapped before it is asked for.
    void begin() { m_state = State::Unread; }

    /// The event within `payload`, at the first of these paths that leads to something; null: it
    /// stands there as it is, or there is none. Valid until begin().
    EventJson* of(EventJson& payload, const FieldPaths& paths);
    /// Whether the event, as it was unwrapped by of(), holds the text.
    bool holds(const TextMatcher& matcher);

    /// Of a path into the payload the rest that leads on within the event, e.g. "event_id" of
    /// "original.event_id"; empty: it does not lead there.
    static std::string_view path_within(std::string_view path, const FieldPaths& paths);

  private:
    enum class State : std::uint8_t { Unread, Unwrapped, None };

    State m_state = State::Unread;
    std::string m_bytes;
    EventJson m_json;
};

} // namespace weir
