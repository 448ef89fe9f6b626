// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A match as text: one line for a reader, chosen fields, kcat's format, or JSON for a program.
// Payload bytes stand as they are, but where a terminal shows them (console.h, terminal_safe).
//
// Thread contract: one owner. Bound: one record.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/field_reader.h"
#include "models/event/search/hit.h"

namespace weir::cli {

class RecordText {
  public:
    /// From --json, --fields and --format. Errors: Usage.
    static Result<RecordText> create(const Arguments& arguments, const Console& console);

    bool json() const { return m_json; }
    bool asks_for_violations() const { return m_fields && m_fields->asks_for_violations(); }
    /// As FieldReader::know(), for --fields.
    void know(std::shared_ptr<const Vocabulary> vocabulary,
              std::shared_ptr<const DisclosurePolicy> disclosure) {
        if (m_fields)
            m_fields->know(std::move(vocabulary), std::move(disclosure));
    }
    std::vector<std::string> absences() const {
        return m_fields ? m_fields->absences() : std::vector<std::string>();
    }
    /// Appends the record and, but for --format, a newline.
    void append(const HitView& hit, std::string& out);

  private:
    struct Piece {
        char token = 0; // 0: literal text
        std::string text;
    };
    static Result<std::vector<Piece>> parse_format(const std::string& format);
    void append_line(const HitView& hit, std::string& out) const;
    void append_fields(const HitView& hit, std::string& out);
    void append_format(const HitView& hit, std::string& out) const;
    std::string shown(std::string_view text) const;

    bool m_json = false;
    bool m_terminal = false;
    std::string m_dim, m_bold, m_plain;
    std::string m_null; // what --format writes for a null key or value: nothing, as kcat does
    std::optional<FieldReader> m_fields;
    std::optional<std::vector<Piece>> m_format;
    FieldValues m_values;
};

} // namespace weir::cli
