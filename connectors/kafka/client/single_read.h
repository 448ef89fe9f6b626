// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A partition read from one offset for a record or a few. Inside connectors/kafka only.
//
// What arrives goes to a queue of its own, which is emptied when the reading ends. Left in the
// partition's queue, an error that nobody fetched would keep the partition alive, and with it the
// client: destroying it would never end (librdkafka 2.0.2, a topic deleted meanwhile).
//
// Thread contract: one owner; of one client not two at once for the same partition.
#pragma once

#include <chrono>

#include "connectors/base/record.h"
#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

class SingleRead {
  public:
    /// `topic` may be null (it could not be made): then nothing is started.
    SingleRead(rd_kafka_t* client, rd_kafka_topic_t* topic, PartitionId partition, Offset from);
    ~SingleRead();
    SingleRead(const SingleRead&) = delete;
    SingleRead& operator=(const SingleRead&) = delete;

    bool started() const { return m_started; }
    /// Why it was not started.
    rd_kafka_resp_err_t error() const { return m_error; }
    /// The next record, the partition's end or an error; null if there was none within `wait`.
    MessageHandle next(std::chrono::milliseconds wait);

  private:
    rd_kafka_topic_t* const m_topic;
    const PartitionId m_partition;
    const QueueHandle m_queue;
    bool m_started = false;
    rd_kafka_resp_err_t m_error = RD_KAFKA_RESP_ERR_NO_ERROR;
};

} // namespace weir::kafka
