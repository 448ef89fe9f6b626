// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reading.h"

#include <algorithm>
#include <thread>

#include "app/cli/interrupt.h"

namespace weir::cli {

namespace {

constexpr std::chrono::milliseconds look_every(50);
constexpr std::int64_t behind_us_max = 5'000'000;

} // namespace

kafka::ReadRequest watch_request(const Arguments& arguments, const Target& target,
                                 const Range& range, bool watch) {
    kafka::ReadRequest request = read_request(arguments, target, range);
    if (request.topics.empty() && request.topic_patterns.empty())
        request.topics = watched(target.session->workspace(), target.connection).topics;
    if (!watch && request.end.kind == kafka::EndAt::Kind::Never)
        request.end.kind = kafka::EndAt::Kind::Snapshot;
    return request;
}

bool lost_contact(const kafka::Reader& reader) {
    const auto progress = reader.progress();
    return std::any_of(progress.begin(), progress.end(), [](const kafka::PartitionProgress& p) {
        return p.state == kafka::ReadState::Failed || p.state == kafka::ReadState::Gone;
    });
}

bool is_partial(const Following& following, bool last) {
    if (lost_contact(following.reader))
        return true;
    return last ? !following.watch && !following.loop.finished()
                : following.loop.stats().behind_us > behind_us_max;
}

void follow(const Following& following, Console& console, const std::function<void(bool)>& tell) {
    auto next = std::chrono::steady_clock::now() + following.every;
    while (!following.loop.finished() && !interrupted() && !console.out_failed()) {
        std::this_thread::sleep_for(look_every);
        console.progress(grouped(following.loop.stats().events) + " events read");
        if (!following.watch || std::chrono::steady_clock::now() < next)
            continue;
        next += following.every;
        tell(is_partial(following, false));
        console.flush();
    }
    console.progress({});
}

} // namespace weir::cli
