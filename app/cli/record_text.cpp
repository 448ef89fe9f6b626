// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record_text.h"

#include <charconv>

#include "models/event/search/hit_json.h"

namespace weir::cli {

namespace {

/// What stands behind a backslash; `at` is moved past it. Of hex digits one or two count.
Result<char> read_escape(std::string_view format, std::size_t& at) {
    const char c = format[at++];
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case '0':
        return '\0';
    case '\\':
        return '\\';
    case 'x': {
        const std::string_view digits = format.substr(at, 2);
        unsigned code = 0;
        const char* const end = std::from_chars(digits.begin(), digits.end(), code, 16).ptr;
        at += static_cast<std::size_t>(end - digits.begin());
        if (end != digits.begin())
            return static_cast<char>(code);
        return usage_error("--format: \\x needs a byte in hex digits behind it", "E.g. \\x1f.");
    }
    default:
        return usage_error("--format: \\" + std::string(1, c) + " is not an escape",
                           "There are \\n \\t \\r \\0 \\\\ \\xHH.");
    }
}

/// A size as kcat's %R has it: 32 bits, the greatest first.
void append_size(std::uint32_t size, std::string& out) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        out += static_cast<char>(size >> shift & 0xffU);
}

} // namespace

Result<std::vector<RecordText::Piece>> RecordText::parse_format(const std::string& format) {
    std::vector<Piece> pieces;
    const auto literal = [&](char c) {
        if (pieces.empty() || pieces.back().token != 0)
            pieces.emplace_back();
        pieces.back().text += c;
    };
    for (std::size_t at = 0; at < format.size();) {
        const char c = format[at++];
        if (c != '%' && c != '\\') {
            literal(c);
            continue;
        }
        if (at == format.size())
            return usage_error("--format ends in the middle of a token");
        if (c == '\\') {
            const auto escaped = read_escape(format, at);
            if (!escaped)
                return escaped.error();
            literal(*escaped);
            continue;
        }
        const char next = format[at++];
        if (next == '%')
            literal('%');
        else if (std::string_view("tpoksSRKTh").find(next) != std::string_view::npos)
            pieces.push_back({next, {}});
        else
            return usage_error("--format: %" + std::string(1, next) + " is not a token",
                               "There are %t topic, %p partition, %o offset, %k key, %s value, "
                               "%S %K sizes of value and key, %R size of the value in 4 bytes, "
                               "%T time in ms, %h headers, %%.");
    }
    return pieces;
}

Result<RecordText> RecordText::create(const Arguments& arguments, const Console& console) {
    RecordText text;
    text.m_json = arguments.has("json");
    text.m_terminal = console.out_is_terminal();
    text.m_dim = console.colour("\x1b[2m");
    text.m_bold = console.colour("\x1b[36m");
    text.m_plain = console.colour("\x1b[0m");
    const int ways = (arguments.has("json") ? 1 : 0) + (arguments.has("fields") ? 1 : 0) +
                     (arguments.has("format") ? 1 : 0);
    if (ways > 1)
        return usage_error("--json, --fields and --format exclude each other");
    if (arguments.has("fields")) {
        auto fields = FieldReader::parse(arguments.value("fields"));
        if (!fields)
            return fields.error();
        text.m_fields = std::move(*fields);
    }
    if (arguments.has("null") && !arguments.has("format"))
        return usage_error("--null is for --format",
                           "--fields and --json tell null by themselves.");
    if (arguments.has("null"))
        text.m_null = "NULL";
    if (arguments.has("format")) {
        auto format = parse_format(arguments.value("format"));
        if (!format)
            return format.error();
        text.m_format = std::move(*format);
    }
    return text;
}

std::string RecordText::shown(std::string_view text) const {
    return m_terminal ? terminal_safe(text, true) : std::string(text);
}

void RecordText::append(const HitView& hit, std::string& out) {
    if (m_json) {
        append_json_record(hit, out);
        out += '\n';
    } else if (m_fields) {
        append_fields(hit, out);
    } else if (m_format) {
        append_format(hit, out);
    } else {
        append_line(hit, out);
    }
}

void RecordText::append_line(const HitView& hit, std::string& out) const {
    const std::string time = hit.timestamp_type == TimestampType::None ? "-" : time_text(hit.time);
    out += m_dim + time + m_plain + " " + m_bold + shown(hit.topic) + "/" +
           std::to_string(hit.partition.value()) + "@" + std::to_string(hit.offset.value()) +
           (hit.in_batch ? "[" + std::to_string(hit.ordinal) + "]" : "") + m_plain + " ";
    out += hit.key_null ? m_dim + "(no key)" + m_plain : shown(hit.key);
    out += ' ';
    out += hit.value_null ? m_dim + "(tombstone)" + m_plain : shown(hit.value);
    out += '\n';
}

void RecordText::append_fields(const HitView& hit, std::string& out) {
    m_fields->read(hit, m_values);
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (i > 0)
            out += '\t';
        if (!m_values[i])
            continue;
        // A tab or newline within a value would make a column or a row of its own.
        const std::string text = m_values[i]->cell();
        out += m_terminal || text.find_first_of("\t\n\r") != std::string::npos
                   ? terminal_safe(text, true)
                   : text;
    }
    out += '\n';
}

void RecordText::append_format(const HitView& hit, std::string& out) const {
    for (const Piece& piece : *m_format) {
        switch (piece.token) {
        case 0:
            out += piece.text;
            break;
        case 't':
            out += shown(hit.topic);
            break;
        case 'p':
            out += std::to_string(hit.partition.value());
            break;
        case 'o':
            out += std::to_string(hit.offset.value());
            break;
        case 'k':
            out += hit.key_null ? m_null : shown(hit.key);
            break;
        case 's':
            out += hit.value_null ? m_null : shown(hit.value);
            break;
        case 'K':
            out += hit.key_null ? "-1" : std::to_string(hit.key.size());
            break;
        case 'S':
            out += hit.value_null ? "-1" : std::to_string(hit.value.size());
            break;
        case 'R':
            append_size(hit.value_null ? UINT32_MAX : static_cast<std::uint32_t>(hit.value.size()),
                        out);
            break;
        case 'T':
            out += std::to_string(hit.timestamp_type == TimestampType::None ? -1 : hit.time.ms());
            break;
        default:
            for (std::size_t i = 0; i < hit.header_count; ++i)
                out += (i == 0 ? "" : ",") + shown(hit.headers[i].name) + "=" +
                       (hit.headers[i].null ? "NULL" : shown(hit.headers[i].value));
        }
    }
}

} // namespace weir::cli
