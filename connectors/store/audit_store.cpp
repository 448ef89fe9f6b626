// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/audit_store.h"

#include <cstdlib>
#include <filesystem>
#include <thread>

#include <QStandardPaths>
#include <openssl/evp.h>

namespace weir::store {

namespace {

const FileKind& kind() {
    static const FileKind kind{
        0x57656175, // "Weau"
        1,
        1,
        "audit trail",
        {"CREATE TABLE entries(number INTEGER PRIMARY KEY, time_us INTEGER NOT NULL,"
         " who BLOB NOT NULL, action BLOB NOT NULL, subject BLOB NOT NULL, reason BLOB NOT NULL,"
         " details BLOB NOT NULL, hash BLOB NOT NULL);"
         "CREATE TRIGGER no_change BEFORE UPDATE ON entries BEGIN"
         " SELECT RAISE(ABORT, 'entries of the audit trail are never changed'); END;"
         "CREATE TRIGGER no_removal BEFORE DELETE ON entries BEGIN"
         " SELECT RAISE(ABORT, 'entries of the audit trail are never removed'); END;"}};
    return kind;
}

constexpr const char* newest_first =
    "SELECT number, time_us, who, action, subject, reason, details, hash FROM entries "
    "ORDER BY number DESC LIMIT ?1";
constexpr const char* oldest_first =
    "SELECT number, time_us, who, action, subject, reason, details, hash FROM entries "
    "ORDER BY number";

void append_number(std::int64_t number, std::string& out) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift & 0xFF);
}

/// Over the entry before and all of this one; each text with its length, so that nothing can be
/// moved from one into the next.
std::string hash_of(const AuditEntry& entry, std::string_view before) {
    std::string message(before);
    append_number(entry.number, message);
    append_number(entry.time.value(), message);
    for (const std::string* text :
         {&entry.who, &entry.action, &entry.subject, &entry.reason, &entry.details}) {
        append_number(static_cast<std::int64_t>(text->size()), message);
        message += *text;
    }
    std::string hash(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(hash.data()), &size,
               EVP_sha256(), nullptr);
    hash.resize(size);
    return hash;
}

AuditEntry entry_at(const Statement& row) {
    AuditEntry entry;
    entry.number = row.integer(0);
    entry.time = Micros(row.integer(1));
    entry.who = row.bytes(2);
    entry.action = row.bytes(3);
    entry.subject = row.bytes(4);
    entry.reason = row.bytes(5);
    entry.details = row.bytes(6);
    entry.hash = row.bytes(7);
    return entry;
}

} // namespace

Result<std::unique_ptr<AuditStore>> AuditStore::open(const std::string& file) {
    auto database = Database::open_for_writing(file, kind());
    if (!database)
        return std::move(database).error();
    return std::unique_ptr<AuditStore>(new AuditStore(*std::move(database)));
}

Result<std::unique_ptr<AuditStore>> AuditStore::open_read_only(const std::string& file) {
    auto database = Database::open_read_only(file, kind());
    if (!database)
        return std::move(database).error();
    return std::unique_ptr<AuditStore>(new AuditStore(*std::move(database)));
}

/// Number 0 and no hash: there is none.
Result<AuditEntry> AuditStore::last() {
    auto entries = newest(1);
    if (!entries)
        return std::move(entries).error();
    return entries->empty() ? AuditEntry() : std::move(entries->front());
}

Result<AuditEntry> AuditStore::append(AuditEntry entry) {
    for (std::string* text :
         {&entry.who, &entry.action, &entry.subject, &entry.reason, &entry.details})
        text->resize(std::min(text->size(), text_bytes_max));
    const auto before = last(); // nobody else appends: this one holds the writer's lock
    if (!before)
        return before.error();
    entry.number = before->number + 1;
    entry.hash = hash_of(entry, before->hash);
    auto statement =
        m_database->prepare("INSERT INTO entries VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    if (!statement)
        return std::move(statement).error();
    const auto done = statement->bind(1, entry.number)
                          .bind(2, entry.time.value())
                          .bind(3, entry.who)
                          .bind(4, entry.action)
                          .bind(5, entry.subject)
                          .bind(6, entry.reason)
                          .bind(7, entry.details)
                          .bind(8, entry.hash)
                          .run();
    if (!done)
        return done.error();
    return entry;
}

Result<std::vector<AuditEntry>> AuditStore::newest(std::int64_t count) {
    auto statement = m_database->prepare(newest_first);
    if (!statement)
        return std::move(statement).error();
    statement->bind(1, count);
    std::vector<AuditEntry> entries;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return row.error();
        if (!*row)
            return entries;
        entries.push_back(entry_at(*statement));
    }
}

Result<void> AuditStore::verify() {
    auto statement = m_database->prepare(oldest_first);
    if (!statement)
        return std::move(statement).error();
    AuditEntry before;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        AuditEntry entry = entry_at(*statement);
        if (entry.number != before.number + 1 || entry.hash != hash_of(entry, before.hash))
            return Error{ErrorCode::Corrupt,
                         "entry " + std::to_string(before.number + 1) +
                             " of the audit trail was changed, taken out or put in",
                         m_database->file(), "verifying the audit trail",
                         "Compare it with a copy; what stands before that entry holds."};
        before = std::move(entry);
    }
}

std::string audit_path() {
    if (const char* given = std::getenv("WEIR_AUDIT"); given != nullptr && *given != '\0')
        return given;
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return data.toStdString() + "/weir/audit.sqlite";
}

Result<AuditEntry> append_to_audit(const std::string& file, AuditEntry entry,
                                   std::chrono::milliseconds wait) {
    constexpr std::chrono::milliseconds pause(20);
    std::error_code ignored; // opening tells what is wrong
    std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
        auto store = AuditStore::open(file);
        if (store)
            return (*store)->append(std::move(entry));
        if (store.error().code != ErrorCode::Refused || std::chrono::steady_clock::now() >= until)
            return std::move(store).error();
        std::this_thread::sleep_for(pause);
    }
}

} // namespace weir::store
