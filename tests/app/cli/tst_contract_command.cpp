// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// weir contract infer on a topic of a real broker.
#include <QDir>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

class TestContractCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;

    Answer infer(const std::string& topic, const QStringList& more) {
        return weir_says(
            QStringList{QStringLiteral("contract"), QStringLiteral("infer"), QStringLiteral("-b"),
                        QString::fromStdString(m_broker.address()), QStringLiteral("-t"),
                        QString::fromStdString(topic), QStringLiteral("--json")} +
            more);
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS",
                QDir(m_folder.path()).filePath(QStringLiteral("ids.json")).toUtf8());
        QVERIFY2(QFile::exists(weir_program()), "build the target weir first");
    }
    void a_list_holds_all_that_a_contract_says() {
        const Answer listed = weir_says({QStringLiteral("contract"), QStringLiteral("list"),
                                         QStringLiteral("--json"), QStringLiteral("--quiet")});
        QCOMPARE(listed.code, 0);
        const QList<QByteArray> lines = listed.out.trimmed().split('\n');
        QVERIFY(lines.size() > 10);
        for (const QByteArray& line : lines) {
            const QJsonObject contract = QJsonDocument::fromJson(line).object();
            for (const char* member : {"type", "version", "owner", "description", "approved_uses",
                                       "fields", "rules", "effects", "changelog", "personal"})
                QVERIFY2(contract.contains(QLatin1String(member)), member);
            QVERIFY(!contract[QStringLiteral("fields")].toArray().isEmpty());
        }
    }
    void contracts_are_drafted_from_a_topic() {
        const std::string topic = unique_name("drafts");
        std::vector<TestRecord> records;
        for (int i = 0; i < 40; ++i) {
            const std::string type = i % 4 == 0 ? "login" : "purchase";
            records.push_back({.key = "k",
                               .value = "{\"event_type\":\"" + type +
                                        "\",\"schema_version\":2,\"n\":" + std::to_string(i) +
                                        "}"});
        }
        records.push_back({.key = "k", .value = "not JSON"});
        records.push_back({.key = "k", .value = std::nullopt}); // says nothing of contracts
        QVERIFY(m_tool.create_topic(topic, 1) && m_tool.write(topic, records));
        // All of the topic, though no event holds the word "infer".
        const Answer all = infer(topic, {});
        QCOMPARE(all.code, 0);
        QCOMPARE(all.json()[QStringLiteral("events")].toInt(), 40);
        QCOMPARE(all.json()[QStringLiteral("not_json")].toInt(), 1);
        QCOMPARE(all.json()[QStringLiteral("types")].toArray().size(), 2);
        const Answer some =
            infer(topic, {QStringLiteral("--filter"), QStringLiteral("type == \"login\"")});
        QCOMPARE(some.json()[QStringLiteral("events")].toInt(), 10);
    }
    void what_is_masked_is_drafted_by_its_class() {
        const std::string topic = unique_name("masked");
        std::vector<TestRecord> records;
        for (int i = 0; i < 60; ++i)
            records.push_back(
                {.key = "k",
                 .value = R"({"event_type":"call","schema_version":1,"plan":"basic","customer":)"
                          R"({"name":")" +
                          std::string(i % 2 == 0 ? "Jane" : "Ada") +
                          R"("},"card":4111111111111111})"});
        QVERIFY(m_tool.create_topic(topic, 1) && m_tool.write(topic, records));
        const Answer drafted = infer(topic, {QStringLiteral("--mask")});
        QCOMPARE(drafted.code, 0);
        QVERIFY2(!drafted.out.contains("•") && !drafted.out.contains("9999") &&
                     !drafted.out.contains("4111") && !drafted.out.contains("Jane"),
                 drafted.out.constData());
        const QJsonObject schema = drafted.json()[QStringLiteral("types")]
                                       .toArray()[0][QStringLiteral("contract")]
                                       .toObject()[QStringLiteral("schema")]
                                       .toObject();
        const QJsonObject members = schema[QStringLiteral("properties")].toObject();
        const QJsonObject card = members[QStringLiteral("card")].toObject();
        QCOMPARE(card[QStringLiteral("type")].toString(), QStringLiteral("integer"));
        QCOMPARE(card[QStringLiteral("pii")].toString(), QStringLiteral("card"));
        QVERIFY(members[QStringLiteral("plan")].toObject().contains(QLatin1String("enum")));
    }
    void what_is_there_already_is_kept_and_the_rest_is_written() {
        const QString file = m_folder.filePath(QStringLiteral("events.ndjson"));
        QFile events(file);
        QVERIFY(events.open(QIODevice::WriteOnly));
        for (const char* type : {"login", "logout"})
            events.write("{\"event_type\":\"" + QByteArray(type) + "\",\"schema_version\":1}\n");
        events.close();
        const QDir drafts(m_folder.filePath(QStringLiteral("drafts")));
        const auto text_of = [&](const QString& type) {
            QFile draft(drafts.filePath(type + QStringLiteral("/1.json")));
            return draft.open(QIODevice::ReadOnly) ? draft.readAll() : QByteArray();
        };
        QVERIFY(drafts.mkpath(QStringLiteral("login")));
        QFile mine(drafts.filePath(QStringLiteral("login/1.json")));
        QVERIFY(mine.open(QIODevice::WriteOnly) && mine.write("mine") == 4);
        mine.close();

        std::vector<std::string> words{"contract", "infer", file.toStdString(), "--output",
                                       drafts.path().toStdString()};
        const Answer first = weir_in_process(words);
        QCOMPARE(first.code, 1);
        QVERIFY2(first.err.contains("login/1.json, which was there already") &&
                     first.err.contains("--force"),
                 first.err.constData());
        QCOMPARE(text_of(QStringLiteral("login")), QByteArray("mine"));
        QVERIFY(text_of(QStringLiteral("logout")).contains("\"logout\""));
        words.push_back("--force");
        QCOMPARE(weir_in_process(words).code, 0);
        QVERIFY(text_of(QStringLiteral("login")).contains("\"login\""));
    }
    void a_folder_that_cannot_be_is_told_before_anything_is_read() {
        const Answer said = weir_in_process(
            {"contract", "infer", "/nowhere/events.ndjson", "--output", "/proc/drafts"});
        QCOMPARE(said.code, 2);
        QVERIFY2(said.err.contains("/proc/drafts"), said.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestContractCommand)
#include "tst_contract_command.moc"
