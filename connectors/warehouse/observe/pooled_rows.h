// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of one query on an observed warehouse: a session from the pool, a read-only transaction
// around the one statement, pages within the limits, and the session given back.
// Thread contract: as Rows. Bound: one page.
#pragma once

#include <atomic>

#include "connectors/warehouse/observe/session_pool.h"

namespace weir::warehouse {

/// A statement that owns its parameters.
struct Question {
    std::string sql;
    std::vector<Parameter> parameters;
    std::size_t prefix_bytes = 0;
    const char* doing = "running a query";
    Limits limits;
};

class PooledRows final : public Rows {
  public:
    PooledRows(std::shared_ptr<SessionPool> pool, Question question);
    ~PooledRows() override;

    Result<Page> next() override;
    End end() const override { return m_end; }
    void cancel() override { m_interrupt->raise(); }

  private:
    Result<void> begin();
    Result<void> start_on(SessionPool::Taken taken);
    Result<Page> fill();
    Error fail(Error error);
    void let_go();

    const std::shared_ptr<SessionPool> m_pool;
    const Question m_question;
    const std::shared_ptr<Interrupt> m_interrupt;
    Patience m_patience;
    std::unique_ptr<Session> m_session; // null: not begun, or over
    std::optional<Error> m_failure;
    bool m_begun = false;
    std::atomic<End> m_end{End::NotYet};
    std::size_t m_rows = 0;
    std::size_t m_bytes = 0;
};

} // namespace weir::warehouse
