// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of a place's table as records. Thread contract: one owner. Bound: one page's columns.
#pragma once

#include <optional>

#include "connectors/base/record.h"
#include "connectors/warehouse/place/table_source.h"

namespace weir::warehouse {

class TableRecords {
  public:
    explicit TableRecords(const TablePlace& place)
        : m_place(place) {}

    /// The columns to ask for; empty: all.
    std::vector<std::string> wanted() const;
    /// Finds the place's columns in a result. Errors: NotFound.
    Result<void> look_at(const Columns& columns, const std::string& connection);

    /// The row's place in the order; nullopt: it has none.
    std::optional<Value> order(std::span<const Value> row) const;
    std::uint64_t hash(std::span<const Value> row);
    RecordBatchBuilder::Fields record(const Columns& columns, std::span<const Value> row,
                                      Offset offset) const;

  private:
    const TablePlace& m_place;
    std::size_t m_order = 0;
    std::vector<std::size_t> m_keys;
    std::string m_text;
};

} // namespace weir::warehouse
