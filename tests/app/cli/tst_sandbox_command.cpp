// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox as a script sees it: it says when it is ready, takes events, and ends in order.
#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <thread>

#include "connectors/kafka/cluster.h"
#include "connectors/kafka/read/reader.h"
#include "models/sandbox/workers/stage_list.h"
#include "models/synth/generator.h"
#include "tests/support/http_client.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/open_metrics_check.h"
#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

QJsonObject object_of(const QByteArray& line) {
    return QJsonDocument::fromJson(line).object();
}

/// A running sandbox; its first line has been read.
struct Sandbox {
    explicit Sandbox(const QStringList& more = {},
                     const QStringList& where = {QStringLiteral("--bootstrap"),
                                                 QStringLiteral("embedded")}) {
        process.start(weir_program(),
                      QStringList{QStringLiteral("sandbox"), QStringLiteral("--http"),
                                  QStringLiteral("0"), QStringLiteral("--json")} +
                          where + more);
        while (!process.canReadLine() && process.waitForReadyRead(60'000)) {
        }
        ready = object_of(process.readLine());
        const QString url = ready[QStringLiteral("urls")].toArray().first().toString();
        port = port_of(url.toStdString());
    }
    /// Its last line.
    QJsonObject stop() {
        ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
        if (!process.waitForFinished(60'000))
            return {};
        return object_of(process.readAllStandardOutput());
    }
    QProcess process;
    QJsonObject ready;
    int port = 0;
};

} // namespace

class TestSandboxCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    /// Returns the file's path.
    QString write(const char* name, const QByteArray& text) const {
        const QString path = m_folder.filePath(QString::fromUtf8(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s cannot be written", name);
        return path;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void events_are_collected_until_it_is_told_to_end() {
        Sandbox sandbox({QStringLiteral("--contracts"), QStringLiteral("demo")});
        QCOMPARE(sandbox.ready[QStringLiteral("ready")].toBool(), true);
        HttpClient client(sandbox.port);
        QCOMPARE(client.post("/events", "[{\"event_type\":\"unheard of\"},{\"n\":1}]")->status,
                 202);
        QCOMPARE(client.post("/events", "{\"event_type\":\"page_view\"}")->status, 400);
        QCOMPARE(client.get("/health")->status, 200);
        QVERIFY(client.get("/metrics")->body.find("events_invalid_total{reason=") !=
                std::string::npos);

        // Others see what was collected: the cluster inside it has an address.
        kafka::ConnectionOptions connection;
        connection.name = "sandbox";
        connection.bootstrap = sandbox.ready[QStringLiteral("bootstrap")].toString().toStdString();
        const auto cluster = kafka::Cluster::open(connection, {});
        VERIFY_OK(cluster);
        kafka::ReadRequest request;
        request.topics = {"raw_events", "invalid_events"};
        request.start.kind = kafka::StartAt::Kind::Beginning;
        request.end.kind = kafka::EndAt::Kind::Snapshot;
        const auto reader = kafka::Reader::open(*cluster, request, std::chrono::seconds(20));
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.records.size(), std::size_t{3});
        // By time as well, which that cluster answers with its end whatever is asked.
        for (const char* range : {"--last 15m", "--from now-1h --to now+1h", "time>now-15m",
                                  "--from beginning --to now"}) {
            const Answer counted =
                weir_says(QStringLiteral("count --json -q -t raw_events -t invalid_events -b ") +
                          QString::fromStdString(connection.bootstrap) + QLatin1Char(' ') +
                          QString::fromLatin1(range));
            QCOMPARE(counted.json()[QStringLiteral("total")].toInt(), 3);
            QVERIFY2(counted.json()[QStringLiteral("complete")].toBool(), counted.out);
        }
        const Answer tail = weir_says(QStringLiteral("tail --last 1h --exit -q -t raw_events -b ") +
                                      QString::fromStdString(connection.bootstrap));
        QCOMPARE(tail.out.count('\n'), 2);

        const QJsonObject stopped = sandbox.stop();
        QCOMPARE(sandbox.process.exitCode(), 0);
        QCOMPARE(stopped[QStringLiteral("collected")].toInt(), 2);
        QCOMPARE(stopped[QStringLiteral("invalid")].toInt(), 1);
    }

    void a_workspaces_contracts_count_where_no_option_says_otherwise() {
        const auto statuses = [&](const QStringList& more,
                                  const char* unknown_types = R"(,"unknown_types":"refuse")") {
            const QString workspace = write(
                "shop.weir.json",
                QByteArray(R"({"weir":{"version":1,"least_reader":1},"name":"Shop",)"
                           R"("connections":[{"name":"k","kind":"kafka","environment":"sandbox",)"
                           R"("address":"127.0.0.1:9092"}],"contracts":{"folder":"demo")") +
                    unknown_types + "}}");
            Sandbox sandbox(QStringList{QStringLiteral("--workspace"), workspace} + more);
            HttpClient client(sandbox.port);
            const QList<int> all = {
                client.post("/events", "{\"event_type\":\"page_view\"}")->status,
                client.post("/events", "{\"event_type\":\"unheard of\"}")->status};
            sandbox.stop();
            return all;
        };
        QCOMPARE(statuses({}), (QList<int>{400, 400}));
        QCOMPARE(statuses({QStringLiteral("--without-contract"), QStringLiteral("pass")}),
                 (QList<int>{400, 202}));
        // One that says nothing of them.
        QCOMPARE(statuses({}, ""), (QList<int>{400, 202}));
        // Other contracts in the place of its own.
        QCOMPARE(statuses({QStringLiteral("--contracts"), QStringLiteral("demo")}),
                 (QList<int>{400, 400}));
    }

    void a_workspace_whose_cluster_is_the_one_inside_weir_needs_no_address() {
        const QString workspace =
            write("own.weir.json",
                  R"({"weir":{"version":1,"least_reader":1},"name":"Own","connections":[{"name":)"
                  R"("k","kind":"kafka","environment":"sandbox","address":"embedded"}]})");
        Sandbox sandbox({}, {QStringLiteral("-w"), workspace});
        QVERIFY2(sandbox.ready[QStringLiteral("ready")].toBool(),
                 sandbox.process.readAllStandardError().constData());
        QCOMPARE(HttpClient(sandbox.port).post("/events", "{\"a\":1}")->status, 202);
        QCOMPARE(sandbox.stop()[QStringLiteral("collected")].toInt(), 1);
    }

    void contracts_that_cannot_be_read_any_more_are_told_once_and_when_they_are_back() {
        const char* const file = "watched/order.json";
        write(file, R"({"weir_contract":1,"type":"order","version":1,"owner":"shop","schema":{}})");
        const QString folder = m_folder.filePath(QStringLiteral("watched"));
        const QString away = m_folder.filePath(QStringLiteral("away"));
        Sandbox sandbox({QStringLiteral("--contracts"), folder});
        QByteArray said;
        const auto told = [&](const char* what) {
            said += sandbox.process.readAllStandardError();
            return said.count(what);
        };
        const char* const gone = "contracts that were read stay in force";
        const char* const back = "the contracts can be read again";
        QVERIFY(QDir().rename(folder, away));
        QTRY_COMPARE_WITH_TIMEOUT(told(gone), 1, 30'000);
        QTest::qWait(5'000); // it looks every two seconds
        QCOMPARE(told(gone), 1);
        QVERIFY(QDir().rename(away, folder));
        QTRY_COMPARE_WITH_TIMEOUT(told(back), 1, 30'000);
        sandbox.stop();
        QCOMPARE(told(gone), 1);
        QCOMPARE(told(back), 1);
    }

    void without_contracts_it_says_that_nothing_is_judged() {
        Sandbox sandbox;
        sandbox.stop();
        QCOMPARE(sandbox.process.readAllStandardError().count("there are no contracts"), 1);
    }

    void stages_behind_the_collector_work_and_are_counted() {
        Sandbox sandbox({QStringLiteral("--stages"), QStringLiteral("all")});
        HttpClient client(sandbox.port);
        const std::string once = R"({"event_type":"x","event_id":"a","session_id":"s"})";
        const std::string other = R"({"event_type":"x","event_id":"b","session_id":"s"})";
        QCOMPARE(client.post("/events", "[" + once + "," + once + "," + other + "]")->status, 202);
        const auto told = [&](const std::string& line) {
            return client.get("/metrics")->body.find(line) != std::string::npos;
        };
        QTRY_VERIFY_WITH_TIMEOUT(told("weir_stage_in_total{stage=\"deduplicate\"} 3\n"), 30'000);
        QVERIFY(told("weir_stage_out_total{stage=\"deduplicate\"} 2\n"));
        QVERIFY(told("weir_stage_wait_seconds{stage=\"deduplicate\",quantile=\"0.95\"} "));
        QVERIFY(told("weir_stage_processing_seconds_count{stage=\"deduplicate\"} 3\n"));
        const OpenMetricsCheck page(client.get("/metrics")->body);
        QVERIFY2(page.mistake().empty(), page.mistake().c_str());
        const QJsonObject stage =
            sandbox.stop()[QStringLiteral("stages")].toArray().at(0).toObject();
        QCOMPARE(stage[QStringLiteral("stage")].toString(), QStringLiteral("deduplicate"));
        QCOMPARE(stage[QStringLiteral("out")].toInt(), 2);
    }

    void a_dead_letter_is_repaired_and_goes_in_again() {
        const QString rules =
            write("remedies.json", R"({"weir_remedies":1,"rules":[{"name":"price","reason":)"
                                   R"("wrong_type","at":"/properties/price","do":"cast",)"
                                   R"("to":"number"}]})");
        Sandbox sandbox({QStringLiteral("--stages"), QStringLiteral("all"),
                         QStringLiteral("--contracts"), QStringLiteral("demo"),
                         QStringLiteral("--remedies"), rules});
        HttpClient client(sandbox.port);
        synth::Generator generator(5);
        synth::Event event;
        do
            generator.next(event);
        while (event.type != "product_view" || event.fault != synth::Fault::None);
        QJsonObject bad =
            QJsonDocument::fromJson(QByteArray(event.value.data(), qsizetype(event.value.size())))
                .object();
        QJsonObject properties = bad[QStringLiteral("properties")].toObject();
        properties[QStringLiteral("price")] = QStringLiteral("12.5");
        bad[QStringLiteral("properties")] = properties;
        const std::string body = QJsonDocument(bad).toJson(QJsonDocument::Compact).toStdString();
        QCOMPARE(client.post("/events", body)->status, 400);
        const auto told = [&](const std::string& line) {
            return client.get("/metrics")->body.find(line) != std::string::npos;
        };
        QTRY_VERIFY_WITH_TIMEOUT(told("weir_stage_out_total{stage=\"remediate\"} 1\n"), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(told("weir_stage_out_total{stage=\"deduplicate\"} 1\n"), 30'000);
        sandbox.stop();
        QCOMPARE(sandbox.process.exitCode(), 0);
    }

    void each_stage_says_what_it_is() {
        const Answer text = weir_says(QStringLiteral("sandbox --describe"));
        QCOMPARE(text.code, 0);
        const QList<QByteArray> lines = text.out.split('\n');
        for (const sandbox::StageEntry& entry : sandbox::stage_entries())
            QVERIFY2(lines.contains(QByteArray::fromStdString(entry.name)), entry.name.c_str());
        const Answer json = weir_says(QStringLiteral("sandbox --describe --json"));
        QCOMPARE(json.out.count('\n'), static_cast<qsizetype>(sandbox::stage_entries().size()));
        QVERIFY(json.out.contains("\"outputs\":[\"enriched_events\",\"events_by_user\"]"));
    }

    void events_become_rows_of_the_warehouse_once() {
        const QString address =
            QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("rows.sqlite"));
        QCOMPARE(weir_says(QStringLiteral("sandbox --init --warehouse ") + address).code, 0);
        const std::string once = R"({"event_type":"x","event_id":"a","session_id":"s"})";
        for (int run = 0; run < 2; ++run) {
            QStringList options{QStringLiteral("--warehouse"), address}; // which asks for all
            if (run > 0)
                options += {QStringLiteral("--stages"), QStringLiteral("all")};
            Sandbox sandbox(options);
            HttpClient client(sandbox.port);
            const std::string own =
                "{\"event_type\":\"x\",\"event_id\":\"b" + std::to_string(run) + "\"}";
            QCOMPARE(client.post("/events", "[" + once + "," + own + "]")->status, 202);
            const auto told = [&](const std::string& line) {
                return client.get("/metrics")->body.find(line) != std::string::npos;
            };
            QTRY_VERIFY_WITH_TIMEOUT(told("weir_stage_in_total{stage=\"load\"} 2\n"), 30'000);
            QVERIFY(told("weir_stage_out_total{stage=\"load\"} " + std::to_string(2 - run)));
            QVERIFY(told("weir_stage_filtered_total{stage=\"load\",kind=\"already_loaded\"} " +
                         std::to_string(run)));
            sandbox.stop();
            QCOMPARE(sandbox.process.exitCode(), 0);
        }
        warehouse::ConnectionOptions options;
        options.address = address.toStdString();
        const auto db = warehouse::Warehouse::open(options, {}).value();
        QCOMPARE(query(*db, "SELECT event_id FROM analytics_events ORDER BY event_id"),
                 std::string("{\"event_id\":\"a\"}\n{\"event_id\":\"b0\"}\n"
                             "{\"event_id\":\"b1\"}\n"));
    }

    void a_workspace_names_its_warehouse() {
        const auto in_workspace = [&](const char* environment) {
            QByteArray text = R"({"weir":{"version":1,"least_reader":1},"name":"Own",)"
                              R"("connections":[{"name":"k","kind":"kafka",)"
                              R"("environment":"sandbox","address":"embedded"},)"
                              R"({"name":"shop","kind":"sqlite","environment":"ENV",)"
                              R"("address":"sqlite:named.sqlite"}]})";
            return QStringList{QStringLiteral("-w"),
                               write("named.weir.json", text.replace("ENV", environment)),
                               QStringLiteral("--warehouse"), QStringLiteral("shop")};
        };
        const QString address =
            QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("named.sqlite"));
        const Answer marked = weir_says(QStringLiteral("sandbox --init --warehouse ") + address);
        QVERIFY2(marked.code == 0, marked.err.constData());
        {
            Sandbox sandbox({QStringLiteral("--stages"), QStringLiteral("all")},
                            in_workspace("sandbox"));
            QVERIFY2(sandbox.ready[QStringLiteral("ready")].toBool(),
                     sandbox.process.readAllStandardError().constData());
            HttpClient client(sandbox.port);
            QCOMPARE(client.post("/events", R"({"event_type":"x","event_id":"a"})")->status, 202);
            const auto loaded = [&] {
                return client.get("/metrics")
                           ->body.find("weir_stage_out_total{stage=\"load\"} 1\n") !=
                       std::string::npos;
            };
            QTRY_VERIFY_WITH_TIMEOUT(loaded(), 30'000);
            sandbox.stop();
        }
        // One that the workspace calls production is not written to, marked or not.
        const Answer refused =
            weir_says(QStringLiteral("sandbox --http 0 --stages all"), in_workspace("production"));
        QVERIFY2(refused.code != 0, refused.out.constData());
        QVERIFY2(refused.err.contains("shop"), refused.err.constData());
    }

    void old_rows_go_into_files_once_and_beside_the_stages() {
        const QString address =
            QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("old.sqlite"));
        const QString archive = m_folder.filePath(QStringLiteral("archive"));
        const QStringList retain = {
            QStringLiteral("--retain"),    QStringLiteral("hot=7d,archive=90d"),
            QStringLiteral("--archive"),   archive,
            QStringLiteral("--warehouse"), address};
        QVERIFY(weir_says(QStringList{QStringLiteral("sandbox")} + retain).code != 0); // not marked
        QCOMPARE(weir_says(QStringLiteral("sandbox --init --warehouse ") + address).code, 0);
        const QString day =
            QDateTime::currentDateTimeUtc().addDays(-9).toString(QStringLiteral("yyyy-MM-dd"));
        const auto add_old_row = [&](const char* id) {
            return python_on(address.mid(7).toStdString(),
                             "db.execute(\"INSERT INTO analytics_events (event_id, payload, "
                             "origin_topic, origin_partition, origin_offset, load_batch, "
                             "loaded_at, day) VALUES ('" +
                                 std::string(id) + "', '{}', 't', 0, 0, 'b', 0, '" +
                                 day.toStdString() + "')\")");
        };
        VERIFY_OK(add_old_row("a"));
        const Answer once = weir_says(QStringList{QStringLiteral("sandbox")} + retain);
        QVERIFY2(once.code == 0, once.err.constData());
        QVERIFY2(once.out.startsWith("1 events of 1 days archived"), once.out.constData());
        VERIFY_OK(add_old_row("b"));
        Sandbox sandbox(QStringList{QStringLiteral("--stages"), QStringLiteral("all")} + retain);
        HttpClient client(sandbox.port);
        const auto told = [&](const std::string& line) {
            return client.get("/metrics")->body.find(line) != std::string::npos;
        };
        QTRY_VERIFY_WITH_TIMEOUT(told("weir_retention_archived_events_total 1\n"), 30'000);
        const OpenMetricsCheck page(client.get("/metrics")->body);
        QVERIFY2(page.mistake().empty(), page.mistake().c_str());
        const QJsonObject done = sandbox.stop()[QStringLiteral("retention")].toObject();
        QCOMPARE(done[QStringLiteral("archived_days")].toInt(), 1);
        QCOMPARE(QDir(archive).entryList({QStringLiteral("events-*.ndjson.gz")}).size(), 1);
        const QStringList restore = {QStringLiteral("sandbox"),
                                     QStringLiteral("--restore"),
                                     day,
                                     QStringLiteral("--archive"),
                                     archive,
                                     QStringLiteral("--warehouse"),
                                     address};
        const Answer back = weir_says(restore);
        QVERIFY2(back.code == 0, back.err.constData());
        QCOMPARE(back.out, day.toUtf8() + ": 2 events restored\n");
        QCOMPARE(weir_says(restore).code, 2); // nothing is there any more
    }

    void nothing_acknowledged_is_lost_when_it_ends_under_load() {
        Sandbox sandbox;
        std::atomic<int> accepted{0};
        std::thread sender([&] {
            HttpClient client(sandbox.port);
            for (;;) {
                const auto reply = client.post("/events", "{\"event_type\":\"x\"}");
                if (!reply || reply->status != 202)
                    return;
                ++accepted;
            }
        });
        QTRY_VERIFY_WITH_TIMEOUT(accepted > 20, 60'000);
        const QJsonObject stopped = sandbox.stop();
        sender.join();
        QCOMPARE(sandbox.process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(sandbox.process.exitCode(), 0);
        QCOMPARE(stopped[QStringLiteral("collected")].toInt(), accepted.load());
    }

    /// The cluster inside Weir ends with its process, the stages have read it before.
    void what_is_acknowledged_is_a_row_when_it_ends_under_load() {
        const QString address =
            QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("load.sqlite"));
        QCOMPARE(weir_says(QStringLiteral("sandbox --init --warehouse ") + address).code, 0);
        Sandbox sandbox({QStringLiteral("--warehouse"), address});
        std::atomic<int> accepted{0};
        std::thread sender([&] {
            HttpClient client(sandbox.port);
            for (int batch = 0;; ++batch) {
                std::string body;
                for (int i = 0; i < 100; ++i)
                    body += "{\"event_type\":\"x\",\"session_id\":\"s" + std::to_string(i) +
                            "\",\"event_id\":\"" + std::to_string(batch * 100 + i) + "\"}\n";
                const auto reply = client.post("/events", body);
                if (!reply || reply->status != 202)
                    return;
                accepted += 100;
            }
        });
        QTRY_VERIFY_WITH_TIMEOUT(accepted >= 1'000, 60'000);
        sandbox.stop();
        sender.join();
        QCOMPARE(sandbox.process.exitCode(), 0);
        warehouse::ConnectionOptions options;
        options.address = address.toStdString();
        const auto db = warehouse::Warehouse::open(options, {}).value();
        QCOMPARE(query(*db, "SELECT count(*) AS n FROM analytics_events"),
                 "{\"n\":" + std::to_string(accepted) + "}\n");
    }
    void what_it_had_no_time_to_read_is_told() {
        const QString address =
            QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("late.sqlite"));
        QCOMPARE(weir_says(QStringLiteral("sandbox --init --warehouse ") + address).code, 0);
        Sandbox sandbox({QStringLiteral("--warehouse"), address, QStringLiteral("--grace"),
                         QStringLiteral("1ms")});
        HttpClient client(sandbox.port);
        QCOMPARE(client.post("/events", "{\"event_type\":\"x\"}")->status, 202);
        sandbox.stop();
        QCOMPARE(sandbox.process.exitCode(), 3);
        const QByteArray told = sandbox.process.readAllStandardError();
        QVERIFY2(told.contains("are lost with the cluster inside Weir"), told.constData());
    }
    /// Answers come back from the broker while everything is taken down.
    void it_may_be_ended_with_answers_under_way() {
        Sandbox sandbox({QStringLiteral("--grace"), QStringLiteral("1ms")});
        std::vector<std::thread> senders;
        std::atomic<int> accepted{0};
        for (int i = 0; i < 4; ++i)
            senders.emplace_back([&] {
                HttpClient client(sandbox.port);
                const std::string event = "{\"event_type\":\"x\"}\n";
                std::string body;
                for (int events = 0; events < 500; ++events)
                    body += event;
                for (auto reply = client.post("/events", body); reply && reply->status == 202;
                     reply = client.post("/events", body))
                    ++accepted;
            });
        QTRY_VERIFY_WITH_TIMEOUT(accepted > 4, 60'000);
        sandbox.stop();
        for (std::thread& sender : senders)
            sender.join();
        QCOMPARE(sandbox.process.exitStatus(), QProcess::NormalExit);
        const int code = sandbox.process.exitCode(); // 3: some could not be answered in time
        QVERIFY2(code == 0 || code == 3, sandbox.process.readAllStandardError().constData());
    }

    void a_database_is_marked_once_it_is_clear_that_it_may_be() {
        const QString file = m_folder.filePath(QStringLiteral("w.sqlite"));
        const QString address = QStringLiteral(" --warehouse sqlite:") + file;
        QCOMPARE(weir_says(QStringLiteral("sandbox --check") + address).code, 2);
        QVERIFY(!QFile::exists(file));
        const Answer marked = weir_says(QStringLiteral("sandbox --init") + address);
        QVERIFY2(marked.code == 0, marked.err.constData());
        QVERIFY2(marked.out.contains("is a sandbox"), marked.out.constData());
        QCOMPARE(weir_says(QStringLiteral("sandbox --check") + address).code, 0);

        const std::string other = m_folder.filePath(QStringLiteral("o.sqlite")).toStdString();
        VERIFY_OK(python_on(other, "db.execute('CREATE TABLE invoices (i)')"));
        const QString foreign =
            QStringLiteral("sandbox --init --warehouse sqlite:") + QString::fromStdString(other);
        const Answer refused = weir_says(foreign);
        QVERIFY2(refused.code != 0 && refused.err.contains("invoices"), refused.err.constData());
        QCOMPARE(weir_says(foreign + QStringLiteral(" --allow-table invoices")).code, 0);
    }

    void mistakes_are_told_before_anything_starts_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::newRow("address") << QStringLiteral("--http nowhere:x -b embedded") << 2;
        QTest::newRow("no rules") << QStringLiteral("--http 0 -b embedded --stages remediate") << 2;
        QTest::newRow("rules for nothing")
            << QStringLiteral("--http 0 -b embedded --remedies resources/remedies/shop.json") << 2;
        QTest::newRow("stage") << QStringLiteral("--http 0 -b embedded --stages load") << 2;
        QTest::newRow("no door") << QStringLiteral("-b embedded --stages collect") << 2;
        QTest::newRow("idle door")
            << QStringLiteral("--http 0 -b embedded --stages deduplicate") << 2;
        QTest::newRow("policy") << QStringLiteral("--http 0 -b embedded --without-contract x") << 2;
        QTest::newRow("key alone") << QStringLiteral("--https 0 -b embedded --key k.pem") << 2;
        QTest::newRow("no cluster") << QStringLiteral("--http 0") << 2;
        QTest::newRow("warehouse") << QStringLiteral("--http 0 -b embedded --warehouse x") << 2;
        QTest::newRow("idle warehouse")
            << QStringLiteral("--http 0 -b embedded --stages collect --warehouse sqlite:x") << 2;
        QTest::newRow("no database") << QStringLiteral("--init --warehouse mysql://x/y") << 2;
        QTest::newRow("password") << QStringLiteral("--init --warehouse postgresql://u:p@h/d") << 2;
        QTest::newRow("table alone") << QStringLiteral("--init -b h:1 --allow-table t") << 2;
        QTest::newRow("retain nothing") << QStringLiteral("--retain hot=7d") << 2;
        QTest::newRow("retain what") << QStringLiteral("--retain 7d --warehouse sqlite:x") << 2;
        QTest::newRow("archive where")
            << QStringLiteral("--retain hot=7d,archive=90d --warehouse sqlite:x") << 2;
        QTest::newRow("archive what") << QStringLiteral("--http 0 -b embedded --archive d") << 2;
        QTest::newRow("marked and retained")
            << QStringLiteral("--check --warehouse sqlite:x --retain hot=7d") << 2;
        QTest::newRow("contracts") << QStringLiteral("--http 0 -b embedded --contracts /none") << 2;
    }
    void mistakes_are_told_before_anything_starts() {
        QFETCH(QString, line);
        QFETCH(int, code);
        const Answer answer = weir_says(QStringLiteral("sandbox ") + line);
        QVERIFY2(answer.code == code, answer.err.constData());
        QVERIFY(!answer.err.isEmpty() && answer.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSandboxCommand)
#include "tst_sandbox_command.moc"
