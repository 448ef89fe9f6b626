// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table under the joins, against a map: whatever comes and goes, in whatever order.
#include <QtTest>

#include <map>
#include <random>

#include "models/event/fold/join_table.h"

using namespace weir;

namespace {

struct TableSlot {
    std::uint64_t key = 0;
    std::int64_t value = 0;
    std::uint16_t place = no_place.value();
    std::array<std::uint16_t, 3> rest{};
};
static_assert(sizeof(TableSlot) == 24);

} // namespace

class TestJoinTable : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void it_holds_what_a_map_holds() {
        std::mt19937_64 random(11);
        JoinTable<TableSlot> table(5'000);
        std::map<std::pair<std::uint64_t, std::uint16_t>, std::int64_t> oracle;
        for (int step = 0; step < 200'000; ++step) {
            const std::uint64_t key = random() % 4'000 * 0x9E37'79B9'7F4A'7C15ULL;
            const auto place = static_cast<std::uint16_t>(random() % 3);
            TableSlot* const found = table.find(key, place);
            const auto known = oracle.find({key, place});
            QCOMPARE(found != nullptr, known != oracle.end());
            if (found != nullptr) {
                QCOMPARE(found->value, known->second);
                table.erase(found);
                oracle.erase(known);
            } else if (!table.full() || table.grow()) {
                table.insert({.key = key, .value = step, .place = place});
                oracle[{key, place}] = step;
            } else {
                QCOMPARE(table.size(), std::size_t(5'000));
            }
            QCOMPARE(table.size(), oracle.size());
        }
        QVERIFY(oracle.size() > 1'000);
    }

    void what_is_sifted_out_is_gone_and_the_rest_is_found() {
        JoinTable<TableSlot> table(10'000);
        for (std::uint64_t key = 0; key < 9'000; ++key) {
            if (table.full())
                QVERIFY(table.grow());
            table.insert({.key = key << 20, .value = static_cast<std::int64_t>(key), .place = 1});
        }
        table.sift([](TableSlot& slot) { return slot.value % 3 == 0; });
        QCOMPARE(table.size(), std::size_t(3'000));
        for (std::uint64_t key = 0; key < 9'000; ++key)
            QCOMPARE(table.find(key << 20, 1) != nullptr, key % 3 == 0);
    }

    void an_entry_takes_32_bytes_and_the_bound_holds() {
        constexpr std::size_t bound = 300'000;
        JoinTable<TableSlot> table(bound);
        for (std::uint64_t key = 0; key < bound; ++key) {
            if (table.full())
                QVERIFY(table.grow());
            table.insert({.key = key * 0x9E37'79B9'7F4A'7C15ULL, .value = 0, .place = 1});
        }
        QVERIFY(table.full());
        QVERIFY(!table.grow());
        QVERIFY2(table.bytes() <= 32 * bound + 64, qPrintable(QString::number(table.bytes())));
    }
};

QTEST_GUILESS_MAIN(TestJoinTable)
#include "tst_join_table.moc"
