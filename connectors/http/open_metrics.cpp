// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/http/open_metrics.h"

#include <QString>

#include <algorithm>

namespace weir::http {

namespace {

const char* kind_word(OpenMetrics::Kind kind) {
    switch (kind) {
    case OpenMetrics::Kind::Gauge:
        return "gauge";
    case OpenMetrics::Kind::Counter:
        return "counter";
    case OpenMetrics::Kind::Summary:
        return "summary";
    }
    return "unknown";
}

void append_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        if (c == '\\' || c == '"')
            out.push_back('\\');
        if (c == '\n')
            out.append("\\n");
        else
            out.push_back(c);
    }
}

void append_label_value(std::string_view text, std::string& out) {
    const bool ascii = std::all_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii)
        append_escaped(text, out);
    else // bytes that are no UTF-8 become U+FFFD
        append_escaped(
            QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toStdString(), out);
}

void append_label(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty())
        return;
    out.append(out.empty() ? "{" : ",").append(name).append("=\"");
    append_label_value(value, out);
    out.push_back('"');
}

std::string millionths_text(std::int64_t us) {
    constexpr std::size_t digits_least = 7; // 1 and six behind the point
    const bool negative = us < 0;
    std::string digits = std::to_string(us).substr(negative ? 1 : 0);
    if (digits.size() < digits_least)
        digits.insert(0, digits_least - digits.size(), '0');
    const std::size_t point = digits.size() - (digits_least - 1);
    return (negative ? "-" : "") + digits.substr(0, point) + "." + digits.substr(point);
}

} // namespace

void OpenMetrics::family(Kind kind, std::string_view name, std::string_view help,
                         std::string_view unit) {
    m_name = name;
    m_kind = kind;
    m_written.clear();
    m_page.append("# TYPE ").append(name).append(" ").append(kind_word(kind)).append("\n");
    if (!unit.empty())
        m_page.append("# UNIT ").append(name).append(" ").append(unit).append("\n");
    m_page.append("# HELP ").append(name).append(" ");
    append_escaped(help, m_page);
    m_page.push_back('\n');
}

bool OpenMetrics::sample(std::string_view suffix, const Labels& labels, std::string_view quantile,
                         std::string_view value) {
    std::string text;
    for (const auto& [name, said] : labels)
        append_label(name, said, text);
    append_label("quantile", quantile, text);
    if (!text.empty())
        text.push_back('}');
    text.insert(0, suffix);
    const auto [written, fresh] = m_written.insert(std::move(text));
    if (fresh)
        m_page.append(m_name).append(*written).append(" ").append(value).append("\n");
    return fresh;
}

bool OpenMetrics::add(const Labels& labels, std::uint64_t value) {
    return sample(m_kind == Kind::Counter ? "_total" : "", labels, {}, std::to_string(value));
}

bool OpenMetrics::add(const Labels& labels, std::int64_t value) {
    return sample(m_kind == Kind::Counter ? "_total" : "", labels, {}, std::to_string(value));
}

bool OpenMetrics::add_micro(const Labels& labels, std::int64_t us) {
    return sample(m_kind == Kind::Counter ? "_total" : "", labels, {}, millionths_text(us));
}

bool OpenMetrics::add_quantile(const Labels& labels, std::string_view quantile, std::int64_t us) {
    return us >= 0 && sample({}, labels, quantile, millionths_text(us));
}

bool OpenMetrics::add_count(const Labels& labels, std::uint64_t count) {
    return sample("_count", labels, {}, std::to_string(count));
}

void OpenMetrics::single(Kind kind, std::string_view name, std::string_view help,
                         std::uint64_t value) {
    family(kind, name, help);
    add({}, value);
}

} // namespace weir::http
