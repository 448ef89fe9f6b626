// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records as a lane has them: decoded as a workspace says, and stored in a segment. The workspace
// finds a tenant at context.tenant or in a header, and the id of an order at order.id.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/store/event_store.h"

namespace weir::test {

using RecordFields = RecordBatchBuilder::Fields;

class DecodedRows {
  public:
    static constexpr Micros observed{1'777'636'800'000'000}; // 2026-05-01T12:00:00Z

    std::unique_ptr<Decoder> decoder() const {
        DecodeOptions options;
        options.connection = "shop";
        options.dimension_paths = {{"tenant", {"context.tenant", "header[\"x-tenant\"]"}}};
        options.places = {{"orders", "", {"/order/id"}, false}, {"dead", "", {}, true}};
        return Decoder::create(DialectSet::built_in(), vocabulary, options);
    }

    /// A record of `topic`, with the next offset.
    RecordFields& add(std::string value, const std::string& topic = "orders") {
        RecordFields& fields = records.emplace_back();
        fields.topic = topic;
        fields.offset = Offset(static_cast<std::int64_t>(records.size()) - 1);
        fields.timestamp = observed - Micros(60'000'000);
        fields.value = std::move(value);
        return fields;
    }

    RecordBatch batch() const {
        RecordBatchBuilder builder;
        for (const RecordFields& fields : records)
            builder.add(fields);
        RecordBatch batch = builder.take();
        batch.observed = observed;
        return batch;
    }

    /// All that was added.
    std::shared_ptr<const LaneSnapshot> store() const {
        SightingBatch sightings;
        decoder()->decode(batch(), sightings);
        EventStore rows(0, 1, {});
        rows.absorb(sightings);
        rows.publish();
        return rows.snapshot();
    }

    std::shared_ptr<Vocabulary> vocabulary =
        Vocabulary::create({"type", "platform", "tenant", "app_version"});
    std::vector<RecordFields> records;
};

} // namespace weir::test
