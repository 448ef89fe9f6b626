// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <array>

#include "app/cli/open_transactions.h"

using namespace weir;
using namespace weir::cli;
using namespace std::chrono_literals;

namespace {

using Clock = OpenTransactions::Clock;

/// A partition of orders that is read up to its last stable offset.
kafka::PartitionProgress held_at(std::int64_t last_stable, std::int64_t end) {
    kafka::PartitionProgress at;
    at.topic = "orders";
    at.partition = PartitionId(3);
    at.next = at.last_stable = Offset(last_stable);
    at.end = Offset(-1);
    at.end_seen = Offset(end);
    at.state = kafka::ReadState::AtEnd;
    return at;
}

struct Told {
    std::FILE* out = std::tmpfile();
    std::FILE* err = std::tmpfile();
    Console console{out, err};
    OpenTransactions transactions{console};
    ~Told() {
        std::fclose(out);
        std::fclose(err);
    }
    std::string text() const {
        std::rewind(err);
        std::array<char, 4096> buffer{};
        return {buffer.data(), std::fread(buffer.data(), 1, buffer.size(), err)};
    }
};

} // namespace

/// What tail says of transactions that hold records back.
class TestOpenTransactions : public QObject {
    Q_OBJECT
    const Clock::time_point m_start = Clock::now();

  private Q_SLOTS:
    void one_that_stands_is_told_once() {
        Told told;
        told.transactions.look({held_at(4, 9)}, m_start);
        QVERIFY(!told.transactions.due(m_start + 100ms));
        QVERIFY(told.transactions.due(m_start + 1s));
        told.transactions.look({held_at(4, 9)}, m_start + 4s);
        QCOMPARE(told.text(), std::string());
        told.transactions.look({held_at(4, 9)}, m_start + 5s);
        const std::string line = "weir: orders/3: a transaction is open; offsets 4 to 8 can be "
                                 "read when it has ended\n";
        QCOMPARE(told.text(), line);
        told.transactions.look({held_at(4, 12)}, m_start + 60s);
        QCOMPARE(told.text(), line);
    }
    void those_that_come_and_go_are_not() {
        Told told;
        for (int second = 0; second < 20; ++second)
            told.transactions.look({held_at(4 + second, 9 + second)},
                                   m_start + std::chrono::seconds(second));
        told.transactions.look({held_at(40, 40)}, m_start + 20s);
        told.transactions.look({held_at(40, 41)}, m_start + 24s); // begins anew
        told.transactions.look({held_at(40, 41)}, m_start + 28s);
        QCOMPARE(told.text(), std::string());
    }
    void a_reading_with_an_end_tells_what_it_left() {
        Told told;
        kafka::PartitionProgress whole = held_at(9, 9);
        whole.partition = PartitionId(2);
        whole.end = Offset(9);
        whole.state = kafka::ReadState::Finished;
        kafka::PartitionProgress left = held_at(4, 9);
        left.end = Offset(9);
        left.state = kafka::ReadState::Finished;
        kafka::PartitionProgress stopped = left; // enough was printed
        stopped.state = kafka::ReadState::Reading;
        kafka::PartitionProgress to_come = whole; // its end lies beyond all that there is
        to_come.end = Offset(1000);
        told.transactions.tell_left({whole, left, stopped, to_come});
        QCOMPARE(told.text(), std::string("weir: orders/3: a transaction is open; offsets 4 to 8 "
                                          "can be read when it has ended\n"));
        Told beyond;
        left.end = Offset(1000);
        beyond.transactions.tell_left({left});
        QCOMPARE(beyond.text(), told.text());
    }
};

QTEST_GUILESS_MAIN(TestOpenTransactions)
#include "tst_open_transactions.moc"
