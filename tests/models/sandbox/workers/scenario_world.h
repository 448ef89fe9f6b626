// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A pipeline that a scenario is played into, from the collector's door to the warehouse, with what
// the scenario has in store for the pipeline itself; and what its truth says.
// Thread contract: one thread; the scenario is played on one of its own.
#pragma once

#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/sandbox/broker_outages.h"
#include "models/sandbox/collector_feed.h"
#include "models/sandbox/contract_judge.h"
#include "models/sandbox/server_side.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/pipeline.h"
#include "models/synth/player.h"
#include "models/synth/truth_check.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/sandbox_warehouse.h"

namespace weir::test {

/// What a pipeline works between.
struct ScenarioGround {
    static inline const std::vector<std::string> stages = {"deduplicate", "enrich", "load",
                                                           "attribute"};

    /// A cluster inside this process, and a SQLite file.
    static ScenarioGround embedded(const QString& folder) {
        std::vector<sandbox::StageInfo> infos;
        for (const std::string& name : stages)
            infos.push_back(sandbox::find_stage(name)->make({})->info());
        std::vector<kafka::EmbeddedTopic> topics;
        for (const kafka::NewTopic& topic : sandbox::topics_of(infos, 32))
            topics.push_back({topic.name, topic.partitions});
        ScenarioGround ground;
        ground.cluster = kafka::EmbeddedCluster::start(topics).value();
        ground.ticket.emplace(
            kafka::prove_sandbox(ground.cluster->connection(), {}, std::chrono::seconds(20))
                .value());
        ground.warehouse = new_sandbox_warehouse(nullptr, folder);
        return ground;
    }

    std::unique_ptr<kafka::EmbeddedCluster> cluster; // null: a real one
    std::optional<kafka::SandboxTicket> ticket;
    warehouse::ConnectionOptions warehouse;
};

/// Lines of a truth.
using TruthLines = std::vector<nlohmann::json>;

/// Of the events that come to a stage those that it loses. What is lost by deduplication is lost
/// again when it is sent again.
inline std::uint64_t lost_by(const std::string& stage, const TruthLines& lines) {
    std::set<std::string> ids;
    for (const auto& line : lines)
        if (line["fate"] == "lost" && line["lost_by"] == stage)
            ids.insert(line["event"].get<std::string>());
    if (stage != "deduplicate")
        return ids.size();
    std::uint64_t lost = 0;
    for (const auto& line : lines)
        lost += line["fate"] != "never_sent" && line["fate"] != "invalid" &&
                ids.count(line["event"].get<std::string>()) > 0;
    return lost;
}

class ScenarioWorld final : public synth::Audience {
  public:
    /// Plays it at its pace (`live`), or as fast as it goes.
    ScenarioWorld(ScenarioGround ground, synth::Scenario scenario, bool live, const QString& folder)
        : m_ground(std::move(ground))
        , m_truth_file(folder.toStdString() + "/shop.truth")
        , m_truth(m_truth_file) {
        m_play.scenario = std::make_shared<const synth::Scenario>(std::move(scenario));
        m_play.events_per_s = m_play.scenario->events_per_s;
        m_play.live = live;
        m_play.incidents =
            std::make_shared<synth::IncidentPlan>(*m_play.scenario, synth::all_incidents());
        if (m_ground.cluster)
            m_outages =
                std::make_unique<sandbox::BrokerOutages>(*m_ground.cluster, m_play.incidents);
        auto db = write_to(m_ground.warehouse);
        if (auto made = sandbox::migrate(*db); !made)
            qFatal("%s", made.error().text().c_str());
        const auto shelf = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
        sandbox::PipelineOptions options;
        options.stages = ScenarioGround::stages;
        options.worker.incidents = m_play.incidents;
        m_pipeline = sandbox::Pipeline::start(*m_ground.ticket, options,
                                              {.contracts = shelf, .warehouse = db->ticket()})
                         .value();
        m_servers.emplace(std::move(db));
        m_outlet = sandbox::Outlet::open(*m_ground.ticket, {}, std::chrono::seconds(20)).value();
        m_collector.emplace(sandbox::CollectorOptions{}, *m_outlet, [shelf] {
            return std::make_unique<sandbox::ContractJudge>(shelf,
                                                            sandbox::WithoutContract::Refuse);
        });
        m_feed.emplace(*m_collector, sandbox::CollectorFeed::Options{});
        m_played = std::async(std::launch::async, [this] { return synth::play(m_play, *this); });
    }
    ~ScenarioWorld() override {
        if (m_played.valid())
            m_played.wait();
        m_outlet->flush(std::chrono::seconds(20)); // answers lead to the collector
    }

    sandbox::WorkerCounts counts(const std::string& stage) const {
        for (const sandbox::StageReport& report : m_pipeline->reports())
            if (report.info.name == stage)
                return report.counts;
        return {};
    }
    sandbox::CollectorCounts collected() const { return m_collector->counts(); }
    const synth::IncidentPlan& plan() const { return *m_play.incidents; }

    /// Once the play is over, and all that it sent was taken in.
    void wait_for_end() {
        auto played = m_played.get();
        if (!played)
            qFatal("%s", played.error().text().c_str());
        m_truth.close();
    }
    /// What the truth says of each event that was sent, or should have been.
    /// REQUIRES: wait_for_end().
    TruthLines told_events() const {
        std::ifstream file(m_truth_file);
        TruthLines lines;
        for (std::string line; std::getline(file, line);)
            if (line.rfind("{\"event\"", 0) == 0)
                lines.push_back(nlohmann::json::parse(line));
        return lines;
    }
    /// What is wrong with the warehouse when nothing more comes; empty: nothing.
    std::string wrong_with_warehouse() const {
        const auto truth = synth::Truth::load(m_truth_file);
        if (!truth)
            return truth.error().text();
        const auto db = warehouse::Warehouse::open(m_ground.warehouse, {}).value();
        std::string found;
        const auto right = [&] {
            const auto verdict = synth::check_truth(*truth, *db, {});
            found = verdict ? std::to_string(verdict->differences()) + " differences"
                            : verdict.error().text();
            if (verdict && !verdict->named.empty())
                found += ", " + std::string(to_word(verdict->named[0].difference)) + " " +
                         verdict->named[0].expected + ", found " + verdict->named[0].found;
            return verdict && verdict->differences() == 0;
        };
        return wait_for(right, std::chrono::seconds(60)) ? std::string() : found;
    }

  private:
    Result<void> send(const synth::Happening& happening) override {
        return m_feed->send(happening.value);
    }
    Result<void> record(const synth::OrderTruth& order) override {
        m_servers->add(order);
        return {};
    }
    Result<void> record(const synth::UserTruth& user) override {
        m_servers->add(user);
        return {};
    }
    Result<void> tell(std::string_view lines) override {
        m_truth << lines;
        return {};
    }
    Result<void> idle(std::uint64_t) override { return m_servers->flush(); }
    Result<void> finish() override {
        auto done = m_servers->flush();
        return done ? m_feed->finish() : done;
    }
    bool gone() const override { return false; }

    const ScenarioGround m_ground;
    const std::string m_truth_file;
    std::ofstream m_truth;
    synth::Play m_play;
    std::unique_ptr<sandbox::BrokerOutages> m_outages; // null: the cluster is not ours
    std::unique_ptr<sandbox::Outlet> m_outlet;
    std::optional<sandbox::Collector> m_collector;
    std::optional<sandbox::CollectorFeed> m_feed;
    std::optional<sandbox::ServerSide> m_servers;
    std::unique_ptr<sandbox::Pipeline> m_pipeline;
    std::future<Result<synth::Played>> m_played;
};

} // namespace weir::test
