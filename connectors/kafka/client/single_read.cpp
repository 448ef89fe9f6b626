// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/single_read.h"

namespace weir::kafka {

SingleRead::SingleRead(rd_kafka_t* client, rd_kafka_topic_t* topic, PartitionId partition,
                       Offset from)
    : m_topic(topic)
    , m_partition(partition)
    , m_queue(rd_kafka_queue_new(client)) {
    m_started = m_topic && rd_kafka_consume_start_queue(m_topic, m_partition.value(), from.value(),
                                                        m_queue.get()) == 0;
    if (!m_started)
        m_error = rd_kafka_last_error();
}

SingleRead::~SingleRead() {
    if (m_started)
        rd_kafka_consume_stop(m_topic, m_partition.value());
}

MessageHandle SingleRead::next(std::chrono::milliseconds wait) {
    return MessageHandle(rd_kafka_consume_queue(m_queue.get(), static_cast<int>(wait.count())));
}

} // namespace weir::kafka
