// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/compatibility_text.h"

#include "models/event/json/json_tape.h"

namespace weir {

namespace {

const char* yes_no(bool yes) {
    return yes ? "true" : "false";
}

} // namespace

void append_compatibility_json(const Compatibility& found, std::string& out) {
    out += std::string("{\"backward\":") + yes_no(found.backward()) +
           ",\"forward\":" + yes_no(found.forward()) + ",\"full\":" + yes_no(found.full()) +
           ",\"differences\":[";
    for (const Difference& difference : found.differences) {
        out += out.back() == '[' ? "{" : ",{";
        out += "\"direction\":\"" + std::string(to_word(difference.direction)) +
               "\",\"breaking\":" + yes_no(difference.breaking) + ",\"pointer\":";
        append_json_string(difference.pointer, out);
        out += ",\"what\":";
        append_json_string(difference.what, out);
        out += ",\"rule\":";
        append_json_string(difference.rule, out);
        out += "}";
    }
    out += "]}";
}

std::string compatibility_text(const Compatibility& found) {
    std::string out;
    for (const Difference& difference : found.differences)
        out += std::string(difference.breaking ? "breaks " : "note ") +
               std::string(to_word(difference.direction)) + ": " +
               (difference.pointer.empty() ? "the event" : difference.pointer) + ": " +
               difference.what + "\n";
    out += std::string("backward ") + (found.backward() ? "yes" : "no") + ", forward " +
           (found.forward() ? "yes" : "no") + ", full " + (found.full() ? "yes" : "no") + "\n";
    return out;
}

} // namespace weir
