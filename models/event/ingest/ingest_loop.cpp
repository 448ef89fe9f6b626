// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/ingest/ingest_loop.h"

#include <algorithm>
#include <thread>

#include "models/event/ingest/lane.h"

namespace weir {
namespace {

class Loop final : public IngestLoop {
  public:
    Loop(const std::shared_ptr<RecordSource>& source, const DecoderFactory& decoders,
         const std::vector<FoldFactory>& folds, IngestOptions options)
        : m_shared(source, options, source->stream_count()) {
        for (int lane = 0; lane < source->stream_count(); ++lane) {
            std::vector<std::unique_ptr<Fold>> own;
            for (const FoldFactory& make : folds) {
                own.push_back(make(lane));
                if (options.resume != nullptr)
                    resume(*options.resume, lane, *own.back());
            }
            m_lanes.push_back(std::make_unique<Lane>(lane, m_shared, decoders(), std::move(own)));
        }
    }

    ~Loop() override { stop(); }

    void run() {
        for (const auto& lane : m_lanes)
            m_threads.emplace_back([&lane = *lane] { lane.run(); });
    }

    int lanes() const override { return static_cast<int>(m_lanes.size()); }

    const Fold& fold(int lane, std::size_t index) const override {
        return m_lanes[static_cast<std::size_t>(lane)]->fold(index);
    }

    IngestStats stats() const override {
        IngestStats all;
        bool caught_up = true;
        for (const auto& lane : m_lanes) {
            Lane::Report one = lane->report();
            all.records += one.records;
            all.events += one.events;
            all.bytes += one.bytes;
            all.undecodable += one.undecodable;
            all.cut_events += one.cut_events;
            all.events_per_s += one.events_per_s;
            caught_up = caught_up && one.caught_up;
            all.watermarks.insert(all.watermarks.end(), one.watermarks.begin(),
                                  one.watermarks.end());
            all.notes.insert(all.notes.end(), one.notes.begin(), one.notes.end());
            if (!one.trouble.empty())
                all.trouble = one.trouble;
        }
        if (all.trouble.empty())
            all.trouble = m_shared.checkpointer.trouble();
        if (all.trouble.empty())
            all.trouble = m_resume_trouble;
        std::stable_sort(all.notes.begin(), all.notes.end(),
                         [](const IngestNote& a, const IngestNote& b) { return a.time < b.time; });
        all.behind_us = behind_us(all.watermarks, caught_up);
        return all;
    }

    bool finished() const override {
        return std::all_of(m_lanes.begin(), m_lanes.end(),
                           [](const auto& lane) { return lane->report().done; });
    }

    void stop() override {
        m_shared.stop = true;
        m_shared.source->stop();
        for (std::thread& thread : m_threads)
            thread.join();
        m_threads.clear();
    }

  private:
    void resume(const Checkpoint& from, int lane, Fold& fold) {
        const auto entry = from.open_entries.find({std::string(fold.name()), lane});
        if (entry == from.open_entries.end())
            return;
        if (const Result<void> done = fold.restore(entry->second); !done)
            m_resume_trouble = "the open entries of " + std::string(fold.name()) +
                               " could not be taken up: " + done.error().text();
    }

    static std::int64_t behind_us(const std::vector<Watermark>& marks, bool caught_up) {
        if (marks.empty())
            return -1;
        if (caught_up)
            return 0;
        std::int64_t least = INT64_MAX;
        for (const Watermark& mark : marks)
            if (!mark.caught_up && mark.record_time.value() >= 0)
                least = std::min(least, mark.record_time.value());
        return least == INT64_MAX ? 0 : std::max<std::int64_t>(0, Micros::now().value() - least);
    }

    LaneShared m_shared;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::vector<std::thread> m_threads;
    std::string m_resume_trouble;
};

} // namespace

std::unique_ptr<IngestLoop> IngestLoop::start(const std::shared_ptr<RecordSource>& source,
                                              const DecoderFactory& decoders,
                                              const std::vector<FoldFactory>& folds,
                                              IngestOptions options) {
    auto loop = std::make_unique<Loop>(source, decoders, folds, options);
    loop->run();
    return loop;
}

} // namespace weir
