// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
// weir latency on a real broker: two topics joined by a stage of a workspace, as a script sees it.
#include <QDateTime>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/stage_workspace.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

/// When all events were created: not long ago, or the broker's retention takes them.
const std::int64_t created_ms = Micros::now().ms() - 60'000;

std::string instant(std::int64_t ms) {
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

/// An event that was sent 0.5 s and received 1 s after it was created, and written so much later.
TestRecord record(int number, std::int64_t after_ms, const std::string& type) {
    return {.value = json("{'event_id':'e-" + std::to_string(number) + "','event_type':'" + type +
                          "','event_time':'" + instant(created_ms) + "','sent_time':'" +
                          instant(created_ms + 500) + "','received_time':'" +
                          instant(created_ms + 1'000) + "','properties':{}}"),
            .timestamp_ms = created_ms + 1'000 + after_ms};
}

QJsonObject stage(const Answer& said, const QString& name) {
    for (const QJsonValue& one : said.json()[QStringLiteral("stages")].toArray())
        if (one[QStringLiteral("stage")].toString() == name)
            return one.toObject();
    return {};
}

bool about(const QJsonValue& got_us, double wanted_us) {
    return std::abs(got_us.toDouble() - wanted_us) <= 0.01 * wanted_us + 1;
}

} // namespace

class TestLatencyCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;
    std::string m_raw = unique_name("lat_raw");
    std::string m_unique = unique_name("lat_unique");

    std::string workspace(const std::string& p95) {
        return write_stage_workspace(
            m_folder.path(), {m_broker.address(), m_raw, m_unique, ",'slo':{'p95':'" + p95 + "'}"});
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        std::vector<TestRecord> raw, unique;
        for (int i = 0; i < 100; ++i) {
            const std::string type = i < 80 ? "page_view" : "purchase";
            raw.push_back(record(i, 0, type));
            unique.push_back(record(i, i < 80 ? 200 : 4'000, type)); // the slow fifth
        }
        QVERIFY(m_tool.create_topic(m_raw, 3));
        QVERIFY(m_tool.create_topic(m_unique, 3));
        QVERIFY(m_tool.write(m_raw, raw));
        QVERIFY(m_tool.write(m_unique, unique));
    }

    void a_broken_slo_is_a_finding_and_an_slo_that_is_met_is_none() {
        const Answer broken =
            weir_in_process({"latency", "--workspace", workspace("2 s"), "--json", "--quiet"});
        QVERIFY2(broken.code == 1, broken.err.constData());
        const QJsonObject hop = stage(broken, QStringLiteral("deduplicate"));
        QCOMPARE(hop[QStringLiteral("from")].toString().toStdString(), m_raw);
        QCOMPARE(hop[QStringLiteral("to")].toString().toStdString(), m_unique);
        QCOMPARE(hop[QStringLiteral("count")].toInt(), 100);
        QVERIFY(about(hop[QStringLiteral("p50_us")], 200'000));
        QVERIFY(about(hop[QStringLiteral("p95_us")], 4'000'000));
        QCOMPARE(hop[QStringLiteral("slo")][QStringLiteral("met")], QJsonValue(false));
        QCOMPARE(hop[QStringLiteral("partial")], QJsonValue(false));
        QVERIFY(about(stage(broken, QStringLiteral("end to end"))[QStringLiteral("max_us")],
                      5'000'000));
        const Answer met =
            weir_in_process({"latency", "--workspace", workspace("10 s"), "--json", "--quiet"});
        QVERIFY2(met.code == 0, met.err.constData());
    }

    void by_a_dimension_the_slow_ones_stand_out() {
        const Answer said = weir_in_process(
            {"latency", "--workspace", workspace("10 s"), "--by", "type", "--json", "--quiet"});
        QCOMPARE(said.code, 0);
        std::map<QString, QJsonObject> values;
        for (const QJsonValue& one : said.json()[QStringLiteral("stages")].toArray())
            if (one[QStringLiteral("stage")] == QStringLiteral("deduplicate"))
                values[one[QStringLiteral("by")][QStringLiteral("type")].toString()] =
                    one.toObject();
        QCOMPARE(values.size(), std::size_t(2));
        QVERIFY(about(values[QStringLiteral("purchase")][QStringLiteral("p50_us")], 4'000'000));
        QVERIFY(about(values[QStringLiteral("page_view")][QStringLiteral("p99_us")], 200'000));
    }

    void without_a_workspace_a_topic_stands_by_itself() {
        const Answer said = weir_in_process(
            {"latency", "-b", m_broker.address(), "-t", m_raw, "--json", "--quiet"});
        QVERIFY2(said.code == 0, said.err.constData());
        const QJsonArray rows = said.json()[QStringLiteral("stages")].toArray();
        QCOMPARE(rows.size(), 4);
        QVERIFY(about(rows[0][QStringLiteral("p50_us")], 500'000)); // event → sent
        QCOMPARE(rows[3][QStringLiteral("p50_us")].toInt() / 10'000, 100);
        const Answer text = weir_in_process({"latency", "-b", m_broker.address(), "-t", m_raw});
        QVERIFY(text.out.contains("event → sent"));
        QVERIFY(text.out.contains(("fresh to " + instant(created_ms).substr(0, 19)).c_str()));
    }

    void mistakes_are_told_before_anything_is_read() {
        QCOMPARE(
            weir_in_process({"latency", "-b", "127.0.0.1:1", "-t", "t", "--clock", "sun"}).code, 2);
        QCOMPARE(weir_in_process({"latency", "-b", "127.0.0.1:1", "-t", "t", "--by", "mood"}).code,
                 2);
        QCOMPARE(weir_in_process({"latency", "-b", "127.0.0.1:1"}).code, 2);
    }

    void an_empty_topic_is_nothing_found() {
        const std::string empty = unique_name("lat_empty");
        QVERIFY(m_tool.create_topic(empty, 1));
        QCOMPARE(weir_in_process({"latency", "-b", m_broker.address(), "-t", empty, "-q"}).code, 1);
    }
};

QTEST_GUILESS_MAIN(TestLatencyCommand)
#include "tst_latency_command.moc"
