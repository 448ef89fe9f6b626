// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows, some at a time: what a query answers, and what is written in bulk.
// Thread contract: one owner; moved, not shared. Bound: whoever fills a page states it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "connectors/warehouse/value.h"

namespace weir::warehouse {

using Columns = std::vector<Column>;

class Page {
  public:
    Page() = default;
    explicit Page(std::shared_ptr<const Columns> columns)
        : m_columns(std::move(columns)) {}
    Page(Page&&) noexcept = default;
    Page& operator=(Page&&) noexcept = default;
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    /// A page to be filled with rows of these columns.
    static Page of(const std::vector<std::string>& names);

    const Columns& columns() const;
    std::size_t width() const { return m_columns ? m_columns->size() : 0; }
    std::size_t rows() const { return width() == 0 ? 0 : m_values.size() / width(); }
    bool empty() const { return rows() == 0; }
    const Value& at(std::size_t row, std::size_t column) const {
        return m_values[row * width() + column];
    }
    std::span<const Value> row(std::size_t number) const {
        return {m_values.data() + number * width(), width()};
    }
    /// What the rows take in memory.
    std::size_t bytes() const { return m_bytes + m_values.size() * sizeof(Value); }

    /// Appends the next value of the row that is being filled; its text is copied.
    void add(Value value);
    /// The same; the text stays the caller's and must live as long as the page.
    void add_borrowed(const Value& value) { m_values.push_back(value); }

  private:
    std::string_view keep(std::string_view text);

    std::shared_ptr<const Columns> m_columns;
    std::vector<Value> m_values;
    std::vector<std::unique_ptr<char[]>> m_chunks; // never moved: values point into them
    std::size_t m_chunk_left = 0;
    char* m_next = nullptr;
    std::size_t m_bytes = 0;
};

} // namespace weir::warehouse
