// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session without a broker, and a view without data: what the window's tests stand on.
// Thread contract: as Session; the gate and the counters from any thread.
#pragma once

#include <QAction>
#include <QJsonObject>

#include <atomic>
#include <map>
#include <mutex>

#include "app/gui/session_host.h"
#include "app/gui/views.h"
#include "connectors/kafka/read/read_budget.h"
#include "tests/support/gate.h"
#include "widgets/common/view.h"

namespace weir::test {

/// What the test decides and counts; outlives its sessions.
struct World {
    Gate gate;
    std::atomic<int> starts{0};
    std::atomic<int> stops{0};
    std::atomic<int> alive{0};
    std::atomic<bool> fail{false};
    std::atomic<bool> unmasked{false}; // the policy of all connections: nothing is masked
    std::string unreachable;           // the name of a connection that never answers
    std::string unread;                // of one that has told nothing yet of where it is
    std::int64_t behind_us = 400'000;  // of the others
    std::atomic<bool> commands_allowed{false};
    std::atomic<bool> masked{false}; // the policy of all connections: the detectors'
    std::atomic<bool> unmasking_refused{false};
    std::vector<IngestNote> notes; // of every observation, from its start
    std::uint64_t undecodable = 0; // by every observation
    std::uint64_t cut_events = 0;  // of every observation
};

class FakeLoop : public IngestLoop {
  public:
    FakeLoop(const World& world, std::int64_t behind_us)
        : m_notes(world.notes)
        , m_behind_us(behind_us)
        , m_undecodable(world.undecodable)
        , m_cut_events(world.cut_events) {
        m_store.publish();
    }
    int lanes() const override { return 1; }
    const Fold& fold(int, std::size_t index) const override {
        return index == 0   ? static_cast<const Fold&>(m_store)
               : index == 1 ? static_cast<const Fold&>(m_versions)
                            : m_latency;
    }
    IngestStats stats() const override {
        IngestStats stats;
        stats.records = 1'210'442;
        stats.events = 1'210'442;
        stats.bytes = 1'210'442 * 535ULL;
        stats.events_per_s = 48'210;
        stats.behind_us = m_behind_us;
        stats.notes = m_notes;
        stats.undecodable = m_undecodable;
        stats.cut_events = m_cut_events;
        return stats;
    }
    bool finished() const override { return false; }
    void stop() override {}

  private:
    const std::vector<IngestNote> m_notes;
    const std::int64_t m_behind_us;
    const std::uint64_t m_undecodable, m_cut_events;
    EventStore m_store{0, 1, {}};
    VersionCounts m_versions{*Vocabulary::create({})};
    LatencyBook m_latency{*Vocabulary::create({}), std::make_shared<const LatencyOptions>()};
};

class FakeReader : public kafka::Reader {
  public:
    int stream_count() const override { return 1; }
    RecordBatch poll(int, std::chrono::milliseconds) override { return {}; }
    bool finished() const override { return false; }
    void stop() override {}
    std::vector<kafka::PartitionProgress> progress() const override {
        kafka::PartitionProgress partition;
        partition.topic = "raw_events";
        return {partition};
    }
    std::vector<kafka::LogMark> marks() const override { return {}; }
    std::vector<kafka::LogFate> find_fates(const std::vector<kafka::LogMark>& marks,
                                           std::chrono::milliseconds,
                                           const std::stop_token&) override {
        return std::vector<kafka::LogFate>(marks.size());
    }
};

class FakeCluster : public kafka::Cluster {
  public:
    explicit FakeCluster(kafka::ConnectionOptions options)
        : m_options(std::move(options)) {}
    const kafka::ConnectionOptions& options() const override { return m_options; }
    Result<std::string> cluster_id(std::chrono::milliseconds) override { return std::string("id"); }
    kafka::Health health() const override {
        const std::lock_guard lock(m_mutex);
        return m_health;
    }
    kafka::ReadBudget& budget() override { return m_budget; }
    void set_health(const kafka::Health& health) {
        const std::lock_guard lock(m_mutex);
        m_health = health;
    }

  private:
    const kafka::ConnectionOptions m_options;
    kafka::ReadBudget m_budget{m_options.read_budget_mb_s};
    mutable std::mutex m_mutex;
    kafka::Health m_health{kafka::Health::State::Up, Micros::now(), Micros::now(), {}};
};

class FakeSession : public Session {
  public:
    FakeSession(World& world, Workspace workspace)
        : m_world(world)
        , m_workspace(std::move(workspace)) {
        ++m_world.alive;
    }
    ~FakeSession() override { --m_world.alive; }

    const Workspace& workspace() const override { return m_workspace; }
    std::shared_ptr<Vocabulary> vocabulary() const override { return nullptr; }
    std::shared_ptr<const DialectSet> dialects() const override { return nullptr; }
    std::shared_ptr<const LoadedContracts> contracts() const override {
        auto none = std::make_shared<LoadedContracts>();
        none->set = std::make_shared<const ContractSet>();
        return none;
    }
    Result<std::shared_ptr<kafka::Cluster>> cluster(const std::string& connection) override {
        const std::lock_guard lock(m_mutex);
        auto& made = m_clusters[connection];
        if (!made)
            made = std::make_shared<FakeCluster>(*m_workspace.connection(connection));
        return std::shared_ptr<kafka::Cluster>(made);
    }
    std::unique_ptr<Decoder> make_decoder(const std::string&) const override { return nullptr; }
    std::unique_ptr<EventChecker> make_checker() const override { return nullptr; }
    InvalidOptions invalid_book(const std::string&) const override { return {}; }
    std::shared_ptr<const DisclosurePolicy>
    disclosure(const std::string& connection) const override {
        if (m_world.unmasked || unmasking(connection))
            return DisclosurePolicy::none();
        return m_world.masked ? DisclosurePolicy::built_in_detectors() : nullptr;
    }
    std::uint64_t disclosure_revision() const override { return 0; }
    Result<std::shared_ptr<const DisclosurePolicy>>
    tokenised(const std::string& connection) const override {
        return Error{ErrorCode::Config, "no key", connection, {}, {}};
    }
    Result<void> unmask(const std::string& connection, const std::string& reason) override {
        if (m_world.unmasking_refused)
            return Error{ErrorCode::Refused, "no role lets you", connection, {}, "Ask for one."};
        const std::lock_guard lock(m_mutex);
        m_unmasking = std::make_shared<const Unmasking>(
            Unmasking{connection, "jdoe", "data protection", reason, Micros::now()});
        return {};
    }
    std::shared_ptr<const Unmasking> mask_again(const std::string&) override {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_unmasking, nullptr);
    }
    std::shared_ptr<const Unmasking> unmasking(const std::string& connection) const override {
        const std::lock_guard lock(m_mutex);
        return m_unmasking && m_unmasking->connection == connection ? m_unmasking : nullptr;
    }
    Result<void> start_live(const std::string& connection, kafka::ReadRequest,
                            std::chrono::milliseconds) override {
        m_world.gate.pass();
        if (m_world.fail || connection == m_world.unreachable)
            return Error{ErrorCode::Connection,
                         "No broker answers",
                         connection,
                         "kafka-1:9092 for 10 s, refused",
                         "Check the address and the network.",
                         -1};
        ++m_world.starts;
        const std::lock_guard lock(m_mutex);
        m_live[connection] = std::make_shared<const Observation>(
            connection, std::make_shared<FakeReader>(),
            std::make_unique<FakeLoop>(m_world,
                                       connection == m_world.unread ? -1 : m_world.behind_us),
            Observation::Kept{});
        return {};
    }
    void stop_live() override {
        const std::lock_guard lock(m_mutex);
        m_world.stops += static_cast<int>(m_live.size());
        m_live.clear();
    }
    std::shared_ptr<const Observation> live(const std::string& connection) const override {
        const std::lock_guard lock(m_mutex);
        const auto known = m_live.find(connection);
        return known == m_live.end() ? nullptr : known->second;
    }
    std::vector<std::shared_ptr<kafka::Cluster>> clusters() const override { return {}; }
    std::shared_ptr<kafka::EmbeddedCluster> embedded() const override { return nullptr; }
    std::shared_ptr<FakeCluster> fake_cluster(const std::string& connection = "prod-kafka") const {
        const std::lock_guard lock(m_mutex);
        return m_clusters.at(connection);
    }

  private:
    World& m_world;
    Workspace m_workspace;
    mutable std::mutex m_mutex;
    std::shared_ptr<const Unmasking> m_unmasking;
    std::map<std::string, std::shared_ptr<FakeCluster>> m_clusters;
    std::map<std::string, std::shared_ptr<const Observation>> m_live;
};

inline Workspace shop(kafka::Environment environment = kafka::Environment::Production) {
    Workspace workspace;
    workspace.name = "Shop analytics";
    kafka::ConnectionOptions connection;
    connection.name = "prod-kafka";
    connection.bootstrap = "kafka-1:9092";
    connection.environment = environment;
    workspace.connections.push_back(connection);
    workspace.watch.push_back({"prod-kafka", {"raw_events"}, {}});
    return workspace;
}

inline SessionMaker maker(World& world, const Workspace& workspace) {
    return [&world, workspace]() -> Result<std::unique_ptr<Session>> {
        return std::unique_ptr<Session>(std::make_unique<FakeSession>(world, workspace));
    };
}

class FakeView : public View {
  public:
    FakeView(QString id, QWidget* parent)
        : View(parent)
        , m_id(std::move(id)) {
        setFocusPolicy(Qt::StrongFocus);
        m_command = new QAction(m_id % QStringLiteral(" command"), this);
        connect(m_command, &QAction::triggered, this, [this] { ++commands_run; });
    }
    QString id() const override { return m_id; }
    bool needsConnection() const override { return m_id != QLatin1String("latency"); }
    QString title() const override { return m_id.at(0).toUpper() % m_id.mid(1); }
    Icon icon() const override { return Icon::Live; }
    ViewBadge badge() const override { return shown_badge; }
    void tick() override { ++ticks; }
    void chartTick() override { ++chart_ticks; }
    QJsonObject place() const override { return {{QStringLiteral("row"), row}}; }
    void goTo(const QJsonObject& there) override {
        row = there.value(QStringLiteral("row")).toInt();
    }
    QJsonObject layoutState() const override { return {{QStringLiteral("columns"), columns}}; }
    void restoreLayout(const QJsonObject& state) override {
        columns = state.value(QStringLiteral("columns")).toInt();
    }
    QList<QAction*> commands() const override { return {m_command}; }
    QList<PaletteEntry> paletteEntries() const override {
        return {
            {QStringLiteral("raw_events"), QStringLiteral("Topic"), [this] { ++topics_opened; }}};
    }
    bool findEvent(const QString& event_id) override {
        if (m_id != QLatin1String("live"))
            return false;
        looked_for = event_id;
        return true;
    }
    void walk_to(int to) {
        row = to;
        Q_EMIT moved();
    }

    int row = 0;
    int columns = 7;
    int ticks = 0;
    int chart_ticks = 0;
    int commands_run = 0;
    mutable int topics_opened = 0;
    QString looked_for;
    ViewBadge shown_badge;

  private:
    QString m_id;
    QAction* m_command;
};

inline const std::vector<ViewEntry>& fake_views() {
    static const std::vector<ViewEntry> entries{
        {"live",
         [](SessionHost&, ViewContext&, QWidget* parent) -> View* {
             return new FakeView(QStringLiteral("live"), parent);
         }},
        {"latency",
         [](SessionHost&, ViewContext&, QWidget* parent) -> View* {
             return new FakeView(QStringLiteral("latency"), parent);
         }},
    };
    return entries;
}

} // namespace weir::test
