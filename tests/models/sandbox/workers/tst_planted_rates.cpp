// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// Every fault that there is gets planted, and what the pipeline counts by itself is, to the event,
// what was planted: by the collector, by each stage, and in the warehouse.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/models/sandbox/workers/pipeline_world.h"
#include "tests/models/sandbox/workers/scenario_world.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using sandbox::FilterKind;
using sandbox::WorkerCounts;
using test::PipelineWorld;
using test::ScenarioGround;
using test::ScenarioWorld;
using test::TruthLines;
using test::wait_for;

namespace {

/// All faults of clients, and stages that lose events.
constexpr const char* all_faults = R"({"weir_scenario": 1, "name": "planted",
    "events_per_s": 200, "duration": "40 s", "population": {"users": 800, "sessions": 150},
    "faults": [
    {"fault": "new_app_version", "app_version": "9.0", "share": 0.3},
    {"fault": "ad_blocker", "share": 0.1, "where": {"platform": ["web"]}},
    {"fault": "silent_client", "from": "20 s", "until": "25 s", "where": {"platform": ["ios"]}},
    {"fault": "wrong_type", "share": 0.2, "where": {"app_version": ["9.0"]}},
    {"fault": "missing_field", "share": 0.02}, {"fault": "out_of_range", "share": 0.02},
    {"fault": "unknown_type", "share": 0.02}, {"fault": "unknown_version", "share": 0.02},
    {"fault": "bad_time", "share": 0.02}, {"fault": "broken_json", "share": 0.02},
    {"fault": "bad_encoding", "share": 0.02}, {"fault": "not_json", "share": 0.02},
    {"fault": "oversize", "share": 0.0005},
    {"fault": "retry_same_id", "share": 0.05, "after": "1 s"},
    {"fault": "retry_new_id", "share": 0.1, "after": "1 s"},
    {"fault": "late_batch", "share": 0.1, "from": "5 s", "until": "15 s"},
    {"fault": "skewed_clock", "share": 0.1, "ahead": "1 h"},
    {"fault": "burst", "factor": 3, "from": "30 s", "until": "32 s"},
    {"fault": "silent_drop", "stage": "deduplicate", "share": 0.05, "until": "10 s"},
    {"fault": "silent_drop", "stage": "enrich", "share": 0.1, "from": "10 s", "until": "20 s"},
    {"fault": "silent_drop", "stage": "load", "share": 0.1, "from": "20 s"}]})";

bool has(const nlohmann::json& line, const char* fault) {
    return line.contains("faults") &&
           std::find(line["faults"].begin(), line["faults"].end(), fault) != line["faults"].end();
}

/// What the truth's lines come to, as the pipeline's own counters should have it.
struct Due {
    std::uint64_t sent = 0, collected = 0;
    std::map<std::string, std::uint64_t> invalid; // by reason
    std::uint64_t same_bytes = 0, business_key = 0;
    std::uint64_t lost_by_deduplicate = 0, lost_by_enrich = 0, lost_by_load = 0;
    std::uint64_t rows = 0; // of the warehouse

    explicit Due(const TruthLines& lines)
        : lost_by_deduplicate(test::lost_by("deduplicate", lines))
        , lost_by_enrich(test::lost_by("enrich", lines))
        , lost_by_load(test::lost_by("load", lines)) {
        std::uint64_t repeated = 0;
        std::set<std::string> there;
        std::uint64_t lost = 0;
        for (const auto& line : lines) {
            const std::string fate = line["fate"];
            sent += fate != "never_sent";
            collected += fate != "never_sent" && fate != "invalid";
            if (fate == "invalid")
                ++invalid[line["reason"].get<std::string>()];
            if (fate == "warehouse")
                there.insert(line["event"].get<std::string>());
            lost += fate == "lost";
            repeated += fate == "duplicate" && has(line, "retry_same_id");
            business_key += fate == "duplicate" && has(line, "retry_new_id");
        }
        // What deduplication lost it has not seen when it comes again.
        const std::uint64_t lost_again = lost_by_deduplicate + lost_by_enrich + lost_by_load - lost;
        same_bytes = repeated - lost_again;
        rows = there.size();
    }
};

} // namespace

class TestPlantedRates : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void what_was_planted_is_what_is_counted_data() {
        QTest::addColumn<bool>("real");
        QTest::newRow("embedded cluster, SQLite") << false;
        QTest::newRow("Kafka, PostgreSQL") << true;
    }
    void what_was_planted_is_what_is_counted() {
        QFETCH(bool, real);
        std::optional<PipelineWorld> servers;
        ScenarioGround ground;
        if (real) {
            servers.emplace(PipelineWorld::make(m_folder.path()));
            ground.ticket = servers->ticket;
            ground.warehouse = servers->warehouse;
        } else {
            ground = ScenarioGround::embedded(m_folder.path());
        }
        ScenarioWorld world(std::move(ground),
                            synth::Scenario::parse(all_faults, "planted.json").value(), false,
                            m_folder.path());
        world.wait_for_end();
        QCOMPARE(world.wrong_with_warehouse(), std::string());
        const TruthLines told = world.told_events();
        const QString missing = fault_that_lacks(told);
        QVERIFY2(missing.isEmpty(), qPrintable(missing));
        const Due due(told);
        check_collector(world, due);
        check_stages(world, due);
    }

  private:
    /// One that befell no event; empty: there is none.
    static QString fault_that_lacks(const TruthLines& lines) {
        for (int i = 0; i < synth::trouble_count; ++i) {
            const auto trouble = static_cast<synth::Trouble>(i);
            const std::string word(to_word(trouble));
            if (trouble == synth::Trouble::Burst ||
                (is_incident(trouble) && trouble != synth::Trouble::SilentDrop))
                continue; // befalls no event
            if (std::none_of(lines.begin(), lines.end(),
                             [&](const auto& line) { return has(line, word.c_str()); }))
                return QString::fromStdString(word);
        }
        return {};
    }

    static void check_collector(const ScenarioWorld& world, const Due& due) {
        const sandbox::CollectorCounts counts = world.collected();
        QCOMPARE(counts.collected, due.collected);
        QCOMPARE(counts.collected + counts.invalid, due.sent);
        std::map<std::string, std::uint64_t> invalid;
        for (std::size_t i = 0; i < counts.invalid_by_reason.size(); ++i)
            if (counts.invalid_by_reason[i] > 0)
                invalid[std::string(to_word(static_cast<ViolationReason>(i)))] =
                    counts.invalid_by_reason[i];
        QVERIFY(invalid.size() >= 8);
        QCOMPARE(invalid, due.invalid);
    }

    static void check_stages(const ScenarioWorld& world, const Due& due) {
        const auto of = [](const WorkerCounts& counts, FilterKind kind) {
            return counts.filtered[static_cast<std::size_t>(kind)];
        };
        const auto lost = [](const WorkerCounts& counts) {
            return counts.in - counts.out - counts.filtered_count() - counts.failed_count();
        };
        // Rows are there before the stage has counted them.
        QVERIFY(wait_for([&] { return world.counts("load").out == due.rows; }, 60s));
        const WorkerCounts deduplicate = world.counts("deduplicate");
        QCOMPARE(deduplicate.in, due.collected);
        QCOMPARE(of(deduplicate, FilterKind::SameBytes), due.same_bytes);
        QCOMPARE(of(deduplicate, FilterKind::BusinessKey), due.business_key);
        QCOMPARE(deduplicate.filtered_count(), due.same_bytes + due.business_key);
        QCOMPARE(lost(deduplicate), due.lost_by_deduplicate);
        const WorkerCounts enrich = world.counts("enrich");
        QCOMPARE(enrich.in, deduplicate.out);
        QCOMPARE(enrich.filtered_count(), std::uint64_t{0});
        QCOMPARE(lost(enrich), due.lost_by_enrich);
        QVERIFY(wait_for([&] { return world.counts("load").in == enrich.out; }, 60s));
        const WorkerCounts load = world.counts("load");
        QCOMPARE(load.filtered_count(), std::uint64_t{0});
        QCOMPARE(lost(load), due.lost_by_load);
        for (const WorkerCounts& counts : {deduplicate, enrich, load}) {
            QCOMPARE(counts.failed_count(), std::uint64_t{0});
            QCOMPARE(counts.lost, std::uint64_t{0});
        }
        QVERIFY(due.same_bytes > 0 && due.business_key > 0 && due.lost_by_deduplicate > 0);
    }
};

QTEST_GUILESS_MAIN(TestPlantedRates)
#include "tst_planted_rates.moc"
