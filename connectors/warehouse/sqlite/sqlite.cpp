// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/sqlite/sqlite.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/warehouse/sqlite/sqlite_session.h"

namespace weir::warehouse {

namespace {

constexpr std::string_view scheme = "sqlite:";
constexpr std::size_t rows_between_looks = 256;

std::string file_of(const ConnectionOptions& options) {
    return options.address.substr(scheme.size());
}

class SqliteWriter final : public WriteSession {
  public:
    SqliteWriter(std::unique_ptr<SqliteSession> session, std::string connection)
        : m_session(std::move(session))
        , m_connection(std::move(connection)) {}

    Session& session() override { return *m_session; }
    Result<void> settle(const Patience& patience) override {
        return m_session->begin_writing(patience);
    }
    // Taken at once: a transaction that turns into a writing one may find that it cannot.
    const char* begin_sql() const override { return "BEGIN IMMEDIATE"; }

    Result<void> append(const TableName& table, const Page& rows,
                        const Patience& patience) override {
        const auto added = insert(table, {}, rows, patience);
        return added ? Result<void>() : Result<void>(added.error());
    }

    Result<std::vector<std::size_t>> insert_new(const TableName& table, const std::string& key,
                                                const Page& rows,
                                                const Patience& patience) override {
        return insert(table, " ON CONFLICT (" + standard_quoted(key) + ") DO NOTHING", rows,
                      patience);
    }

    Result<void> upsert(const TableName& table, const std::string& on_conflict, const Page& rows,
                        const Patience& patience) override {
        const auto done = insert(table, " ON CONFLICT " + on_conflict, rows, patience);
        return done ? Result<void>() : Result<void>(done.error());
    }

  private:
    /// The rows that came in.
    Result<std::vector<std::size_t>> insert(const TableName& table, const std::string& otherwise,
                                            const Page& rows, const Patience& patience) {
        const char* const doing = "inserting rows";
        std::string names;
        std::string values;
        for (std::size_t i = 0; i < rows.width(); ++i) {
            names += (i ? "," : "") + standard_quoted(rows.columns()[i].name);
            values += (i ? ",$" : "$") + std::to_string(i + 1);
        }
        auto statement =
            m_session->prepare("INSERT INTO " + sqlite_kind().quoted(table) + " AS kept(" + names +
                                   ") VALUES(" + values + ")" + otherwise,
                               doing, patience);
        if (!statement)
            return statement.error();
        std::vector<std::size_t> added;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            if (i % rows_between_looks == 0 && (patience.interrupt->raised() || patience.late()))
                return Error{patience.interrupt->raised() ? ErrorCode::Cancelled
                                                          : ErrorCode::Timeout,
                             "the rows were not all inserted in time",
                             m_connection,
                             doing,
                             {}};
            const auto changed = m_session->run(statement->get(), rows.row(i), doing, patience);
            if (!changed)
                return changed.error();
            if (*changed)
                added.push_back(i);
        }
        return added;
    }

    std::unique_ptr<SqliteSession> m_session;
    std::string m_connection;
};

class SqliteKind final : public Kind {
  public:
    const char* name() const override { return "sqlite"; }
    std::vector<std::string> schemes() const override { return {std::string(scheme)}; }
    bool queries_cost() const override { return false; }

    Result<void> check(const std::string& address) const override {
        const std::string file = address.substr(scheme.size());
        if (!file.empty() && file.front() != ':' && file.find('\0') == std::string::npos)
            return {};
        return Error{.code = ErrorCode::Usage,
                     .what = "the address names no file",
                     .advice = "Write sqlite:FILE; a database in memory is nobody else's."};
    }

    std::string quoted(const std::string& name) const override { return standard_quoted(name); }
    std::string quoted(const TableName& table) const override {
        const bool plain = table.schema.empty() || table.schema == "main";
        return "\"main\"." +
               standard_quoted(plain ? table.table : table.schema + "_" + table.table);
    }
    const char* tables_sql() const override {
        return "SELECT 'main', name FROM sqlite_schema WHERE type IN ('table', 'view') "
               "AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name";
    }
    TableName marker_table() const override { return {"main", "weir_sandbox"}; }

    Result<std::unique_ptr<Session>> observe(const ConnectionOptions& options,
                                             const SecretResolver&,
                                             const Patience& patience) const override {
        auto session = SqliteSession::open(file_of(options), options.name,
                                           SqliteSession::Access::Observe, patience);
        if (!session)
            return session.error();
        return std::unique_ptr<Session>(std::move(*session));
    }

    Result<std::unique_ptr<WriteSession>> write(const ConnectionOptions& options,
                                                const SecretResolver&, const Patience& patience,
                                                const LeaveToWrite&) const override {
        auto session = SqliteSession::open(file_of(options), options.name,
                                           SqliteSession::Access::Write, patience);
        if (!session)
            return session.error();
        return std::unique_ptr<WriteSession>(
            std::make_unique<SqliteWriter>(std::move(*session), options.name));
    }

    std::vector<std::string> ids_of_address(const ConnectionOptions& options) const override {
        return {sqlite_path_id(file_of(options))};
    }

    Result<void> make(const ConnectionOptions& options, const LeaveToWrite&) const override {
        // A file without a byte is a database without a table.
        const int fd =
            ::open(file_of(options).c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0644);
        if (fd < 0)
            return Error{ErrorCode::Io, file_of(options) + ": " + std::strerror(errno),
                         options.name, "making the file",
                         "Check that its folder exists and can be written."};
        ::close(fd);
        return {};
    }
};

} // namespace

const Kind& sqlite_kind() {
    static const SqliteKind kind;
    return kind;
}

std::string sqlite_path_id(const std::string& file) {
    std::error_code none;
    const auto path =
        std::filesystem::weakly_canonical(std::filesystem::absolute(file, none), none);
    return std::string(scheme) + path.string();
}

Result<Identity> sqlite_identity(const std::string& file, const std::string& connection) {
    struct statx about {};
    if (statx(AT_FDCWD, file.c_str(), 0, STATX_INO | STATX_BTIME, &about) != 0)
        return Error{ErrorCode::NotFound, file + ": " + std::strerror(errno), connection,
                     "looking which file it is", "It was there before: has it been moved?"};
    Identity identity;
    // A file system that notes no birth gives inodes out again: there only the path says which.
    if ((about.stx_mask & STATX_BTIME) != 0)
        identity.ids.push_back("sqlite:inode:" + std::to_string(about.stx_ino) + ":" +
                               std::to_string(about.stx_btime.tv_sec) + "." +
                               std::to_string(about.stx_btime.tv_nsec));
    identity.ids.push_back(sqlite_path_id(file));
    return identity;
}

} // namespace weir::warehouse
