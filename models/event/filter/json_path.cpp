// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/json_path.h"

#include <charconv>

#include "models/event/json/utf8.h"

namespace weir {

namespace {

/// Reads [0], [*] or ["name"] at `i`, which is the bracket; false: not a step.
bool read_bracket(std::string_view text, std::size_t& i, JsonPathStep& step) {
    ++i;
    if (i < text.size() && (text[i] == '"' || text[i] == '\'')) {
        step.kind = JsonPathStep::Kind::Member;
        i = read_quoted(text, i, step.name);
    } else if (i < text.size() && text[i] == '*') {
        step.kind = JsonPathStep::Kind::AnyElement;
        ++i;
    } else {
        step.kind = JsonPathStep::Kind::Element;
        const char* const begin = text.data() + i;
        const auto [stop, failure] = std::from_chars(begin, text.data() + text.size(), step.index);
        if (failure != std::errc() || stop == begin)
            return false;
        i += static_cast<std::size_t>(stop - begin);
    }
    return i < text.size() && text[i++] == ']';
}

bool is_name_byte(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '-' || c == '$' ||
           c == '@' || c == '/' || c == '#' || c == '%' || c == '+';
}

bool is_plain_name(std::string_view name, bool first) {
    if (name.empty() || (first && name == "$"))
        return false;
    for (const char c : name) {
        if (!is_name_byte(c))
            return false;
    }
    return true;
}

std::size_t read_name(std::string_view text, std::size_t i) {
    while (i < text.size() && is_name_byte(text[i]))
        ++i;
    return i;
}

} // namespace

std::optional<JsonPath> JsonPath::parse(std::string_view text) {
    JsonPath path;
    std::size_t i = 0;
    if (!text.empty() && text[0] == '$' && (text.size() == 1 || text[1] == '.' || text[1] == '[')) {
        path.from_root = true;
        i = 1;
    }
    while (i < text.size() || (path.steps.empty() && !path.from_root)) {
        JsonPathStep step;
        if (i < text.size() && text[i] == '[' && (path.from_root || !path.steps.empty())) {
            if (!read_bracket(text, i, step))
                return std::nullopt;
        } else {
            if ((path.from_root || !path.steps.empty()) && (i == text.size() || text[i++] != '.'))
                return std::nullopt;
            const std::size_t end = read_name(text, i);
            if (end == i)
                return std::nullopt;
            step.name = text.substr(i, end - i);
            i = end;
        }
        path.steps.push_back(std::move(step));
        if (path.steps.size() > steps_max)
            return std::nullopt;
    }
    return path;
}

std::string JsonPath::text() const {
    std::string out = from_root ? "$" : "";
    for (const JsonPathStep& step : steps) {
        if (step.kind == JsonPathStep::Kind::AnyElement) {
            out += "[*]";
        } else if (step.kind == JsonPathStep::Kind::Element) {
            out += '[' + std::to_string(step.index) + ']';
        } else if (is_plain_name(step.name, out.empty())) {
            if (!out.empty())
                out.push_back('.');
            out += step.name;
        } else {
            out += '[' + filter_quoted(step.name) + ']';
        }
    }
    return out;
}

std::string filter_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            static constexpr char hex[] = "0123456789abcdef";
            out += "\\u00";
            out.push_back(hex[c >> 4]);
            out.push_back(hex[c & 0xF]);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
    return out;
}

std::size_t read_quoted(std::string_view text, std::size_t begin, std::string& content) {
    const char quote = text[begin];
    content.clear();
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == quote)
            return i + 1;
        if (c != '\\' || i + 1 == text.size()) {
            content.push_back(c);
            continue;
        }
        const char next = text[i + 1];
        std::uint32_t unit = 0;
        if (next == quote || next == '\\') {
            content.push_back(next);
        } else if (next == 'n' || next == 'r' || next == 't') {
            content.push_back(next == 'n' ? '\n' : next == 'r' ? '\r' : '\t');
        } else if (next == 'u' && i + 6 <= text.size() &&
                   std::from_chars(text.data() + i + 2, text.data() + i + 6, unit, 16).ptr ==
                       text.data() + i + 6) {
            append_utf8(unit >= 0xD800 && unit <= 0xDFFF ? 0xFFFD : unit, content);
            i += 4;
        } else {
            content.push_back('\\');
            continue;
        }
        ++i;
    }
    return std::string_view::npos;
}

} // namespace weir
