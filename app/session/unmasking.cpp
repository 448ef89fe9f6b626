// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/unmasking.h"

#include <algorithm>

#include <pwd.h>
#include <unistd.h>

#include "connectors/store/audit_store.h"
#include "models/event/json/json_tape.h"

namespace weir {

namespace {

constexpr std::size_t words_bytes_min = 8;  // "asdf" helps nobody who reads it later
constexpr std::size_t ticket_bytes_min = 4; // "#417", "INC-123"

/// A few words, or what may be the number of a ticket.
bool understandable(const std::string& reason) {
    const bool numbered = reason.find_first_of("0123456789") != std::string::npos;
    return reason.size() >= (numbered ? ticket_bytes_min : words_bytes_min);
}

std::string computer_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

/// `more`: members of their own, with a comma before them.
std::string details_of(const Workspace& workspace, const std::string& role,
                       const std::string& more) {
    std::string json = "{\"workspace\":";
    append_json_string(workspace.file.empty() ? workspace.name : workspace.file, json);
    json += ",\"role\":";
    append_json_string(role, json);
    return json += more + "}";
}

Result<void> record(const Workspace& workspace, const Unmasking& unmasking, const char* action,
                    Micros time, const std::string& more = {}) {
    store::AuditEntry entry;
    entry.time = time;
    entry.who = unmasking.who + "@" + computer_name();
    entry.action = action;
    entry.subject = unmasking.connection;
    entry.reason = unmasking.reason;
    entry.details = details_of(workspace, unmasking.role, more);
    const auto recorded = store::append_to_audit(store::audit_path(), std::move(entry));
    if (!recorded)
        return recorded.error();
    return {};
}

} // namespace

std::string login_name() {
    const passwd* entry = ::getpwuid(::geteuid());
    return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

Result<Unmasking> ask_to_unmask(const Workspace& workspace, const std::string& connection,
                                const std::string& reason) {
    const kafka::ConnectionOptions* options = workspace.connection(connection);
    const auto environment =
        options == nullptr ? kafka::Environment::Production : options->environment;
    Unmasking unmasking{connection, login_name(), {}, trimmed(reason), Micros::now()};
    const RoleSpec* role = workspace.role_of(unmasking.who, RoleSpec::Right::Unmask, environment);
    if (role == nullptr)
        return Error{ErrorCode::Refused,
                     "no role of this workspace lets " + unmasking.who + " unmask here", connection,
                     "unmasking",
                     "Ask whoever keeps the workspace for a role with the right \"unmask\" under "
                     "/roles."};
    if (!understandable(unmasking.reason))
        return Error{ErrorCode::Config, "unmasking needs a reason that can be understood later",
                     connection, "unmasking",
                     "Write a few words, or the number of a ticket (INC-123)."};
    unmasking.role = role->name;
    if (const auto recorded = record(workspace, unmasking, "unmask", unmasking.since); !recorded) {
        Error error = recorded.error();
        error.tried = "recording the unmasking (what is not recorded is not shown)";
        return error;
    }
    return unmasking;
}

Result<void> record_masked_again(const Workspace& workspace, const Unmasking& ended) {
    return record(workspace, ended, "mask", Micros::now());
}

Result<void> record_unmasked_export(const Workspace& workspace, const Unmasking& unmasking,
                                    const std::string& file, std::uint64_t events) {
    std::string more = ",\"file\":";
    append_json_string(file, more);
    more += ",\"events\":" + std::to_string(events);
    auto recorded = record(workspace, unmasking, "export", Micros::now(), more);
    if (recorded)
        return recorded;
    Error error = recorded.error();
    error.tried = "recording the export (what is not recorded is not written)";
    return error;
}

} // namespace weir
