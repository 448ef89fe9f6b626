// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/day_archive.h"

#include <array>

#include "connectors/archive/gzip_lines.h"
#include "connectors/warehouse/place/row_json.h"
#include "models/sandbox/retention/archive_note.h"
#include "models/sandbox/retention/day_rows.h"

namespace weir::sandbox {
namespace {

using warehouse::Value;
using warehouse::ValueKind;
using warehouse::WritableWarehouse;

std::string head_line(Day day) {
    return R"({"weir_archive":1,"table":"analytics.events","day":")" + text_of(day) + "\"}";
}
constexpr std::int64_t head_lines = ArchiveNote::head_lines;

class DayArchive {
  public:
    DayArchive(WritableWarehouse& db, const ArchiveFolder& folder, Day day, const ArchiveTold& told)
        : m_db(db)
        , m_folder(folder)
        , m_day(day)
        , m_day_text(text_of(day))
        , m_file(folder.file_of(day))
        , m_told(told) {}

    Result<ArchivedDay> move();

  private:
    void reached(ArchiveStep step) const {
        if (m_told)
            m_told(step, m_day);
    }
    Result<ArchiveNote> kept() const;
    Result<void> write();
    Result<void> verify() const;
    Result<bool> drop();
    Result<bool> drop_unchanged();

    WritableWarehouse& m_db;
    const ArchiveFolder& m_folder;
    const Day m_day;
    const std::string m_day_text;
    const std::string m_file;
    const ArchiveTold& m_told;
    ArchiveNote m_noted; // when it began
    ArchiveNote m_kept;  // what of it is in the file
    ArchiveNote m_whole; // the file, as it is to be
    LinesDigest m_new;
};

/// What is to stay of the file; one that somebody took away is begun anew.
Result<ArchiveNote> DayArchive::kept() const {
    if (m_noted.bytes == 0)
        return ArchiveNote{};
    const auto there = read_gzip_lines(m_file, 0, m_noted.bytes);
    if (!there && there.error().code == ErrorCode::NotFound)
        return ArchiveNote{};
    if (!there)
        return there.error();
    if (there->lines != m_noted.events + head_lines)
        return Error{.code = ErrorCode::Corrupt,
                     .what = "the archive file does not hold what was put there",
                     .where = m_file,
                     .tried = "archiving " + m_day_text,
                     .advice = "Move it away, and it is begun anew."};
    return m_noted;
}

Result<void> DayArchive::write() {
    auto writer = GzipLinesWriter::create(m_file, m_kept.bytes);
    if (!writer)
        return writer.error();
    if (m_kept.bytes == 0)
        if (auto begun = (*writer)->add(head_line(m_day)); !begun)
            return begun;
    std::string line;
    std::vector<Value> row;
    const auto add = [&](const warehouse::Page& page) -> Result<void> {
        for (std::size_t i = 0; i < page.rows(); ++i) {
            row.assign(page.row(i).begin(), page.row(i).end());
            for (Value& value : row)
                if (value.kind == ValueKind::Json)
                    value.kind = ValueKind::Text; // byte for byte, and in one line
            line.clear();
            append_row_json(page.columns(), row, line);
            if (auto added = (*writer)->add(line); !added)
                return added;
        }
        return {};
    };
    if (auto read = m_db.read("SELECT * FROM " + m_db.quoted(events_table) + " WHERE day = $1",
                              std::array{Value::of(std::string_view(m_day_text))}, add);
        !read)
        return read;
    reached(ArchiveStep::Read);
    if (auto closed = (*writer)->close(); !closed)
        return closed;
    m_new = (*writer)->digest();
    const std::int64_t fresh = m_new.lines - (m_kept.bytes == 0 ? head_lines : 0);
    m_whole = {m_kept.events + fresh, (*writer)->bytes()};
    reached(ArchiveStep::Written);
    if (auto finished = (*writer)->finish(); !finished)
        return finished;
    reached(ArchiveStep::Named);
    return {};
}

Result<void> DayArchive::verify() const {
    const auto old = m_kept.bytes == 0 ? Result<LinesDigest>(LinesDigest{})
                                       : read_gzip_lines(m_file, 0, m_kept.bytes);
    const auto fresh = read_gzip_lines(m_file, m_kept.bytes, m_whole.bytes);
    const auto size = file_bytes(m_file);
    if (!old || !fresh || !size)
        return !old ? old.error() : !fresh ? fresh.error() : size.error();
    if (*fresh != m_new || *size != m_whole.bytes ||
        old->lines + fresh->lines != m_whole.events + head_lines)
        return Error{.code = ErrorCode::Corrupt,
                     .what = "the archive file does not read back as it was written",
                     .where = m_file,
                     .tried = "archiving " + m_day_text};
    reached(ArchiveStep::Verified);
    return {};
}

/// False: the table has other rows of the day by now than the file.
Result<bool> DayArchive::drop_unchanged() {
    const auto there = take_day(m_db, m_day);
    if (!there)
        return there.error();
    const auto now = archive_note(m_db, m_folder, m_day);
    if (!now)
        return now.error();
    if (*now != m_noted)
        return Error{.code = ErrorCode::Refused,
                     .what = "another process has archived this day",
                     .where = m_file,
                     .tried = "archiving " + m_day_text};
    if (*there != m_whole.events - m_kept.events) // rows are added, never changed
        return false;
    if (auto done = set_archive_note(m_db, m_folder, m_day, m_whole); !done)
        return done.error();
    if (auto done = drop_day(m_db, m_day); !done)
        return done.error();
    reached(ArchiveStep::Dropped);
    return true;
}

Result<bool> DayArchive::drop() {
    if (auto begun = m_db.begin(); !begun)
        return begun.error();
    const auto dropped = drop_unchanged();
    if (!dropped || !*dropped) {
        (void)m_db.rollback();
        return dropped;
    }
    if (auto done = m_db.commit(); !done)
        return done.error();
    reached(ArchiveStep::Committed);
    return true;
}

Result<ArchivedDay> DayArchive::move() {
    reached(ArchiveStep::Begun);
    const auto noted_now = archive_note(m_db, m_folder, m_day);
    if (!noted_now)
        return noted_now.error();
    m_noted = *noted_now;
    const auto kept_now = kept();
    if (!kept_now)
        return kept_now.error();
    m_kept = *kept_now;
    auto done = write();
    if (done)
        done = verify();
    if (!done)
        return done.error();
    const auto dropped = drop();
    if (!dropped)
        return dropped.error();
    if (!*dropped)
        return ArchivedDay{};
    return ArchivedDay{true, m_whole.events - m_kept.events, m_whole.bytes - m_kept.bytes};
}

} // namespace

Result<ArchivedDay> archive_day(WritableWarehouse& db, const ArchiveFolder& folder, Day day,
                                const ArchiveTold& told) {
    return DayArchive(db, folder, day, told).move();
}

} // namespace weir::sandbox
