// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
// weir flow and weir triage on a real broker: a stage that rejects some events, loses some and is
// handed some twice, as a script sees it.
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <map>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/stage_workspace.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

/// When all events were written: long enough ago for a pending limit of a minute to be over.
const std::int64_t written_ms = Micros::now().ms() - 1'800'000;

std::string version_of(int number) {
    return number % 10 == 9 ? "4.7.1" : "4.7.0";
}

TestRecord flow_record(int number, std::int64_t after_ms) {
    return {.value = json("{'event_id':'f-" + std::to_string(number) +
                          "','event_type':'page_view','platform':'android','context':"
                          "{'app_version':'" +
                          version_of(number) + "'},'properties':{}}"),
            .timestamp_ms = written_ms + number * 10 + after_ms,
            .partition = number % 3};
}

TestRecord dead_letter(int number) {
    return {.value = json("{'reason':'wrong_type','stage':'deduplicate','pointer':'/a','message':"
                          "'no number','original':" +
                          *flow_record(number, 0).value + "}"),
            .timestamp_ms = written_ms + number * 10 + 1'000};
}

QJsonObject stage_of(const Answer& said) {
    return said.json()[QStringLiteral("stages")].toArray().first().toObject();
}

int count(const QJsonObject& stage, const char* name) {
    return stage[QLatin1String(name)].toInt(-1);
}

} // namespace

class TestFlowCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;
    std::string m_raw = unique_name("flow_raw");
    std::string m_unique = unique_name("flow_unique");
    std::string m_invalid = unique_name("flow_invalid");

    std::string workspace(const std::string& pending_limit) {
        return write_stage_workspace(
            m_folder.path(),
            {m_broker.address(), m_raw, m_unique,
             ",'dead_letter':'" + m_invalid + "','pending_limit':'" + pending_limit + "'"});
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        std::vector<TestRecord> raw, unique, invalid;
        for (int i = 0; i < 200; ++i) {
            raw.push_back(flow_record(i, 0));
            if (i < 10) // came in again
                raw.push_back(flow_record(i, 5));
            if (i >= 190)
                invalid.push_back(dead_letter(i));
            else if (i % 10 != 9) // what app 4.7.1 sends is lost
                unique.push_back(flow_record(i, 200));
        }
        for (const std::string& topic : {m_raw, m_unique, m_invalid})
            QVERIFY(m_tool.create_topic(topic, 3));
        QVERIFY(m_tool.write(m_raw, raw));
        QVERIFY(m_tool.write(m_unique, unique));
        QVERIFY(m_tool.write(m_invalid, invalid));
    }

    void what_goes_in_and_does_not_come_out_is_a_finding() {
        const Answer said =
            weir_in_process({"flow", "--workspace", workspace("1 min"), "--json", "--quiet"});
        QVERIFY2(said.code == 1, said.err.constData());
        const QJsonObject stage = stage_of(said);
        QCOMPARE(count(stage, "in"), 210);
        QCOMPARE(count(stage, "out"), 171);
        QCOMPARE(count(stage, "rejected"), 10);
        QCOMPARE(count(stage, "duplicate"), 10);
        QCOMPARE(count(stage, "retried"), 10);
        QCOMPARE(count(stage, "pending"), 0);
        QCOMPARE(count(stage, "unaccounted"), 19);
        QVERIFY(stage[QStringLiteral("filtered")].isNull()); // nobody tells
        QCOMPARE(stage[QStringLiteral("estimate")], QJsonValue(false));
        QCOMPARE(stage[QStringLiteral("partial")], QJsonValue(false));
        QCOMPARE(stage[QStringLiteral("reasons")][QStringLiteral("wrong_type")].toInt(), 10);
    }

    void within_the_limit_they_are_pending_and_no_finding() {
        const Answer said =
            weir_in_process({"flow", "--workspace", workspace("2 h"), "--json", "--quiet"});
        QVERIFY2(said.code == 0, said.err.constData());
        QCOMPARE(count(stage_of(said), "pending"), 19);
        QCOMPARE(count(stage_of(said), "unaccounted"), 0);
    }

    void by_a_dimension_the_version_that_is_lost_stands_out() {
        const Answer said = weir_in_process({"flow", "--workspace", workspace("1 min"), "--by",
                                             "app_version", "--json", "--quiet"});
        QVERIFY2(said.code == 1, said.err.constData());
        std::map<QString, QJsonObject> values;
        for (const QJsonValue& one : said.json()[QStringLiteral("stages")].toArray())
            values[one[QStringLiteral("by")][QStringLiteral("app_version")].toString()] =
                one.toObject();
        QCOMPARE(values.size(), std::size_t(2));
        QCOMPARE(count(values[QStringLiteral("4.7.1")], "unaccounted"), 19);
        QCOMPARE(count(values[QStringLiteral("4.7.0")], "unaccounted"), 0);
        QCOMPARE(count(values[QStringLiteral("4.7.0")], "out"), 171);
    }

    void people_get_a_table_with_the_word_for_it() {
        const Answer said = weir_in_process({"flow", "--workspace", workspace("1 min")});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.out.contains("UNACCOUNTED since"), said.out.constData());
        QVERIFY(said.out.contains("wrong_type 10"));
    }

    void without_stages_it_says_what_is_missing() {
        const Answer said = weir_in_process({"flow", "-b", m_broker.address(), "-t", m_raw});
        QCOMPARE(said.code, 2);
        QVERIFY(said.err.contains("stages"));
    }

    void triage_tells_it_in_a_sentence_with_who_is_concerned_and_what_to_do() {
        const Answer said =
            weir_in_process({"triage", "--workspace", workspace("1 min"), "--json", "--quiet"});
        QVERIFY2(said.code == 1, said.err.constData());
        const QJsonArray findings = said.json()[QStringLiteral("findings")].toArray();
        const auto lost = std::find_if(findings.begin(), findings.end(), [](const auto& one) {
            return one.toObject()[QStringLiteral("code")] == QStringLiteral("unaccounted");
        });
        QVERIFY(lost != findings.end());
        const QJsonObject finding = lost->toObject();
        QCOMPARE(finding[QStringLiteral("events")].toInt(), 19);
        QCOMPARE(finding[QStringLiteral("fate")].toString(), QStringLiteral("lost"));
        QCOMPARE(finding[QStringLiteral("scope")][QStringLiteral("app_version")].toString(),
                 QStringLiteral("4.7.1"));
        QVERIFY(finding[QStringLiteral("command")].toString().contains(QStringLiteral("--by")));
        QVERIFY(std::any_of(findings.begin(), findings.end(), [](const auto& one) {
            const QJsonObject invalid = one.toObject(); // ten dead letters are more than 1 %
            return invalid[QStringLiteral("code")] == QStringLiteral("invalid_over_limit") &&
                   invalid[QStringLiteral("events")].toInt() == 10;
        }));
        const Answer markdown =
            weir_in_process({"triage", "--workspace", workspace("1 min"), "--markdown", "--quiet"});
        QVERIFY2(markdown.out.startsWith("1. **"), markdown.out.constData());
    }
};

QTEST_GUILESS_MAIN(TestFlowCommand)
#include "tst_flow_command.moc"
