// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <deque>

#include "models/sandbox/collector_feed.h"
#include "models/sandbox/contract_judge.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::sandbox;
using namespace std::chrono_literals;

namespace {

/// A broker that answers by a list, then always well, and remembers what it has written.
class MoodyOutlet final : public Outlet {
  public:
    void write(const std::vector<OutgoingRecord>& records, Done done) override {
        const Written how = moods.empty() ? Written::Yes : moods.front();
        if (!moods.empty())
            moods.pop_front();
        if (how == Written::Yes)
            for (const OutgoingRecord& record : records)
                written += record.value.substr(record.value.find("\"n\":") + 4, 1);
        done(how);
    }
    OutletLimits limits() const override { return {}; }
    bool flush(std::chrono::milliseconds) override { return true; }
    OutletStats stats() const override { return {}; }

    std::deque<Written> moods;
    std::string written;
};

std::string numbered_event(int n) {
    return R"({"event_type":"x","n":)" + std::to_string(n) + "}";
}

} // namespace

class TestCollectorFeed : public QObject {
    Q_OBJECT
    static JudgeMaker lenient() {
        return [] { return std::make_unique<PolicyJudge>(WithoutContract::Pass); };
    }

  private Q_SLOTS:
    void what_is_refused_for_now_comes_again_before_what_is_later() {
        MoodyOutlet outlet;
        outlet.moods = {Written::Yes, Written::NoBroker, Written::NoRoom, Written::NoBroker};
        Collector collector({}, outlet, lenient());
        CollectorFeed feed(collector, {});
        for (int n = 0; n < 5; ++n)
            VERIFY_OK(feed.send(numbered_event(n)));
        VERIFY_OK(feed.finish());
        QCOMPARE(outlet.written, std::string("01234"));
    }

    void what_is_refused_for_good_is_not_sent_again() {
        MoodyOutlet outlet;
        Collector collector({}, outlet, lenient());
        CollectorFeed feed(collector, {});
        VERIFY_OK(feed.send("no event at all"));
        VERIFY_OK(feed.finish());
        QCOMPARE(collector.counts().invalid, std::uint64_t{1});
    }

    void a_broker_that_stays_away_is_given_up() {
        MoodyOutlet outlet;
        outlet.moods.assign(100, Written::NoBroker);
        Collector collector({}, outlet, lenient());
        CollectorFeed feed(collector, {.silence_max = 300ms});
        VERIFY_ERROR(feed.send(numbered_event(1)), ErrorCode::Connection);
    }

    void who_is_gone_waits_for_nobody() {
        MoodyOutlet outlet;
        outlet.moods.assign(1'000, Written::NoRoom);
        Collector collector({}, outlet, lenient());
        CollectorFeed feed(collector, {.gone = [] { return true; }});
        VERIFY_ERROR(feed.send(numbered_event(1)), ErrorCode::Connection);
    }
};

QTEST_GUILESS_MAIN(TestCollectorFeed)
#include "tst_collector_feed.moc"
