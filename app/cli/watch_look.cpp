// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch_look.h"

#include <algorithm>

namespace weir::cli {

namespace {

InvalidReport invalid_by_reason(const Observed& observed, const RecordRange& range,
                                const Vocabulary& words, const DisclosurePolicy& disclosure) {
    InvalidQuestion question;
    question.range = range;
    question.grouping.message = question.grouping.pointer = false;
    question.partial = observed.partial;
    return invalid_report(observed.invalid, words, disclosure, question);
}

} // namespace

ReadingState reading_state(const StageReading& reading, const kafka::Cluster& cluster) {
    ReadingState state;
    for (const kafka::PartitionProgress& p : reading.reader->progress()) {
        ++state.partitions;
        state.gone += p.state == kafka::ReadState::Gone ? 1 : 0;
        if (p.state != kafka::ReadState::Failed)
            continue;
        ++state.failed;
        if (state.why.empty())
            state.why = p.topic + "/" + std::to_string(p.partition.value()) + ": " + p.trouble;
    }
    const kafka::Health health = cluster.health();
    state.down = health.state == kafka::Health::State::Down ||
                 health.state == kafka::Health::State::AuthenticationFailed;
    if (state.down)
        state.why = health.trouble.empty() ? "the cluster does not answer" : health.trouble;
    return state;
}

WatchLook look_at(const StageReading& reading, const Target& target,
                  const DisclosurePolicy& disclosure, const RecordRange& range,
                  const std::shared_ptr<const BacklogSnapshot>& backlog, ReadingState state) {
    WatchLook look;
    look.at = Micros::now();
    look.connection = target.connection;
    look.vocabulary = target.session->vocabulary();
    look.state = std::move(state);
    look.stats = reading.loop->stats();
    look.partial = reading.lost_contact() || reading.behind();
    look.range = range;
    Observed observed = observed_by_now(*reading.loop, range, look.partial);
    observed.backlog = backlog;
    const Vocabulary& words = *target.session->vocabulary();
    const bool partial = look.partial;
    look.flow_all = flow_report(observed.flow, words, disclosure, {.partial = partial});
    look.latency_all = latency_report(observed.latency, words, disclosure, {.partial = partial});
    if (reading.kept.history) { // of the range, what was seen before the start
        reading.kept.history->add_to(observed.flow);
        reading.kept.history->add_to(observed.latency);
        look.history = history_text(*reading.kept.history->status());
    }
    look.flow = flow_report(observed.flow, words, disclosure,
                            {.range = observed.flow_range, .partial = partial});
    look.latency =
        latency_report(observed.latency, words, disclosure, {.range = range, .partial = partial});
    look.invalid_all = invalid_by_reason(observed, {}, words, disclosure);
    look.invalid = invalid_by_reason(observed, range, words, disclosure);
    if (!observed.flow.lanes.empty())
        look.flow_options = observed.flow.lanes.front()->options;
    look.findings = findings_of(observed, target, disclosure);
    look.backlog = worst_of(backlog, WatchLook::partitions_max, look.partitions_left_out);
    return look;
}

std::shared_ptr<const BacklogSnapshot>
worst_of(const std::shared_ptr<const BacklogSnapshot>& backlog, std::size_t rows_max,
         std::size_t& left_out) {
    left_out = 0;
    std::size_t rows = 0;
    if (backlog)
        for (const auto& group : backlog->groups)
            rows += group->partitions.size();
    if (rows <= rows_max)
        return backlog;
    auto worst = std::make_shared<BacklogSnapshot>(*backlog);
    std::stable_sort(worst->groups.begin(), worst->groups.end(), [](const auto& a, const auto& b) {
        return a->verdict != b->verdict ? a->verdict > b->verdict
                                        : a->lag_messages > b->lag_messages;
    });
    std::size_t room = rows_max;
    for (auto& group : worst->groups) {
        if (group->partitions.size() > room) {
            auto cut = std::make_shared<GroupBacklog>(*group);
            cut->partitions.resize(room);
            group = std::move(cut);
        }
        room -= group->partitions.size();
    }
    left_out = rows - rows_max;
    return worst;
}

} // namespace weir::cli
