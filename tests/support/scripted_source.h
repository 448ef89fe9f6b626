// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A source of native events that a test has written down beforehand, dealt out to streams by
// partition. Thread contract: as RecordSource.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/base/record_source.h"

namespace weir::test {

/// A native event's text with that id, type and time.
std::string native_event(const std::string& id, const std::string& type = "page_view",
                         const std::string& extra = "\"properties\":{}");

class ScriptedSource : public RecordSource {
  public:
    explicit ScriptedSource(int streams)
        : m_streams(static_cast<std::size_t>(streams)) {}

    /// Adds an event at the next offset of the partition; stream = partition % streams.
    void add(const std::string& topic, int partition, std::string value,
             std::int64_t time_s = 1'700'000'000);
    /// What is added next to the partition has that offset.
    void go_on_at(const std::string& topic, int partition, std::int64_t offset) {
        m_next[{topic, partition}] = offset;
    }
    /// The partition is found read to its end as of a time; told before what is added after it.
    void reach_end(const std::string& topic, int partition, Micros as_of);
    /// Nothing more will be added.
    void finish() { m_finished = true; }

    int stream_count() const override { return static_cast<int>(m_streams.size()); }
    RecordBatch poll(int stream, std::chrono::milliseconds wait) override;
    bool finished() const override;
    void stop() override { m_stopped = true; }

  private:
    struct Stream {
        mutable std::mutex mutex;
        std::deque<RecordBatchBuilder::Fields> waiting;
        std::deque<PartitionEvent> ends; // each handed out by itself, before all that waits
    };
    std::deque<Stream> m_streams;
    std::map<std::pair<std::string, int>, std::int64_t> m_next;
    std::atomic<bool> m_finished{false};
    std::atomic<bool> m_stopped{false};
};

} // namespace weir::test
