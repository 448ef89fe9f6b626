// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_session.h"

#include <atomic>
#include <thread>

#include "app/demo/demo_pipeline.h"
#include "app/demo/demo_scenario.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/producer.h"
#include "connectors/kafka/sandbox/sandbox.h"
#include "models/synth/generator.h"
#include "models/synth/pacer.h"

namespace weir {

namespace {

constexpr const char* good_topic = "raw_events";
constexpr const char* bad_topic = "invalid_events";

/// Writes events at a rate until it is destroyed.
class DemoStream final : public DemoSource {
  public:
    DemoStream(std::unique_ptr<kafka::Producer> producer, DemoOptions options)
        : m_producer(std::move(producer))
        , m_options(std::move(options))
        , m_thread([this] { run(); }) {}
    ~DemoStream() override {
        m_stop = true;
        m_thread.join();
    }

  private:
    void run() {
        synth::Options options;
        options.malformed_share = m_options.malformed_share;
        options.events_per_s = m_options.events_per_s;
        synth::Generator generator(m_options.seed, options);
        synth::Pacer pacer(m_options.events_per_s, synth::Pacer::now());
        synth::Event event;
        while (!m_stop) {
            for (std::uint64_t due = pacer.due(synth::Pacer::now()); due > 0; --due) {
                generator.next(event, Micros::now());
                // What cannot be written now is dropped: a demo has nothing to catch up with.
                const auto sent = write(event);
                if (!sent)
                    break;
            }
            std::this_thread::sleep_for(std::min<synth::Pacer::Time>(
                pacer.wait(synth::Pacer::now()), std::chrono::milliseconds(50)));
        }
    }

    Result<void> write(const synth::Event& event) {
        const bool bad = event.fault != synth::Fault::None;
        kafka::OutRecord record;
        record.topic = bad ? bad_topic : good_topic;
        record.key = event.key;
        record.key_null = false;
        record.value = event.value;
        record.timestamp = event.received_time;
        for (const HeaderView& header : *event.headers)
            record.headers.push_back({header.name, header.value, header.null});
        if (bad) {
            record.headers.push_back({"weir-stage", "collect", false});
            record.headers.push_back({"weir-reason", synth::to_word(event.fault), false});
            record.headers.push_back({"weir-pointer", event.pointer, false});
        }
        return m_producer->send(record, std::chrono::milliseconds(100));
    }

    const std::unique_ptr<kafka::Producer> m_producer;
    const DemoOptions m_options;
    std::atomic<bool> m_stop{false};
    std::thread m_thread; // declared last: it uses all of the above
};

class DemoSession : public Session {
  public:
    DemoSession(std::unique_ptr<Session> session, std::unique_ptr<DemoPipeline> pipeline,
                std::unique_ptr<DemoSource> source)
        : m_session(std::move(session))
        , m_pipeline(std::move(pipeline))
        , m_source(std::move(source)) {}

    const Workspace& workspace() const override { return m_session->workspace(); }
    std::shared_ptr<Vocabulary> vocabulary() const override { return m_session->vocabulary(); }
    std::shared_ptr<const DialectSet> dialects() const override { return m_session->dialects(); }
    std::shared_ptr<const LoadedContracts> contracts() const override {
        return m_session->contracts();
    }
    Result<std::shared_ptr<kafka::Cluster>> cluster(const std::string& connection) override {
        return m_session->cluster(connection);
    }
    std::vector<std::shared_ptr<kafka::Cluster>> clusters() const override {
        return m_session->clusters();
    }
    std::shared_ptr<kafka::EmbeddedCluster> embedded() const override {
        return m_session->embedded();
    }
    std::unique_ptr<Decoder> make_decoder(const std::string& connection) const override {
        return m_session->make_decoder(connection);
    }
    std::unique_ptr<EventChecker> make_checker() const override {
        return m_session->make_checker();
    }
    InvalidOptions invalid_book(const std::string& connection) const override {
        return m_session->invalid_book(connection);
    }
    std::shared_ptr<const DisclosurePolicy>
    disclosure(const std::string& connection) const override {
        return m_session->disclosure(connection);
    }
    std::uint64_t disclosure_revision() const override { return m_session->disclosure_revision(); }
    Result<std::shared_ptr<const DisclosurePolicy>>
    tokenised(const std::string& connection) const override {
        return m_session->tokenised(connection);
    }
    Result<void> unmask(const std::string& connection, const std::string& reason) override {
        return m_session->unmask(connection, reason);
    }
    std::shared_ptr<const Unmasking> mask_again(const std::string& connection) override {
        return m_session->mask_again(connection);
    }
    std::shared_ptr<const Unmasking> unmasking(const std::string& connection) const override {
        return m_session->unmasking(connection);
    }
    Result<void> start_live(const std::string& connection, kafka::ReadRequest request,
                            std::chrono::milliseconds timeout) override {
        return m_session->start_live(connection, std::move(request), timeout);
    }
    void stop_live() override { m_session->stop_live(); }
    std::shared_ptr<const Observation> live(const std::string& connection) const override {
        return m_session->live(connection);
    }

  private:
    const std::unique_ptr<Session> m_session;
    const std::unique_ptr<DemoPipeline> m_pipeline; // ends before the cluster it works on
    const std::unique_ptr<DemoSource> m_source;     // and this before what it streams into
};

Result<std::unique_ptr<DemoSource>> open_source(kafka::EmbeddedCluster& cluster,
                                                const kafka::SandboxTicket& ticket,
                                                const DemoPipeline& pipeline, DemoOptions options) {
    if (options.play) {
        auto scenario = DemoScenario::start(cluster, ticket, pipeline.warehouse(),
                                            std::move(*options.play), options.truth_file);
        if (!scenario)
            return scenario.error();
        return std::unique_ptr<DemoSource>(std::move(*scenario));
    }
    auto producer = kafka::Producer::open(ticket, {}, std::chrono::seconds(10));
    if (!producer)
        return producer.error();
    return std::unique_ptr<DemoSource>(
        std::make_unique<DemoStream>(std::move(*producer), std::move(options)));
}

} // namespace

Result<std::unique_ptr<Session>> open_demo_session(DemoOptions options) {
    if (options.play)
        if (auto can = DemoPipeline::can_carry_out(*options.play); !can)
            return can.error();
    auto session = Session::open(Workspace::demo());
    if (!session)
        return session;
    const std::string name = (*session)->workspace().connections.front().name;
    const auto cluster = (*session)->cluster(name);
    if (!cluster)
        return cluster.error();
    const auto ticket = kafka::prove_sandbox((*cluster)->options(), {}, std::chrono::seconds(10));
    if (!ticket)
        return ticket.error();
    const std::shared_ptr<kafka::EmbeddedCluster> embedded = (*session)->embedded();
    auto pipeline = DemoPipeline::start(*embedded, *ticket, (*session)->contracts()->set,
                                        options.play ? options.play->incidents : nullptr);
    if (!pipeline)
        return pipeline.error();
    auto source = open_source(*embedded, *ticket, **pipeline, std::move(options));
    if (!source)
        return source.error();
    return std::unique_ptr<Session>(std::make_unique<DemoSession>(
        std::move(*session), std::move(*pipeline), std::move(*source)));
}

} // namespace weir
