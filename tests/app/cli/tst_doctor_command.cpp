// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// What doctor says of a connection: what works, what does not, and what to do.
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/kafka_tool.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

/// "works: TEXT → ADVICE" of the row called `check`; "no such row" if there is none.
QString row(const Answer& answer, const std::string& check, int connection = 0) {
    const QJsonArray rows =
        answer.json()[QStringLiteral("connections")][connection][QStringLiteral("checks")]
            .toArray();
    for (const QJsonValue& one : rows)
        if (one[QStringLiteral("check")].toString() == qt(check))
            return one[QStringLiteral("state")].toString() + QStringLiteral(": ") +
                   one[QStringLiteral("text")].toString() + QStringLiteral(" → ") +
                   one[QStringLiteral("advice")].toString();
    return QStringLiteral("no such row");
}

} // namespace

#define ROW(answer, check, part)                                                                   \
    QVERIFY2(row(answer, check).contains(QStringLiteral(part)),                                    \
             qPrintable(row(answer, check) + QLatin1Char('\n') + QString::fromUtf8(answer.err)))

class TestDoctorCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;

    QString on() const { return QStringLiteral("doctor --json -q -b ") + qt(m_broker.address()); }
    std::string topic_with(int records, int partitions = 1) {
        const std::string topic = unique_name("doctor");
        if (!m_tool.create_topic(topic, partitions) ||
            (records > 0 &&
             !m_tool.write(topic, std::vector<TestRecord>(static_cast<std::size_t>(records),
                                                          {.value = "x"}))))
            qFatal("no topic");
        return topic;
    }
    /// A workspace whose one connection logs in as `user`.
    QString workspace_of(const std::string& user, const QString& members) {
        qputenv("WEIR_DOCTOR_PASSWORD", (user + "-secret").c_str());
        const QString text =
            QStringLiteral(
                R"({"weir": {"version": 1, "least_reader": 1}, "name": "x", "connections": [{)"
                R"("name": "prod", "kind": "kafka", "address": "%1", "security": {)"
                R"("protocol": "sasl_plaintext", "mechanism": "plain", "username": "%2",)"
                R"("password": "env:WEIR_DOCTOR_PASSWORD"}}], %3})")
                .arg(qt(m_broker.address(Listener::SaslPlaintext)), qt(user), members);
        const QString file = m_folder.filePath(qt(unique_name("w")) + QStringLiteral(".weir.json"));
        if (!write_text(file.toStdString(), text.toStdString()))
            qFatal("no file");
        return QStringLiteral("doctor --json -q -w ") + file;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void all_is_well_and_says_what_was_seen() {
        const std::string full = topic_with(5, 2);
        const std::string empty = topic_with(0, 3);
        const Answer well = weir_says(on() + QStringLiteral(" -t ") + qt(full) +
                                      QStringLiteral(" -t ") + qt(empty));
        QCOMPARE(well.code, 0);
        ROW(well, "reachable", "works: 1 broker");
        ROW(well, "reachable", "topics to be seen: ");
        ROW(well, "environment", "production (assumed, as nothing is said)");
        const QString release = qt(m_broker.version().substr(0, 3));
        QVERIFY(row(well, "broker version").contains(QStringLiteral("works: Kafka ") + release));
        ROW(well, "topic " + full, "works: may be read: 2 partitions, the newest record");
        ROW(well, "topic " + full, "kept for 7 d");
        ROW(well, "topic " + empty, "works: may be read: 3 partitions, empty");
        QVERIFY(!row(well, "clock").startsWith(QStringLiteral("no such row")));
    }

    void a_watched_pattern_is_opened_up() {
        const std::string topic = topic_with(1);
        const Answer found = weir_says(on() + QStringLiteral(" -t ^") + qt(topic.substr(0, 4)) +
                                       QStringLiteral(".*") + qt(topic.substr(4)));
        QCOMPARE(found.code, 0);
        ROW(found, "topic " + topic, "may be read: 1 partition");
        const Answer none = weir_says(on() + QStringLiteral(" -t ^no-such-.*"));
        QCOMPARE(none.code, 1);
        ROW(none, "topics like no-such-.*", "fails: none of the topics to be seen matches");
        const Answer missing = weir_says(on() + QStringLiteral(" -t not-there"));
        QCOMPARE(missing.code, 1);
        ROW(missing, "topic not-there", "fails: topic not-there does not exist");
    }

    void each_permission_is_told_for_itself() {
        const std::string read = topic_with(1);
        const std::string described = topic_with(0); // empty: READ is found missing all the same
        const std::string hidden = topic_with(1);
        VERIFY_OK(m_tool.allow("auditor", "READ", "TOPIC", read));
        VERIFY_OK(m_tool.allow("auditor", "DESCRIBE", "TOPIC", described));
        VERIFY_OK(m_tool.commit("may-be-seen-" + read, read, {{0, 1}}));
        VERIFY_OK(m_tool.commit("hidden-" + read, read, {{0, 1}}));
        VERIFY_OK(m_tool.allow("auditor", "DESCRIBE", "GROUP", "may-be-seen-" + read));
        const QString stages =
            QStringLiteral(R"("watch": [{"connection": "prod", "topics": ["%1", "%2", "%3"]}],)"
                           R"("stages": [{"name": "a", "inputs": ["%1"], "consumer_group": "%4"},)"
                           R"({"name": "b", "inputs": ["%1"], "consumer_group": "%5"}])")
                .arg(qt(read), qt(described), qt(hidden), qt("may-be-seen-" + read),
                     qt("hidden-" + read));
        Answer told;
        const auto known = [&] { // ACLs take a moment to be known
            told = weir_says(workspace_of("auditor", stages));
            return row(told, "topic " + read).contains(QStringLiteral("may be read")) &&
                   row(told, "group may-be-seen-" + read).startsWith(QStringLiteral("works"));
        };
        QTRY_VERIFY2_WITH_TIMEOUT(known(), told.out.constData(), 60'000);
        QCOMPARE(told.code, 1);
        ROW(told, "topic " + read, "warning: may be read: 1 partition");
        ROW(told, "topic " + read, "its settings may not be seen (DESCRIBE_CONFIGS)");
        ROW(told, "topic " + described, "fails: not permitted");
        ROW(told, "topic " + described, "READ");
        ROW(told, "topic " + hidden, "fails: not permitted");
        ROW(told, "group may-be-seen-" + read, "works: empty, 0 members");
        ROW(told, "group hidden-" + read, "fails: not permitted");
        ROW(told, "group hidden-" + read, "Ask for DESCRIBE on the group");
    }

    void what_is_off_before_anything_connects_is_a_matter_of_settings() {
        const QString doctor = workspace_of("auditor", QStringLiteral("\"watch\": []"));
        qunsetenv("WEIR_DOCTOR_PASSWORD");
        const Answer unset = weir_says(doctor);
        QCOMPARE(unset.code, 2);
        ROW(unset, "settings", "WEIR_DOCTOR_PASSWORD");
        qputenv("WEIR_DOCTOR_PASSWORD", "wrong-secret");
        const Answer refused = weir_says(doctor);
        QCOMPARE(refused.code, 3);
        ROW(refused, "reachable", "fails: the login of \"auditor\" by PLAIN was refused by");
        QVERIFY(!refused.out.contains("wrong-secret"));
    }

    void a_broker_that_cannot_be_reached_by_its_name_is_named_and_holds_nothing_up() {
        const std::string topic = topic_with(1);
        // The timeout is what it would take to wait for each thing that such a broker leads.
        const Answer told = weir_says(QStringLiteral("doctor --json -q --timeout 60s -b ") +
                                      qt(m_broker.address(Listener::Unresolvable)) +
                                      QStringLiteral(" -t ") + qt(topic));
        QCOMPARE(told.code, 1);
        ROW(told, "brokers", "fails: no-such-host.invalid:");
        ROW(told, "brokers", "advertise");
        ROW(told, "topic " + topic, "fails: ");
        QVERIFY2(told.out.contains("within 2 s") || !told.out.contains("within 60 s"), told.out);
    }

    void connections_stand_in_the_order_of_the_workspace() {
        const QString file = m_folder.filePath(QStringLiteral("three.weir.json"));
        const QString text =
            QStringLiteral(
                R"({"weir": {"version": 1, "least_reader": 1}, "name": "x", "connections": [)"
                R"({"name": "gone", "kind": "kafka", "address": "127.0.0.1:1"},)"
                R"({"name": "here", "kind": "kafka", "address": "%1"},)"
                R"({"name": "nowhere", "kind": "kafka", "address": "no-such-host.invalid:1"}]})")
                .arg(qt(m_broker.address()));
        QVERIFY(write_text(file.toStdString(), text.toStdString()));
        const Answer told = weir_says(QStringLiteral("doctor --json -q -w ") + file);
        QCOMPARE(told.code, 3);
        const QJsonArray all = told.json()[QStringLiteral("connections")].toArray();
        QCOMPARE(all.size(), 3);
        const char* const names[] = {"gone", "here", "nowhere"};
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(all[i][QStringLiteral("connection")].toString(), QString::fromUtf8(names[i]));
            QVERIFY(row(told, "reachable", i)
                        .startsWith(i == 1 ? QStringLiteral("works") : QStringLiteral("fails")));
        }
    }
};

QTEST_GUILESS_MAIN(TestDoctorCommand)
#include "tst_doctor_command.moc"
