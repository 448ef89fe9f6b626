// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// weir lag on a real broker: its numbers are those of Kafka's own tool, and its verdicts those of
// what was done to the groups.
#include <QJsonArray>
#include <QProcess>
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

/// The row of a group's partition; empty: there is none.
QJsonObject row(const Answer& answer, const std::string& group, int partition = 0) {
    const QJsonArray rows = answer.json()[QStringLiteral("groups")].toArray();
    for (const QJsonValue& one : rows)
        if (one[QStringLiteral("group")].toString() == qt(group) &&
            one[QStringLiteral("partition")].toInt() == partition)
            return one.toObject();
    return {};
}

QString verdict(const QJsonObject& row) {
    return row[QStringLiteral("verdict")].toString();
}

QString reason(const QJsonObject& row) {
    return row[QStringLiteral("reason")].toString();
}

std::vector<TestRecord> records(int count, int partition = 0) {
    return std::vector<TestRecord>(static_cast<std::size_t>(count),
                                   {.value = "some record", .partition = partition});
}

} // namespace

#define VERDICT(row, expected, words)                                                              \
    do {                                                                                           \
        const QJsonObject verdict_row = (row);                                                     \
        QVERIFY2(verdict(verdict_row) == QLatin1String(expected) &&                                \
                     reason(verdict_row).contains(QLatin1String(words)),                           \
                 qPrintable(verdict(verdict_row) + QStringLiteral(": ") + reason(verdict_row)));   \
    } while (false)

class TestLagCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;

    Answer lag(const std::string& group, const QStringList& more = {}) const {
        return weir_says(QStringLiteral("lag --json -q -b ") + qt(m_broker.address()),
                         QStringList{QStringLiteral("--group"), qt(group)} + more);
    }
    std::string topic_of(int partitions = 1) {
        const std::string topic = unique_name("lag");
        if (!m_tool.create_topic(topic, partitions))
            qFatal("no topic");
        return topic;
    }

    // What was done to three groups, and what is said of them after having looked for a while.
    std::string m_stopped, m_poison, m_blocked;
    std::unique_ptr<GroupMember> m_member;       // of m_poison; it never commits
    std::unique_ptr<TransactionalWriter> m_open; // what m_blocked waits for
    Answer m_trend;

  private Q_SLOTS:
    void initTestCase();
    void numbers_are_those_of_kafkas_own_tool();
    void at_once_it_tells_the_age_and_no_trend();
    void a_stopped_worker();
    void a_poison_message();
    void what_was_seen_before_counts();
    void what_was_committed_before_counts();
    void a_transactional_topic_read_to_its_end();
    void an_open_transaction();
    void a_topic_made_again_with_fewer_partitions();
    void set_back();
    void retention_has_passed_it();
    void a_group_of_the_new_protocol();
    void without_the_right_to_list();
    void the_text_says_what_to_do();
    void watched_it_prints_a_document_a_line();
    void words_that_are_wrong();
};

void TestLagCommand::initTestCase() {
    qputenv("WEIR_BACKLOG", m_folder.path().toUtf8()); // the first run knows no history
    m_stopped = unique_name("stopped");
    std::string topic = topic_of();
    VERIFY_OK(m_tool.write(topic, records(20)));
    VERIFY_OK(m_tool.commit(m_stopped, topic, {{0, 5}}));

    m_poison = unique_name("it's poison");
    topic = topic_of(2);
    VERIFY_OK(m_tool.write(topic, records(9, 0)));
    VERIFY_OK(m_tool.write(topic, records(3, 1)));
    VERIFY_OK(m_tool.commit(m_poison, topic, {{0, 4}, {1, 3}}));
    auto member = GroupMember::join(m_broker, m_poison, topic);
    VERIFY_OK(member);
    m_member = std::move(member).value();

    m_blocked = unique_name("blocked");
    topic = topic_of();
    VERIFY_OK(m_tool.write(topic, records(2)));
    m_open = std::make_unique<TransactionalWriter>(m_broker, unique_name("tx"));
    VERIFY_OK(m_open->begin());
    VERIFY_OK(m_open->write(topic, records(1)));
    VERIFY_OK(m_tool.write(topic, records(5))); // behind it, and not to be had
    VERIFY_OK(m_tool.commit(m_blocked, topic, {{0, 2}}));

    m_trend =
        weir_says(QStringLiteral("lag --json -q --for 24s --every 4s -b ") + qt(m_broker.address()),
                  {QStringLiteral("-G"), qt(m_stopped), QStringLiteral("-G"), qt(m_poison),
                   QStringLiteral("-G"), qt(m_blocked)});
}

void TestLagCommand::numbers_are_those_of_kafkas_own_tool() {
    const std::string topic = topic_of(4);
    const std::string group = unique_name("compared");
    for (int p = 0; p < 4; ++p)
        VERIFY_OK(m_tool.write(topic, records(10 * (p + 1), p)));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 10}, {1, 7}, {3, 0}})); // 2 was never committed
    const auto said = m_broker.run_tool(
        "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
        {"--bootstrap-server", m_broker.address(), "--describe", "--group", group});
    VERIFY_OK(said);
    const Answer answer = lag(group);
    int compared = 0;
    const QStringList lines = qt(*said).split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG …
        const QStringList words = line.simplified().split(QLatin1Char(' '));
        if (words.size() < 6 || words[1] != qt(topic))
            continue;
        const QJsonObject ours = row(answer, group, words[2].toInt());
        QCOMPARE(ours[QStringLiteral("committed")].toInteger(), words[3].toLongLong());
        QCOMPARE(ours[QStringLiteral("end")].toInteger(), words[4].toLongLong());
        QCOMPARE(ours[QStringLiteral("lag_messages")].toInteger(), words[5].toLongLong());
        ++compared;
    }
    QVERIFY2(compared == 3, said->c_str());
    QCOMPARE(answer.json()[QStringLiteral("groups")].toArray().size(), 3);
}

void TestLagCommand::at_once_it_tells_the_age_and_no_trend() {
    const std::string topic = topic_of();
    const std::string group = unique_name("at-once");
    const std::int64_t hour_ms = 3'600'000;
    VERIFY_OK(m_tool.write(
        topic, {TestRecord{.value = "old", .timestamp_ms = Micros::now().ms() - hour_ms}}));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 0}}));
    const Answer answer = lag(group);
    QCOMPARE(answer.code, 0); // UNKNOWN is no finding
    const QJsonObject one = row(answer, group);
    VERDICT(one, "UNKNOWN", "1 offset unread");
    QCOMPARE(one[QStringLiteral("lag_s_method")].toString(), QStringLiteral("exact"));
    const double lag_s = one[QStringLiteral("lag_s")].toDouble();
    QVERIFY2(lag_s >= 3600 && lag_s < 3900, qPrintable(QString::number(lag_s)));
    QVERIFY(one[QStringLiteral("rate_in")].isNull() && one[QStringLiteral("drain_s")].isNull());
    QCOMPARE(one[QStringLiteral("next_unread")][QStringLiteral("offset")].toInt(), 0);
    QVERIFY(one[QStringLiteral("next_unread")][QStringLiteral("time")].toString().endsWith(
        QLatin1Char('Z')));
    const QStringList members{
        QStringLiteral("committed"),    QStringLiteral("drain_s"),      QStringLiteral("end"),
        QStringLiteral("group"),        QStringLiteral("lag_messages"), QStringLiteral("lag_s"),
        QStringLiteral("lag_s_method"), QStringLiteral("next_unread"),  QStringLiteral("partition"),
        QStringLiteral("rate_in"),      QStringLiteral("rate_out"),     QStringLiteral("reason"),
        QStringLiteral("topic"),        QStringLiteral("verdict")};
    QCOMPARE(one.keys(), members);
}

void TestLagCommand::a_stopped_worker() {
    QCOMPARE(m_trend.code, 1);
    VERDICT(row(m_trend, m_stopped), "STOPPED", "the group has no members");
    QCOMPARE(row(m_trend, m_stopped)[QStringLiteral("rate_out")].toDouble(-1), 0.0);
}

void TestLagCommand::a_poison_message() {
    VERDICT(row(m_trend, m_poison, 0), "STALLED", "next unread is offset 4 (11 bytes)");
    VERDICT(row(m_trend, m_poison, 0), "STALLED", "assigned to rdkafka at ");
    VERDICT(row(m_trend, m_poison, 1), "OK", "everything is read");
}

void TestLagCommand::what_was_seen_before_counts() {
    VERDICT(row(lag(m_stopped), m_stopped), "STOPPED", "no progress for at least"); // at once
    QCOMPARE(verdict(row(lag(m_stopped, {QStringLiteral("--no-history")}), m_stopped)),
             QStringLiteral("UNKNOWN"));
}

/// Nobody looked; brokers keep what it committed.
void TestLagCommand::what_was_committed_before_counts() {
    const QStringList from_commits{QStringLiteral("--no-history"), QStringLiteral("--from-commits"),
                                   QStringLiteral("1h")};
    VERDICT(row(lag(m_stopped, from_commits), m_stopped), "STOPPED", "no progress for at least");
    VERDICT(row(lag(m_poison, from_commits), m_poison), "STALLED", "next unread is offset 4");
}

void TestLagCommand::a_transactional_topic_read_to_its_end() {
    const std::string topic = topic_of();
    const std::string group = unique_name("transactional");
    TransactionalWriter writer(m_broker, unique_name("tx"));
    VERIFY_OK(writer.begin());
    VERIFY_OK(writer.write(topic, records(3)));
    VERIFY_OK(writer.commit());
    VERIFY_OK(m_tool.commit(group, topic, {{0, 3}})); // 3 is the transaction's marker
    const Answer answer = lag(group);
    QCOMPARE(answer.code, 0);
    const QJsonObject one = row(answer, group);
    QCOMPARE(one[QStringLiteral("lag_messages")].toInt(), 1); // as Kafka's own tool has it
    VERDICT(one, "OK", "the last offset holds no record");
    QCOMPARE(one[QStringLiteral("lag_s")].toDouble(-1), 0.0);
    QVERIFY(one[QStringLiteral("next_unread")].isNull());
}

void TestLagCommand::an_open_transaction() {
    VERDICT(row(m_trend, m_blocked), "BLOCKED", "it holds the last stable offset at 2");
}

void TestLagCommand::a_topic_made_again_with_fewer_partitions() {
    const std::string topic = topic_of(3);
    const std::string group = unique_name("again");
    for (int p = 0; p < 3; ++p)
        VERIFY_OK(m_tool.write(topic, records(9, p)));
    const Answer before = lag(group);
    QCOMPARE(before.code, 1); // there is no such group
    VERIFY_OK(m_tool.delete_topic(topic));
    VERIFY_OK(m_tool.create_topic(topic, 1));
    VERIFY_OK(m_tool.write(topic, records(2)));
    // What is left of a group that had read the old topic (Kafka 4 drops it with the topic).
    VERIFY_OK(m_tool.commit(group, topic, {{0, 9}}));
    const Answer answer = lag(group);
    QCOMPARE(answer.code, 1);
    QCOMPARE(row(answer, group)[QStringLiteral("lag_messages")].toInt(), -7);
    VERDICT(row(answer, group), "LOST", "lies beyond the log's end 2");
}

void TestLagCommand::set_back() {
    const std::string topic = topic_of();
    const std::string group = unique_name("rewound");
    VERIFY_OK(m_tool.write(topic, records(50)));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 40}}));
    QCOMPARE(verdict(row(lag(group), group)), QStringLiteral("UNKNOWN"));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 10}}));
    const Answer answer = lag(group);
    QCOMPARE(answer.code, 1);
    VERDICT(row(answer, group), "REWOUND", "set back from 40 to 10");
    VERIFY_OK(m_tool.commit(group, topic, {{0, 50}}));
    VERDICT(row(lag(group), group), "OK", "everything is read");
}

void TestLagCommand::retention_has_passed_it() {
    const std::string topic = topic_of();
    const std::string group = unique_name("lost");
    VERIFY_OK(m_tool.write(topic, records(50)));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 10}}));
    VERIFY_OK(m_tool.delete_records(topic, 0, 30));
    const Answer answer = lag(group);
    QCOMPARE(answer.code, 1);
    VERDICT(row(answer, group), "LOST", "20 offsets were deleted unread");
    const Answer text =
        weir_says({QStringLiteral("lag"), QStringLiteral("-q"), QStringLiteral("-b"),
                   qt(m_broker.address()), QStringLiteral("-G"), qt(group)});
    QVERIFY2(text.out.contains("--reset-offsets --to-offset 30 --execute"), text.out.constData());
}

/// This librdkafka lists such a group as stable, and describes it as dead.
void TestLagCommand::a_group_of_the_new_protocol() {
    if (m_broker.version().rfind("4.", 0) != 0)
        QSKIP("groups of the consumer protocol are a matter of Kafka 4");
    const std::string topic = topic_of();
    const std::string group = unique_name("consumer-protocol");
    VERIFY_OK(m_tool.write(topic, records(6)));
    // Kafka's own consumer reads two records, commits, and stays on for as long as it waits.
    QProcess consumer;
    consumer.start(
        QStringLiteral("java"),
        {QStringLiteral("-Xmx128m"), QStringLiteral("-cp"),
         qt(*m_broker.tools()) + QStringLiteral("/*"),
         QStringLiteral("org.apache.kafka.tools.consumer.ConsoleConsumer"),
         QStringLiteral("--bootstrap-server"), qt(m_broker.address()), QStringLiteral("--topic"),
         qt(topic), QStringLiteral("--from-beginning"), QStringLiteral("--consumer-property"),
         QStringLiteral("group.protocol=consumer"), QStringLiteral("--consumer-property"),
         QStringLiteral("group.id=") + qt(group)});
    QVERIFY(consumer.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(verdict(row(lag(group), group)) == QStringLiteral("OK"), 90'000);
    VERIFY_OK(m_tool.write(topic, records(4)));
    const Answer answer = lag(group);
    QVERIFY2(!row(answer, group).isEmpty(), answer.out.constData());
    QVERIFY(verdict(row(answer, group)) != QStringLiteral("STOPPED"));
    const Answer text =
        weir_says({QStringLiteral("lag"), QStringLiteral("-q"), QStringLiteral("-b"),
                   qt(m_broker.address()), QStringLiteral("-G"), qt(group)});
    QVERIFY2(text.out.contains("members not visible to this client"), text.out.constData());
    consumer.kill();
    QVERIFY(consumer.waitForFinished());
}

void TestLagCommand::without_the_right_to_list() {
    const std::string topic = topic_of();
    const std::string group = unique_name("hidden");
    VERIFY_OK(m_tool.write(topic, records(5)));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 5}}));
    qputenv("WEIR_LAG_PASSWORD", "stranger-secret");
    const QStringList as_stranger{QStringLiteral("lag"),
                                  QStringLiteral("-b"),
                                  qt(m_broker.address(Listener::SaslPlaintext)),
                                  QStringLiteral("-X"),
                                  QStringLiteral("security.protocol=sasl_plaintext"),
                                  QStringLiteral("-X"),
                                  QStringLiteral("sasl.mechanism=PLAIN"),
                                  QStringLiteral("-X"),
                                  QStringLiteral("sasl.username=stranger"),
                                  QStringLiteral("-X"),
                                  QStringLiteral("sasl.password=env:WEIR_LAG_PASSWORD")};
    VERIFY_OK(m_tool.forbid_all("stranger")); // an earlier try may have been here
    Answer listed;
    QTRY_VERIFY_WITH_TIMEOUT((listed = weir_says(as_stranger)).err.contains("no consumer group"),
                             20'000);
    QCOMPARE(listed.code, 1);
    QVERIFY2(listed.err.contains("no consumer group is listed") &&
                 listed.err.contains("the right DESCRIBE"),
             listed.err.constData());
    const Answer named = weir_says(as_stranger + QStringList{QStringLiteral("--group"), qt(group)});
    QCOMPARE(named.code, 1);
    QVERIFY2(named.out.contains("UNKNOWN") && named.out.contains("not permitted"),
             named.out.constData());
    // With the right on the group, but not on its topic, nothing of the topic is told.
    VERIFY_OK(m_tool.allow("stranger", "DESCRIBE", "GROUP", group));
    const Answer seen = weir_says(as_stranger + QStringList{QStringLiteral("--json")});
    QVERIFY2(seen.out.contains("\"groups\":["), seen.out.constData());
    QVERIFY(!seen.out.contains(topic.c_str()));
    VERIFY_OK(m_tool.allow("stranger", "DESCRIBE", "TOPIC", topic));
    const auto whole = [&] {
        return weir_says(as_stranger + QStringList{QStringLiteral("--json")});
    };
    QTRY_COMPARE_WITH_TIMEOUT(verdict(row(whole(), group)), QStringLiteral("OK"), 20'000);
    // What was before is not to be had; what is now is.
    const Answer before = weir_says(
        as_stranger + QStringList{QStringLiteral("--from-commits"), QStringLiteral("1h")});
    QVERIFY2(before.err.contains("READ on the topic __consumer_offsets"), before.err.constData());
    QVERIFY2(before.out.contains("  OK  "), before.out.constData());
}

void TestLagCommand::the_text_says_what_to_do() {
    const Answer answer = weir_says({QStringLiteral("lag"), QStringLiteral("-b"),
                                     qt(m_broker.address()), QStringLiteral("-G"), qt(m_poison)});
    const QString text = QString::fromUtf8(answer.out);
    QVERIFY2(text.contains(QStringLiteral("STALLED")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("(stable, 1 member)")), qPrintable(text));
    // What is to be copied is quoted, and reads the very record.
    const QString begin = QStringLiteral("read it:  ");
    const qsizetype at = text.indexOf(begin);
    QVERIFY2(at >= 0, qPrintable(text));
    const QString line = text.mid(at + begin.size()).section(QLatin1Char('\n'), 0, 0);
    const QByteArray read = shell_says(line);
    QVERIFY2(read.contains("\"offset\":4"),
             qPrintable(line + QLatin1Char(u'\n') + QString::fromUtf8(read)));
    QVERIFY2(text.contains(QStringLiteral(":0 --reset-offsets --to-offset 5 --execute")),
             qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("Weir does not run this")), qPrintable(text));
}

void TestLagCommand::watched_it_prints_a_document_a_line() {
    const std::string topic = topic_of();
    const std::string group = unique_name("watched");
    VERIFY_OK(m_tool.write(topic, records(5)));
    VERIFY_OK(m_tool.commit(group, topic, {{0, 5}}));
    QProcess watch;
    watch.start(weir_program(),
                {QStringLiteral("lag"), QStringLiteral("-b"), qt(m_broker.address()),
                 QStringLiteral("-G"), qt(group), QStringLiteral("--json"),
                 QStringLiteral("--watch"), QStringLiteral("--every"), QStringLiteral("100ms")});
    QByteArray out;
    const auto lines = [&] {
        watch.waitForReadyRead(100);
        out += watch.readAllStandardOutput();
        return out.count('\n');
    };
    QTRY_VERIFY_WITH_TIMEOUT(lines() >= 3, 60'000);
    watch.terminate();
    QVERIFY(watch.waitForFinished());
    QCOMPARE(watch.exitCode(), 0); // all is read
    const QJsonDocument first = QJsonDocument::fromJson(out.left(out.indexOf('\n')));
    QCOMPARE(first[QStringLiteral("groups")].toArray().size(), 1);
}

void TestLagCommand::words_that_are_wrong() {
    QCOMPARE(lag("g", {QStringLiteral("--for"), QStringLiteral("soon")}).code, 2);
    QCOMPARE(lag("g", {QStringLiteral("--from-commits"), QStringLiteral("0s")}).code, 2);
    QCOMPARE(lag("g", {QStringLiteral("--topic"), QStringLiteral("^(")}).code, 2);
    const Answer nobody = weir_says(QStringLiteral("lag -b 127.0.0.1:1 --timeout 2s"));
    QCOMPARE(nobody.code, 3);
}

QTEST_GUILESS_MAIN(TestLagCommand)
#include "tst_lag_command.moc"
