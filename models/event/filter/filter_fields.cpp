// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_fields.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "connectors/base/characters.h"

namespace weir {

namespace {

/// Insertions, deletions, replacements and swaps of neighbours that make `a` of `b`.
std::size_t slips(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

} // namespace

const std::vector<FilterFieldInfo>& filter_fields() {
    using K = FilterFieldKind;
    using T = FilterFieldType;
    static const std::vector<FilterFieldInfo> fields{
        {"type", K::Named, T::Text, "event type"},
        {"id", K::Id, T::Text, "event id; a UUID in any case, with or without hyphens"},
        {"time", K::Time, T::Time, "record time, as the broker has it"},
        {"age", K::Age, T::Duration, "now, when the filter was applied, less time"},
        {"topic", K::Topic, T::Text, "topic"},
        {"partition", K::Partition, T::Number, "partition number"},
        {"offset", K::OffsetNumber, T::Number, "offset within the partition"},
        {"key", K::Key, T::Text, "record key"},
        {"value", K::Value, T::Text, "payload, as text"},
        {"size", K::Size, T::Size, "bytes of the record: key, value and headers"},
        {"event_size", K::EventSize, T::Size, "the event's own bytes"},
        {"user", K::Named, T::Text, "user id"},
        {"session", K::Named, T::Text, "session id"},
        {"source", K::Named, T::Text, "client or server"},
        {"platform", K::Named, T::Text, "web, ios, android, server"},
        {"app_version", K::Named, T::Text,
         "version of the app; 5.10 comes after 5.9, and is not 5.1"},
        {"schema_version", K::Named, T::Text, "version of the event's contract"},
        {"reason", K::Reason, T::Text, "why the event failed"},
        {"violation", K::Violation, T::Text, "how the event breaks its contract: missing_required"},
        {"stage", K::Stage, T::Text, "stage that wrote the record"},
        {"outcome", K::Outcome, T::Text, "seen, failed, tombstone or undecodable"},
        {"event_time", K::EventTime, T::Time, "when it happened, by the client's clock"},
        {"sent_time", K::SentTime, T::Time, "when it was sent, by the client's clock"},
        {"received_time", K::ReceivedTime, T::Time, "when the collector took it in"},
        {"dialect", K::Dialect, T::Text, "what decoded the payload"},
        {"replay_run", K::ReplayRun, T::Text, "the replay that wrote the record"},
        {"header", K::Header, T::Text, "a header's value: header[\"name\"]"},
    };
    return fields;
}

const FilterFieldInfo* find_filter_field(std::string_view name) {
    for (const FilterFieldInfo& field : filter_fields()) {
        if (field.name == name)
            return &field;
    }
    return nullptr;
}

const std::vector<FilterOperatorInfo>& filter_operators() {
    static const std::vector<FilterOperatorInfo> operators{
        {"==", "is; i\"…\" ignores case"},
        {"!=", "is there and is something else"},
        {"<", "less, or earlier"},
        {"<=", "at most"},
        {">", "greater, or later"},
        {">=", "at least"},
        {"in", "is one of (a, b, c)"},
        {"contains", "holds the text"},
        {"startsWith", "begins with the text"},
        {"endsWith", "ends with the text"},
        {"matches", "matches the regular expression (RE2)"},
        {"exists", "is there, even if null"},
    };
    return operators;
}

std::string_view filter_word(std::string_view text) {
    for (const std::string_view word : {"and", "or", "not"}) {
        if (text == word || (lower(text) == word && text[0] < 'a' && text[1] < 'a'))
            return word;
    }
    const std::string small = lower(text);
    for (const FilterOperatorInfo& info : filter_operators()) {
        if (info.name[0] >= 'a' && small == lower(info.name))
            return info.name;
    }
    return {};
}

std::string_view likely_meant(std::string_view text, const std::vector<std::string_view>& names) {
    std::string_view best;
    std::size_t fewest = text.size() < 4 ? 2 : text.size() < 7 ? 3 : 4; // one more than allowed
    if (text.size() > 64)
        return best;
    const std::string small = lower(text);
    for (const std::string_view name : names) {
        const std::size_t count = slips(small, lower(name));
        if (count < fewest && count < name.size() / 2 + 1) {
            fewest = count;
            best = name;
        }
    }
    return best;
}

} // namespace weir
