// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scripted_source.h"

#include <algorithm>
#include <thread>

namespace weir::test {

std::string native_event(const std::string& id, const std::string& type, const std::string& extra) {
    return R"({"event_id":")" + id + R"(","event_type":")" + type +
           R"(","schema_version":1,"session_id":"s1","anonymous_id":"a1","user_id":null,)"
           R"("source":"client","source_id":"wk","platform":"web",)"
           R"("event_time":"2023-11-14T22:13:20Z","sent_time":"2023-11-14T22:13:20Z",)"
           R"("received_time":"2023-11-14T22:13:21Z","context":{"app_version":"4.7.1"},)" +
           extra + "}";
}

void ScriptedSource::add(const std::string& topic, int partition, std::string value,
                         std::int64_t time_s) {
    Stream& stream = m_streams[static_cast<std::size_t>(partition) % m_streams.size()];
    const std::lock_guard lock(stream.mutex);
    stream.waiting.push_back({.topic = topic,
                              .partition = PartitionId(partition),
                              .offset = Offset(m_next[{topic, partition}]++),
                              .timestamp = Micros(time_s * 1'000'000),
                              .value = std::move(value)});
}

void ScriptedSource::reach_end(const std::string& topic, int partition, Micros as_of) {
    Stream& stream = m_streams[static_cast<std::size_t>(partition) % m_streams.size()];
    const std::lock_guard lock(stream.mutex);
    const Offset next(m_next[{topic, partition}]);
    stream.ends.push_back(
        {topic, PartitionId(partition), PartitionNote::ReachedEnd, next, next, {}, as_of});
}

RecordBatch ScriptedSource::poll(int stream, std::chrono::milliseconds wait) {
    constexpr std::size_t batch_records_max = 64;
    Stream& from = m_streams[static_cast<std::size_t>(stream)];
    RecordBatchBuilder builder;
    std::size_t taken = 0;
    {
        const std::lock_guard lock(from.mutex);
        if (!m_stopped && !from.ends.empty()) {
            RecordBatch end;
            end.events.push_back(std::move(from.ends.front()));
            end.observed = Micros::now();
            from.ends.pop_front();
            return end;
        }
        for (; !m_stopped && !from.waiting.empty() && taken < batch_records_max; ++taken) {
            builder.add(std::move(from.waiting.front()));
            from.waiting.pop_front();
        }
    }
    if (taken == 0 && !m_finished)
        std::this_thread::sleep_for(std::min(wait, std::chrono::milliseconds(1)));
    return builder.take();
}

bool ScriptedSource::finished() const {
    return m_finished && std::all_of(m_streams.begin(), m_streams.end(), [](const Stream& stream) {
               const std::lock_guard lock(stream.mutex);
               return stream.waiting.empty() && stream.ends.empty();
           });
}

} // namespace weir::test
