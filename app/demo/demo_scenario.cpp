// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_scenario.h"

#include <cstdio>

namespace weir {

namespace {

constexpr std::chrono::milliseconds open_wait{10'000};

} // namespace

Result<std::unique_ptr<DemoScenario>>
DemoScenario::start(kafka::EmbeddedCluster& cluster, const kafka::SandboxTicket& ticket,
                    const warehouse::DatabaseTicket& warehouse, synth::Play play,
                    const std::string& truth_file) {
    sandbox::OutletOptions outlet;
    outlet.keeps_all = false; // the workers are never far behind, and the demo never ends
    outlet.ack_wait += play.incidents->longest_outage();
    sandbox::CollectorFeed::Options feed;
    feed.silence_max += play.incidents->longest_outage();
    const Flag stop = std::make_shared<std::atomic<bool>>(false);
    feed.gone = [stop] { return stop->load(); };
    auto collector = sandbox::OwnCollector::open(ticket, outlet, std::move(feed), open_wait);
    if (!collector)
        return collector.error();
    auto records = cli::RecordsOutput::into(warehouse, open_wait);
    if (!records)
        return records.error();
    std::unique_ptr<DemoScenario> made(
        new DemoScenario(stop, std::move(*collector), std::move(*records), std::move(play)));
    if (!truth_file.empty()) {
        made->m_truth = std::make_unique<PartFile>(truth_file);
        if (auto opened = made->m_truth->write(std::string_view("")); !opened)
            return opened.error();
    }
    made->m_outages = std::make_unique<sandbox::BrokerOutages>(cluster, made->m_play.incidents);
    made->m_thread = std::thread([source = made.get()] { source->run(); });
    return made;
}

DemoScenario::~DemoScenario() {
    *m_stop = true;
    m_outages.reset(); // what was sent arrives now
    if (m_thread.joinable())
        m_thread.join();
}

/// What cannot go on is told where a user of a terminal sees it: the window shows the silence.
void DemoScenario::run() {
    auto played = synth::play(m_play, *this);
    while (played && !gone() && !m_truth) {
        ++m_play.seed;
        played = synth::play(m_play, *this);
    }
    const auto finished = played && m_truth ? m_truth->finish() : Result<void>();
    if (!finished)
        std::fprintf(stderr, "weir demo: %s\n", finished.error().text().c_str());
    else if (!played && !gone())
        std::fprintf(stderr, "weir demo: the scenario ended: %s\n", played.error().text().c_str());
}

Result<void> DemoScenario::send(const synth::Happening& happening) {
    return m_collector->send(happening.value);
}

Result<void> DemoScenario::tell(std::string_view lines) {
    return m_truth ? m_truth->write(lines) : Result<void>();
}

Result<void> DemoScenario::idle(std::uint64_t /*so_far*/) {
    return m_records.idle();
}

Result<void> DemoScenario::finish() {
    auto done = m_collector->finish();
    return done ? m_records.finish() : done;
}

} // namespace weir
