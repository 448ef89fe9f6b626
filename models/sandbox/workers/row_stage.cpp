// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/row_stage.h"

#include "models/sandbox/warehouse/event_identity.h"

namespace weir::sandbox {

RowStage::RowStage(StageInfo info, std::optional<warehouse::DatabaseTicket> warehouse,
                   OffsetFence::Options options)
    : m_info(std::move(info))
    , m_fence(m_info.name, std::move(warehouse), options) {}

void RowStage::begin_batch() {
    clear();
    m_taken = 0;
}

Result<void> RowStage::open(const std::string& cluster, const std::string& instance) {
    begin_batch();
    return m_fence.open(cluster, instance);
}

Result<Keeper::Kept> RowStage::keep(const std::vector<kafka::TopicPartitionOffset>& next,
                                    const Refuse& /*refuse*/) {
    const Micros now = Micros::now();
    auto kept = m_fence.in_transaction(next, m_fence.batch_name(now),
                                       [&](warehouse::WritableWarehouse& db) -> Result<Kept> {
                                           const auto known = write(db, now);
                                           if (!known)
                                               return known.error();
                                           return Kept{m_taken - *known, *known};
                                       });
    if (kept)
        begin_batch();
    return kept;
}

std::string RowStage::key_field(const StageInput& input, EventField field) {
    const std::string_view found = input.fields.text(input.tape, field, m_scratch);
    return fits_key(found) ? std::string(found) : std::string();
}

warehouse::Value RowStage::text_or_null(const std::string& text) {
    return text.empty() ? warehouse::Value::null() : warehouse::Value::of(std::string_view(text));
}

} // namespace weir::sandbox
