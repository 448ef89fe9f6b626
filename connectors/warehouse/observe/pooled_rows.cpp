// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/observe/pooled_rows.h"

namespace weir::warehouse {

PooledRows::PooledRows(std::shared_ptr<SessionPool> pool, Question question)
    : m_pool(std::move(pool))
    , m_question(std::move(question))
    , m_interrupt(std::make_shared<Interrupt>()) {}

PooledRows::~PooledRows() {
    let_go();
}

Result<Page> PooledRows::next() {
    if (m_failure)
        return *m_failure;
    if (m_interrupt->raised())
        return fail({ErrorCode::Cancelled,
                     "it was cancelled",
                     m_pool->options().name,
                     m_question.doing,
                     {}});
    if (!m_begun) {
        m_begun = true;
        m_patience = {Patience::Clock::now() + m_question.limits.timeout, m_interrupt};
        if (auto begun = begin(); !begun)
            return fail(begun.error());
    }
    return m_session ? fill() : Result<Page>(Page());
}

Result<void> PooledRows::begin() {
    auto taken = m_pool->take(m_patience);
    if (!taken)
        return taken.error();
    const bool fresh = taken->fresh;
    auto started = start_on(std::move(*taken));
    if (started || fresh || started.error().code != ErrorCode::Connection)
        return started;
    // It was kept from an earlier query, and the server has gone away since: once more, anew.
    m_pool->drop_free();
    taken = m_pool->take(m_patience);
    return taken ? start_on(std::move(*taken)) : Result<void>(taken.error());
}

Result<void> PooledRows::start_on(SessionPool::Taken taken) {
    m_session = std::move(taken.session);
    auto begun = m_session->begin_reading(m_patience);
    if (begun) {
        Statement statement{m_question.sql, {}, m_question.prefix_bytes, m_question.doing};
        for (const Parameter& parameter : m_question.parameters)
            statement.parameters.push_back(parameter.view());
        begun = m_session->start(statement, m_patience);
    }
    if (!begun)
        let_go();
    return begun;
}

Result<Page> PooledRows::fill() {
    const Limits& limits = m_question.limits;
    Page page(m_session->columns());
    for (;;) {
        if (page.rows() >= limits.page_rows || page.bytes() >= limits.page_bytes)
            return page;
        const bool full = m_rows >= limits.rows_max || m_bytes >= limits.bytes_max;
        Page surplus(full ? m_session->columns() : nullptr); // only whether there is one
        const std::size_t before = page.bytes();
        const auto more = m_session->fetch(full ? surplus : page, m_patience);
        if (!more)
            return fail(more.error());
        if (!*more || full) {
            m_end = !*more ? End::All : m_rows >= limits.rows_max ? End::RowBound : End::ByteBound;
            let_go();
            return page;
        }
        ++m_rows;
        m_bytes += page.bytes() - before;
        if (m_bytes > limits.bytes_max && m_rows == 1)
            return fail({ErrorCode::TooLarge,
                         "one row is larger than " + std::to_string(limits.bytes_max) + " bytes",
                         m_pool->options().name, m_question.doing,
                         "Ask for fewer columns, or allow more bytes."});
    }
}

Error PooledRows::fail(Error error) {
    let_go();
    m_failure = std::move(error);
    return *m_failure;
}

void PooledRows::let_go() {
    if (!m_session)
        return;
    m_session->end_reading();
    m_pool->give_back(std::move(m_session));
}

} // namespace weir::warehouse
