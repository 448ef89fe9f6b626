// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/dead_letter.h"

#include <algorithm>

#include "connectors/base/base64.h"
#include "models/event/json/utf8.h"

namespace weir::sandbox {

namespace {

// Shares of the bound, so that there is room for an original whatever is said of it; a byte may
// take six as JSON.
constexpr std::size_t text_share = 64;
constexpr std::size_t violations_share = 8;
constexpr std::size_t violations_bytes_max = 64u << 10;
constexpr std::size_t members_bytes = 100; // of "original" and what is said of its being cut

const Violation* main_violation(const JudgedEvent& event) {
    for (const Violation& violation : event.violations)
        if (violation.effect == Effect::Block)
            return &violation;
    return event.violations.empty() ? nullptr : &event.violations.front();
}

/// Bytes of the longest beginning of a text that takes no more than `room` as a JSON string.
std::size_t fitting_text(std::string_view text, std::size_t room) {
    constexpr std::size_t longest_step = 4096;
    std::size_t end = 0, bytes = 2; // the quotes
    std::string json;
    for (std::size_t step = longest_step; step > 0 && end < text.size();) {
        std::string_view more = text.substr(end, step);
        more = more.substr(0, utf8_valid_prefix(more));
        json.clear();
        append_json_string(more, json);
        if (more.empty() || bytes + json.size() - 2 > room) {
            step /= 2;
            continue;
        }
        end += more.size();
        bytes += json.size() - 2;
    }
    return end;
}

/// `room`: for the member and those that say that it is cut.
void append_original(const DeadLetter& letter, std::size_t room, std::string& out) {
    std::string_view original = letter.original;
    room -= members_bytes;
    if (letter.original_is_object && original.size() <= room) {
        out.append(",\"original\":").append(original);
        return;
    }
    constexpr std::size_t base64_from = 3, base64_to = 4;
    const bool is_text = is_utf8(original);
    const std::size_t fits =
        is_text ? fitting_text(original, room) : room / base64_to * base64_from;
    if (fits < original.size())
        out += ",\"original_bytes\":" + std::to_string(original.size()) + ",\"cut\":true";
    original = original.substr(0, fits);
    if (is_text) {
        out += ",\"original\":";
        append_json_string(original, out);
    } else {
        out += ",\"original_base64\":\"" + base64_encoded(original) + "\"";
    }
}

void append_member(std::string_view name, std::string_view text, std::string& out) {
    out += out.back() == '{' ? "\"" : ",\"";
    out.append(name).append("\":");
    append_json_string(text, out);
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max)
        return std::string(text);
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0U) == 0x80U)
        --bytes_max; // not amid a code point
    return std::string(text.substr(0, bytes_max)) + "…";
}

/// As many as there is room for.
void append_violations(const std::vector<Violation>& violations, std::size_t room,
                       std::string& out) {
    out += ",\"violations\":[";
    std::size_t listed = 0;
    std::string one;
    for (const Violation& violation : violations) {
        one.clear();
        append_violation_json(violation, one);
        if (one.size() + 1 > room)
            continue;
        room -= one.size() + 1;
        out.append(listed++ > 0 ? "," : "").append(one);
    }
    out += "]";
    if (listed < violations.size())
        out += ",\"violations_not_listed\":" + std::to_string(violations.size() - listed);
}

} // namespace

ViolationReason main_reason(const JudgedEvent& event) {
    const Violation* const violation = main_violation(event);
    return violation == nullptr ? ViolationReason::NotJson : violation->reason;
}

void append_dead_letter(const DeadLetter& letter, std::string& out, std::size_t bytes_max) {
    static const std::vector<Violation> none;
    const std::size_t begin = out.size();
    const std::size_t text_bytes_max = bytes_max / text_share;
    out += "{";
    append_member("reason", letter.reason, out);
    append_member("stage", letter.stage, out);
    append_member("pointer", shortened(letter.pointer, text_bytes_max), out);
    append_member("message", shortened(letter.message, text_bytes_max), out);
    if (!letter.received_time.empty())
        append_member("received_time", letter.received_time, out);
    if (!letter.dialect.empty())
        append_member("dialect", letter.dialect, out);
    append_violations(letter.violations == nullptr ? none : *letter.violations,
                      std::min(violations_bytes_max, bytes_max / violations_share), out);
    append_original(letter, bytes_max - (out.size() - begin), out);
    out += "}";
}

void append_dead_letter(const Batch& batch, const JudgedEvent& event, std::string& out,
                        std::size_t bytes_max) {
    const Violation* const violation = main_violation(event);
    append_dead_letter(
        {.reason = to_word(main_reason(event)),
         .stage = "collect",
         .pointer = violation == nullptr ? std::string_view() : violation->pointer,
         .message = violation == nullptr ? std::string() : violation_text(*violation),
         .received_time = batch.received_time,
         .dialect = to_word(batch.dialect),
         .violations = &event.violations,
         .original = event.original,
         .original_is_object = event.is_object},
        out, bytes_max);
}

} // namespace weir::sandbox
