// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An InvalidReport as JSON.
#include <array>
#include <cstdio>

#include "models/event/json/json_tape.h"
#include "models/event/search/hit_json.h"
#include "models/invalid/invalid_report.h"

namespace weir {

namespace {

void append_name(const char* name, std::string& out) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += std::string(name) + "\":";
}

void append_text(const char* name, const std::string& text, std::string& out) {
    append_name(name, out);
    append_json_string(text, out);
}

/// null where it is empty.
void append_text_or_null(const char* name, const std::string& text, std::string& out) {
    if (text.empty()) {
        append_name(name, out);
        out += "null";
    } else {
        append_text(name, text, out);
    }
}

void append_flag(const char* name, bool value, std::string& out) {
    append_name(name, out);
    out += value ? "true" : "false";
}

void append_count(const char* name, const std::optional<std::uint64_t>& count, std::string& out) {
    append_name(name, out);
    out += count ? std::to_string(*count) : "null";
}

void append_number(const char* name, const std::optional<double>& number, std::string& out) {
    append_name(name, out);
    std::array<char, 40> text{};
    if (number)
        std::snprintf(text.data(), text.size(), "%.6g", *number);
    out += number ? text.data() : "null";
}

std::string value_of(const InvalidRow& row, const Vocabulary& vocabulary, const char* name) {
    const int dimension = vocabulary.dimension(name);
    return dimension < 0 || static_cast<std::size_t>(dimension) >= row.values.size()
               ? std::string()
               : row.values[static_cast<std::size_t>(dimension)];
}

/// Where the newest one stands.
void append_sample(const InvalidRow& row, const Vocabulary& vocabulary, std::string& out) {
    append_name("sample", out);
    if (row.samples.empty()) {
        out += "null";
        return;
    }
    const InvalidSample& sample = row.samples.front();
    out += '{';
    append_text("topic", vocabulary.places->name(sample.place), out);
    out += ",\"partition\":" + std::to_string(sample.partition.value()) +
           ",\"offset\":" + std::to_string(sample.offset.value()) + "}";
}

void append_row(const InvalidRow& row, const Vocabulary& vocabulary, std::string& out) {
    out += '{';
    append_text("reason", row.reason, out);
    append_text_or_null("pointer", row.pointer, out);
    for (const char* name : {"type", "source", "platform", "app_version"})
        append_text_or_null(name, value_of(row, vocabulary, name), out);
    append_count("count", row.now.events, out);
    append_count("of", row.now.of, out);
    append_count("users", row.users.estimate(), out);
    append_count("sessions", row.sessions.estimate(), out);
    append_text("first_seen", rfc3339(Micros(row.first_us)), out);
    append_text("last_seen", rfc3339(Micros(row.last_us)), out);
    append_text("severity", to_word(row.severity), out);
    append_name("recoverable", out);
    out += row.facts.recoverable == Recoverable::Unknown ? "null"
           : row.facts.recoverable == Recoverable::Yes   ? "true"
                                                         : "false";
    append_text("remedy", row.facts.remedy, out);
    append_sample(row, vocabulary, out);
    append_text("class", to_word(row.key.kind), out);
    append_flag("bot", row.bot(), out);
    append_flag("new", row.is_new, out);
    append_number("trend_pp", row.trend_pp(), out);
    append_flag("users_estimated", !row.users.exact() || !row.sessions.exact(), out);
    append_text_or_null("message", row.message, out);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        const std::string& name = vocabulary.dimension_names[i];
        const bool told =
            name == "type" || name == "source" || name == "platform" || name == "app_version";
        if (!told && !row.values[i].empty())
            append_text(name == "schema_version" ? "contract_version" : name.c_str(), row.values[i],
                        out);
    }
    if (!row.producer.empty())
        append_text("producer", row.producer, out);
    if (!row.topic.empty())
        append_text("topic", row.topic, out);
    out += '}';
}

} // namespace

std::string to_json(const InvalidReport& report, const Vocabulary& vocabulary) {
    std::string out = "{";
    append_count("total", report.now.all(), out);
    append_count("of", report.now.of, out);
    append_number("share", report.now.share(), out);
    append_number("share_before", report.before ? report.before->share() : std::nullopt, out);
    append_count("failed", report.now.failed, out);
    append_count("unreadable", report.now.unreadable, out);
    append_name("passed", out);
    out += report.checks ? std::to_string(report.now.passed) : "null";
    append_count("bots", report.now.bots, out);
    append_count("other", report.overflowed, out);
    append_flag("partial", report.question.partial, out);
    append_name("reasons", out);
    out += '[';
    for (const InvalidRow& row : report.rows) {
        out += &row == &report.rows.front() ? "" : ",";
        append_row(row, vocabulary, out);
    }
    return out + "]}";
}

} // namespace weir
