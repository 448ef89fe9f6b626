// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// The way of somebody who tries Weir out on a cluster of their own: mark it, fill it, read it back.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

QList<QByteArray> sorted_lines(const QByteArray& text) {
    QList<QByteArray> lines = text.split('\n');
    std::sort(lines.begin(), lines.end());
    return lines;
}

} // namespace

class TestWholePath : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;

    QString on() const {
        return QStringLiteral(" -b ") + QString::fromStdString(m_broker->address());
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_broker = KafkaBroker::start().value();
    }

    void before_it_is_marked_nothing_is_written() {
        const Answer refused = weir_says(QStringLiteral("generate -n 10 -t raw_events") + on());
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("weir sandbox --init"), refused.err);
        QCOMPARE(weir_says(QStringLiteral("sandbox --check") + on()).code, 2);
        QVERIFY(KafkaTool(*m_broker).topics().value().empty());
    }

    void what_is_generated_is_read_back_to_the_byte() {
        const Answer marked = weir_says(QStringLiteral("sandbox --init") + on());
        QVERIFY2(marked.code == 0, marked.err);
        QVERIFY(marked.out.contains(QByteArray::fromStdString(m_broker->cluster_id())));
        QCOMPARE(weir_says(QStringLiteral("sandbox --check") + on()).code, 0);

        const QString what = QStringLiteral("generate -n 5000 -s 7 --malformed 2%");
        const Answer written = weir_says(what + QStringLiteral(" --json -t raw_events") + on());
        QVERIFY2(written.code == 0, written.err);
        QCOMPARE(written.json()[QStringLiteral("events")].toInt(), 5000);
        const Answer same = weir_says(what);
        QCOMPARE(same.code, 0);

        const QStringList values = {QStringLiteral("-f"), QStringLiteral("%s\\n")};
        const Answer found = weir_says(QStringLiteral("search -q -t raw_events") + on(), values);
        QCOMPARE(found.code, 0);
        QCOMPARE(sorted_lines(found.out), sorted_lines(same.out));
        const Answer tailed =
            weir_says(QStringLiteral("tail -q --from @0 --exit -t raw_events") + on(), values);
        QCOMPARE(tailed.code, 0);
        QCOMPARE(sorted_lines(tailed.out), sorted_lines(same.out));

        const Answer counted = weir_says(QStringLiteral("count --json -t raw_events") + on());
        QCOMPARE(counted.json()[QStringLiteral("total")].toInt(), 5000);
        QVERIFY(counted.json()[QStringLiteral("complete")].toBool());
        const Answer by_type =
            weir_says(QStringLiteral("count --json --by type -t raw_events") + on());
        int sum = 0;
        for (const QJsonValue row : by_type.json()[QStringLiteral("counts")].toArray())
            sum += row[QStringLiteral("count")].toInt();
        QCOMPARE(sum, 5000);
    }

    void ids_beyond_a_doubles_digits_come_back_whole() {
        KafkaTool tool(*m_broker);
        VERIFY_OK(tool.create_topic("orders"));
        VERIFY_OK(
            tool.write("orders", {{.key = "k", .value = R"({"order":-7210194211959421178})"},
                                  {.key = "k", .value = R"({"order":-7210194211959421177})"},
                                  {.key = "k", .value = R"({"order":23958446825181076828})"}}));
        const Answer found = weir_says(QStringLiteral("search -q -t orders") + on(),
                                       {QStringLiteral("order == -7210194211959421178"),
                                        QStringLiteral("-f"), QStringLiteral("%s\\n")});
        QCOMPARE(found.out, QByteArray("{\"order\":-7210194211959421178}\n"));
        const Answer counted = weir_says(QStringLiteral("count -q --by order -t orders") + on());
        QVERIFY2(counted.out.contains("23958446825181076828\t1"), counted.out);
    }

    void having_read_a_marked_sandbox_does_not_close_it() {
        const Answer again = weir_says(QStringLiteral("generate -n 5 -t raw_events") + on());
        QVERIFY2(again.code == 0, again.err);
        const Answer counted = weir_says(QStringLiteral("count --json -t raw_events") + on());
        QCOMPARE(counted.json()[QStringLiteral("total")].toInt(), 5005);
    }

    void a_collector_does_with_a_scenarios_events_what_the_truth_says() {
        const auto total = [&](const char* topic) {
            return weir_says(QStringLiteral("count --json -t ") + QLatin1String(topic) + on())
                .json()[QStringLiteral("total")]
                .toInt();
        };
        const int raw_before = total("raw_events");
        const QString truth = m_folder.filePath(QStringLiteral("bad-day.truth"));
        const Answer made = weir_says(
            QStringLiteral("generate --scenario bad-day --seed 3 --for 20s --collect --json") +
                on(),
            {QStringLiteral("--truth"), truth});
        QVERIFY2(made.code == 0, made.err);
        const auto told = [&](const char* fate) {
            return made.json()[QLatin1String(fate)].toInt();
        };
        QVERIFY(told("warehouse") > 15'000 && told("invalid") > 100 && told("duplicate") > 100);
        QCOMPARE(total("raw_events") - raw_before, told("warehouse") + told("duplicate"));
        QCOMPARE(total("invalid_events"), told("invalid"));
        QVERIFY(QFile::exists(truth));
    }

    void the_doctor_tells_what_it_sees() {
        const Answer well = weir_says(QStringLiteral("doctor --json -t raw_events") + on());
        QVERIFY2(well.code == 0, well.out);
        QStringList checks;
        for (const QJsonValue check :
             well.json()[QStringLiteral("connections")][0][QStringLiteral("checks")].toArray())
            checks << check[QStringLiteral("check")].toString();
        for (const char* check : {"reachable", "cluster id", "broker version", "consumer groups",
                                  "topic raw_events", "clock"})
            QVERIFY2(checks.contains(QString::fromLatin1(check)), check);
        const Answer missing = weir_says(QStringLiteral("doctor -t not-there") + on());
        QCOMPARE(missing.code, 1);
        QVERIFY2(missing.out.contains("not-there does not exist"), missing.out);
    }
};

QTEST_GUILESS_MAIN(TestWholePath)
#include "tst_whole_path.moc"
