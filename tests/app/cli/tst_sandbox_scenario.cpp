// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox --scenario: a bad minute is played from beginning to end, and weir truth agrees.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/weir_command.h"

using namespace weir::test;

namespace {

/// Four incidents and the broker away, all within a quarter of a minute.
constexpr const char* bad_minute = R"({"weir_scenario": 1, "name": "bad minute",
    "events_per_s": 150, "duration": "15 s", "population": {"users": 500, "sessions": 100},
    "faults": [
    {"fault": "retry_same_id", "share": 0.05, "after": "1 s"},
    {"fault": "stalled_worker", "stage": "enrich", "from": "2 s", "until": "5 s"},
    {"fault": "new_app_version", "app_version": "9.0", "share": 0.5, "from": "4 s"},
    {"fault": "wrong_type", "share": 0.5, "where": {"app_version": ["9.0"]}},
    {"fault": "slow_worker", "stage": "load", "events_per_s": 40, "from": "6 s", "until": "9 s"},
    {"fault": "silent_drop", "stage": "enrich", "share": 0.2, "from": "8 s", "until": "12 s"},
    {"fault": "broker_outage", "from": "12 s", "until": "14 s"}]})";

} // namespace

class TestSandboxScenario : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_scenario;

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_scenario = m_folder.filePath(QStringLiteral("minute.json"));
        QFile file(m_scenario);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bad_minute) > 0);
    }

    void the_warehouse_holds_what_the_truth_says() {
        const QString address =
            QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("rows.sqlite"));
        const QString truth = m_folder.filePath(QStringLiteral("minute.truth"));
        QCOMPARE(weir_says(QStringLiteral("sandbox --init --warehouse ") + address).code, 0);
        const Answer played = weir_says(
            QStringLiteral("sandbox --bootstrap embedded --seed 3 --json --scenario"),
            {m_scenario, QStringLiteral("--truth"), truth, QStringLiteral("--warehouse"), address});
        QVERIFY2(played.code == 0, QByteArray(played.out + played.err).constData());
        const QList<QByteArray> lines = played.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 3); // ready, what was planted, what was done
        const QJsonObject planted = QJsonDocument::fromJson(lines[1]).object();
        QCOMPARE(planted[QStringLiteral("end")].toString(), QStringLiteral("whole"));
        QVERIFY(planted[QStringLiteral("lost")].toInt() > 50);
        QVERIFY(planted[QStringLiteral("invalid")].toInt() > 10);
        const QJsonObject done = QJsonDocument::fromJson(lines[2]).object();
        QCOMPARE(done[QStringLiteral("invalid")].toInt(),
                 planted[QStringLiteral("invalid")].toInt());

        const Answer said = weir_says(QStringLiteral("truth --json"),
                                      {truth, QStringLiteral("--warehouse"), address});
        QVERIFY2(said.code == 0, QByteArray(said.out + said.err).constData());
        QCOMPARE(said.json()[QStringLiteral("events")][QStringLiteral("rows")].toInt(),
                 planted[QStringLiteral("warehouse")].toInt());
        QFile file(truth);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QCOMPARE(text.count("\"carried_out\":true"), 4);
        QCOMPARE(text.count("\"lost_by\":\"enrich\""), planted[QStringLiteral("lost")].toInt());
    }

    void without_a_warehouse_the_stages_that_need_none_work() {
        const Answer played = weir_says(
            QStringLiteral("sandbox --bootstrap embedded --for 3s --scenario steady --rate 50"));
        QVERIFY2(played.code == 0, played.err.constData());
        QVERIFY2(played.err.contains("150 events: 150 warehouse"), played.err.constData());
        QVERIFY2(played.err.contains("weir: enrich: 150 in, 150 out"), played.err.constData());
    }

    void what_cannot_be_played_is_told_before_anything_starts_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* line, const char* said) {
            QTest::newRow(name) << QString::fromUtf8(line) << QString::fromUtf8(said);
        };
        row("no scenario", "--http 0 -b embedded --truth t", "--truth goes with a scenario");
        row("an unheard of one", "-b embedded --scenario stedy", "steady");
        row("not to be skipped", "-b embedded --scenario steady --skip burst",
            "stalled_worker, slow_worker, silent_drop, broker_outage");
        row("repairs", "-b embedded --scenario steady --remedies r.json",
            "what no scenario's truth tells");
        row("a stage that does not run", "-b embedded --scenario incidents --stages deduplicate",
            "stalled_worker of enrich, 30 s after the beginning: no such stage runs here");
        row("too much", "-b embedded --scenario week", "the cluster inside Weir has room for");
        row("a broker of others",
            "-b 127.0.0.1:1 --warehouse sqlite:x --scenario bad-day --stages all",
            "--skip broker_outage");
    }
    void what_cannot_be_played_is_told_before_anything_starts() {
        QFETCH(QString, line);
        QFETCH(QString, said);
        const Answer answer = weir_says(QStringLiteral("sandbox ") + line);
        QVERIFY2(answer.code == 2, answer.err.constData());
        QVERIFY2(answer.err.contains(said.toUtf8()), answer.err.constData());
        QVERIFY(answer.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSandboxScenario)
#include "tst_sandbox_scenario.moc"
