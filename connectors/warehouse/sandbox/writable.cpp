// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/sandbox/writable.h"

#include <utility>

namespace weir::warehouse {

namespace {

Error marker_is_not_written(const std::string& connection) {
    return {ErrorCode::Refused,
            "the sandbox's marker is not written to",
            connection,
            "inserting rows",
            {}};
}

constexpr const char* savepoint = "weir_savepoint";
constexpr std::size_t page_rows = 500;
constexpr std::size_t page_bytes = 4'000'000; // a page ends with the row that passes it

Result<void> read_pages(Session& session, const Statement& statement,
                        const WritableWarehouse::TakeRows& take, const Patience& patience) {
    if (auto started = session.start(statement, patience); !started)
        return started;
    for (bool more = true; more;) {
        Page page(session.columns());
        while (more && page.rows() < page_rows && page.bytes() < page_bytes) {
            const auto fetched = session.fetch(page, patience);
            if (!fetched)
                return fetched.error();
            more = *fetched;
        }
        if (page.empty())
            break;
        if (auto taken = take(page); !taken)
            return taken;
    }
    return {};
}

} // namespace

WritableWarehouse::WritableWarehouse(DatabaseTicket ticket, const Kind& kind,
                                     std::unique_ptr<WriteSession> session)
    : m_ticket(std::move(ticket))
    , m_kind(kind)
    , m_session(std::move(session)) {}

WritableWarehouse::~WritableWarehouse() = default;

Result<std::unique_ptr<WritableWarehouse>> WritableWarehouse::open(DatabaseTicket ticket,
                                                                   Milliseconds timeout) {
    auto session = open_write_session(ticket, Patience::of(timeout));
    if (!session)
        return session.error();
    const auto kind = kind_of(ticket.connection().address);
    return std::unique_ptr<WritableWarehouse>(
        new WritableWarehouse(std::move(ticket), **kind, std::move(*session)));
}

Patience WritableWarehouse::patience() {
    const std::lock_guard lock(m_mutex);
    Patience patience = Patience::of(m_timeout);
    m_interrupt = patience.interrupt;
    return patience;
}

void WritableWarehouse::cancel() {
    const std::lock_guard lock(m_mutex);
    if (m_interrupt)
        m_interrupt->raise();
}

Result<void> WritableWarehouse::check_ready() {
    if (m_session->session().usable())
        return {};
    m_open = false;
    return Error{ErrorCode::Connection, "the connection has broken", m_ticket.connection().name,
                 "writing", "Begin again: what was not committed is not there."};
}

Result<void> WritableWarehouse::begin() {
    if (m_open)
        return Error{ErrorCode::Internal,
                     "a transaction is open already",
                     m_ticket.connection().name,
                     "beginning a transaction",
                     {}};
    const Patience now = patience();
    if (!m_session->session().usable()) {
        auto session = open_write_session(m_ticket, now);
        if (!session)
            return session.error();
        m_session = std::move(*session);
    }
    const Statement statement{m_session->begin_sql(), {}, 0, "beginning a transaction"};
    auto begun = run(statement, now);
    // A server that went away is noticed by the first word to it.
    if (!begun && begun.error().code == ErrorCode::Connection) {
        auto session = open_write_session(m_ticket, now);
        if (!session)
            return session.error();
        m_session = std::move(*session);
        begun = run(statement, now);
    }
    if (!begun)
        return begun.error();
    m_open = true;
    m_failed = false;
    return {};
}

Result<void> WritableWarehouse::leave() {
    if (!std::exchange(m_open, false))
        return Error{ErrorCode::Internal,
                     "no transaction is open",
                     m_ticket.connection().name,
                     "ending a transaction",
                     {}};
    return check_ready();
}

Result<void> WritableWarehouse::commit() {
    if (auto left = leave(); !left)
        return left;
    // PostgreSQL would answer well to a COMMIT that undoes all.
    if (!m_failed) {
        const auto done = run({"COMMIT", {}, 0, "committing"}, patience());
        if (done)
            return {};
        if (m_session->session().usable()) // SQLite leaves it open where the file was held
            (void)run({"ROLLBACK", {}}, patience());
        return done.error();
    }
    (void)run({"ROLLBACK", {}}, patience());
    return Error{ErrorCode::Refused,
                 "a statement of this transaction has failed: it was undone",
                 m_ticket.connection().name,
                 "committing",
                 {}};
}

Result<void> WritableWarehouse::rollback() {
    if (auto left = leave(); !left)
        return left;
    const auto done = run({"ROLLBACK", {}, 0, "rolling back"}, patience());
    // SQLite undoes some failed transactions by itself, and then there is none.
    if (!done && !m_session->session().usable())
        return done.error();
    return {};
}

Result<void> WritableWarehouse::mark_savepoint() {
    if (auto ready = check_ready(); !ready)
        return ready;
    const auto done =
        run({std::string("SAVEPOINT ") + savepoint, {}, 0, "marking a savepoint"}, patience());
    return done ? Result<void>() : Result<void>(done.error());
}

Result<void> WritableWarehouse::back_to_savepoint() {
    if (auto ready = check_ready(); !ready)
        return ready;
    const auto done = run(
        {std::string("ROLLBACK TO ") + savepoint, {}, 0, "going back to a savepoint"}, patience());
    if (!done)
        return done.error();
    m_failed = false;
    return {};
}

Result<Answer> WritableWarehouse::run(const Statement& statement, const Patience& now) {
    auto rows = ask(m_session->session(), statement, answer_rows_max, now);
    if (!rows) {
        m_session->session().stop();
        m_failed = true;
        return rows.error();
    }
    return Answer{std::move(*rows), m_session->session().affected()};
}

template <class Call>
std::invoke_result_t<Call, const Patience&> WritableWarehouse::in_transaction(Call call) {
    const bool own = !m_open;
    if (own)
        if (auto begun = begin(); !begun)
            return begun.error();
    if (auto ready = check_ready(); !ready)
        return ready.error();
    auto result = call(patience());
    if (!result) {
        m_session->session().stop();
        m_failed = true;
    }
    if (!own)
        return result;
    auto ended = result ? commit() : rollback();
    if (result && !ended)
        return ended.error();
    return result;
}

Result<Answer> WritableWarehouse::execute(const std::string& sql,
                                          std::span<const Value> parameters) {
    if (auto ready = check_ready(); !ready)
        return ready.error();
    return run({sql, {parameters.begin(), parameters.end()}, 0, "running a statement"}, patience());
}

Result<void> WritableWarehouse::read(const std::string& sql, std::span<const Value> parameters,
                                     const TakeRows& take) {
    if (auto ready = check_ready(); !ready)
        return ready.error();
    Session& session = m_session->session();
    const auto done =
        read_pages(session, {sql, {parameters.begin(), parameters.end()}, 0, "reading rows"}, take,
                   patience());
    if (!done) {
        session.stop();
        m_failed = true;
    }
    return done;
}

Result<void> WritableWarehouse::append(const TableName& table, const Page& rows) {
    if (table.table == "weir_sandbox")
        return marker_is_not_written(m_ticket.connection().name);
    if (rows.empty())
        return {};
    return in_transaction([&](const Patience& now) { return m_session->append(table, rows, now); });
}

Result<std::vector<std::size_t>>
WritableWarehouse::insert_new(const TableName& table, const std::string& key, const Page& rows) {
    if (table.table == "weir_sandbox")
        return marker_is_not_written(m_ticket.connection().name);
    if (rows.empty())
        return std::vector<std::size_t>{};
    return in_transaction(
        [&](const Patience& now) { return m_session->insert_new(table, key, rows, now); });
}

Result<void> WritableWarehouse::upsert(const TableName& table, const std::string& on_conflict,
                                       const Page& rows) {
    if (table.table == "weir_sandbox")
        return marker_is_not_written(m_ticket.connection().name);
    if (rows.empty())
        return {};
    return in_transaction(
        [&](const Patience& now) { return m_session->upsert(table, on_conflict, rows, now); });
}

} // namespace weir::warehouse
