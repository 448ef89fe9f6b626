// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A pipeline for tests of the Overview: deduplicate, enrich, and load, whose table nobody observes.
// Thread contract: one owner.
#pragma once

#include <memory>
#include <string>

#include "models/overview/overview.h"
#include "tests/support/flow_world.h"

namespace weir::test {

struct OverviewWorld {
    FlowWorld flow;
    std::vector<StageSpec> stages;
    std::shared_ptr<BacklogSnapshot> backlog = std::make_shared<BacklogSnapshot>();

    OverviewWorld() {
        stages = flow.options->stages;
        StageSpec load{.name = "load",
                       .inputs = {"enriched_events"},
                       .outputs = {"analytics.events"},
                       .dead_letter = "invalid_events"};
        stages.push_back(load);
        for (StageSpec& stage : stages)
            stage.consumer_group = "weir-" + stage.name;
        flow.read_all(0);
    }

    /// So many events come in within a second of noon, and all but `lost` of them get through
    /// deduplicate and enrich; then everything is read for long enough to tell.
    void flow_through(int events, int lost) {
        FlowWorld& w = flow;
        for (int i = 0; i < events; ++i) {
            const std::string id = "e" + std::to_string(i);
            count("raw_events");
            w.see("raw_events", id, i);
            if (i < lost)
                continue;
            count("unique_events");
            w.see("unique_events", id, i + FlowWorld::second_us);
            count("enriched_events");
            w.see("enriched_events", id, i + 2 * FlowWorld::second_us);
        }
        w.read_all(10 * FlowWorld::minute_us);
    }

    void stall(const std::string& group, std::int64_t lag) const {
        auto made = std::make_shared<GroupBacklog>();
        made->group.id = group;
        made->at = Micros(FlowWorld::noon_us + FlowWorld::minute_us);
        made->verdict = Verdict::Stalled;
        made->reason = "no progress for 5 min";
        made->lag_messages = lag;
        made->lag_us = FlowWorld::minute_us;
        backlog->groups.push_back(made);
    }

    OverviewInput input() const {
        OverviewInput made;
        made.flow = {flow.seen()};
        made.backlog["test"] = backlog;
        made.stages = stages;
        made.vocabulary = flow.words;
        made.disclosure = DisclosurePolicy::none();
        made.now_us = FlowWorld::noon_us + 10 * FlowWorld::second_us;
        made.range = {FlowWorld::noon_us - 5 * FlowWorld::minute_us,
                      FlowWorld::noon_us + 10 * FlowWorld::minute_us};
        return made;
    }

  private:
    /// At the place itself, as its own lane sees it.
    void count(const std::string& at) const {
        SightingBatch batch;
        Sighting s;
        s.place = flow.place(at);
        s.record_time = s.observed_time = Micros(FlowWorld::noon_us);
        s.timestamp_type = TimestampType::CreateTime;
        batch.sightings.push_back(s);
        flow.lanes.front()->absorb(batch);
    }
};

} // namespace weir::test
