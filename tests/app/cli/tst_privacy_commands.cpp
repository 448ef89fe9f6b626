// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// What the commands show of a topic of a real broker: masked by contracts, as tokens, unmasked with
// a right and a reason; and which of its events violate their contracts although they passed.
#include <QDir>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "app/session/unmasking.h"
#include "connectors/store/audit_store.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/stage_workspace.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

class TestPrivacyCommands : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;
    std::string m_topic = unique_name("private");

    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

    void write(const char* name, const QByteArray& text) {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

    QString workspace(const char* name, const std::string& member) {
        write(
            name,
            R"({"weir":{"version":1,"least_reader":1},"name":"Shop","connections":[{"name":"prod",)"
            R"("kind":"kafka","address":")" +
                QByteArray::fromStdString(m_broker.address()) +
                R"("}],"contracts":{"folder":"contracts"},"masking":{"token_key":)"
                R"("env:WEIR_TEST_TOKEN_KEY"},"roles":[{"name":"data protection","members":[")" +
                QByteArray::fromStdString(member) + R"("],"rights":["unmask"]}]})");
        return path(name);
    }

    Answer search(const QString& workspace, const QStringList& more) {
        return weir_says(QStringList{QStringLiteral("search"), QStringLiteral("-w"), workspace,
                                     QStringLiteral("-t"), QString::fromStdString(m_topic),
                                     QStringLiteral("--format"), QStringLiteral("%k %s\\n")} +
                         more);
    }

  private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(QFile::exists(weir_program()), "build the target weir first");
        qputenv("WEIR_OBSERVED_IDS", path("ids.json").toUtf8());
        qputenv("WEIR_AUDIT", path("audit.sqlite").toUtf8());
        qputenv("WEIR_TEST_TOKEN_KEY", "0123456789abcdef0123456789abcdef");
        write("contracts/order.json",
              R"({"weir_contract":1,"type":"order","version":1,"owner":"shop","schema":{)"
              R"("required":["price"],"properties":{"event_type":{},"price":{"type":"number"},)"
              R"("note":{"type":"string","pii":"free_text"}}}})");
        QVERIFY(m_tool.create_topic(m_topic, 1).ok());
        std::vector<TestRecord> records(2);
        records[0].key = "zanzibar";
        records[0].value =
            R"({"event_type":"order","schema_version":1,"price":1,"note":"zanzibar"})";
        records[1].key = "k";
        records[1].value = R"({"event_type":"order","schema_version":1,"price":"2","note":"a"})";
        QVERIFY(m_tool.write(m_topic, records).ok());
    }

    void a_contracts_class_masks_what_is_printed_and_searched() {
        const QString shop = workspace("shop.weir.json", "somebody-else");
        const Answer all = search(shop, {});
        QCOMPARE(all.code, 0);
        QVERIFY2(!all.out.contains("zanzibar"), all.out.constData());
        QVERIFY(all.out.contains("••••••••"));
        QCOMPARE(search(shop, {QStringLiteral("zanzibar")}).code, 1);
        QCOMPARE(
            search(shop, {QStringLiteral("--filter"), QStringLiteral("note == \"zanzibar\"")}).code,
            1);
    }

    void what_dead_letters_say_of_their_events_is_not_shown() {
        const std::string dead = m_topic + "_dead";
        QVERIFY(m_tool.create_topic(dead, 1).ok());
        const std::string unparsable = "{name: Jane Doe, city: Vienna, illness: diabetes}";
        const auto letter = [](const char* reason, const std::string& message,
                               const std::string& original) {
            return TestRecord{.value = json("{'reason':'") + reason +
                                       json("','stage':'sink','pointer':'','message':'") + message +
                                       json("','original':") + original + "}"};
        };
        const auto order = [](const std::string& note) {
            return json("{'event_type':'order','schema_version':1,'price':1,'note':'") + note +
                   "\"}";
        };
        const std::string note = "Jane Doe of Elm Street drinks";
        QVERIFY(m_tool
                    .write(dead, {letter("unreadable", "cannot read the record " + unparsable,
                                         "\"" + unparsable + "\""),
                                  letter("load_failed", "value too long for column note: " + note,
                                         order(note)),
                                  letter("load_failed", "no partition of March", order("a"))})
                    .ok());
        const QString shop = workspace("shop.weir.json", "somebody-else");
        const auto say = [&](const QStringList& command) {
            return weir_says(command + QStringList{QStringLiteral("-w"), shop, QStringLiteral("-t"),
                                                   QString::fromStdString(dead)});
        };
        for (const char* line : {"invalid", "invalid --json", "invalid --by message",
                                 "invalid --json --disclose tokens", "triage", "triage --json",
                                 "search", "search --json"}) {
            const Answer said = say(QString::fromUtf8(line).split(u' '));
            for (const char* personal : {"Jane", "Vienna", "diabetes", "Elm Street"})
                QVERIFY2(!said.out.contains(personal), said.out.constData());
        }
        const Answer invalid = say({QStringLiteral("invalid"), QStringLiteral("--json")});
        QVERIFY2(invalid.out.contains("no partition of March"), invalid.out.constData());
        QCOMPARE(invalid.out.count("\"message\":\"(masked)\""), 2);
        // Without a workspace the connection is its owner's, and unmasked.
        const Answer own =
            weir_says(QStringList{QStringLiteral("invalid"), QStringLiteral("-b"),
                                  QString::fromStdString(m_broker.address()), QStringLiteral("-t"),
                                  QString::fromStdString(dead)});
        QVERIFY2(own.out.contains("Elm Street"), own.out.constData());
    }

    void unmasking_needs_a_right_and_a_reason_and_is_recorded() {
        const QStringList unmask{QStringLiteral("--unmask"),
                                 QStringLiteral("ticket 4711: orders without notes")};
        const Answer refused = search(workspace("shop.weir.json", "somebody-else"), unmask);
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("no role of this workspace lets"), refused.err.constData());
        QVERIFY(refused.out.isEmpty());
        QVERIFY(!QFile::exists(path("audit.sqlite")));

        const QString mine = workspace("mine.weir.json", login_name());
        const Answer shown = search(mine, unmask);
        QCOMPARE(shown.code, 0);
        QVERIFY(shown.out.contains("zanzibar"));
        QVERIFY2(shown.err.contains("UNMASKED"), shown.err.constData());
        const auto trail = store::AuditStore::open_read_only(path("audit.sqlite").toStdString());
        QVERIFY(trail.ok());
        QCOMPARE((*trail)->newest(10)->size(), 1U);
        QCOMPARE((*trail)->newest(1)->front().reason, unmask.back().toStdString());
        QVERIFY((*trail)->verify().ok());

        QCOMPARE(search(mine, {QStringLiteral("--disclose"), QStringLiteral("shown")}).code, 2);
        QCOMPARE(search(mine, {QStringLiteral("--unmask"), QStringLiteral("why")}).code, 2);
    }

    void tokens_are_the_same_every_time() {
        const QString shop = workspace("shop.weir.json", "somebody-else");
        const QStringList tokens{QStringLiteral("--disclose"), QStringLiteral("tokens")};
        const Answer once = search(shop, tokens);
        QCOMPARE(once.code, 0);
        QVERIFY2(!once.out.contains("zanzibar") && !once.out.contains("•"), once.out.constData());
        QCOMPARE(search(shop, tokens).out, once.out);
        const QByteArray token = once.out.left(once.out.indexOf(' '));
        QVERIFY(once.out.contains(QByteArray("\"note\":\"" + token + "\"")));
    }

    void tail_follows_contracts_that_change_and_masks_by_them() {
        const std::string topic = unique_name("followed");
        QVERIFY(m_tool.create_topic(topic, 1).ok());
        QProcess tail;
        tail.start(weir_program(),
                   {QStringLiteral("tail"), QStringLiteral("-w"),
                    workspace("shop.weir.json", "somebody-else"), QStringLiteral("-t"),
                    QString::fromStdString(topic), QStringLiteral("--from"),
                    QStringLiteral("beginning"), QStringLiteral("--fields"),
                    QStringLiteral("colour,violation")});
        QVERIFY(tail.waitForStarted());
        QByteArray said;
        const auto says = [&](const QByteArray& line) {
            if (m_tool
                    .write(topic, {{.key = "k",
                                    .value = R"({"event_type":"paint","schema_version":1,)"
                                             R"("colour":"turquoise"})"}})
                    .ok())
                tail.waitForReadyRead(500);
            said += tail.readAllStandardOutput();
            return said.contains(line);
        };
        QTRY_VERIFY_WITH_TIMEOUT(says("turquoise\t"), 30'000);
        write("contracts/paint.json",
              R"({"weir_contract":1,"type":"paint","version":1,"owner":"shop","schema":{)"
              R"("required":["price"],"properties":{"event_type":{},"colour":{"type":"string",)"
              R"("pii":"free_text"}}}})");
        QTRY_VERIFY_WITH_TIMEOUT(says("•••••••••\tmissing_required\n"), 30'000);
        QCOMPARE(::kill(static_cast<pid_t>(tail.processId()), SIGINT), 0);
        QVERIFY(tail.waitForFinished(20'000));
        QVERIFY(QFile::remove(path("contracts/paint.json")));
    }

    void what_passed_and_violates_is_found() {
        const QStringList words{QStringLiteral("validate"), QStringLiteral("-w"),
                                workspace("shop.weir.json", "somebody-else"), QStringLiteral("-t"),
                                QString::fromStdString(m_topic)};
        const Answer found = weir_says(words + QStringList{QStringLiteral("--json")});
        QCOMPARE(found.code, 1);
        const QList<QByteArray> lines = found.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        const QJsonObject event = QJsonDocument::fromJson(lines[0]).object();
        QCOMPARE(event[QStringLiteral("offset")].toInt(), 1);
        const QJsonObject violation = event[QStringLiteral("violations")].toArray()[0].toObject();
        QCOMPARE(violation[QStringLiteral("reason")].toString(), QStringLiteral("wrong_type"));
        QCOMPARE(violation[QStringLiteral("pointer")].toString(), QStringLiteral("/price"));
        const QJsonObject sum = QJsonDocument::fromJson(lines[1]).object();
        QCOMPARE(sum[QStringLiteral("events")].toInt(), 2);
        QCOMPARE(sum[QStringLiteral("violating")].toInt(), 1);
        const Answer text = weir_says(words);
        QVERIFY2(text.out.contains("/0@1: wrong_type /price") || text.out.contains("/0@1: /price"),
                 text.out.constData());
        const QStringList wrong{QStringLiteral("--filter"),
                                QStringLiteral("violation == \"wrong_type\"")};
        const QString shop = workspace("shop.weir.json", "somebody-else");
        const Answer one = search(shop, wrong);
        QVERIFY2(one.out.contains("\"price\":\"2\"") && !one.out.contains("zanzibar"),
                 one.out.constData());
        QCOMPARE(search(shop, {QStringLiteral("violation == \"format\"")}).code, 1);
        const QStringList topic{QStringLiteral("-w"), shop, QStringLiteral("-t"),
                                QString::fromStdString(m_topic)};
        QCOMPARE(weir_says(QStringList{QStringLiteral("count")} + topic + wrong).out,
                 QByteArray("count\n1\n"));
        const Answer tail =
            weir_says(QStringList{QStringLiteral("tail"), QStringLiteral("--from"),
                                  QStringLiteral("beginning"), QStringLiteral("--exit"),
                                  QStringLiteral("--format"), QStringLiteral("%o\\n")} +
                      topic + wrong);
        QCOMPARE(tail.out, QByteArray("1\n"));
        for (const char* command : {"search", "count", "tail"})
            QCOMPARE(weir_says(QStringList{QString::fromUtf8(command), QStringLiteral("-b"),
                                           QString::fromStdString(m_broker.address())} +
                               topic.mid(2) + wrong)
                         .code,
                     2);
        const Answer counted =
            weir_says(QStringList{QStringLiteral("count"), QStringLiteral("-q"),
                                  QStringLiteral("--by"), QStringLiteral("violation")} +
                      topic);
        QVERIFY2(counted.out.contains("\nwrong_type\t1\n") &&
                     counted.out.contains("\n(missing)\t1\n"),
                 counted.out.constData());
        const Answer newest =
            weir_says(QStringList{QStringLiteral("search"), QStringLiteral("--order"),
                                  QStringLiteral("newest"), QStringLiteral("--fields"),
                                  QStringLiteral("offset,violation")} +
                      topic + QStringList{QStringLiteral("violation != \"wrong_typ\"")});
        QCOMPARE(newest.out, QByteArray("1\twrong_type\n"));
        QVERIFY2(newest.err.contains("column 14: no violation is called 'wrong_typ'. Did you mean "
                                     "wrong_type?"),
                 newest.err.constData());
        const Answer without = weir_says({QStringLiteral("validate"), QStringLiteral("-b"),
                                          QString::fromStdString(m_broker.address()),
                                          QStringLiteral("-t"), QString::fromStdString(m_topic)});
        QCOMPARE(without.code, 2); // silence would look like a good answer
    }
};

QTEST_GUILESS_MAIN(TestPrivacyCommands)
#include "tst_privacy_commands.moc"
