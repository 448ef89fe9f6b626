// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch_lines.h"

#include "app/cli/lag_output.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/hit_json.h"

namespace weir::cli {

namespace {

std::string line_begin(const char* kind, Micros at) {
    return std::string("{\"kind\":\"") + kind + "\",\"time\":\"" + rfc3339(at) + "\"";
}

void add_words(const char* name, const std::string& text, std::string& line) {
    line += std::string(",\"") + name + "\":";
    append_json_string(text, line);
}

void add_words_or_null(const char* name, const std::string& text, std::string& line) {
    if (!text.empty())
        add_words(name, text, line);
    else
        line += std::string(",\"") + name + "\":null";
}

void add_count(const char* name, std::uint64_t count, std::string& line) {
    line += std::string(",\"") + name + "\":" + std::to_string(count);
}

void add_flag(const char* name, bool flag, std::string& line) {
    line += std::string(",\"") + name + (flag ? "\":true" : "\":false");
}

/// Null: there is none.
void add_span(const char* name, bool known, std::int64_t us, std::string& line) {
    line += std::string(",\"") + name + "\":" + (known ? std::to_string(us) : "null");
}

/// Why groups may be missing, or what is told of them old.
std::string notes_of(const BacklogSnapshot& backlog) {
    std::string list = "[";
    const auto add = [&list](const std::string& note) {
        list += list.size() > 1 ? "," : "";
        append_json_string(note, list);
    };
    if (backlog.trouble)
        add(backlog.trouble->text());
    for (const std::string& note : backlog.notes)
        add(note);
    return list + "]";
}

/// Without what encloses it.
std::string groups_of(const BacklogSnapshot* backlog) {
    if (backlog == nullptr)
        return "null"; // no answer is not no group
    constexpr std::string_view begin = "{\"groups\":", end = "}\n";
    const std::string all = lag_json(*backlog, {}, true);
    return all.substr(begin.size(), all.size() - begin.size() - end.size());
}

} // namespace

std::string start_line(Micros at, const std::string& connection, const std::string& metrics,
                       std::int64_t every_us, std::int64_t window_us) {
    std::string line = line_begin("start", at);
    add_words("version", WEIR_VERSION, line);
    add_words("connection", connection, line);
    add_words_or_null("metrics", metrics, line);
    add_span("every_us", true, every_us, line);
    add_span("window_us", window_us > 0, window_us, line);
    return line + "}\n";
}

std::string sample_line(const WatchLook& look) {
    std::string line = line_begin("sample", look.at);
    add_words("connection", look.connection, line);
    add_flag("up", look.state.up(), line);
    add_flag("partial", look.partial, line);
    add_words_or_null("history", look.history, line);
    add_span("behind_us", look.stats.behind_us >= 0, look.stats.behind_us, line);
    add_count("records", look.stats.records, line);
    add_count("events", look.stats.events, line);
    add_count("undecodable", look.stats.undecodable, line);
    add_span("since_us", look.range.from_us != RecordRange().from_us, look.range.from_us, line);
    line += ",\"flow\":" +
            (look.flow_options ? to_json(look.flow, *look.flow_options) : std::string("null"));
    line += ",\"latency\":" + to_json(look.latency);
    InvalidReport invalid = look.invalid;
    const std::size_t reasons = invalid.rows.size();
    if (reasons > reasons_line_max)
        invalid.rows.resize(reasons_line_max);
    line += ",\"invalid\":" + to_json(invalid, *look.vocabulary);
    line += ",\"groups\":" + groups_of(look.backlog.get());
    const bool read = look.backlog && look.backlog->at.value() >= 0;
    add_span("groups_at_us", read, read ? look.backlog->at.value() : 0, line);
    line += ",\"groups_notes\":" + (look.backlog ? notes_of(*look.backlog) : std::string("[]"));
    line += ",\"left_out\":{\"partitions\":" + std::to_string(look.partitions_left_out);
    add_count("reasons", reasons - invalid.rows.size(), line);
    line += "}";
    add_count("findings", look.findings.size(), line);
    return line + "}\n";
}

std::string finding_line(const FindingChange& change, Micros at, const std::string& target) {
    std::string line = line_begin("finding", at);
    add_words("state", to_word(change.state), line);
    line += ",\"follows_from\":";
    if (change.what.cause_code.empty()) {
        line += "null";
    } else {
        line += "{\"code\":";
        append_json_string(change.what.cause_code, line);
        add_words("stage", change.what.cause.stage, line);
        add_words("group", change.what.cause.group, line);
        line += "}";
    }
    const std::string list = to_json(std::vector<Finding>{change.what.finding}, target);
    return line + ",\"finding\":" + list.substr(1, list.size() - 2) + "}\n";
}

std::string outage_line(const ReadingState& state, bool began, Micros at,
                        const std::string& connection) {
    std::string line = line_begin("outage", at);
    add_words("state", began ? "began" : "ended", line);
    add_words("connection", connection, line);
    add_count("partitions", state.partitions, line);
    add_count("failed", state.failed, line);
    if (began)
        add_words("why", state.why, line);
    return line + "}\n";
}

} // namespace weir::cli
