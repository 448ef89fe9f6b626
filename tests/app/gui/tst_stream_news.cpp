// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of the logs while they were read, as the status bar tells it.
#include <QTest>

#include "app/gui/stream_news.h"

using namespace weir;

namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::int64_t two_us = 1'795'226'400'000'000; // 2026-11-21T02:00:00Z

IngestNote note(PartitionNote what, const std::string& topic, int partition, std::int64_t from,
                std::int64_t to, std::int64_t minutes) {
    return {{topic, PartitionId(partition), what, Offset(from), Offset(to), {}},
            Micros(two_us + minutes * minute_us)};
}

kafka::PartitionProgress read_to(const std::string& topic, std::int64_t next) {
    kafka::PartitionProgress progress;
    progress.topic = topic;
    progress.next = Offset(next);
    return progress;
}

} // namespace

class TestStreamNews : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void a_topic_made_again_is_one_piece_of_news_with_its_time() {
        const auto fact = news_fact({note(PartitionNote::Recreated, "orders", 0, 0, 0, 2),
                                     note(PartitionNote::Recreated, "orders", 1, 0, 7, 2)},
                                    {}, ZoneClock());
        QVERIFY(fact.has_value());
        QCOMPARE(fact->text, QStringLiteral("▲ orders made again 02:02"));
        QVERIFY(fact->strong);
        QCOMPARE(fact->tooltip,
                 QStringLiteral("2026-11-21 02:02:00 UTC  orders/1: the topic was deleted and made "
                                "again; what is below offset 7 may come twice\n"
                                "2026-11-21 02:02:00 UTC  orders/0: the topic was deleted and made "
                                "again"));
    }

    void the_newest_comes_first_and_the_rest_is_counted() {
        const auto fact = news_fact({note(PartitionNote::Recreated, "orders", 0, 0, 0, 2),
                                     note(PartitionNote::Cut, "carts", 3, 40, 50, 9)},
                                    {}, ZoneClock());
        QVERIFY(fact.has_value());
        QCOMPARE(fact->text, QStringLiteral("▲ carts/3 lost records 02:09, 1 more"));
        QVERIFY(
            fact->tooltip.contains(QStringLiteral("carts/3: the broker lost offsets 40 to 49")));
    }

    void a_transaction_is_told_until_it_has_been_read_past() {
        const std::vector<IngestNote> open = {
            note(PartitionNote::OpenTransaction, "orders", 0, 10, 15, 0)};
        const auto fact = news_fact(open, {read_to("orders", 10)}, ZoneClock());
        QVERIFY(fact.has_value());
        QCOMPARE(fact->text, QStringLiteral("◐ orders/0 open transaction 02:00"));
        QVERIFY(fact->tooltip.contains(QStringLiteral("offsets 10 to 14")));
        QVERIFY(!news_fact(open, {read_to("orders", 15)}, ZoneClock()));
    }

    void what_is_told_elsewhere_is_no_news_and_names_steer_nothing() {
        QVERIFY(!news_fact({note(PartitionNote::Failed, "orders", 0, 0, 0, 0),
                            note(PartitionNote::Recovered, "orders", 0, 0, 0, 0),
                            note(PartitionNote::Truncated, "orders", 0, 0, 5, 0)},
                           {}, ZoneClock()));
        const auto fact =
            news_fact({note(PartitionNote::Cut, "a\nb\u202e", 0, 0, 5, 0)}, {}, ZoneClock());
        QVERIFY2(fact->text.contains(QStringLiteral("a\\nb\\u202e")), qPrintable(fact->text));
        QVERIFY(!fact->tooltip.contains(u'\n'));
    }

    void many_are_counted_not_listed() {
        std::vector<IngestNote> many;
        for (int i = 0; i < 20; ++i)
            many.push_back(note(PartitionNote::Cut, "orders", i, 0, 5, i));
        const auto fact = news_fact(many, {}, ZoneClock());
        QCOMPARE(fact->tooltip.count(u'\n'), qsizetype{news_lines_max});
        QVERIFY2(fact->tooltip.endsWith(QStringLiteral("and 8 more")), qPrintable(fact->tooltip));
    }
};

QTEST_GUILESS_MAIN(TestStreamNews)
#include "tst_stream_news.moc"
