// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// weir watch on a real broker: a stage that loses events, rejects some and whose group has stopped,
// as a scraper and a reader of its lines see it; and a broker that goes and comes back.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>
#include <QtTest>

#include <algorithm>
#include <csignal>
#include <memory>

#include "tests/support/http_client.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/open_metrics_check.h"
#include "tests/support/stage_workspace.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr int long_ms = 90'000;
constexpr int soon_ms = 10'000;

/// Long enough ago for a pending limit of a minute to be over.
const std::int64_t written_ms = Micros::now().ms() - 1'800'000;

TestRecord event_record(int number, std::int64_t after_ms) {
    return {.value = json("{'event_id':'w-" + std::to_string(number) +
                          "','event_type':'page_view','user_id':'eve@example.com'}"),
            .timestamp_ms = written_ms + number * 10 + after_ms,
            .partition = number % 3};
}

TestRecord rejected_record(int number) {
    return {.value = json("{'reason':'wrong_type','stage':'deduplicate','pointer':'/a','message':"
                          "'no number for eve@example.com','original':" +
                          *event_record(number, 0).value + "}"),
            .timestamp_ms = written_ms + number * 10 + 1'000};
}

QString word(const QJsonObject& line, const char* name) {
    return line[QLatin1String(name)].toString();
}

/// weir watch as a process, with all that it has said.
class Watching {
  public:
    explicit Watching(const QStringList& more) {
        m_process.start(weir_program(), QStringList{QStringLiteral("watch")} + more);
    }
    ~Watching() {
        m_process.kill();
        m_process.waitForFinished();
    }

    std::vector<QJsonObject> lines() {
        m_out += m_process.readAllStandardOutput();
        std::vector<QJsonObject> all;
        for (const QByteArray& line : m_out.split('\n'))
            if (const auto document = QJsonDocument::fromJson(line); document.isObject())
                all.push_back(document.object());
        return all;
    }
    /// The newest line of a kind; of a finding with that code.
    QJsonObject newest(const char* kind, const char* code = nullptr) {
        QJsonObject found;
        for (const QJsonObject& line : lines())
            if (word(line, "kind") == QLatin1String(kind) &&
                (code == nullptr ||
                 word(line[QLatin1String("finding")].toObject(), "code") == QLatin1String(code)))
                found = line;
        return found;
    }
    /// "began changed …" of a finding.
    QString states(const char* code) {
        QStringList all;
        for (const QJsonObject& line : lines())
            if (word(line[QLatin1String("finding")].toObject(), "code") == QLatin1String(code))
                all.append(word(line, "state"));
        return all.join(QLatin1Char(' '));
    }
    int port() {
        const QJsonObject start = newest("start");
        return start.isEmpty() ? 0 : QUrl(word(start, "metrics")).port(0);
    }
    OpenMetricsCheck page() {
        HttpClient client(port());
        const auto reply = client.get("/metrics");
        return OpenMetricsCheck(reply ? reply->body : std::string());
    }
    std::string metric(const std::string& name) { return page().value(name); }

    /// Every line that was said is whole.
    bool is_whole() {
        lines();
        const QList<QByteArray> all = m_out.split('\n');
        return all.last().isEmpty() && std::all_of(all.begin(), all.end() - 1, [](const auto& l) {
                   return QJsonDocument::fromJson(l).isObject();
               });
    }
    bool ends(int signal_number) {
        ::kill(static_cast<pid_t>(m_process.processId()), signal_number);
        return m_process.waitForFinished(soon_ms);
    }
    QProcess& process() { return m_process; }
    const QByteArray& out() const { return m_out; }

  private:
    QProcess m_process;
    QByteArray m_out;
};

} // namespace

class TestWatchCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;
    std::string m_raw = unique_name("watch_raw");
    std::string m_unique = unique_name("watch_unique");
    std::string m_invalid = unique_name("watch_invalid");
    std::string m_group = unique_name("watch_group");

    QStringList in_workspace(const QStringList& more) {
        const std::string file = write_stage_workspace(
            m_folder.path(), {m_broker.address(), m_raw, m_unique,
                              ",'dead_letter':'" + m_invalid + "','consumer_group':'" + m_group +
                                  "','pending_limit':'1 min','slo':{'p95':'1 ms'}"});
        return QStringList{QStringLiteral("--workspace"), QString::fromStdString(file)} + more;
    }
    QStringList from_the_beginning(const QString& listen) {
        return in_workspace({QStringLiteral("--from"), QStringLiteral("beginning"),
                             QStringLiteral("--every"), QStringLiteral("500ms"),
                             QStringLiteral("--listen"), listen});
    }

    std::unique_ptr<Watching> m_watch; // of the first tests
    std::string became(const char* fate) {
        return m_watch->metric("weir_stage_events_total{stage=\"deduplicate\",fate=\"" +
                               std::string(fate) + "\"}");
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        qputenv("WEIR_BACKLOG", m_folder.filePath(QStringLiteral("backlog")).toUtf8());
        qputenv("WEIR_HISTORY", m_folder.filePath(QStringLiteral("history")).toUtf8());
        std::vector<TestRecord> raw, unique, invalid;
        for (int i = 0; i < 200; ++i) {
            raw.push_back(event_record(i, 0));
            if (i < 10) // came in again
                raw.push_back(event_record(i, 5));
            if (i >= 190)
                invalid.push_back(rejected_record(i));
            else if (i % 10 != 9) // those are lost
                unique.push_back(event_record(i, 200));
        }
        for (const std::string& topic : {m_raw, m_unique, m_invalid})
            VERIFY_OK(m_tool.create_topic(topic, 3));
        VERIFY_OK(m_tool.write(m_raw, raw));
        VERIFY_OK(m_tool.write(m_unique, unique));
        VERIFY_OK(m_tool.write(m_invalid, invalid));
        VERIFY_OK(m_tool.commit(m_group, m_raw, {{0, 5}})); // and nobody consumes
    }

    void the_page_has_the_numbers_of_what_was_done() {
        m_watch = std::make_unique<Watching>(from_the_beginning(QStringLiteral("127.0.0.1:0")));
        Watching& watch = *m_watch;
        QTRY_VERIFY_WITH_TIMEOUT(watch.port() > 0, long_ms);
        QTRY_COMPARE_WITH_TIMEOUT(watch.metric("weir_stage_unaccounted{stage=\"deduplicate\"}"),
                                  std::string("19"), long_ms);
        QCOMPARE(became("in"), std::string("210"));
        QCOMPARE(became("out"), std::string("171"));
        QCOMPARE(became("rejected"), std::string("10"));
        QCOMPARE(became("duplicate"), std::string("10"));
        QCOMPARE(watch.metric("weir_stage_pending{stage=\"deduplicate\"}"), std::string("0"));
        QCOMPARE(watch.metric("weir_invalid_events_total{class=\"failed\",reason=\"wrong_type\"}"),
                 std::string("10"));
        QCOMPARE(watch.metric("weir_up{connection=\"k\"}"), std::string("1"));
        const std::string way =
            "{stage=\"deduplicate\",from=\"" + m_raw + "\",to=\"" + m_unique + "\"";
        QCOMPARE(watch.metric("weir_stage_latency_seconds_count" + way + "}"), std::string("171"));
        const double p95 =
            std::stod(watch.metric("weir_stage_latency_seconds" + way + ",quantile=\"0.95\"}"));
        QVERIFY2(std::abs(p95 - 0.2) < 0.005, qPrintable(QString::number(p95)));
        // 71 records in partition 0, of which five are read.
        QTRY_COMPARE_WITH_TIMEOUT(watch.metric("weir_group_lag_messages{group=\"" + m_group +
                                               "\",topic=\"" + m_raw + "\",partition=\"0\"}"),
                                  std::string("66"), long_ms);
    }

    void what_is_wrong_is_a_finding() {
        QVERIFY(m_watch);
        Watching& watch = *m_watch;
        // The group is STOPPED once it was looked at for long enough.
        QTRY_COMPARE_WITH_TIMEOUT(watch.states("group_stopped"), QStringLiteral("began"), long_ms);
        const OpenMetricsCheck page = watch.page();
        QVERIFY2(page.mistake().empty(), page.mistake().c_str());
        QCOMPARE(page.value("weir_finding_active{code=\"group_stopped\",role=\"cause\",fate="
                            "\"late\",connection=\"k\",stage=\"deduplicate\",group=\"" +
                            m_group + "\"}"),
                 std::string("1"));
        QCOMPARE(page.value("weir_finding_active{code=\"unaccounted\",role=\"consequence\",fate="
                            "\"unknown\",connection=\"k\",stage=\"deduplicate\"}"),
                 std::string("1"));
        QCOMPARE(page.value("weir_finding_active{code=\"invalid_over_limit\",role=\"cause\",fate="
                            "\"unknown\",connection=\"k\"}"),
                 std::string("1"));

        const auto cause = [&] { // it follows from the group now
            return word(
                watch.newest("finding", "unaccounted")[QLatin1String("follows_from")].toObject(),
                "code");
        };
        QTRY_COMPARE_WITH_TIMEOUT(cause(), QStringLiteral("group_stopped"), soon_ms);
        const QJsonObject lost = watch.newest("finding", "unaccounted");
        QCOMPARE(word(lost, "state"), QStringLiteral("changed"));
        QCOMPARE(lost[QLatin1String("finding")][QLatin1String("events")].toInt(), 19);
        QVERIFY(watch.states("unaccounted").startsWith(QLatin1String("began")));
        QVERIFY(watch.states("slo_broken").startsWith(QLatin1String("began")));
        QVERIFY(watch.states("invalid_over_limit").startsWith(QLatin1String("began")));
    }

    void a_sample_tells_the_same() {
        QVERIFY(m_watch);
        const QJsonObject sample = m_watch->newest("sample");
        QCOMPARE(sample[QLatin1String("up")], QJsonValue(true));
        QCOMPARE(
            sample[QLatin1String("flow")][QLatin1String("stages")][0][QLatin1String("unaccounted")]
                .toInt(),
            19);
        QCOMPARE(sample[QLatin1String("invalid")][QLatin1String("total")].toInt(), 10);
        const QJsonArray groups = sample[QLatin1String("groups")].toArray();
        const auto ours = std::find_if(groups.begin(), groups.end(), [&](const auto& one) {
            return word(one.toObject(), "group") == QString::fromStdString(m_group);
        });
        QVERIFY(ours != groups.end());
        QCOMPARE(word(ours->toObject(), "verdict"), QStringLiteral("STOPPED"));
    }

    void what_comes_later_is_counted_on_and_a_signal_ends_it_in_order() {
        QVERIFY(m_watch);
        Watching& watch = *m_watch;
        const OpenMetricsCheck page = watch.page();
        VERIFY_OK(m_tool.write(m_raw, {event_record(500, 0), event_record(501, 0)}));
        QTRY_COMPARE_WITH_TIMEOUT(became("in"), std::string("212"), long_ms);
        const auto later = watch.page().counters();
        for (const auto& [name, count] : page.counters())
            QVERIFY2(later.contains(name) && later.at(name) >= count, name.c_str());

        QVERIFY(watch.ends(SIGTERM));
        QVERIFY(watch.is_whole());
        QVERIFY2(!watch.out().contains("eve@example.com"), watch.out().constData());
        QCOMPARE(watch.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(watch.process().exitCode(), 1); // something is wrong
        m_watch.reset();
    }

    void a_restart_reads_it_all_again_and_counts_nothing_twice() {
        Watching watch(from_the_beginning(QStringLiteral("127.0.0.1:0")));
        const auto flow = [&](const char* fate) {
            const QJsonObject sample = watch.newest("sample");
            return sample[QLatin1String("flow")][QLatin1String("stages")][0][QLatin1String(fate)]
                .toInt();
        };
        QTRY_VERIFY_WITH_TIMEOUT(watch.newest("sample")[QLatin1String("records")].toInt() > 380,
                                 long_ms);
        QTRY_COMPARE_WITH_TIMEOUT(flow("in"), 212, long_ms);
        QCOMPARE(flow("out"), 171);
        QCOMPARE(flow("rejected"), 10);
        QCOMPARE(flow("unaccounted") + flow("outside"), 21);
        QVERIFY(flow("unaccounted") >= 19);
        QVERIFY(watch.newest("sample")[QLatin1String("history")].isNull());
        // Another one beside it shows the same, and keeps nothing.
        Watching second(from_the_beginning(QStringLiteral("127.0.0.1:0")));
        QTRY_VERIFY_WITH_TIMEOUT(!second.newest("sample").isEmpty(), long_ms);
        QVERIFY(word(second.newest("sample"), "history").contains(QLatin1String("another Weir")));
        QVERIFY(watch.ends(SIGTERM));
    }

    void what_was_kept_is_told_without_reading_a_topic() {
        const auto says = [&](const char* command, const QStringList& words) {
            return weir_says(QStringList{QString::fromLatin1(command)} + in_workspace(words));
        };
        const Answer flow = says("flow", {QStringLiteral("--history"), QStringLiteral("--json")});
        const QJsonObject stage =
            QJsonDocument::fromJson(flow.out)[QLatin1String("stages")][0].toObject();
        QCOMPARE(stage[QLatin1String("in")].toInt(), 212);
        QCOMPARE(stage[QLatin1String("out")].toInt(), 171);
        const Answer latency = says("latency", {QStringLiteral("--history")});
        QVERIFY2(latency.out.contains("deduplicate") && latency.out.contains("171"),
                 latency.out.constData());
        QCOMPARE(says("flow", {QStringLiteral("--history"), QStringLiteral("--watch")}).code, 2);
        QCOMPARE(says("flow",
                      {QStringLiteral("--history"), QStringLiteral("--from"), QStringLiteral("@7")})
                     .code,
                 2);
        // Of another folder there is none, and it says what keeps one.
        qputenv("WEIR_HISTORY", m_folder.filePath(QStringLiteral("nothing")).toUtf8());
        const Answer none = says("flow", {QStringLiteral("--history")});
        qputenv("WEIR_HISTORY", m_folder.filePath(QStringLiteral("history")).toUtf8());
        QVERIFY2(none.err.contains("weir watch keep one"), none.err.constData());
    }

    void a_window_of_time_lets_go_of_what_is_old() {
        // All was written half an hour ago; 15 minutes are told of.
        Watching watch(in_workspace({QStringLiteral("--every"), QStringLiteral("500ms")}));
        QTRY_VERIFY_WITH_TIMEOUT(!watch.newest("sample").isEmpty(), long_ms);
        const QJsonObject start = watch.newest("start");
        QVERIFY(start[QLatin1String("metrics")].isNull());
        QCOMPARE(start[QLatin1String("window_us")].toInteger(), 900'000'000);
        QCOMPARE(watch.newest("sample")[QLatin1String("events")].toInt(), 0);
        QVERIFY(watch.ends(SIGINT));
        QVERIFY(watch.is_whole());
        QCOMPARE(watch.process().exitStatus(), QProcess::NormalExit);
    }

    void questions_that_it_does_not_answer() {
        Watching watch(from_the_beginning(QStringLiteral("127.0.0.1:0")));
        QTRY_VERIFY_WITH_TIMEOUT(watch.port() > 0, long_ms);
        QTRY_VERIFY_WITH_TIMEOUT(!watch.newest("sample").isEmpty(), long_ms);
        HttpClient client(watch.port());
        const auto metrics = client.get("/metrics");
        QVERIFY(metrics.has_value());
        QCOMPARE(metrics->header("Content-Type"),
                 std::string("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        const auto health = client.get("/health");
        QVERIFY(health.has_value());
        QCOMPARE(health->status, 200);
        QCOMPARE(health->body, std::string("{\"status\":\"ok\"}\n"));
        QCOMPARE(client.get("/")->status, 404);
        QCOMPARE(client.post("/metrics", "x")->status, 405);

        const QString taken = QStringLiteral("127.0.0.1:") + QString::number(watch.port());
        const Answer second =
            weir_says(QStringList{QStringLiteral("watch")} + from_the_beginning(taken));
        QCOMPARE(second.code, 2);
        QCOMPARE(second.out, QByteArray());
        QVERIFY2(second.err.contains("nothing can listen at ") &&
                     second.err.contains(taken.toUtf8()) &&
                     second.err.contains("Choose another port"),
                 second.err.constData());
    }

    void words_that_are_wrong() {
        const auto says = [&](const QStringList& words) {
            return weir_says(QStringList{QStringLiteral("watch")} + in_workspace(words));
        };
        QCOMPARE(says({QStringLiteral("--listen"), QStringLiteral("nowhere")}).code, 2);
        QCOMPARE(says({QStringLiteral("--every"), QStringLiteral("often")}).code, 2);
        QCOMPARE(says({QStringLiteral("--last"), QStringLiteral("long")}).code, 2);
        QCOMPARE(weir_says({QStringLiteral("watch")}).code, 2);
    }

    void a_broker_that_goes_and_comes_back() {
        auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic("in", 2));
        VERIFY_OK(tool.create_topic("out", 2));
        VERIFY_OK(tool.write("in", {event_record(1, 0)}));
        const QString file = QString::fromStdString(
            write_stage_workspace(m_folder.path(), {(*broker)->address(), "in", "out"}));
        Watching watch({QStringLiteral("--workspace"), file, QStringLiteral("--from"),
                        QStringLiteral("beginning"), QStringLiteral("--every"),
                        QStringLiteral("500ms"), QStringLiteral("--listen"),
                        QStringLiteral("127.0.0.1:0")});
        QTRY_VERIFY_WITH_TIMEOUT(watch.port() > 0, long_ms);
        QTRY_COMPARE_WITH_TIMEOUT(watch.metric("weir_read_events_total"), std::string("1"),
                                  long_ms);
        (*broker)->kill();
        QTRY_COMPARE_WITH_TIMEOUT(word(watch.newest("outage"), "state"), QStringLiteral("began"),
                                  long_ms);
        QVERIFY(!word(watch.newest("outage"), "why").isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(watch.metric("weir_up{connection=\"k\"}"), std::string("0"),
                                  long_ms);
        QElapsedTimer clock;
        clock.start();
        HttpClient client(watch.port());
        QCOMPARE(client.get("/health")->status, 503);
        QVERIFY2(clock.elapsed() < 2'000, "a question waits for the broker");
        VERIFY_OK((*broker)->restart());
        QTRY_COMPARE_WITH_TIMEOUT(word(watch.newest("outage"), "state"), QStringLiteral("ended"),
                                  long_ms);
        KafkaTool again(**broker);
        VERIFY_OK(again.write("in", {event_record(3, 0)}));
        QTRY_COMPARE_WITH_TIMEOUT(watch.metric("weir_read_events_total"), std::string("2"),
                                  long_ms);
        QTRY_COMPARE_WITH_TIMEOUT(watch.metric("weir_up{connection=\"k\"}"), std::string("1"),
                                  long_ms);
        QVERIFY(watch.ends(SIGTERM));
        QVERIFY(watch.is_whole());
    }
};

QTEST_GUILESS_MAIN(TestWatchCommand)
#include "tst_watch_command.moc"
