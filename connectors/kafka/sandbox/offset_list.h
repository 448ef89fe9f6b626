// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A group's offsets as librdkafka takes them. Inside connectors/kafka/sandbox only.
// Thread contract: pure functions.
#pragma once

#include <vector>

#include "connectors/kafka/client/handles.h"
#include "connectors/kafka/sandbox/group_reader.h"

namespace weir::kafka {

using GroupMetadataHandle = std::unique_ptr<rd_kafka_consumer_group_metadata_t,
                                            DestroyWith<rd_kafka_consumer_group_metadata_destroy>>;

inline OffsetListHandle offset_list(const std::vector<TopicPartitionOffset>& offsets) {
    OffsetListHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
    for (const TopicPartitionOffset& one : offsets)
        rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition.value())
            ->offset = one.offset.value();
    return list;
}

} // namespace weir::kafka
