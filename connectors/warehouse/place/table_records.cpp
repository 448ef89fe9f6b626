// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/place/table_records.h"

#include <algorithm>
#include <xxhash.h>

#include "connectors/warehouse/kind/value_text.h"
#include "connectors/warehouse/place/row_json.h"

namespace weir::warehouse {

namespace {

constexpr std::size_t found_rows_max = 1000;

std::optional<std::size_t> index_of(const Columns& columns, const std::string& name) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == name)
            return i;
    return std::nullopt;
}

} // namespace

std::vector<std::string> TableRecords::wanted() const {
    std::vector<std::string> names = m_place.columns;
    if (names.empty())
        return names;
    std::vector<std::string> needed = m_place.key_columns;
    needed.push_back(m_place.order_column);
    for (const std::string& name : needed)
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    return names;
}

Result<void> TableRecords::look_at(const Columns& columns, const std::string& connection) {
    const auto missing = [&](const std::string& name) {
        return Error{ErrorCode::NotFound,
                     "table " + m_place.table.text() + " has no column " + name, connection,
                     "reading a table", "Check the place's columns."};
    };
    m_keys.clear();
    for (const std::string& name : m_place.key_columns) {
        const auto at = index_of(columns, name);
        if (!at)
            return missing(name);
        m_keys.push_back(*at);
    }
    const auto at = index_of(columns, m_place.order_column);
    if (!at)
        return missing(m_place.order_column);
    m_order = *at;
    return {};
}

std::optional<Value> TableRecords::order(std::span<const Value> row) const {
    const Value& value = row[m_order];
    const bool ordered = value.kind == ValueKind::Integer || value.kind == ValueKind::Timestamp ||
                         value.kind == ValueKind::WallClock;
    return ordered ? std::optional(value) : std::nullopt;
}

std::uint64_t TableRecords::hash(std::span<const Value> row) {
    m_text.clear();
    for (const std::size_t key : m_keys) {
        const std::string text = plain_text(row[key]);
        m_text += row[key].is_null() ? 'n' : 't';
        m_text += std::to_string(text.size()) + ":" + text;
    }
    return XXH3_64bits(m_text.data(), m_text.size());
}

RecordBatchBuilder::Fields TableRecords::record(const Columns& columns, std::span<const Value> row,
                                                Offset offset) const {
    RecordBatchBuilder::Fields fields;
    fields.topic = m_place.name;
    fields.partition = PartitionId(0);
    fields.offset = offset;
    const Value& order = row[m_order];
    const bool timed = order.kind == ValueKind::Timestamp;
    fields.timestamp = timed ? Micros(order.integer) : Micros(-1);
    fields.timestamp_type = timed ? TimestampType::LogAppendTime : TimestampType::None;
    const Value& key = row[m_keys.front()];
    fields.key_null = key.is_null();
    fields.key = plain_text(key);
    append_row_json(columns, row, fields.value);
    return fields;
}

Result<RecordBatch> find_rows(Warehouse& warehouse, const TablePlace& place, const std::string& id,
                              std::chrono::milliseconds timeout) {
    if (place.key_columns.empty())
        return Error{ErrorCode::Config, "the place names no column for its rows' id",
                     warehouse.options().name, "looking up a row", "Name its key columns."};
    TableRecords records(place);
    TableRead read;
    read.table = place.table;
    read.columns = records.wanted();
    read.conditions.push_back({place.key_columns.front(), TableRead::Condition::Is::Equal,
                               Value::of(std::string_view(id))});
    read.limits.timeout = timeout;
    read.limits.rows_max = found_rows_max;
    const auto rows = warehouse.read(std::move(read));
    RecordBatchBuilder builder;
    for (;;) {
        const auto page = rows->next();
        // The SQL is Weir's own: only the id can be what the database does not take.
        if (!page && page.error().code == ErrorCode::Usage)
            break;
        if (!page)
            return page.error();
        if (page->empty())
            break;
        if (auto seen = records.look_at(page->columns(), warehouse.options().name); !seen)
            return seen.error();
        for (std::size_t i = 0; i < page->rows(); ++i)
            builder.add(records.record(page->columns(), page->row(i), Offset(-1)));
    }
    RecordBatch batch = builder.take();
    batch.observed = Micros::now();
    return batch;
}

} // namespace weir::warehouse
