// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker soak
//
// A shop's events come over HTTP while the processes behind that are killed one after the other:
// the collector, those of the stages, the broker, PostgreSQL. A client sends an event until it is
// answered for good. In the end the warehouse holds what the truth says.
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fstream>
#include <future>
#include <random>

#include "models/sandbox/server_side.h"
#include "models/synth/player.h"
#include "models/synth/truth_check.h"
#include "tests/models/sandbox/workers/pipeline_process.h"
#include "tests/support/collector_station.h"
#include "tests/support/free_ports.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using test::PipelineWorld;
using test::wait_for;

namespace {

constexpr const char* shop = R"({"weir_scenario": 1, "name": "kills", "events_per_s": 200,
    "duration": "10 h", "population": {"users": 2000, "sessions": 200}, "faults": [
    {"fault": "ad_blocker", "share": 0.1, "where": {"platform": ["web"]}},
    {"fault": "missing_field", "share": 0.01}, {"fault": "wrong_type", "share": 0.01},
    {"fault": "unknown_type", "share": 0.01}, {"fault": "bad_time", "share": 0.01},
    {"fault": "broken_json", "share": 0.01}, {"fault": "not_json", "share": 0.01},
    {"fault": "retry_same_id", "share": 0.05, "after": "2 s"},
    {"fault": "retry_new_id", "share": 0.05, "after": "2 s"}]})";

/// This executable as the collector: BROKER PORT.
int run_collector(const char* broker, const char* port) {
    auto outlet = test::outlet_of(test::sandbox_at(broker));
    if (!outlet) {
        std::fprintf(stderr, "%s\n", outlet.error().text().c_str());
        return 1;
    }
    const auto shelf = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in());
    const test::CollectorStation station(std::move(*outlet), std::atoi(port), {}, [shelf] {
        return std::make_unique<sandbox::ContractJudge>(shelf, sandbox::WithoutContract::Refuse);
    });
    for (;;)
        std::this_thread::sleep_for(1h);
}

/// The clients: one event a request, again and again until it is taken or refused for good. Played
/// on a thread of its own until it is told to stop.
class Clients final : public synth::Audience {
  public:
    Clients(int port, const std::string& truth_file)
        : m_port(port)
        , m_truth(truth_file) {
        m_play.scenario = std::make_shared<const synth::Scenario>(
            synth::Scenario::parse(shop, "kills.json").value());
        m_play.events_per_s = m_play.scenario->events_per_s;
        m_played = std::async(std::launch::async, [this] { return synth::play(m_play, *this); });
    }
    /// Waits for the last answer; the truth is whole then.
    Result<synth::Played> stop() {
        m_stop = true;
        auto played = m_played.get();
        m_truth.close();
        return played;
    }
    int answered() const { return m_answered; }
    int sent_again() const { return m_sent_again; }
    int taken() const { return m_taken; } // events that got a 202
    /// The systems of record of what was played. REQUIRES: stop().
    Result<void> write_records(sandbox::ServerSide& servers) const {
        for (const auto& [order, texts] : m_orders) {
            synth::OrderTruth row = order;
            std::tie(row.id, row.user, row.currency, row.platform) = texts;
            servers.add(row);
        }
        for (const auto& [user, texts] : m_users) {
            synth::UserTruth row = user;
            std::tie(row.id, row.platform) = texts;
            servers.add(row);
        }
        return servers.flush();
    }

  private:
    Result<void> send(const synth::Happening& happening) override {
        const auto deadline = std::chrono::steady_clock::now() + 300s;
        for (; std::chrono::steady_clock::now() < deadline; ++m_sent_again) {
            if (!m_client || !m_client->connected())
                m_client = std::make_unique<test::HttpClient>(m_port);
            const auto reply =
                m_client->connected() ? m_client->post("/events", happening.value) : std::nullopt;
            if (reply && (reply->status == 202 || reply->status == 400)) {
                m_taken += reply->status == 202 ? 1 : 0;
                ++m_answered;
                return {};
            }
            if (!reply)
                m_client.reset();
            std::this_thread::sleep_for(20ms);
        }
        return Error{.code = ErrorCode::Timeout, .what = "the collector stays away"};
    }
    Result<void> record(const synth::OrderTruth& order) override {
        m_orders.push_back({order,
                            {std::string(order.id), std::string(order.user),
                             std::string(order.currency), std::string(order.platform)}});
        return {};
    }
    Result<void> record(const synth::UserTruth& user) override {
        m_users.push_back({user, {std::string(user.id), std::string(user.platform)}});
        return {};
    }
    Result<void> tell(std::string_view lines) override {
        m_truth << lines;
        return {};
    }
    Result<void> idle(std::uint64_t) override { return {}; }
    Result<void> finish() override { return {}; }
    bool gone() const override { return m_stop; }

    using FourTexts = std::tuple<std::string, std::string, std::string, std::string>;
    using TwoTexts = std::tuple<std::string, std::string>;
    const int m_port;
    std::ofstream m_truth;
    synth::Play m_play;
    std::unique_ptr<test::HttpClient> m_client;
    std::vector<std::pair<synth::OrderTruth, FourTexts>> m_orders; // views end with their call
    std::vector<std::pair<synth::UserTruth, TwoTexts>> m_users;
    std::atomic<int> m_answered{0};
    std::atomic<int> m_taken{0};
    std::atomic<int> m_sent_again{0};
    std::atomic<bool> m_stop{false};
    std::future<Result<synth::Played>> m_played;
};

} // namespace

class TestTruthKills : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_world.emplace(PipelineWorld::make(m_folder.path()));
        m_port = test::free_ports(1).front();
    }
    void cleanupTestCase() {
        for (const auto& [name, child] : m_children)
            test::end_process(child, SIGKILL, 5'000);
        m_world.reset();
    }

    void whatever_is_killed_the_warehouse_holds_what_the_truth_says() {
        const int kills = qEnvironmentVariableIsSet("WEIR_SOAK") ? 50 : 10;
        const std::string truth_file = m_folder.filePath(QStringLiteral("truth")).toStdString();
        for (const char* name : {"collector", "one", "two"})
            begin(name);
        Clients clients(m_port, truth_file);
        std::mt19937 random(23);
        std::vector<std::string> order;
        for (int i = 0; i < kills; ++i) {
            if (order.empty()) {
                order = {"collector", "one",       "two", "collector", "one",
                         "two",       "collector", "one", "broker",    "postgresql"};
                std::shuffle(order.begin(), order.end(), random);
            }
            // It works before it is hit, so that there is something to lose.
            const int rows = m_world->loaded();
            const int answered = clients.answered();
            const auto works = [&] {
                return m_world->loaded() > rows && clients.answered() > answered + 50;
            };
            QVERIFY2(wait_for(works, 120s), logs().c_str());
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 2'000));
            kill(order.back());
            order.pop_back();
        }
        const auto played = clients.stop();
        VERIFY_OK(played);
        qInfo("%d kills, %d events answered, %d requests sent again, %d taken", kills,
              clients.answered(), clients.sent_again(), clients.taken());
        sandbox::ServerSide servers(test::write_to(m_world->warehouse));
        VERIFY_OK(clients.write_records(servers));
        const std::string wrong = wrong_with_warehouse(truth_file);
        QVERIFY2(wrong.empty(), (wrong + logs()).c_str());
        QVERIFY(clients.taken() > kills * 40);
    }

  private:
    /// What differs from the truth when nothing more comes; empty: nothing.
    std::string wrong_with_warehouse(const std::string& truth_file) const {
        const auto truth = synth::Truth::load(truth_file);
        if (!truth)
            return truth.error().text();
        const auto db = warehouse::Warehouse::open(m_world->warehouse, {}).value();
        std::string found;
        const auto right = [&] {
            const auto verdict = synth::check_truth(*truth, *db, {});
            found = verdict ? std::to_string(verdict->differences()) + " differences"
                            : verdict.error().text();
            for (std::size_t i = 0; verdict && i < verdict->named.size(); ++i)
                found += "\n" + std::string(to_word(verdict->named[i].difference)) + " " +
                         verdict->named[i].id + " expected " + verdict->named[i].expected +
                         ", found " + verdict->named[i].found;
            return verdict && verdict->differences() == 0;
        };
        return wait_for(right, 180s) ? std::string() : found;
    }

    void begin(const std::string& name) {
        const auto child =
            name == "collector"
                ? test::spawn({QCoreApplication::applicationFilePath().toStdString(), "--collector",
                               m_world->broker->address(), std::to_string(m_port)},
                              log_of(name))
                : test::spawn_pipeline(*m_world, name, log_of(name), test::shop_contracts);
        VERIFY_OK(child);
        m_children[name] = *child;
    }
    /// And begins it again.
    void kill(const std::string& name) {
        if (name == "broker") {
            m_world->broker->kill();
            VERIFY_OK(m_world->broker->restart());
        } else if (name == "postgresql") {
            m_world->server->kill();
            VERIFY_OK(m_world->server->restart());
        } else {
            test::end_process(m_children[name], SIGKILL, 5'000);
            begin(name);
        }
    }
    std::string log_of(const std::string& name) const {
        return m_folder.path().toStdString() + "/" + name + ".log";
    }
    std::string logs() const {
        std::string all;
        for (const auto& [name, child] : m_children)
            all += "\n" + name + ": " + test::read_text(log_of(name));
        return all;
    }

    QTemporaryDir m_folder;
    std::optional<PipelineWorld> m_world;
    std::map<std::string, int> m_children;
    int m_port = 0;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == "--collector")
        return run_collector(argv[2], argv[3]);
    if (test::is_pipeline(argc, argv))
        return test::run_pipeline(argv);
    TestTruthKills test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_truth_kills.moc"
