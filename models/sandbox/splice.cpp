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
    m_edits.push_back({at, length, m_text.size(), text.size()});
    m_text.append(text);
}

void Splice::set_value(const JsonTape& tape, std::uint32_t node, std::string_view json) {
    const std::string_view old = tape.raw_quoted(node);
    replace(static_cast<std::size_t>(old.data() - tape.text().data()), old.size(), json);
}

void Splice::add_member(const JsonTape& tape, std::uint32_t object, std::string_view name,
                        std::string_view json) {
    const TapeNode& node = tape.nodes()[object];
    const std::size_t end = std::size_t{node.offset} + node.length - 1; // its closing brace
    const std::size_t begin = m_text.size();
    m_text += ',';
    append_json_string(name, m_text);
    m_text += ':';
    const auto named = [&](std::size_t at) {
        const std::string_view text = m_text;
        return text.substr(at, text.size() - begin - 1) == text.substr(begin + 1);
    };
    bool first = node.next == object + 1;
    for (const Edit& edit : m_edits) {
        if (edit.at != end || edit.length > 0)
            continue;
        first = false;
        if (named(edit.text_begin + (m_text[edit.text_begin] == ',' ? 1 : 0))) {
            m_text.resize(begin);
            return;
        }
    }
    m_text.append(json);
    const std::size_t text_begin = begin + (first ? 1 : 0);
    m_edits.push_back({end, 0, text_begin, m_text.size() - text_begin});
}

void Splice::apply(std::string_view original, std::string& out) {
    // Stable: what is added at one place stays in the order in which it was added.
    std::stable_sort(m_edits.begin(), m_edits.end(),
                     [](const Edit& a, const Edit& b) { return a.at < b.at; });
    std::size_t done = 0;
    for (const Edit& edit : m_edits) {
        out.append(original, done, edit.at - done);
        out.append(m_text, edit.text_begin, edit.text_length);
        done = edit.at + edit.length;
    }
    out.append(original, done);
}

} // namespace weir::sandbox
