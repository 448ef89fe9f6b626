// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/cli/event_counts.h"

using namespace weir;
using namespace weir::cli;

namespace {

void count(EventCounts& counts, const std::string& key, std::int64_t time_s = 0) {
    HitView hit;
    hit.topic = "raw_events";
    hit.time = Micros(time_s * 1'000'000);
    hit.timestamp_type = TimestampType::CreateTime;
    hit.key_null = false;
    hit.key = key;
    QVERIFY(counts.take(hit));
}

std::vector<std::pair<std::string, std::uint64_t>> table(const EventCounts& counts) {
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    for (const EventCounts::Group* group : counts.sorted())
        rows.emplace_back(group->first.values.at(0).value_or(FieldValue{"(missing)"}).text,
                          group->second);
    return rows;
}

using Rows = std::vector<std::pair<std::string, std::uint64_t>>;

} // namespace

class TestEventCounts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_most_come_first() {
        EventCounts counts(FieldReader::parse("key").value(), 0);
        for (const char* key : {"a", "b", "b", "c", "b", "c"})
            count(counts, key);
        QCOMPARE(table(counts), (Rows{{"b", 3}, {"c", 2}, {"a", 1}}));
        QCOMPARE(counts.other(), std::uint64_t{0});
    }
    void too_many_values_are_counted_as_others() {
        EventCounts counts(FieldReader::parse("key").value(), 0, {.groups = 2});
        for (const char* key : {"a", "b", "c", "b", "d"})
            count(counts, key);
        QCOMPARE(table(counts), (Rows{{"b", 2}, {"a", 1}}));
        QCOMPARE(counts.other(), std::uint64_t{2});
        QVERIFY(counts.other_text().find("2 events are in (other)") == 0);
    }
    void values_too_large_to_keep_are_counted_as_others() {
        EventCounts counts(FieldReader::parse("key").value(), 0, {.bytes = 100'000});
        for (int i = 0; i < 100; ++i)
            count(counts, std::to_string(i) + std::string(10'000, 'x'));
        count(counts, "0" + std::string(10'000, 'x')); // known: no new room is taken
        QVERIFY(table(counts).size() >= 5 && table(counts).size() < 10);
        QCOMPARE(table(counts).front().second, std::uint64_t{2});
        QCOMPARE(counts.other() + table(counts).size(), std::uint64_t{100});
        QVERIFY2(counts.other_text().find("100.0 kB") != std::string::npos,
                 counts.other_text().c_str());
    }
    void what_only_looks_the_same_is_counted_apart() {
        EventCounts counts(FieldReader::parse("v[*]").value(), 0);
        for (const char* value :
             {R"({"v":[100]})", R"({"v":["100"]})", R"({"v":[null]})", R"({"v":["null"]})",
              R"({"v":[]})", R"({"v":["a,b"]})", R"({"v":["a","b"]})", R"({"v":[100]})"}) {
            HitView hit;
            hit.value_null = false;
            hit.value = value;
            hit.body_size = static_cast<std::uint32_t>(hit.value.size());
            QVERIFY(counts.take(hit));
        }
        std::map<std::string, std::uint64_t> seen;
        for (const EventCounts::Group* group : counts.sorted()) {
            const auto& value = group->first.values.at(0);
            seen[value ? value->json() : "(missing)"] = group->second;
        }
        QCOMPARE(seen, (std::map<std::string, std::uint64_t>{{"100", 2},
                                                             {"\"100\"", 1},
                                                             {"null", 1},
                                                             {"\"null\"", 1},
                                                             {"(missing)", 1},
                                                             {"\"a,b\"", 1},
                                                             {"[\"a\",\"b\"]", 1}}));
    }
    void stretches_of_time_are_in_order() {
        EventCounts counts(FieldReader::parse("key").value(), 60'000'000);
        count(counts, "late", 125);
        count(counts, "early", 3);
        count(counts, "early", 59);
        QCOMPARE(table(counts), (Rows{{"early", 2}, {"late", 1}}));
        QCOMPARE(counts.sorted().at(1)->first.time_us, std::int64_t{120'000'000});
    }
};

QTEST_GUILESS_MAIN(TestEventCounts)
#include "tst_event_counts.moc"
