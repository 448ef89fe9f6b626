// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
// weir invalid on a real broker: a new app version begins to send malformed events, and a script
// learns which, since when, of how many and of whom.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

#include "tests/support/invalid_world.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::int64_t minute_ms = 60'000;

/// Both periods are of ten minutes, and end here.
const std::int64_t end_ms = Micros::now().ms() / minute_ms * minute_ms - 2 * minute_ms;

TestRecord record(std::string value, std::int64_t before_end_ms) {
    std::replace(value.begin(), value.end(), '\'', '"');
    return {.value = value, .timestamp_ms = end_ms - before_end_ms};
}

std::string instant(std::int64_t ms) {
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

QJsonObject row(const Answer& said, const QString& reason) {
    for (const QJsonValue& one : said.json()[QStringLiteral("reasons")].toArray())
        if (one[QStringLiteral("reason")].toString() == reason)
            return one.toObject();
    return {};
}

} // namespace

class TestInvalidCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;
    std::string m_raw = unique_name("inv_raw");
    std::string m_unique = unique_name("inv_unique");
    std::string m_dead = unique_name("inv_dead");
    std::string m_spring = unique_name("inv_spring");

    std::string workspace() {
        const QString file = m_folder.filePath(QStringLiteral("shop.weir.json"));
        std::string text =
            "{'weir':{'version':1,'least_reader':1},'name':'Shop','connections':[{'name':'k',"
            "'kind':'kafka','environment':'sandbox','address':'" +
            m_broker.address() + "'}],'stages':[{'name':'deduplicate','inputs':['" + m_raw +
            "'],'outputs':['" + m_unique + "'],'dead_letter':'" + m_dead + "'}]}";
        std::replace(text.begin(), text.end(), '\'', '"');
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly) ||
            out.write(text.data(), static_cast<qint64>(text.size())) < 0)
            qFatal("the workspace could not be written");
        return file.toStdString();
    }
    std::vector<std::string> asked(std::vector<std::string> more) {
        std::vector<std::string> words{
            "invalid", "--workspace",  workspace(), "--from", instant(end_ms - 10 * minute_ms),
            "--to",    instant(end_ms)};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        std::vector<TestRecord> raw, unique, dead, spring;
        for (int i = 0; i < 200; ++i) { // a hundred in each period
            const std::int64_t before_ms = 20 * minute_ms - 1'000 - i * 6'000;
            const std::string event = native_event("u" + std::to_string(i));
            raw.push_back(record(event, before_ms));
            unique.push_back(record(event, before_ms)); // the same events: not counted twice
        }
        for (int i = 0; i < 25; ++i) // of five users; one a period, then 24
            dead.push_back(record(dead_letter("wrong_type", "/properties/price",
                                              native_event("v" + std::to_string(i % 5), "4.8.0")),
                                  i == 0 ? 15 * minute_ms : 9 * minute_ms - i * 1'000));
        dead.push_back(record("{'no':'header'}", minute_ms));
        for (int i = 0; i < 3; ++i) {
            TestRecord failed = record(native_event("w"), minute_ms);
            failed.headers = {
                {"kafka_dlt-exception-fqcn", "org.shop.PriceException"},
                {"kafka_dlt-exception-message", "no price for item " + std::to_string(4'000 + i)}};
            spring.push_back(failed);
        }
        for (const std::string& topic : {m_raw, m_unique, m_dead, m_spring})
            QVERIFY(m_tool.create_topic(topic, 3));
        QVERIFY(m_tool.write(m_raw, raw));
        QVERIFY(m_tool.write(m_unique, unique));
        QVERIFY(m_tool.write(m_dead, dead));
        QVERIFY(m_tool.write(m_spring, spring));
    }

    void a_script_learns_what_is_wrong_since_when_of_how_many_and_of_whom() {
        const Answer said = weir_in_process(asked({"--json", "--quiet"}));
        QVERIFY2(said.code == 1, said.err.constData());
        QCOMPARE(said.json()[QStringLiteral("total")].toInt(), 25);
        QCOMPARE(said.json()[QStringLiteral("of")].toInt(), 125);
        const QJsonObject wrong = row(said, QStringLiteral("wrong_type"));
        QCOMPARE(wrong[QStringLiteral("pointer")].toString(), QStringLiteral("/properties/price"));
        QCOMPARE(wrong[QStringLiteral("type")].toString(), QStringLiteral("purchase"));
        QCOMPARE(wrong[QStringLiteral("source")].toString(), QStringLiteral("client"));
        QCOMPARE(wrong[QStringLiteral("platform")].toString(), QStringLiteral("android"));
        QCOMPARE(wrong[QStringLiteral("app_version")].toString(), QStringLiteral("4.8.0"));
        QCOMPARE(wrong[QStringLiteral("count")].toInt(), 24);
        QCOMPARE(wrong[QStringLiteral("of")].toInt(), 24);
        QCOMPARE(wrong[QStringLiteral("users")].toInt(), 5);
        QCOMPARE(wrong[QStringLiteral("sessions")].toInt(), 5);
        QCOMPARE(wrong[QStringLiteral("severity")].toString(), QStringLiteral("error"));
        QCOMPARE(wrong[QStringLiteral("recoverable")], QJsonValue(true));
        QVERIFY(!wrong[QStringLiteral("remedy")].toString().isEmpty());
        QCOMPARE(wrong[QStringLiteral("first_seen")].toString().left(19).toStdString(),
                 instant(end_ms - 15 * minute_ms).substr(0, 19));
        QCOMPARE(wrong[QStringLiteral("new")], QJsonValue(false));
        const QJsonValue sample = wrong[QStringLiteral("sample")];
        QCOMPARE(sample[QStringLiteral("topic")].toString().toStdString(), m_dead);
        QVERIFY(sample[QStringLiteral("offset")].isDouble());
        const QJsonObject bare = row(said, QStringLiteral("unspecified"));
        QCOMPARE(bare[QStringLiteral("count")].toInt(), 1);
        QCOMPARE(bare[QStringLiteral("new")], QJsonValue(true));
    }

    void the_trend_is_in_percentage_points_against_the_period_before() {
        const Answer said = weir_in_process(asked({"--by", "reason", "--json", "--quiet"}));
        const double trend =
            row(said, QStringLiteral("wrong_type"))[QStringLiteral("trend_pp")].toDouble();
        QVERIFY2(std::abs(trend - 100 * (24.0 / 125 - 1.0 / 101)) < 0.001, said.out.constData());
        QCOMPARE(weir_in_process(asked({"--no-trend", "--json", "--quiet"}))
                     .json()[QStringLiteral("share_before")],
                 QJsonValue());
    }

    void a_share_within_its_limit_is_no_finding() {
        QCOMPARE(weir_in_process(asked({"--limit", "25%", "--quiet"})).code, 0);
        QCOMPARE(weir_in_process(asked({"--limit", "10%", "--quiet"})).code, 1);
    }

    void for_people_it_is_a_table_with_a_remedy() {
        const Answer said = weir_in_process(asked({}));
        QVERIFY2(said.out.startsWith("25 of 125 events are invalid: 20.0 %"), said.out.constData());
        QVERIFY(said.out.contains("wrong_type"));
        QVERIFY(said.out.contains("Mend the producer"));
    }

    void dead_letters_alone_are_grouped_by_their_messages_without_numbers() {
        const Answer said = weir_in_process({"invalid", "-b", m_broker.address(), "-t", m_spring,
                                             "--by", "message", "--json", "--quiet"});
        QVERIFY2(said.code == 1, said.err.constData());
        const QJsonArray rows = said.json()[QStringLiteral("reasons")].toArray();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0][QStringLiteral("reason")].toString(), QStringLiteral("PriceException"));
        QCOMPARE(rows[0][QStringLiteral("message")].toString(),
                 QStringLiteral("no price for item #"));
        QCOMPARE(rows[0][QStringLiteral("count")].toInt(), 3);
        QCOMPARE(rows[0][QStringLiteral("of")], QJsonValue()); // nobody knows
    }

    void what_passed_is_held_against_contracts() {
        const Answer said =
            weir_in_process({"invalid", "-b", m_broker.address(), "-t", m_raw, "--contracts",
                             "demo", "--by", "reason", "--json", "--quiet"});
        QCOMPARE(said.code, 0); // they passed
        QVERIFY2(said.json()[QStringLiteral("passed")].toInt() == 200, said.out.constData());
        QCOMPARE(said.json()[QStringLiteral("failed")].toInt(), 0);
    }

    void a_topic_can_be_said_to_hold_dead_letters() {
        const Answer said =
            weir_in_process({"invalid", "-b", m_broker.address(), "-t", m_raw, "--dead-letter",
                             m_raw, "--by", "reason", "--json", "--quiet"});
        QCOMPARE(said.json()[QStringLiteral("failed")].toInt(), 200);
    }

    void mistakes_are_told_before_anything_is_read() {
        const std::vector<std::vector<std::string>> mistakes{
            {"-t", "t", "--by", "mood"}, {"-t", "t", "--limit", "much"}, {}};
        for (const std::vector<std::string>& wrong : mistakes) {
            std::vector<std::string> words{"invalid", "-b", "127.0.0.1:1"};
            words.insert(words.end(), wrong.begin(), wrong.end());
            QCOMPARE(weir_in_process(words).code, 2);
        }
    }
};

QTEST_GUILESS_MAIN(TestInvalidCommand)
#include "tst_invalid_command.moc"
