// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A sandbox's warehouse with events of days gone by, and the folder of its archive.
// Thread contract: one owner.
#pragma once

#include <array>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "connectors/archive/gzip_lines.h"
#include "connectors/http/inflate.h"
#include "models/event/json/json_tape.h"
#include "models/sandbox/retention/retention.h"
#include "models/sandbox/workers/load.h"
#include "tests/models/sandbox/workers/keeper_story.h"
#include "tests/support/process.h"
#include "tests/support/sandbox_warehouse.h"

namespace weir::test {

class RetentionWorld {
  public:
    using Ids = std::multiset<std::string>;

    /// In a new database of `server`; without one in a new SQLite file in `folder`.
    RetentionWorld(PostgresServer* server, const QString& folder)
        : options(new_sandbox_warehouse(server, folder))
        , db(write_to(options))
        , archive(folder.toStdString() + "/archive-" + std::to_string(++s_count)) {
        if (const auto made = sandbox::migrate(*db); !made)
            qFatal("%s", made.error().text().c_str());
        m_load = std::make_unique<sandbox::Load>(db->ticket());
    }

    static sandbox::Day days_ago(int days) {
        return sandbox::day_of(Micros::now()) - std::chrono::days(days);
    }

    /// Loads events "e<first>" … of that day; those that are known already are left out. How many
    /// became rows.
    std::uint64_t load(int first, int past, int days, const std::string& more = {}) {
        KeeperStory story(*m_load);
        const auto noon = sandbox::Day(days_ago(days)).time_since_epoch() + std::chrono::hours(12);
        const Micros time(std::chrono::duration_cast<std::chrono::microseconds>(noon).count());
        for (int id = first; id < past; ++id)
            story.take(0, m_offset++,
                       "{\"event_id\":\"e" + std::to_string(id) +
                           "\",\n\"event_type\":\"page_view\"" + more + "}",
                       days == 0 ? Micros::now() : time);
        const auto kept = story.keep();
        if (!kept)
            qFatal("%s", kept.error().text().c_str());
        return kept->loaded;
    }

    sandbox::RetentionPlan plan(const std::string& periods = "hot=7d,archive=90d") const {
        auto parsed = sandbox::parse_retention(periods).value();
        parsed.folder = parsed.archives() ? archive : std::string();
        return parsed;
    }
    Result<void> pass(const std::string& periods = "hot=7d,archive=90d", int days_ahead = 0) const {
        return sandbox::Retention(plan(periods), db->ticket()).pass(days_ago(-days_ahead));
    }

    std::string file_of(int days) const {
        return archive + "/events-" + sandbox::text_of(days_ago(days)) + ".ndjson.gz";
    }
    bool file_there(int days) const { return file_bytes(file_of(days)).ok(); }
    /// Lines behind the first; `bytes`: of so much of the file.
    std::vector<std::string> lines_of(const std::string& file, std::size_t bytes) const {
        const auto text = http::inflated(std::string_view(read_text(file)).substr(0, bytes),
                                         std::size_t{1} << 30);
        if (!text)
            qFatal("%s: %s", file.c_str(), text.error().text().c_str());
        std::vector<std::string> lines;
        std::istringstream in(*text);
        for (std::string line; std::getline(in, line);)
            lines.push_back(line);
        if (!lines.empty())
            lines.erase(lines.begin());
        return lines;
    }

    Ids ids_in_table() const {
        return ids_of("SELECT event_id FROM " + name(sandbox::events_table));
    }
    /// What the warehouse says is the archive's.
    Ids ids_in_archive() const {
        Ids ids;
        const auto rows = db->execute("SELECT day, bytes FROM event_archives");
        for (std::size_t i = 0; i < rows->rows.rows(); ++i) {
            const std::string file =
                archive + "/events-" + std::string(rows->rows.at(i, 0).text) + ".ndjson.gz";
            const auto bytes = static_cast<std::size_t>(rows->rows.at(i, 1).integer);
            JsonTape tape;
            for (const std::string& line : lines_of(file, bytes)) {
                if (!tape.parse(line))
                    qFatal("no JSON: %s", line.c_str());
                ids.insert(tape.unescaped(*tape.member(0, "event_id")));
            }
        }
        return ids;
    }
    /// Every event is in the table or in the archive, once; what is amiss, or "".
    std::string wrong_with(int events) const {
        Ids all = ids_in_table();
        all.merge(ids_in_archive());
        std::string wrong;
        for (int id = 0; id < events; ++id)
            if (const auto n = all.count("e" + std::to_string(id)); n != 1)
                wrong += "e" + std::to_string(id) + " is there " + std::to_string(n) + " times; ";
        if (all.size() > static_cast<std::size_t>(events) && wrong.empty())
            wrong = "there are others";
        return wrong;
    }
    std::int64_t number(const std::string& sql) const {
        const auto answer = db->execute(sql);
        return answer ? answer->rows.at(0, 0).integer : -1;
    }
    std::string name(const warehouse::TableName& table) const { return db->quoted(table); }

    const warehouse::ConnectionOptions options;
    const std::unique_ptr<warehouse::WritableWarehouse> db;
    const std::string archive;

  private:
    Ids ids_of(const std::string& sql) const {
        Ids ids;
        const auto rows = db->execute(sql);
        for (std::size_t i = 0; i < rows->rows.rows(); ++i)
            ids.insert(std::string(rows->rows.at(i, 0).text));
        return ids;
    }
    inline static int s_count = 0;
    std::unique_ptr<sandbox::Load> m_load;
    std::int64_t m_offset = 0;
};

} // namespace weir::test
