// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/warehouse/schema.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "connectors/base/embedded.h"

namespace weir::sandbox {
namespace {

using warehouse::Value;
using warehouse::WritableWarehouse;

constexpr std::size_t number_digits = 4;

std::string folder_of(const std::string& kind) {
    return "resources/sql/" + kind + "/";
}

/// The statements of a file of resources/sql: each ends with the line that ends in a semicolon;
/// lines that begin with "--" are left out.
std::vector<std::string> statements_of(std::string_view text) {
    std::vector<std::string> statements;
    std::string statement;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.empty() || line.substr(0, 2) == "--")
            continue;
        statement.append(line).append("\n");
        if (line.back() != ';')
            continue;
        statement.resize(statement.size() - 2);
        statements.push_back(std::exchange(statement, {}));
    }
    return statements;
}

/// Those of a file about one day; none: this kind of warehouse has no such file.
std::vector<std::string> day_statements(const WritableWarehouse& db, const std::string& file,
                                        Day day) {
    std::vector<std::string> statements =
        statements_of(embedded_file(folder_of(db.kind()) + file + ".sql"));
    const std::pair<std::string, std::string> words[] = {
        {"{day}", text_of(day)}, {"{next_day}", text_of(day + std::chrono::days(1))}};
    for (std::string& statement : statements)
        for (const auto& [word, meaning] : words)
            for (std::size_t at; (at = statement.find(word)) != std::string::npos;)
                statement.replace(at, word.size(), meaning);
    return statements;
}

Result<void> run_all(WritableWarehouse& db, const std::vector<std::string>& statements) {
    for (const std::string& statement : statements)
        if (auto done = db.execute(statement); !done)
            return done.error();
    return {};
}

/// Runs `call` in a transaction that no other process of Weir has at the same time: whoever comes
/// second waits for the marker's row, on every kind of warehouse.
template <class Call>
Result<void> in_turn(WritableWarehouse& db, Call call) {
    if (auto begun = db.begin(); !begun)
        return begun;
    Result<void> done = take_turn(db);
    if (done)
        done = call();
    if (done)
        return db.commit();
    (void)db.rollback();
    return done;
}

/// 0: there are no tables yet. REQUIRES: a transaction is open.
Result<std::int64_t> version_of(WritableWarehouse& db) {
    if (auto made = db.execute("CREATE TABLE IF NOT EXISTS weir_schema (version integer PRIMARY "
                               "KEY, name text NOT NULL)");
        !made)
        return made.error();
    const auto answer = db.execute("SELECT coalesce(max(version), 0) FROM weir_schema");
    if (!answer)
        return answer.error();
    return answer->rows.at(0, 0).integer;
}

Result<void> apply(WritableWarehouse& db, const Migration& migration) {
    for (const std::string& statement : migration.statements)
        if (auto done = db.execute(statement); !done) {
            Error error = std::move(done).error();
            error.what = "migration " + migration.name + ": " + error.what;
            return error;
        }
    const Value row[] = {Value::of(std::int64_t{migration.number}),
                         Value::of(std::string_view(migration.name))};
    const auto noted = db.execute("INSERT INTO weir_schema (version, name) VALUES ($1, $2)", row);
    return noted ? Result<void>() : Result<void>(noted.error());
}

Error too_new(const WritableWarehouse& db, std::int64_t version) {
    return {ErrorCode::Unsupported,
            "its tables are of version " + std::to_string(version) + ", newer than this Weir knows",
            db.ticket().connection().name, "looking at the warehouse's tables",
            "Use the newer Weir, or another database."};
}

} // namespace

std::vector<Migration> migrations_of(const std::string& kind) {
    std::vector<Migration> all;
    const std::string folder = folder_of(kind);
    for (const EmbeddedFile& file : embedded_files()) {
        if (file.path.substr(0, folder.size()) != folder)
            continue;
        Migration migration;
        migration.name = file.path.substr(folder.size(), file.path.size() - folder.size() - 4);
        const std::string digits = migration.name.substr(0, number_digits);
        const char* const end = digits.data() + digits.size();
        if (std::from_chars(digits.data(), end, migration.number).ptr != end)
            continue; // no migration
        migration.statements = statements_of(file.text);
        all.push_back(std::move(migration));
    }
    return all;
}

Result<void> take_turn(WritableWarehouse& db) {
    const auto turn = db.execute("UPDATE weir_sandbox SET version = version");
    return turn ? Result<void>() : Result<void>(turn.error());
}

Result<void> migrate(WritableWarehouse& db) {
    const std::vector<Migration> all = migrations_of(db.kind());
    for (bool current = false; !current;) {
        auto stepped = in_turn(db, [&]() -> Result<void> {
            const auto version = version_of(db);
            if (!version)
                return version.error();
            const int newest = all.empty() ? 0 : all.back().number;
            if (*version > newest)
                return too_new(db, *version);
            for (const Migration& next : all)
                if (next.number > *version)
                    return apply(db, next);
            current = true;
            return {};
        });
        if (!stepped)
            return stepped;
    }
    return {};
}

Result<warehouse::DatabaseTicket> prove_migrated(const warehouse::ConnectionOptions& connection,
                                                 const SecretResolver& secrets,
                                                 std::chrono::milliseconds timeout) {
    auto ticket = warehouse::prove_sandbox_database(connection, secrets, timeout);
    if (!ticket)
        return ticket;
    const auto db = WritableWarehouse::open(*ticket, timeout);
    if (!db)
        return db.error();
    if (auto made = migrate(**db); !made)
        return made.error();
    return ticket;
}

Result<void> make_day(WritableWarehouse& db, Day day) {
    const std::vector<std::string> statements = day_statements(db, "day_partition", day);
    if (statements.empty())
        return {};
    return in_turn(db, [&] { return run_all(db, statements); });
}

Result<void> hold_day(WritableWarehouse& db, Day day) {
    return run_all(db, day_statements(db, "day_hold", day));
}

Result<void> drop_day(WritableWarehouse& db, Day day) {
    return run_all(db, day_statements(db, "day_drop", day));
}

Day day_of(Micros time) {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(time.value())));
}

std::string text_of(Day day) {
    const std::chrono::year_month_day date(day);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

std::optional<Day> day_of_text(std::string_view text) {
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = -1;
        const std::string_view part = text.substr(std::min(at, text.size()), digits);
        const auto read = std::from_chars(part.data(), part.data() + part.size(), value);
        return read.ptr == part.data() + part.size() ? value : -1;
    };
    const std::chrono::year_month_day date(
        std::chrono::year(number(0, 4)),
        std::chrono::month(static_cast<unsigned>(std::max(0, number(5, 2)))),
        std::chrono::day(static_cast<unsigned>(std::max(0, number(8, 2)))));
    const bool is_day = date.ok() && int(date.year()) >= 0 && text == text_of(Day(date));
    return is_day ? std::optional(Day(date)) : std::nullopt;
}

} // namespace weir::sandbox
