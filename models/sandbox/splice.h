// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A few changes to an event's text: the collector adds what it knows (when it received the event)
// and leaves every other byte as the client wrote it; nothing is parsed and written anew.
// Thread contract: one owner; reused from event to event. Bound: the caller's few edits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/event/json/json_tape.h"

namespace weir::sandbox {

class Splice {
  public:
    void clear();
    bool empty() const { return m_edits.empty(); }
    /// Of the new text, at most: what add_member() is asked for twice counts twice.
    std::size_t added_bytes() const { return m_text.size(); }

    /// REQUIRES, of all: places do not overlap.
    void insert(std::size_t at, std::string_view text) { replace(at, 0, text); }
    void replace(std::size_t at, std::size_t length, std::string_view text);

    /// Adds a member, which is not there, to an object; once, however often it is asked to.
    void add_member(const JsonTape& tape, std::uint32_t object, std::string_view name,
                    std::string_view json);
    /// The same to the object that the text is.
    void add_member(const JsonTape& tape, std::string_view name, std::string_view json) {
        add_member(tape, 0, name, json);
    }
    /// Exchanges a value.
    void set_value(const JsonTape& tape, std::uint32_t node, std::string_view json);

    /// Appends `original` with the changes.
    void apply(std::string_view original, std::string& out);

  private:
    struct Edit {
        std::size_t at;
        std::size_t length;
        std::size_t text_begin;
        std::size_t text_length;
        std::size_t name_length = 0; // of a member: `"name":`, with which the text begins
        bool first = false;          // the object has no other: no comma before it
    };
    void apply_members(std::size_t begin, std::size_t end, std::string& out) const;
    std::string_view name_of(const Edit& edit) const {
        return std::string_view(m_text).substr(edit.text_begin, edit.name_length);
    }
    std::vector<Edit> m_edits;
    std::string m_text;
};

} // namespace weir::sandbox
