// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/dead_letter.h"

#include "connectors/base/base64.h"
#include "models/event/json/utf8.h"

namespace weir::sandbox {

namespace {

constexpr std::size_t cut_bytes = 64u << 10;
constexpr std::size_t violations_bytes_max = 64u << 10;

const Violation* main_violation(const JudgedEvent& event) {
    for (const Violation& violation : event.violations)
        if (violation.effect == Effect::Block)
            return &violation;
    return event.violations.empty() ? nullptr : &event.violations.front();
}

void append_original(const DeadLetter& letter, std::size_t room, std::string& out) {
    std::string_view original = letter.original;
    if (letter.original_is_object && original.size() < room) {
        out.append(",\"original\":").append(original);
        return;
    }
    // As a text it may need up to six bytes for one.
    const bool cut = original.size() > room / 6 && original.size() > cut_bytes;
    const bool is_text = is_utf8(original);
    if (cut) {
        out += ",\"original_bytes\":" + std::to_string(original.size()) + ",\"cut\":true";
        original = original.substr(0, cut_bytes);
        original = is_text ? original.substr(0, utf8_valid_prefix(original)) : original;
    }
    if (is_utf8(original)) {
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

} // namespace

ViolationReason main_reason(const JudgedEvent& event) {
    const Violation* const violation = main_violation(event);
    return violation == nullptr ? ViolationReason::NotJson : violation->reason;
}

void append_dead_letter(const DeadLetter& letter, std::string& out) {
    const std::size_t begin = out.size();
    out += "{";
    append_member("reason", letter.reason, out);
    append_member("stage", letter.stage, out);
    append_member("pointer", letter.pointer, out);
    append_member("message", letter.message, out);
    if (!letter.received_time.empty())
        append_member("received_time", letter.received_time, out);
    if (!letter.dialect.empty())
        append_member("dialect", letter.dialect, out);
    out += ",\"violations\":[";
    const std::size_t list_begin = out.size();
    for (std::size_t i = 0; letter.violations != nullptr && i < letter.violations->size() &&
                            out.size() - list_begin <= violations_bytes_max;
         ++i) {
        out += i > 0 ? "," : "";
        append_violation_json((*letter.violations)[i], out);
    }
    out += "]";
    append_original(letter, dead_letter_bytes_max - (out.size() - begin), out);
    out += "}";
}

void append_dead_letter(const Batch& batch, const JudgedEvent& event, std::string& out) {
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
        out);
}

} // namespace weir::sandbox
