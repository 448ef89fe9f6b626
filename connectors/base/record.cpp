// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/base/record.h"

#include <deque>

namespace weir {

struct RecordBatchBuilder::Store : RecordBatch::Backing {
    std::deque<Fields> fields; // a deque never moves what the views point into
};

RecordBatchBuilder::RecordBatchBuilder()
    : m_store(std::make_unique<Store>()) {}
RecordBatchBuilder::~RecordBatchBuilder() = default;

void RecordBatchBuilder::add(Fields fields) {
    m_store->fields.push_back(std::move(fields));
}

RecordBatch RecordBatchBuilder::take() {
    auto store = std::exchange(m_store, std::make_unique<Store>());
    const Store& kept = *store;
    RecordBatch batch(std::move(store));
    batch.observed = Micros::now();
    for (const Fields& f : kept.fields) {
        Record r;
        r.topic = f.topic;
        r.partition = f.partition;
        r.offset = f.offset;
        r.timestamp = f.timestamp;
        r.timestamp_type = f.timestamp_type;
        r.key_null = f.key_null;
        r.value_null = f.value_null;
        r.key = f.key;
        r.value = f.value;
        r.header_begin = static_cast<std::uint32_t>(batch.headers.size());
        r.header_count = static_cast<std::uint16_t>(f.headers.size());
        for (const auto& [name, value] : f.headers)
            batch.headers.push_back(
                {name, value ? std::string_view(*value) : std::string_view(), !value});
        batch.records.push_back(r);
    }
    return batch;
}

} // namespace weir
