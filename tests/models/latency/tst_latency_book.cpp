// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How late events are: the book's figures against the same durations, sorted.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <cmath>
#include <map>
#include <random>

#include "tests/support/latency_world.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::int64_t second_us = LatencyWorld::second_us;
constexpr std::int64_t hour_us = LatencyWorld::hour_us;
constexpr std::int64_t noon_us = LatencyWorld::noon_us;

using Durations = std::vector<std::int64_t>;

/// A duration between some microseconds and some days, now and then by a clock that is behind.
std::int64_t duration(std::mt19937_64& random, bool may_be_negative) {
    std::uniform_real_distribution<double> exponent(0, 11);
    const auto us = std::llround(std::pow(10, exponent(random)));
    return may_be_negative && random() % 10 == 0 ? -us : us;
}

using World = LatencyWorld;

/// Where a figure is off by more than 1 %, told; "" else.
QString off_by(const QuantileSketch& sketch, Durations values) {
    std::sort(values.begin(), values.end());
    if (sketch.count() != values.size())
        return QStringLiteral("%1 events instead of %2").arg(sketch.count()).arg(values.size());
    for (const double q : {0.0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const auto at = static_cast<std::size_t>(q * static_cast<double>(values.size() - 1));
        const auto wanted = static_cast<double>(values[at]);
        const auto got = static_cast<double>(sketch.quantile(q));
        if (std::abs(got - wanted) > 0.01 * std::abs(wanted) + 0.5)
            return QStringLiteral("q %1: %2 instead of %3").arg(q).arg(got).arg(wanted);
    }
    return {};
}

const LatencyRow* row(const LatencyReport& report, const std::string& stage,
                      const std::string& from, const std::string& value = {}) {
    for (const LatencyRow& one : report.rows)
        if (one.path.stage == stage && one.path.from == from && one.value == value)
            return &one;
    return nullptr;
}

} // namespace

class TestLatencyBook : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_figure_is_within_one_percent_of_the_sorted_durations() {
        World world;
        std::mt19937_64 random(23);
        std::map<std::string, Durations> within; // by from
        Durations end_to_end, hop;
        std::map<std::string, Durations> by_version, hop_by_partition;
        std::vector<Sighting> all;
        for (int i = 0; i < 4'000; ++i) {
            Sighting s = world.sighting("raw_events", "event-" + std::to_string(i));
            const std::string version = "4." + std::to_string(random() % 7);
            s.dimensions[3] = world.words->dimensions[3]->id(version);
            s.record_time = Micros(noon_us + static_cast<std::int64_t>(random() % 600) * second_us);
            const auto received = duration(random, false), sent = duration(random, true),
                       created = duration(random, false);
            s.received_time = s.record_time - Micros(received);
            s.sent_time = s.received_time - Micros(sent);
            s.event_time = s.sent_time - Micros(created);
            s.event_time_state = s.sent_time_state = s.received_time_state = TimeState::Present;
            all.push_back(s);
            within["event"].push_back(created);
            within["sent"].push_back(sent);
            within["received"].push_back(received);
            Sighting after = s;
            const auto took = duration(random, i % 5 == 0);
            after.place = world.place("unique_events");
            after.record_time = s.record_time + Micros(took);
            all.push_back(after);
            hop.push_back(took);
            hop_by_partition[std::to_string(s.partition.value())].push_back(took);
            end_to_end.push_back(took + received + sent + created);
            by_version[version].push_back(end_to_end.back());
        }
        std::shuffle(all.begin(), all.end(), random);
        for (const Sighting& s : all)
            world.see(s);

        const LatencyReport report = world.report();
        for (const char* from : {"event", "sent", "received"}) {
            const LatencyRow* const one = row(report, "raw_events", from);
            QVERIFY(one != nullptr);
            QCOMPARE(off_by(one->durations, within[from]), QString());
        }
        QCOMPARE(off_by(row(report, "end to end", "event")->durations, end_to_end), QString());
        QCOMPARE(off_by(row(report, "deduplicate", "raw_events")->durations, hop), QString());
        QVERIFY(row(report, "unique_events", "event") == nullptr); // events do not come in there

        const LatencyReport versions =
            world.report({.by = dimension_number(*world.words, "app_version")});
        for (const auto& [version, durations] : by_version)
            QCOMPARE(off_by(row(versions, "end to end", "event", version)->durations, durations),
                     QString());
        const LatencyReport partitions =
            world.report({.by = dimension_number(*world.words, "partition")});
        for (const auto& [partition, durations] : hop_by_partition)
            QCOMPARE(off_by(row(partitions, "deduplicate", "raw_events", partition)->durations,
                            durations),
                     QString());
    }

    void clocks_off_in_both_directions_are_seen_raw_and_corrected() {
        World world(false);
        std::mt19937_64 random(5);
        std::map<ClockPolicy, Durations> wanted;
        for (int i = 0; i < 2'000; ++i) {
            Sighting s = world.sighting("raw_events", std::to_string(i));
            s.record_time = Micros(noon_us + i * 1'000);
            s.received_time = s.record_time - Micros(3'000);
            const std::int64_t off = i % 3 == 0 ? 0 : i % 3 == 1 ? hour_us : -30 * hour_us;
            s.sent_time = s.received_time - Micros(20'000 + off);
            s.event_time = s.sent_time - Micros(duration(random, i % 7 == 0) % second_us);
            s.event_time_state = s.received_time_state = TimeState::Present;
            s.sent_time_state = i % 11 == 0 ? TimeState::Missing : TimeState::Present;
            for (const ClockPolicy policy : clock_policies)
                if (const auto happened = event_time(s, policy))
                    wanted[policy].push_back((s.record_time - *happened).value());
            world.see(s);
        }
        for (const ClockPolicy policy : clock_policies) {
            const LatencyReport report = world.report({.policy = policy});
            const auto whole =
                std::find_if(report.rows.begin(), report.rows.end(),
                             [](const auto& one) { return one.path.by_event_clock; });
            QVERIFY(whole != report.rows.end());
            QCOMPARE(off_by(whole->durations, wanted[policy]), QString());
            QCOMPARE(whole->raw.has_value(), policy != ClockPolicy::Raw);
            if (whole->raw)
                QCOMPARE(off_by(*whole->raw, wanted[ClockPolicy::Raw]), QString());
        }
        QVERIFY(world.report().rows.back().durations.negative_count() > 500);
    }

    void a_range_shows_what_was_recorded_within_it() {
        World world;
        for (int minute = 0; minute < 10; ++minute) {
            Sighting s = world.sighting("raw_events", std::to_string(minute));
            s.record_time = Micros(noon_us + minute * 60 * second_us);
            s.event_time = s.record_time - Micros(second_us);
            s.event_time_state = TimeState::Present;
            world.see(s);
        }
        const LatencySeen seen = world.seen();
        const auto paths = latency_paths(seen, *world.words, ClockPolicy::Raw);
        const LatencyPath& whole = paths.front();
        QCOMPARE(QString::fromStdString(whole.title()),
                 QStringLiteral("end to end: event → raw_events"));
        const LatencyRange three{noon_us + 120 * second_us, noon_us + 300 * second_us};
        QCOMPARE(latency_of(seen, whole, three).count(), std::uint64_t(3));
        QCOMPARE(latency_slices(seen, whole, three, 10 * second_us).size(), std::size_t(3));
        QCOMPARE(latency_slices(seen, whole, {}, 120 * second_us).size(), std::size_t(5));
    }

    void an_slo_is_met_or_broken_or_nothing_is_known() {
        World world;
        const auto pass = [&](int from, int to, std::int64_t taken_us) {
            for (int i = from; i < to; ++i) {
                Sighting s = world.sighting("raw_events", std::to_string(i));
                s.record_time = Micros(noon_us);
                world.see(s);
                s.place = world.place("unique_events");
                s.record_time = Micros(noon_us + taken_us);
                world.see(s);
            }
        };
        const auto slo = [&] {
            const QJsonObject json =
                QJsonDocument::fromJson(QByteArray::fromStdString(to_json(world.report())))
                    .object();
            for (const QJsonValue& stage : json[QStringLiteral("stages")].toArray())
                if (stage[QStringLiteral("stage")] == QStringLiteral("deduplicate"))
                    return stage[QStringLiteral("slo")][QStringLiteral("met")];
            return QJsonValue();
        };
        QVERIFY(slo().isNull() && !world.report().slo_broken());
        pass(0, 90, second_us);
        QVERIFY(slo() == QJsonValue(true) && !world.report().slo_broken());
        pass(90, 100, 5 * second_us);
        QVERIFY(slo() == QJsonValue(false) && world.report().slo_broken());
    }

    void the_document_has_the_shape_that_scripts_rely_on() {
        World world;
        Sighting s = world.sighting("raw_events", "a");
        s.record_time = Micros(noon_us);
        s.event_time = Micros(noon_us + 5'000);
        s.event_time_state = TimeState::Present;
        world.see(s);
        const QJsonObject json =
            QJsonDocument::fromJson(QByteArray::fromStdString(to_json(world.report()))).object();
        const QJsonArray stages = json[QStringLiteral("stages")].toArray();
        QCOMPARE(stages.size(), 5); // end to end, three within raw_events, one stage
        const QJsonObject first = stages.first().toObject();
        for (const char* name : {"stage", "from", "to", "count", "p50_us", "p95_us", "p99_us",
                                 "max_us", "negative", "slo", "partial"})
            QVERIFY2(first.contains(QLatin1String(name)), name);
        QCOMPARE(first[QStringLiteral("count")].toInt(), 1);
        QCOMPARE(first[QStringLiteral("max_us")].toInt(), -5'000);
        QCOMPARE(first[QStringLiteral("negative")].toInt(), 1);
        QVERIFY(stages.last()[QStringLiteral("p95_us")].isNull()); // nothing is not 0
        const QJsonValue place = json[QStringLiteral("freshness")].toArray().first();
        QCOMPARE(place[QStringLiteral("newest_event_us")].toInteger(), noon_us);
        QCOMPARE(place[QStringLiteral("ahead_of_record")].toInt(), 1);
    }

    void a_workers_own_time_is_told_apart_from_the_wait_before_it() {
        World world;
        RecordBatchBuilder builder;
        const auto header = [](const char* name, const char* value) {
            return std::pair<std::string, std::optional<std::string>>(name, value);
        };
        builder.add({.topic = "unique_events",
                     .headers = {header("weir-in-us", "1000"), header("weir-out-us", "1500"),
                                 header("weir-in-us", "9000"), header("weir-out-us", "9040")}});
        builder.add({.topic = "unique_events",
                     .headers = {header("weir-in-us", "-9223372036854775808"),
                                 header("weir-out-us", "9223372036854775807")}});
        builder.add({.topic = "unique_events", .headers = {header("weir-in-us", "soon")}});
        SightingBatch batch;
        batch.records = builder.take();
        for (std::uint32_t i = 0; i < 3; ++i) {
            Sighting s = world.sighting("unique_events", std::to_string(i));
            s.record = i;
            s.record_time = Micros(noon_us);
            batch.sightings.push_back(s);
        }
        world.lanes.front()->absorb(batch);
        const LatencyReport report = world.report();
        const LatencyRow* const working = row(report, "deduplicate", "in");
        QVERIFY(working != nullptr);
        QCOMPARE(working->durations.count(), std::uint64_t(1));
        QCOMPARE(working->durations.max_us(), std::int64_t(40)); // of the last worker
    }

    void times_of_producer_and_broker_are_not_mixed_in_silence() {
        World world(false);
        Sighting s = world.sighting("raw_events", "a");
        s.record_time = Micros(noon_us);
        world.see(s);
        QCOMPARE(world.report().rows.front().record_time, std::string("CreateTime"));
        s.timestamp_type = TimestampType::LogAppendTime;
        world.see(s);
        QCOMPARE(world.report().rows.front().record_time,
                 std::string("CreateTime and LogAppendTime"));
    }

    void records_without_a_time_from_the_future_and_from_long_ago_do_no_harm() {
        World world(false, 1);
        Sighting s = world.sighting("raw_events", "a");
        s.event_time = Micros(noon_us);
        s.event_time_state = TimeState::Present;
        for (const std::int64_t time_us : {INT64_MIN / 2, std::int64_t{-1}, std::int64_t{0},
                                           noon_us, 8'000'000'000 * second_us}) {
            s.record_time = Micros(time_us);
            world.see(s);
        }
        s.timestamp_type = TimestampType::None;
        world.see(s);
        const LatencyReport report = world.report();
        QCOMPARE(report.freshness.front().events, std::uint64_t(6));
        QCOMPARE(report.rows.back().durations.count(), std::uint64_t(5));
        QCOMPARE(report.let_go, std::uint64_t(0));
    }
};

QTEST_GUILESS_MAIN(TestLatencyBook)
#include "tst_latency_book.moc"
