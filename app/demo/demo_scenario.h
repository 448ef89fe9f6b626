// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo's other source: a scenario played through a collector into the pipeline, over and over,
// each time with the next seed; or once, if its truth is wanted. The shop's servers write their
// orders and users into the demo's warehouse, and the broker is away when the scenario says so.
//
// Thread contract: made and destroyed by one thread; it plays on a thread of its own. Bound:
// ScenarioStream's.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "app/cli/records_output.h"
#include "app/demo/demo_source.h"
#include "connectors/archive/part_file.h"
#include "models/sandbox/broker_outages.h"
#include "models/sandbox/own_collector.h"
#include "models/synth/player.h"

namespace weir {

class DemoScenario final : public DemoSource, private synth::Audience {
  public:
    /// `ticket` is that of `cluster`. `truth_file`: "" is none.
    /// Errors: Io (of that file), those of OwnCollector::open() and RecordsOutput::into().
    static Result<std::unique_ptr<DemoScenario>> start(kafka::EmbeddedCluster& cluster,
                                                       const kafka::SandboxTicket& ticket,
                                                       const warehouse::DatabaseTicket& warehouse,
                                                       synth::Play play,
                                                       const std::string& truth_file);
    ~DemoScenario() override;

  private:
    using Flag = std::shared_ptr<std::atomic<bool>>;
    DemoScenario(Flag stop, std::unique_ptr<sandbox::OwnCollector> collector,
                 cli::RecordsOutput records, synth::Play play)
        : m_stop(std::move(stop))
        , m_collector(std::move(collector))
        , m_records(std::move(records))
        , m_play(std::move(play)) {}
    void run();
    Result<void> send(const synth::Happening& happening) override;
    Result<void> record(const synth::OrderTruth& order) override { return m_records.add(order); }
    Result<void> record(const synth::UserTruth& user) override { return m_records.add(user); }
    Result<void> tell(std::string_view lines) override;
    Result<void> idle(std::uint64_t so_far) override;
    Result<void> finish() override;
    bool gone() const override { return *m_stop; }

    const Flag m_stop; // the collector's feed looks at it, too
    const std::unique_ptr<sandbox::OwnCollector> m_collector;
    cli::RecordsOutput m_records;
    synth::Play m_play;
    std::unique_ptr<PartFile> m_truth; // null: nobody wants it
    std::unique_ptr<sandbox::BrokerOutages> m_outages;
    std::thread m_thread; // declared last: it uses all of the above
};

} // namespace weir
