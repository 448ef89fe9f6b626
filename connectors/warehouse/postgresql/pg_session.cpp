// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/postgresql/pg_session.h"

#include <algorithm>
#include <array>
#include <optional>
#include <poll.h>
#include <thread>

#include "connectors/warehouse/kind/value_text.h"

namespace weir::warehouse {

namespace {

using namespace std::chrono_literals;

constexpr auto cancel_grace = 2s;                    // for the server to end a statement
constexpr std::chrono::milliseconds look_pause = 1s; // if nothing wakes us
constexpr int cancels_max = 16; // threads that ask for it at once, in the whole process
constexpr std::size_t copy_bytes = 256 * 1024;

/// A wait that nobody can end but its deadline.
Patience grace() {
    return Patience::of(cancel_grace);
}

std::atomic<int>& cancels_under_way() {
    static std::atomic<int> count{0};
    return count;
}

bool is_command_end(ExecStatusType status) {
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

} // namespace

PgSession::PgSession(PgHandle handle, std::string connection, std::string secret)
    : m_handle(std::move(handle))
    , m_connection(std::move(connection))
    , m_secret(std::move(secret))
    , m_columns(std::make_shared<Columns>()) {}

PgSession::~PgSession() {
    stop();
}

Error PgSession::broken(const char* doing) {
    m_usable = false;
    m_running = false;
    return pg_connection_error(m_handle.get(), m_connection, doing, m_secret);
}

Error PgSession::failed(const PGresult* result, const char* doing, const Patience& patience) {
    if (PQstatus(m_handle.get()) != CONNECTION_OK)
        m_usable = false;
    return pg_error(result, m_connection, doing, patience, m_sql, m_prefix_bytes);
}

Result<void> PgSession::wait(short events, const char* doing, const Patience& patience) {
    const std::array<int, 2> fds = {PQsocket(m_handle.get()), patience.interrupt->fd()};
    for (;;) {
        if (patience.interrupt->raised() || patience.late())
            return pg_ended(m_connection, doing, patience);
        pollfd waits[] = {{fds[0], events, 0}, {fds[1], POLLIN, 0}};
        poll(waits, 2, static_cast<int>(std::min(patience.left(), look_pause).count()));
        if (waits[0].revents != 0)
            return {};
    }
}

Result<void> PgSession::flush(const char* doing, const Patience& patience) {
    for (int left; (left = PQflush(m_handle.get())) != 0;) {
        if (left < 0)
            return broken(doing);
        if (auto ready = wait(POLLIN | POLLOUT, doing, patience); !ready)
            return ready;
        if (PQconsumeInput(m_handle.get()) == 0)
            return broken(doing);
    }
    return {};
}

Result<PgResult> PgSession::next_result(const char* doing, const Patience& patience) {
    while (PQisBusy(m_handle.get()) != 0) {
        if (auto ready = wait(POLLIN, doing, patience); !ready)
            return ready.error();
        if (PQconsumeInput(m_handle.get()) == 0)
            return broken(doing);
    }
    return PgResult(PQgetResult(m_handle.get()));
}

Result<void> PgSession::drain(const char* doing, const Patience& patience) {
    std::optional<Error> first;
    for (;;) {
        auto result = next_result(doing, patience);
        if (!result)
            return result.error();
        if (!*result)
            break;
        const ExecStatusType status = PQresultStatus(result->get());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            m_usable = false; // there is no telling it to end but by hanging up
            return Error{ErrorCode::Usage, "COPY is not run as a query", m_connection, doing, {}};
        }
        if (!first && status != PGRES_SINGLE_TUPLE && !is_command_end(status))
            first = failed(result->get(), doing, patience);
    }
    m_running = false;
    return first ? Result<void>(*first) : Result<void>();
}

Result<void> PgSession::run_own(const std::string& sql, const char* doing,
                                const Patience& patience) {
    stop();
    if (!m_usable)
        return broken(doing);
    m_sql.clear();
    if (PQsendQuery(m_handle.get(), sql.c_str()) == 0)
        return broken(doing);
    m_running = true;
    auto flushed = flush(doing, patience);
    auto done = flushed ? drain(doing, patience) : std::move(flushed);
    if (!done)
        stop();
    return done;
}

Result<void> PgSession::begin_reading(const Patience& patience) {
    // Set with the transaction, not with the connection: a pooler in between hands out any one.
    // The server's own limit is for the case that we are gone.
    const std::string limit = std::to_string(patience.left().count() + 1000);
    return run_own("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                   "SET LOCAL statement_timeout=" +
                       limit + ";SET LOCAL idle_in_transaction_session_timeout=" + limit +
                       ";SET LOCAL TimeZone='UTC';SET LOCAL DateStyle='ISO, YMD';"
                       "SET LOCAL IntervalStyle='iso_8601';SET LOCAL bytea_output='hex';"
                       "SET LOCAL extra_float_digits=1;SET LOCAL standard_conforming_strings=on",
                   "beginning to read", patience);
}

void PgSession::end_reading() {
    stop();
    if (m_usable && !run_own("ROLLBACK", "ending a transaction", grace()))
        m_usable = false;
}

Result<void> PgSession::start(const Statement& statement, const Patience& patience) {
    stop();
    m_doing = statement.doing;
    if (!m_usable)
        return broken(m_doing);
    std::vector<std::string> texts;
    std::vector<const char*> values;
    texts.reserve(statement.parameters.size());
    for (const Value& value : statement.parameters) {
        texts.push_back(plain_text(value));
        if (texts.back().find('\0') != std::string::npos)
            return Error{
                ErrorCode::Usage, "PostgreSQL keeps no NUL in a text", m_connection, m_doing, {}};
        values.push_back(value.is_null() ? nullptr : texts.back().c_str());
    }
    m_sql = statement.sql;
    m_prefix_bytes = statement.prefix_bytes;
    if (m_sql.find('\0') != std::string::npos)
        return Error{ErrorCode::Usage, "the text holds a NUL", m_connection, m_doing, {}};
    if (PQsendQueryParams(m_handle.get(), m_sql.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0)
        return broken(m_doing);
    m_running = true;
    PQsetSingleRowMode(m_handle.get());
    if (auto flushed = flush(m_doing, patience); !flushed)
        return flushed;
    auto first = next_result(m_doing, patience);
    if (!first)
        return first.error();
    m_pending = std::move(*first);
    read_columns(m_pending.get());
    return {};
}

void PgSession::read_columns(const PGresult* result) {
    auto columns = std::make_shared<Columns>();
    for (int i = 0; i < PQnfields(result); ++i)
        columns->push_back(
            {PQfname(result, i), pg_kind(PQftype(result, i)), pg_type_name(PQftype(result, i))});
    m_columns = std::move(columns);
}

Result<bool> PgSession::fetch(Page& page, const Patience& patience) {
    if (!m_pending) {
        auto next = next_result(m_doing, patience);
        if (!next)
            return next.error();
        m_pending = std::move(*next);
    }
    const PgResult result = std::move(m_pending);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_SINGLE_TUPLE) {
        for (std::size_t i = 0; i < m_columns->size(); ++i) {
            const int column = static_cast<int>(i);
            if (PQgetisnull(result.get(), 0, column) != 0) {
                page.add(Value::null());
                continue;
            }
            const std::string_view text(
                PQgetvalue(result.get(), 0, column),
                static_cast<std::size_t>(PQgetlength(result.get(), 0, column)));
            page.add(pg_value(text, (*m_columns)[i].kind, m_scratch));
        }
        return true;
    }
    if (is_command_end(status)) {
        m_affected = std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
        if (auto drained = drain(m_doing, patience); !drained)
            return drained.error();
        return false;
    }
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
        m_usable = false;
        return Error{ErrorCode::Usage, "COPY is not run as a query", m_connection, m_doing, {}};
    }
    Error failure = failed(result.get(), m_doing, patience);
    (void)drain(m_doing, patience);
    return failure;
}

void PgSession::cancel_statement() {
    if (cancels_under_way() >= cancels_max)
        return;
    PGcancel* const cancel = PQgetCancel(m_handle.get());
    if (cancel == nullptr)
        return;
    // PQcancel blocks without a limit where a server accepts and then says nothing.
    m_cancel_done = std::make_shared<std::atomic<bool>>(false);
    ++cancels_under_way();
    std::thread([cancel, done = m_cancel_done] {
        std::array<char, 256> why{};
        PQcancel(cancel, why.data(), static_cast<int>(why.size()));
        PQfreeCancel(cancel);
        *done = true;
        --cancels_under_way();
    }).detach();
}

void PgSession::stop() {
    m_pending.reset();
    if (!m_running || !m_usable)
        return;
    m_cancel_done.reset();
    cancel_statement();
    const Patience patience = grace();
    (void)drain(m_doing, patience);
    // A cancel that is still on its way would hit the next statement.
    while (m_cancel_done && !*m_cancel_done && !patience.late())
        patience.sleep(5ms);
    if (m_running || (m_cancel_done && !*m_cancel_done))
        m_usable = false;
}

Result<void> PgSession::copy_in(const std::string& sql, const Page& rows, bool numbered,
                                const Patience& patience) {
    const char* const doing = "copying rows";
    stop();
    m_sql.clear();
    if (!m_usable || PQsendQuery(m_handle.get(), sql.c_str()) == 0)
        return broken(doing);
    m_running = true;
    auto ready = flush(doing, patience);
    if (!ready)
        return ready;
    auto first = next_result(doing, patience);
    if (!first)
        return first.error();
    if (PQresultStatus(first->get()) != PGRES_COPY_IN) {
        Error failure = failed(first->get(), doing, patience);
        (void)drain(doing, patience);
        return failure;
    }
    auto put = put_rows(rows, numbered, patience);
    if (m_usable && PQputCopyEnd(m_handle.get(), put ? nullptr : "given up") < 0)
        return broken(doing);
    if (auto flushed = flush(doing, put ? patience : grace()); !flushed)
        return flushed;
    auto done = drain(doing, put ? patience : grace());
    return put ? done : put;
}

Result<void> PgSession::put_rows(const Page& rows, bool numbered, const Patience& patience) {
    const char* const doing = "copying rows";
    std::string buffer;
    buffer.reserve(copy_bytes * 2);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        append_copy_row(rows.row(i), buffer);
        if (numbered) {
            buffer.back() = '\t';
            buffer += std::to_string(i) + "\n";
        }
        if (buffer.size() < copy_bytes && i + 1 < rows.rows())
            continue;
        for (int sent; (sent = PQputCopyData(m_handle.get(), buffer.data(),
                                             static_cast<int>(buffer.size()))) != 1;) {
            if (sent < 0)
                return broken(doing);
            if (auto ready = wait(POLLIN | POLLOUT, doing, patience); !ready)
                return ready;
            if (PQconsumeInput(m_handle.get()) == 0)
                return broken(doing);
        }
        buffer.clear();
        if (auto flushed = flush(doing, patience); !flushed)
            return flushed;
    }
    return {};
}

} // namespace weir::warehouse
