// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir audit: who looked at what unmasked, when and why, and whether the trail of it holds.
#include <sys/stat.h>

#include "app/cli/cmd.h"
#include "app/cli/field_reader.h"
#include "connectors/store/audit_store.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

using store::AuditEntry;

std::string hex(const std::string& bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        text += digits[static_cast<unsigned char>(byte) >> 4U];
        text += digits[static_cast<unsigned char>(byte) & 0xFU];
    }
    return text;
}

std::string entry_json(const AuditEntry& entry) {
    std::string out = "{\"number\":" + std::to_string(entry.number) + ",\"time\":\"" +
                      time_text(entry.time) + "\"";
    const auto text = [&out](const char* name, const std::string& value) {
        out += std::string(",\"") + name + "\":";
        append_json_string(value, out);
    };
    text("who", entry.who);
    text("action", entry.action);
    text("subject", entry.subject);
    text("reason", entry.reason);
    JsonTape tape;
    if (!entry.details.empty() && tape.parse(entry.details))
        out += ",\"details\":" + entry.details;
    text("hash", hex(entry.hash));
    return out + "}";
}

std::string entry_line(const AuditEntry& entry) {
    const std::string text = time_text(entry.time) + "  " + entry.action + "  " + entry.subject +
                             "  " + entry.who + ": " + entry.reason;
    return std::to_string(entry.number) + "  " + terminal_safe(text, true) + "\n";
}

void print_json(const std::string& file, const std::vector<AuditEntry>& entries,
                const Result<void>& chain, Console& console) {
    std::string out = "{\"file\":";
    append_json_string(file, out);
    out += ",\"intact\":" + std::string(chain ? "true" : "false");
    if (!chain) {
        out += ",\"broken\":";
        append_json_string(chain.error().what, out);
    }
    out += ",\"entries\":[";
    for (const AuditEntry& entry : entries)
        out += (&entry == entries.data() ? "\n" : ",\n") + entry_json(entry);
    console.out(out + "]}\n");
}

int run_audit(const Arguments& arguments, Console& console) {
    const auto limit = arguments.integer("limit", 50, 1, 1'000'000);
    if (!limit)
        return console.fail(limit.error());
    const std::string file = arguments.value("file", store::audit_path());
    const bool json = arguments.has("json");
    struct stat there {};
    if (!arguments.has("file") && ::stat(file.c_str(), &there) != 0 && errno == ENOENT) {
        if (json)
            print_json(file, {}, Result<void>(), console);
        console.note("weir: nothing has been recorded yet in " + file);
        return exit_fine;
    }
    auto trail = store::AuditStore::open_read_only(file);
    if (!trail)
        return console.fail(trail.error());
    const auto entries = (*trail)->newest(*limit);
    if (!entries)
        return console.fail(entries.error());
    const auto chain = (*trail)->verify();
    if (json)
        print_json(file, *entries, chain, console);
    else
        for (const AuditEntry& entry : *entries)
            console.out(entry_line(entry));
    console.flush();
    if (!chain)
        console.say("weir audit: " + chain.error().text());
    else if (!entries->empty())
        console.note("weir: the chain of " +
                     grouped(static_cast<std::uint64_t>(entries->front().number)) +
                     " entries holds; the last hash is " + hex(entries->front().hash));
    return chain ? exit_fine : exit_finding;
}

} // namespace

Command audit_command() {
    return {"audit",
            "[--limit N] [--json]",
            "Show who looked at what unmasked, and verify the trail",
            "The newest entries first. Each entry's hash is over itself and the one before: what\n"
            "was changed, taken out or put in between is named, with exit code 1. That the last\n"
            "entries were cut off is seen only by whoever kept the last hash elsewhere.",
            0,
            join({{{"limit", "N", "so many entries; default 50", 'n'},
                   {"file", "FILE", "another trail than this user's ($WEIR_AUDIT)"},
                   {"json", nullptr, "one JSON document", 'J'},
                   {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
            run_audit};
}

} // namespace weir::cli
