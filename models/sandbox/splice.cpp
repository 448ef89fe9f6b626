// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/splice.h"

#include <algorithm>

namespace weir::sandbox {

void Splice::clear() {
    m_edits.clear();
    m_text.clear();
}

void Splice::replace(std::size_t at, std::size_t length, std::string_view text) {
    m_edits.push_back({at, length, m_text.size(), text.size(), 0, false});
    m_text.append(text);
}

void Splice::set_value(const JsonTape& tape, std::uint32_t node, std::string_view json) {
    const std::string_view old = tape.raw_quoted(node);
    replace(static_cast<std::size_t>(old.data() - tape.text().data()), old.size(), json);
}

void Splice::add_member(const JsonTape& tape, std::uint32_t object, std::string_view name,
                        std::string_view json) {
    const TapeNode& node = tape.nodes()[object];
    Edit edit{};
    edit.at = std::size_t{node.offset} + node.length - 1; // its closing brace
    edit.text_begin = m_text.size();
    edit.first = node.next == object + 1;
    append_json_string(name, m_text);
    m_text += ':';
    edit.name_length = m_text.size() - edit.text_begin;
    m_text.append(json);
    edit.text_length = m_text.size() - edit.text_begin;
    m_edits.push_back(edit);
}

/// What is added at one place: of members of one name the first.
void Splice::apply_members(std::size_t begin, std::size_t end, std::string& out) const {
    bool first = m_edits[begin].first;
    for (std::size_t i = begin; i < end; ++i) {
        const Edit& edit = m_edits[i];
        bool there = false;
        for (std::size_t k = begin; k < i && !there; ++k)
            there = name_of(m_edits[k]) == name_of(edit);
        if (there)
            continue;
        if (!first)
            out += ',';
        first = false;
        out.append(m_text, edit.text_begin, edit.text_length);
    }
}

void Splice::apply(std::string_view original, std::string& out) {
    // Stable: what is added at one place stays in the order in which it was added.
    std::stable_sort(m_edits.begin(), m_edits.end(),
                     [](const Edit& a, const Edit& b) { return a.at < b.at; });
    std::size_t done = 0;
    for (std::size_t i = 0; i < m_edits.size();) {
        const Edit& edit = m_edits[i];
        out.append(original, done, edit.at - done);
        done = edit.at + edit.length;
        std::size_t end = i + 1;
        if (edit.name_length == 0) {
            out.append(m_text, edit.text_begin, edit.text_length);
        } else {
            while (end < m_edits.size() && m_edits[end].at == edit.at &&
                   m_edits[end].name_length > 0)
                ++end;
            apply_members(i, end, out);
        }
        i = end;
    }
    out.append(original, done);
}

} // namespace weir::sandbox
