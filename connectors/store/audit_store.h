// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The audit trail: who did what to what, when and why. Entries are appended and never changed: each
// holds a hash over itself and the one before (SHA-256), so that what was changed, taken out or put
// in between is found; the file itself refuses to change or delete rows. That the last entries were
// cut off cannot be seen from the file alone: whoever has to prove that keeps the last hash
// elsewhere.
//
// Thread contract: one thread; append_to_audit() from any thread and program. Bound: text_bytes_max
// a text; the file grows by some 200 bytes an entry.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/types.h"
#include "connectors/store/database.h"

namespace weir::store {

struct AuditEntry {
    std::int64_t number = 0; // from 1, without gaps
    Micros time;
    std::string who;     // login name and computer
    std::string action;  // "unmask"
    std::string subject; // what it was done to
    std::string reason;  // as it was given
    std::string details; // JSON; may be empty
    std::string hash;    // 32 bytes
};

class AuditStore {
  public:
    static constexpr std::size_t text_bytes_max = 4'096;

    static Result<std::unique_ptr<AuditStore>> open(const std::string& file);
    static Result<std::unique_ptr<AuditStore>> open_read_only(const std::string& file);

    /// Number and hash are filled in; longer texts are cut.
    Result<AuditEntry> append(AuditEntry entry);
    /// The newest first.
    Result<std::vector<AuditEntry>> newest(std::int64_t count);
    /// Errors: Corrupt, naming the first entry that does not follow from the one before.
    Result<void> verify();

  private:
    explicit AuditStore(std::unique_ptr<Database> database)
        : m_database(std::move(database)) {}
    Result<AuditEntry> last();
    std::unique_ptr<Database> m_database;
};

/// Where this user's trail is; $WEIR_AUDIT names another file.
std::string audit_path();

/// Opens the trail (and its folder) for one entry; waits for another program that does the same.
/// Errors: as Database::open_for_writing().
Result<AuditEntry> append_to_audit(const std::string& file, AuditEntry entry,
                                   std::chrono::milliseconds wait = std::chrono::seconds(5));

} // namespace weir::store
