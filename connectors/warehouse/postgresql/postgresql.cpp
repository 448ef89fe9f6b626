// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/postgresql/postgresql.h"

#include <algorithm>
#include <array>

#include "connectors/warehouse/postgresql/pg_session.h"

namespace weir::warehouse {

namespace {

/// libpq's parameters that an address may hold: none of them runs, reads or writes anything but
/// certificates, or makes the connection something else than one to a database.
constexpr std::array allowed_parameters = {"application_name",
                                           "channel_binding",
                                           "gssencmode",
                                           "host",
                                           "krbsrvname",
                                           "port",
                                           "requirepeer",
                                           "sslcert",
                                           "sslcrl",
                                           "sslkey",
                                           "sslmode",
                                           "sslrootcert",
                                           "sslsni",
                                           "ssl_min_protocol_version",
                                           "target_session_attrs"};

Result<Url> url_of(const std::string& address) {
    auto url = parse_url(address);
    if (!url)
        return url;
    for (const auto& [name, value] : url->parameters) {
        if (std::find(allowed_parameters.begin(), allowed_parameters.end(), name) ==
            allowed_parameters.end())
            return Error{.code = ErrorCode::Config,
                         .what = "the parameter " + name + " is not allowed in an address",
                         .advice = name == "password"
                                       ? "Name where the password is to be had instead."
                                       : "TLS is set by sslmode, sslrootcert, sslcert and sslkey."};
        if ((name == "host" || name == "port") && !url->hosts.empty())
            return Error{.code = ErrorCode::Usage,
                         .what = "the address names a " + name + " twice"};
    }
    return url;
}

class PgWriter final : public WriteSession {
  public:
    explicit PgWriter(std::unique_ptr<PgSession> session)
        : m_session(std::move(session)) {}

    Session& session() override { return *m_session; }
    Result<void> settle(const Patience& patience) override {
        return m_session->run_own(
            "SET TimeZone='UTC';SET DateStyle='ISO, YMD';SET IntervalStyle='iso_8601';"
            "SET bytea_output='hex';SET extra_float_digits=1;SET standard_conforming_strings=on",
            "beginning to write", patience);
    }
    const char* begin_sql() const override { return "BEGIN READ WRITE"; }

    Result<void> append(const TableName& table, const Page& rows,
                        const Patience& patience) override {
        return m_session->copy_in("COPY " + postgresql_kind().quoted(table) + "(" + names(rows) +
                                      ") FROM STDIN",
                                  rows, false, patience);
    }

    /// Rows go to a table of the session's first: the server compares keys as it understands them
    /// (a UUID in any case), and says by number which rows were new.
    Result<std::vector<std::size_t>> insert_new(const TableName& table, const std::string& key,
                                                const Page& rows,
                                                const Patience& patience) override {
        const std::string target = postgresql_kind().quoted(table);
        const std::string columns = names(rows);
        const auto staged = stage_rows(target, rows, patience);
        if (!staged)
            return staged.error();
        const std::string& stage = *staged;
        const std::string quoted_key = standard_quoted(key);
        const Statement insert{
            "WITH weir_new AS (INSERT INTO " + target + "(" + columns + ") SELECT " + columns +
                " FROM " + stage + " ORDER BY weir_row ON CONFLICT (" + quoted_key +
                ") DO NOTHING RETURNING " + quoted_key + ") SELECT min(weir_row) FROM " + stage +
                " JOIN weir_new USING (" + quoted_key + ") GROUP BY " + quoted_key + " ORDER BY 1",
            {},
            0,
            "inserting rows"};
        const auto added = ask(*m_session, insert, rows.rows(), patience);
        if (!added)
            return added.error();
        std::vector<std::size_t> numbers;
        numbers.reserve(added->rows());
        for (std::size_t i = 0; i < added->rows(); ++i)
            numbers.push_back(static_cast<std::size_t>(added->at(i, 0).integer));
        return numbers;
    }

    Result<void> upsert(const TableName& table, const std::string& on_conflict, const Page& rows,
                        const Patience& patience) override {
        const std::string target = postgresql_kind().quoted(table);
        const std::string columns = names(rows);
        const auto staged = stage_rows(target, rows, patience);
        if (!staged)
            return staged.error();
        const Statement insert{"INSERT INTO " + target + " AS kept(" + columns + ") SELECT " +
                                   columns + " FROM " + *staged +
                                   " ORDER BY weir_row ON CONFLICT " + on_conflict,
                               {},
                               0,
                               "inserting rows"};
        const auto done = ask(*m_session, insert, 0, patience);
        return done ? Result<void>() : Result<void>(done.error());
    }

  private:
    /// Puts the page into a table of the session's own, with the rows' numbers; its name.
    Result<std::string> stage_rows(const std::string& target, const Page& rows,
                                   const Patience& patience) {
        const std::string columns = names(rows);
        const std::string stage = stage_of(target, columns);
        auto made = m_session->run_own("CREATE TEMP TABLE IF NOT EXISTS " + stage +
                                           " ON COMMIT DELETE ROWS AS SELECT " + columns +
                                           ", 0::bigint AS weir_row FROM " + target +
                                           " WITH NO DATA; DELETE FROM " + stage,
                                       "making room for rows", patience);
        if (!made)
            return made.error();
        auto copied = m_session->copy_in("COPY " + stage + "(" + columns + ", weir_row) FROM STDIN",
                                         rows, true, patience);
        return copied ? Result<std::string>(stage) : Result<std::string>(copied.error());
    }

    static std::string names(const Page& rows) {
        std::string text;
        for (const Column& column : rows.columns())
            text += (text.empty() ? "" : ",") + standard_quoted(column.name);
        return text;
    }

    const std::string& stage_of(const std::string& target, const std::string& columns) {
        std::string& stage = m_stages[target + "(" + columns + ")"];
        if (stage.empty())
            stage = "pg_temp.weir_stage_" + std::to_string(m_stages.size());
        return stage;
    }

    std::unique_ptr<PgSession> m_session;
    std::map<std::string, std::string> m_stages; // by what they take
};

class PgKind final : public Kind {
  public:
    const char* name() const override { return "postgresql"; }
    std::vector<std::string> schemes() const override { return {"postgresql://", "postgres://"}; }
    bool queries_cost() const override { return false; }

    Result<void> check(const std::string& address) const override {
        const auto url = url_of(address);
        return url ? Result<void>() : Result<void>(url.error());
    }

    std::string quoted(const std::string& name) const override { return standard_quoted(name); }
    std::string quoted(const TableName& table) const override {
        return (table.schema.empty() ? "" : standard_quoted(table.schema) + ".") +
               standard_quoted(table.table);
    }
    const char* tables_sql() const override {
        return "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n "
               "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') "
               "AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
               "AND n.nspname NOT LIKE 'pg!_t%' ESCAPE '!' ORDER BY 1, 2";
    }
    TableName marker_table() const override { return {"public", "weir_sandbox"}; }

    Result<std::unique_ptr<Session>> observe(const ConnectionOptions& options,
                                             const SecretResolver& secrets,
                                             const Patience& patience) const override {
        auto session = connect(options, secrets, patience);
        if (!session)
            return session.error();
        return std::unique_ptr<Session>(std::move(*session));
    }

    Result<std::unique_ptr<WriteSession>> write(const ConnectionOptions& options,
                                                const SecretResolver& secrets,
                                                const Patience& patience,
                                                const LeaveToWrite&) const override {
        auto session = connect(options, secrets, patience);
        if (!session)
            return session.error();
        return std::unique_ptr<WriteSession>(std::make_unique<PgWriter>(std::move(*session)));
    }

    std::vector<std::string> ids_of_address(const ConnectionOptions&) const override { return {}; }

    Result<void> make(const ConnectionOptions& options, const LeaveToWrite&) const override {
        return Error{ErrorCode::Unsupported, "the database is not there", options.name,
                     "marking it as a sandbox", "Make it with createdb."};
    }

  private:
    static Result<std::unique_ptr<PgSession>> connect(const ConnectionOptions& options,
                                                      const SecretResolver& secrets,
                                                      const Patience& patience) {
        const auto url = url_of(options.address);
        if (!url)
            return url.error();
        return PgSession::open(options, *url, secrets, patience);
    }
};

} // namespace

const Kind& postgresql_kind() {
    static const PgKind kind;
    return kind;
}

} // namespace weir::warehouse
