// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "connectors/warehouse/observe/pooled_rows.h"

namespace weir::warehouse {

namespace {

constexpr std::size_t sql_bytes_max = 1 << 20;
constexpr std::size_t tables_max = 100'000;

class ObservedWarehouse final : public Warehouse {
  public:
    ObservedWarehouse(ConnectionOptions options, SecretResolver secrets, const Kind& kind)
        : m_pool(std::make_shared<SessionPool>(std::move(options), std::move(secrets), kind)) {}

    const ConnectionOptions& options() const override { return m_pool->options(); }
    bool queries_cost() const override { return m_pool->kind().queries_cost(); }
    Health health() const override { return m_pool->health(); }

    std::unique_ptr<Rows> query(Query query) override;
    std::unique_ptr<Rows> read(TableRead read) override;
    Result<std::vector<TableName>> tables(std::chrono::milliseconds timeout) override;
    Result<Columns> columns(const TableName& table, std::chrono::milliseconds timeout) override;
    Result<std::string> database_id(std::chrono::milliseconds timeout) override;

  private:
    std::unique_ptr<Rows> run(Question question) {
        return std::make_unique<PooledRows>(m_pool, std::move(question));
    }
    std::string select(const TableRead& read) const;

    const std::shared_ptr<SessionPool> m_pool;
};

/// A mistake in the question itself.
class NoRows final : public Rows {
  public:
    explicit NoRows(Error error)
        : m_error(std::move(error)) {}
    Result<Page> next() override { return m_error; }
    End end() const override { return End::NotYet; }
    void cancel() override {}

  private:
    const Error m_error;
};

std::unique_ptr<Rows> ObservedWarehouse::query(Query query) {
    const char* const doing = "running a query";
    // A semicolon at the end is a habit, not a second statement.
    const std::size_t end = query.sql.find_last_not_of("; \t\r\n");
    query.sql.resize(end == std::string::npos ? 0 : end + 1);
    if (query.sql.empty() || query.sql.size() > sql_bytes_max)
        return std::make_unique<NoRows>(
            Error{ErrorCode::Usage,
                  query.sql.empty() ? "there is no query" : "the query is longer than 1 MiB",
                  options().name, doing, "Write one SELECT."});
    const std::string prefix = "SELECT * FROM (\n";
    // On lines of its own: a comment at the text's end must not hide the bracket.
    return run({prefix + query.sql + "\n) q", std::move(query.parameters), prefix.size(), doing,
                query.limits});
}

std::string ObservedWarehouse::select(const TableRead& read) const {
    const Kind& kind = m_pool->kind();
    std::string names;
    for (const std::string& column : read.columns)
        names += (names.empty() ? "" : ", ") + kind.quoted(column);
    std::string sql =
        "SELECT " + (names.empty() ? "*" : names) + " FROM " + kind.quoted(read.table);
    const char* joint = " WHERE ";
    int number = 0;
    for (const TableRead::Condition& condition : read.conditions) {
        using Is = TableRead::Condition::Is;
        sql += joint + kind.quoted(condition.column);
        if (condition.is == Is::NotNull)
            sql += " IS NOT NULL";
        else
            sql += (condition.is == Is::Equal ? " = $" : " >= $") + std::to_string(++number);
        joint = " AND ";
    }
    if (!read.order_by.empty())
        sql += " ORDER BY " + kind.quoted(read.order_by) + (read.descending ? " DESC" : "");
    if (read.first > 0)
        sql += " LIMIT " + std::to_string(read.first);
    return sql;
}

std::unique_ptr<Rows> ObservedWarehouse::read(TableRead read) {
    Question question{select(read), {}, 0, "reading a table", read.limits};
    for (TableRead::Condition& condition : read.conditions)
        if (condition.is != TableRead::Condition::Is::NotNull)
            question.parameters.push_back(std::move(condition.value));
    return run(std::move(question));
}

Result<std::vector<TableName>> ObservedWarehouse::tables(std::chrono::milliseconds timeout) {
    Limits limits;
    limits.timeout = timeout;
    limits.rows_max = tables_max;
    const auto rows = run({m_pool->kind().tables_sql(), {}, 0, "listing tables", limits});
    std::vector<TableName> tables;
    for (;;) {
        const auto page = rows->next();
        if (!page)
            return page.error();
        for (std::size_t i = 0; i < page->rows(); ++i)
            tables.push_back({std::string(page->at(i, 0).text), std::string(page->at(i, 1).text)});
        if (page->empty())
            return tables;
    }
}

Result<Columns> ObservedWarehouse::columns(const TableName& table,
                                           std::chrono::milliseconds timeout) {
    Limits limits;
    limits.timeout = timeout;
    TableRead read;
    read.table = table;
    const auto rows = run({select(read) + " LIMIT 0", {}, 0, "looking at a table", limits});
    const auto page = rows->next();
    if (!page)
        return page.error();
    return page->columns();
}

Result<std::string> ObservedWarehouse::database_id(std::chrono::milliseconds timeout) {
    if (m_pool->id().empty()) {
        auto taken = m_pool->take(Patience::of(timeout));
        if (!taken)
            return taken.error();
        m_pool->give_back(std::move(taken->session));
    }
    if (auto noted = m_pool->noted(); !noted)
        return noted.error();
    return m_pool->id();
}

} // namespace

Result<std::shared_ptr<Warehouse>> Warehouse::open(ConnectionOptions options,
                                                   SecretResolver secrets) {
    const auto kind = kind_of(options.address);
    auto checked = kind ? (*kind)->check(options.address) : Result<void>(kind.error());
    if (!checked) {
        Error error = checked.error();
        error.where = options.name;
        return error;
    }
    return std::shared_ptr<Warehouse>(
        std::make_shared<ObservedWarehouse>(std::move(options), std::move(secrets), **kind));
}

} // namespace weir::warehouse
