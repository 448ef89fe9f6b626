// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shop's own servers, simulated: they write the systems of record (tables `orders` and `users`
// of a sandbox's warehouse), whatever becomes of the events that tell of the same.
//
// Thread contract: one owner. Bound: the caller's; it flushes at rows_due rows.
#pragma once

#include <memory>
#include <string>

#include "connectors/warehouse/sandbox/writable.h"
#include "models/synth/truth.h"

namespace weir::sandbox {

class ServerSide {
  public:
    static constexpr std::size_t rows_due = 500;

    /// REQUIRES: the tables are there (migrate()).
    explicit ServerSide(std::unique_ptr<warehouse::WritableWarehouse> warehouse);

    void add(const synth::OrderTruth& order);
    void add(const synth::UserTruth& user);
    /// Rows that are not written yet.
    std::size_t waiting() const { return m_orders.rows() + m_users.rows(); }
    /// Writes them; one that is there already stays as it is. Errors: insert_new()'s, and then they
    /// wait on.
    Result<void> flush();

  private:
    std::unique_ptr<warehouse::WritableWarehouse> m_warehouse;
    warehouse::Page m_orders;
    warehouse::Page m_users;
};

} // namespace weir::sandbox
