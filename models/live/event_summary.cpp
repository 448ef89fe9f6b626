// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/event_summary.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "models/live/printable.h"

namespace weir {

namespace {

constexpr std::size_t parts_max = 5;
constexpr std::size_t part_bytes_max = 64;
constexpr const char* separator = " · ";

// Where dialects keep what is particular to the event.
constexpr std::array<std::string_view, 4> containers = {"properties", "data", "traits", "payload"};
// What the table shows in columns of its own, or what says nothing to a reader.
constexpr std::array<std::string_view, 22> envelope = {
    "event_id",    "event_type",     "schema_version",    "session_id",  "anonymous_id",
    "user_id",     "source",         "source_id",         "platform",    "event_time",
    "sent_time",   "received_time",  "messageId",         "anonymousId", "userId",
    "type",        "timestamp",      "originalTimestamp", "sentAt",      "receivedAt",
    "specversion", "datacontenttype"};
constexpr std::array<std::string_view, 6> amounts = {"price", "value",   "amount",
                                                     "total", "revenue", "order_total"};

template <std::size_t n>
bool has(const std::array<std::string_view, n>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_scalar(JsonKind kind) {
    return kind != JsonKind::Object && kind != JsonKind::Array;
}

std::string scalar_text(const JsonTape& tape, std::uint32_t node) {
    std::string scratch;
    if (tape.nodes()[node].kind == JsonKind::String)
        return printable(tape.text_of(node, scratch), part_bytes_max);
    return printable(tape.raw(node), part_bytes_max);
}

std::uint32_t interesting_object(const JsonTape& tape) {
    if (tape.nodes()[0].kind != JsonKind::Object)
        return 0;
    for (const std::string_view name : containers) {
        const auto found = tape.member(0, name);
        if (found && tape.nodes()[*found].kind == JsonKind::Object && tape.size(*found) > 0)
            return *found;
    }
    return 0;
}

struct Member {
    std::string name;
    std::uint32_t value;
};

std::vector<Member> scalars(const JsonTape& tape, std::uint32_t object, bool is_root) {
    std::vector<Member> found;
    const auto& nodes = tape.nodes();
    for (std::uint32_t key = object + 1; key < nodes[object].next && found.size() < 32;) {
        const std::uint32_t value = key + 1;
        if (is_scalar(nodes[value].kind) && nodes[value].kind != JsonKind::Null) {
            std::string name = tape.unescaped(key);
            if (!is_root || !has(envelope, name))
                found.push_back({std::move(name), value});
        }
        key = nodes[value].next;
    }
    return found;
}

/// Takes the member with that name out of the list.
std::optional<std::uint32_t> take(std::vector<Member>& members, std::string_view name) {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const Member& m) { return m.name == name; });
    if (found == members.end())
        return std::nullopt;
    const std::uint32_t value = found->value;
    members.erase(found);
    return value;
}

} // namespace

std::string event_summary(const JsonTape& tape) {
    const std::uint32_t object = interesting_object(tape);
    if (tape.nodes()[object].kind != JsonKind::Object)
        return printable(tape.text(), 2 * part_bytes_max);
    std::vector<Member> members = scalars(tape, object, object == 0);
    std::vector<std::string> parts;

    for (const std::string_view name : amounts) {
        const auto amount = take(members, name);
        if (!amount)
            continue;
        const auto currency = take(members, "currency");
        parts.push_back(currency ? scalar_text(tape, *amount) + " " + scalar_text(tape, *currency)
                                 : std::string(name) + " " + scalar_text(tape, *amount));
        break;
    }
    if (const auto order = take(members, "order_id"))
        parts.push_back("order " + scalar_text(tape, *order));
    for (const Member& member : members) {
        if (parts.size() >= parts_max)
            break;
        parts.push_back(printable(member.name, part_bytes_max) + " " +
                        scalar_text(tape, member.value));
    }
    std::string text;
    for (const std::string& part : parts) {
        if (!text.empty())
            text += separator;
        text += part;
    }
    return text;
}

} // namespace weir
