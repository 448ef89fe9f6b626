// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader of a stream is told of an outage.
#include <QtTest>

#include "app/cli/outage.h"

using namespace weir;
using namespace weir::cli;
using namespace std::chrono_literals;

namespace {

/// What is said, and a clock that only the test moves.
struct Story {
    std::FILE* said = std::tmpfile();
    Console console{stdout, said};
    std::string cause;
    Outage outage{console, [this] { return cause; }};
    Outage::Clock::time_point now;

    ~Story() { std::fclose(said); }
    void note(PartitionNote note, int partition, std::int64_t at = 0,
              const char* why = "no leader") {
        PartitionEvent event{"raw", PartitionId(partition), note, Offset(at), Offset(at), {}};
        event.error.what = why;
        outage.take(event, now);
    }
    /// The lines that came since the last call.
    QByteArray lines_after(std::chrono::milliseconds time) {
        now += time;
        outage.tell(now);
        std::fseek(said, read, SEEK_SET);
        QByteArray lines(4096, '\0');
        lines.resize(static_cast<qsizetype>(std::fread(lines.data(), 1, 4096, said)));
        read += lines.size();
        return lines;
    }
    long read = 0;
};

constexpr auto enough = Outage::settle + 1ms;

} // namespace

class TestOutage : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void one_line_for_an_outage_and_one_for_its_end() {
        Story story;
        story.cause = "shop: the broker refuses connections";
        for (int p = 0; p < 6; ++p)
            story.note(PartitionNote::Failed, p);
        QCOMPARE(story.lines_after(10ms), QByteArray()); // more may come
        QCOMPARE(story.lines_after(enough),
                 QByteArray("weir: reading 6 partitions is interrupted: shop: the broker refuses "
                            "connections\n"));
        for (int p = 0; p < 6; ++p)
            story.note(PartitionNote::Failed, p); // again: no news
        QCOMPARE(story.lines_after(enough), QByteArray());
        for (int p = 0; p < 4; ++p)
            story.note(PartitionNote::Recovered, p, 10);
        QCOMPARE(story.lines_after(enough), QByteArray()); // the rest may follow
        QCOMPARE(story.lines_after(Outage::settle_partly),
                 QByteArray("weir: reading again in 4 partitions, each where it stopped; 2 "
                            "partitions still interrupted\n"));
        story.note(PartitionNote::Recovered, 4, 10);
        story.note(PartitionNote::Recovered, 5, 10);
        QCOMPARE(story.lines_after(enough),
                 QByteArray("weir: reading again in 2 partitions, each where it stopped\n"));
    }

    void what_notices_the_same_outage_later_is_no_news() {
        Story story;
        story.cause = "shop: the broker refuses connections";
        story.note(PartitionNote::Failed, 0);
        story.note(PartitionNote::Failed, 1);
        QVERIFY(story.lines_after(enough).startsWith("weir: reading 2 partitions is interrupted"));
        story.note(PartitionNote::Failed, 2);
        QCOMPARE(story.lines_after(enough), QByteArray());
        story.cause.clear(); // it answers, but not for this one
        story.note(PartitionNote::Failed, 3, 0, "it has no leader");
        QCOMPARE(story.lines_after(enough), QByteArray("weir: raw/3: it has no leader\n"));
        for (int p = 0; p < 4; ++p)
            story.note(PartitionNote::Recovered, p, 10);
        QCOMPARE(story.lines_after(enough),
                 QByteArray("weir: reading again in 4 partitions (1 had stopped later), each where "
                            "it stopped\n"));
    }

    void a_single_partition_is_told_by_its_name() {
        Story story;
        story.note(PartitionNote::Failed, 3, 0, "it has no leader");
        QCOMPARE(story.lines_after(enough), QByteArray("weir: raw/3: it has no leader\n"));
        story.note(PartitionNote::Recovered, 3, 42);
        QCOMPARE(story.lines_after(enough),
                 QByteArray("weir: raw/3: reading again at offset 42\n"));
    }

    void what_heals_at_once_is_no_news() {
        Story story;
        story.note(PartitionNote::Failed, 0);
        story.note(PartitionNote::Recovered, 0, 7);
        QCOMPARE(story.lines_after(enough), QByteArray());
        story.note(PartitionNote::Failed, 0);
        QVERIFY(!story.lines_after(enough).isEmpty());
        story.note(PartitionNote::Gone, 0); // which has a line of its own
        QCOMPARE(story.lines_after(enough), QByteArray());
        story.note(PartitionNote::Recovered, 0, 7);
        QCOMPARE(story.lines_after(enough), QByteArray());
    }

    void a_recovery_that_did_not_last_is_not_told() {
        Story story;
        story.note(PartitionNote::Failed, 0);
        story.note(PartitionNote::Failed, 1);
        QVERIFY(story.lines_after(enough).startsWith("weir: reading 2 partitions is interrupted"));
        story.note(PartitionNote::Recovered, 0, 7);
        story.note(PartitionNote::Failed, 0);
        QCOMPARE(story.lines_after(enough), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestOutage)
#include "tst_outage.moc"
