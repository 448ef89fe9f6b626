// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The way out of a search: what memory and the topic both bring goes out once.
#include <QtTest>

#include "tests/support/search_ground.h"

using namespace weir;
using namespace weir::test;

class TestSearchOutlet : public QObject {
    Q_OBJECT

    static HitView hit(std::int64_t offset, std::string_view value) {
        HitView hit;
        hit.topic = "t";
        hit.partition = PartitionId(0);
        hit.offset = Offset(offset);
        hit.time = Micros(1'000);
        hit.value_null = false;
        hit.value = value;
        return hit;
    }
    SearchSlot m_slot{"t", PartitionId(0), Offset(0), Offset(0), Offset(10)};

  private Q_SLOTS:
    void a_record_of_memory_goes_out_once() {
        KeptHits hits;
        SearchOutlet outlet(hits, SearchOrder::AsRead, 0);
        QVERIFY(outlet.offer_known(m_slot, hit(3, "same")));
        QVERIFY(outlet.offer_known(m_slot, hit(3, "same"))); // memory may hold it twice
        QCOMPARE(outlet.offer(m_slot, hit(3, "same")), SearchOutlet::Answer::More);
        QCOMPARE(hits.values, std::vector<std::string>{"same"});
    }
    void it_goes_out_once_too_if_the_topic_brings_it_first() {
        KeptHits hits;
        SearchOutlet outlet(hits, SearchOrder::AsRead, 0);
        SearchSlot slot("t", PartitionId(0), Offset(0), Offset(0), Offset(10));
        outlet.expect_known();
        QCOMPARE(outlet.offer(slot, hit(3, "same")), SearchOutlet::Answer::More);
        QVERIFY(outlet.offer_known(slot, hit(3, "same")));
        QVERIFY(outlet.offer_known(slot, hit(4, "of memory alone")));
        outlet.no_more_known();
        QCOMPARE(hits.values, (std::vector<std::string>{"same", "of memory alone"}));
        slot.finish(SearchStop::Complete);
        QCOMPARE(outlet.vanished(), std::uint64_t{1});
    }
    void an_order_waits_for_memory() {
        KeptHits hits;
        SearchOutlet outlet(hits, SearchOrder::OldestFirst, 0);
        SearchSlot slot("t", PartitionId(0), Offset(0), Offset(0), Offset(10));
        HitView late = hit(3, "late");
        late.time = Micros(2'000);
        outlet.expect_known();
        QCOMPARE(outlet.offer(slot, late), SearchOutlet::Answer::More);
        QVERIFY(outlet.release_up_to(5'000));
        QVERIFY(hits.values.empty());
        QVERIFY(outlet.offer_known(slot, hit(2, "early")));
        outlet.no_more_known();
        QVERIFY(outlet.release_up_to(5'000));
        QCOMPARE(hits.values, (std::vector<std::string>{"early", "late"}));
        QVERIFY(outlet.ordered());
    }
    void two_records_of_memory_at_one_offset_both_go_out() {
        KeptHits hits;
        SearchOutlet outlet(hits, SearchOrder::AsRead, 0);
        QVERIFY(outlet.offer_known(m_slot, hit(3, "new"))); // of the topic that was made anew
        QVERIFY(outlet.offer_known(m_slot, hit(3, "old")));
        QCOMPARE(outlet.offer(m_slot, hit(3, "new")), SearchOutlet::Answer::More);
        QCOMPARE(hits.values, (std::vector<std::string>{"new", "old"}));
        SearchSlot whole("t", PartitionId(1), Offset(0), Offset(0), Offset(10));
        QVERIFY(outlet.offer_known(whole, hit(3, "old")));
        QVERIFY(outlet.offer_known(whole, hit(3, "new")));
        QCOMPARE(outlet.offer(whole, hit(3, "new")), SearchOutlet::Answer::More);
        whole.finish(SearchStop::Complete);
        QCOMPARE(outlet.vanished(), std::uint64_t{1}); // the old one is not there any more
    }
};

QTEST_GUILESS_MAIN(TestSearchOutlet)
#include "tst_search_outlet.moc"
