// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/day_restore.h"

#include <charconv>
#include <filesystem>

#include "connectors/archive/gzip_lines.h"
#include "connectors/warehouse/kind/time_text.h"
#include "models/event/json/json_tape.h"
#include "models/sandbox/retention/archive_note.h"

namespace weir::sandbox {
namespace {

using warehouse::Page;
using warehouse::Value;
using warehouse::WritableWarehouse;

constexpr std::size_t page_rows = 500;
constexpr std::size_t page_bytes = 4'000'000; // a page ends with the row that passes it

/// What a column's JSON was made of.
enum class Kept : std::uint8_t { Text, Time, Number, Payload };

struct ArchivedColumn {
    const char* name;
    Kept kept;
};
constexpr ArchivedColumn archived_columns[] = {{"event_id", Kept::Text},
                                               {"event_type", Kept::Text},
                                               {"schema_version", Kept::Text},
                                               {"event_time", Kept::Time},
                                               {"sent_time", Kept::Time},
                                               {"received_time", Kept::Time},
                                               {"record_time", Kept::Time},
                                               {"user_id", Kept::Text},
                                               {"anonymous_id", Kept::Text},
                                               {"session_id", Kept::Text},
                                               {"source", Kept::Text},
                                               {"source_id", Kept::Text},
                                               {"platform", Kept::Text},
                                               {"app_version", Kept::Text},
                                               {"payload", Kept::Payload},
                                               {"origin_topic", Kept::Text},
                                               {"origin_partition", Kept::Number},
                                               {"origin_offset", Kept::Number},
                                               {"load_batch", Kept::Text},
                                               {"loaded_at", Kept::Time},
                                               {"day", Kept::Text}};

Page no_events() {
    std::vector<std::string> names;
    for (const ArchivedColumn& column : archived_columns)
        names.emplace_back(column.name);
    return Page::of(names);
}

class DayRestore {
  public:
    DayRestore(WritableWarehouse& db, const ArchiveFolder& folder, Day day)
        : m_db(db)
        , m_folder(folder)
        , m_day(day)
        , m_day_text(text_of(day))
        , m_file(folder.file_of(day)) {}

    Result<std::int64_t> run();

  private:
    Error broken(const std::string& why) const {
        return {.code = ErrorCode::Corrupt,
                .what = why,
                .where = m_file,
                .tried = "restoring " + m_day_text};
    }
    Result<ArchiveNote> checked() const;
    Result<void> put_back(const ArchiveNote& note);
    Result<void> take(std::string_view line);
    Result<Value> value_of(const ArchivedColumn& column, std::uint32_t node);
    Result<void> write();

    WritableWarehouse& m_db;
    const ArchiveFolder& m_folder;
    const Day m_day;
    const std::string m_day_text;
    const std::string m_file;
    JsonTape m_tape;
    std::string m_scratch;
    std::int64_t m_lines = 0;
    Page m_events = no_events();
    Page m_ids = Page::of({"event_id", "day"});
};

/// What of the file is to be put back; all of it has been read once.
Result<ArchiveNote> DayRestore::checked() const {
    const auto note = archive_note(m_db, m_folder, m_day);
    if (!note)
        return note;
    if (note->bytes == 0)
        return Error{.code = ErrorCode::NotFound,
                     .what = "nothing of " + m_day_text + " is archived there",
                     .where = m_file,
                     .tried = "restoring " + m_day_text};
    const auto there = read_gzip_lines(m_file, 0, note->bytes);
    if (!there)
        return there.error();
    if (there->lines != note->events + ArchiveNote::head_lines)
        return broken("the archive file does not hold what was put there");
    return note;
}

Result<Value> DayRestore::value_of(const ArchivedColumn& column, std::uint32_t node) {
    const JsonKind kind = m_tape.nodes()[node].kind;
    if (kind == JsonKind::Null)
        return Value::null();
    if (column.kept == Kept::Number) {
        std::int64_t number = 0;
        const std::string_view digits = m_tape.raw(node);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (read.ec != std::errc() || read.ptr != digits.data() + digits.size())
            return broken(std::string(column.name) + " is no whole number");
        return Value::of(number);
    }
    if (kind != JsonKind::String)
        return broken(std::string(column.name) + " is no text");
    const std::string_view text = m_tape.text_of(node, m_scratch);
    if (column.kept == Kept::Payload)
        return Value::json(text);
    if (column.kept == Kept::Text)
        return Value::of(text);
    const auto time = warehouse::read_time(text);
    if (!time)
        return broken(std::string(column.name) + " is no time");
    return Value::of(Micros(time->micros));
}

Result<void> DayRestore::take(std::string_view line) {
    if (m_lines++ < ArchiveNote::head_lines)
        return {};
    if (!m_tape.parse(line) || m_tape.nodes()[0].kind != JsonKind::Object)
        return broken("line " + std::to_string(m_lines) + " is no row");
    std::string id, origin;
    for (const ArchivedColumn& column : archived_columns) {
        const auto node = m_tape.member(0, column.name);
        if (!node)
            return broken("line " + std::to_string(m_lines) + " has no " + column.name);
        const auto value = value_of(column, *node);
        if (!value)
            return value.error();
        m_events.add(*value);
        if (column.name == std::string_view("event_id"))
            id = value->text;
        else if (column.name == std::string_view("origin_topic"))
            origin = value->text;
        else if (column.kept == Kept::Number)
            origin += "/" + std::to_string(value->integer);
    }
    m_ids.add(Value::of(std::string_view(id.empty() ? origin : id)));
    m_ids.add_borrowed(Value::of(std::string_view(m_day_text)));
    return m_events.rows() < page_rows && m_events.bytes() < page_bytes ? Result<void>() : write();
}

Result<void> DayRestore::write() {
    if (const auto known = m_db.insert_new(event_ids_table, "event_id", m_ids); !known)
        return known.error();
    if (auto done = m_db.append(events_table, m_events); !done)
        return done;
    m_events = no_events();
    m_ids = Page::of({"event_id", "day"});
    return {};
}

/// REQUIRES: a transaction is open.
Result<void> DayRestore::put_back(const ArchiveNote& note) {
    if (auto taken = take_turn(m_db); !taken)
        return taken;
    const auto now = archive_note(m_db, m_folder, m_day);
    if (!now)
        return now.error();
    if (*now != note)
        return broken("another process has changed what is archived");
    const auto read = read_gzip_lines(m_file, 0, note.bytes,
                                      [this](std::string_view line) { return take(line); });
    if (!read)
        return read.error();
    if (auto written = write(); !written)
        return written;
    return remove_archive_note(m_db, m_folder, m_day);
}

Result<std::int64_t> DayRestore::run() {
    const auto note = checked();
    if (!note)
        return note.error();
    if (auto made = make_day(m_db, m_day); !made)
        return made.error();
    if (auto begun = m_db.begin(); !begun)
        return begun.error();
    if (auto done = put_back(*note); !done) {
        (void)m_db.rollback();
        return done.error();
    }
    if (auto done = m_db.commit(); !done)
        return done.error();
    std::error_code gone; // one that stays belongs to nobody
    std::filesystem::remove(m_file, gone);
    return note->events;
}

} // namespace

Result<std::int64_t> restore_day(WritableWarehouse& db, const ArchiveFolder& folder, Day day) {
    return DayRestore(db, folder, day).run();
}

} // namespace weir::sandbox
