// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// What stands in a topic, as the reader brings it, a search finds it, and the Live view filters,
// shows and exports it: all the same.
#include <QTemporaryDir>
#include <QtTest>

#include "models/live/export_job.h"
#include "models/live/live_feed.h"
#include "models/live/row_reader.h"
#include "tests/support/kafka_embedded_ground.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/search_ground.h"

using namespace weir;
using namespace weir::test;

namespace {

using Offsets = std::vector<std::int64_t>;

/// The Live view's rows of a topic, once they are read.
struct Live {
    SearchParts parts;
    std::shared_ptr<const LaneSnapshot> lane;
    std::unique_ptr<LiveFeed> feed;

    Live(const EmbeddedGround& ground, const std::string& topic,
         std::shared_ptr<const DisclosurePolicy> policy = DisclosurePolicy::none())
        : parts(parts_for(ground.cluster, std::move(policy)))
        , lane(remembered(parts, topic, 1'000)) {
        LiveFeedOptions options;
        options.vocabulary = parts.vocabulary;
        options.rules.disclosure = parts.disclosure;
        options.rules.decoders = parts.make_decoder;
        feed = LiveFeed::start(std::move(options));
        feed->offer({lane});
    }
    /// Offsets of the rows that match, oldest first; a record's events each give theirs.
    Offsets matching(const std::string& expression) const {
        const std::uint64_t token = feed->set_filter(filter(expression));
        std::shared_ptr<const LiveSnapshot> found;
        const auto answered = [&] {
            found = feed->snapshot();
            return found->filter_token == token && !found->scanning &&
                   found->in_memory == lane->rows_absorbed;
        };
        if (!QTest::qWaitFor(answered, 60'000))
            return {-1};
        Offsets offsets;
        found->rows.each(0, found->rows.size(), [&](RowRef ref) {
            offsets.push_back(found->segment(ref)->row(ref.row).offset);
        });
        return offsets;
    }
};

Offsets searched(const Live& live, const std::string& topic, const std::string& expression) {
    const Found found = find(request_for(topic, expression), live.parts);
    Offsets offsets;
    for (const std::string& place : found.hits->places)
        offsets.push_back(std::stoll(place.substr(place.find('@') + 1)));
    return offsets;
}

} // namespace

class TestTopicInLive : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_topic_of_nothing_but_tombstones() {
        const EmbeddedGround ground({{"forgotten", 1}});
        ground.write("forgotten", {{.key = "a"}, {.key = "b"}, {}});
        const auto reader = ground.open(whole("forgotten"));
        Reading reading;
        QVERIFY(read_all(*reader, reading));
        QCOMPARE(reading.records.size(), std::size_t{3});
        for (const Taken& record : reading.records)
            QVERIFY(record.value_null);
        QVERIFY(reading.records[2].key_null);

        const Live live(ground, "forgotten");
        const Found all = find(request_for("forgotten", ""), live.parts);
        QCOMPARE(all.hits->values, std::vector<std::string>(3, "<null>"));
        QVERIFY(all.coverage.complete());
        QCOMPARE(all.coverage.read(), std::uint64_t{3});
        QCOMPARE(all.coverage.undecodable(), std::uint64_t{0});
        for (const auto& [expression, offsets] : std::vector<std::pair<std::string, Offsets>>{
                 {"value == null", {0, 1, 2}},
                 {"outcome == \"tombstone\"", {0, 1, 2}},
                 {"value exists", {}},
                 {"key == \"b\"", {1}},
                 {"key == null", {2}},
                 {"anything", {}},
                 {"type exists", {}},
                 {"not type == \"purchase\"", {0, 1, 2}}}) {
            QCOMPARE(searched(live, "forgotten", expression), offsets);
            QCOMPARE(live.matching(expression), offsets);
        }
        RowReader rows(live.parts.vocabulary, live.parts.disclosure, RowReader::Style::Screen);
        rows.set_columns({{ColumnSpec::Kind::Key, {}}, {ColumnSpec::Kind::Path, "a"}});
        const TableRow row = rows.read(*live.lane->segments[0], 0);
        QVERIFY(row.outcome == Outcome::Tombstone);
        QCOMPARE(row.cells[0], std::string("a"));
        QVERIFY(row.states[1] == CellState::Missing);
    }

    void numbers_of_thirty_digits() {
        const EmbeddedGround ground({{"ledger", 1}});
        const std::vector<std::string> numbers{
            "123456789012345678901234567890", "123456789012345678901234567891",
            "-123456789012345678901234567890", "0.123456789012345678901234567890",
            "1.23456789012345678901234567890e29"};
        std::vector<GroundRecord> records;
        for (std::size_t i = 0; i < numbers.size(); ++i)
            records.push_back({.value = "{\"event_id\":\"e" + std::to_string(i) +
                                        "\",\"event_type\":\"booking\",\"properties\":{\"n\":" +
                                        numbers[i] + "}}"});
        ground.write("ledger", records);
        const Live live(ground, "ledger");
        for (const auto& [expression, offsets] : std::vector<std::pair<std::string, Offsets>>{
                 {"properties.n == 123456789012345678901234567890", {0, 4}},
                 {"properties.n == 123456789012345678901234567891", {1}},
                 {"properties.n > 123456789012345678901234567890", {1}},
                 {"properties.n <= -123456789012345678901234567890", {2}},
                 {"properties.n > 0.123456789012345678901234567889 and properties.n < 1", {3}}}) {
            QCOMPARE(searched(live, "ledger", expression), offsets);
            QCOMPARE(live.matching(expression), offsets);
        }
        const std::vector<ColumnSpec> columns{{ColumnSpec::Kind::Path, "properties.n"}};
        RowReader rows(live.parts.vocabulary, live.parts.disclosure, RowReader::Style::Whole);
        rows.set_columns(columns);
        for (std::uint32_t row = 0; row < numbers.size(); ++row)
            QCOMPARE(rows.read(*live.lane->segments[0], row).cells[0], numbers[row]);

        QCOMPARE(live.matching("").size(), numbers.size());
        const QTemporaryDir folder;
        ExportRequest request;
        request.snapshot = live.feed->snapshot();
        request.columns = columns;
        request.format = ExportFormat::Csv;
        request.path = folder.filePath(QStringLiteral("a.csv")).toStdString();
        request.vocabulary = live.parts.vocabulary;
        request.disclosure = live.parts.disclosure;
        const auto job = ExportJob::start(request);
        QTRY_VERIFY(job->progress().finished);
        QFile file(QString::fromStdString(request.path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().split('\n');
        for (std::size_t i = 0; i < numbers.size(); ++i)
            QVERIFY2(lines[static_cast<qsizetype>(i) + 1].startsWith(
                         QByteArray::fromStdString(numbers[i] + ",")),
                     lines[static_cast<qsizetype>(i) + 1]);
    }

    void what_stands_around_a_records_events_is_looked_into() {
        const EmbeddedGround ground({{"calls", 1}});
        const auto enveloped = [](const std::string& name, const std::vector<std::string>& types) {
            return "{\"library\":\"ENVELOPEKEY77\",\"contact\":\"jane.secret@example.com\"," +
                   segment_batch(name, types).substr(1);
        };
        ground.write("calls", {{.value = enveloped("two", {"signup", "purchase"})},
                               {.value = segment_batch("bare", {"signup", "signup"})},
                               {.value = enveloped("one", {"signup"})},
                               {.value = page_view(1)}});
        const Live live(ground, "calls");
        for (const auto& [expression, offsets] : std::vector<std::pair<std::string, Offsets>>{
                 {"ENVELOPEKEY77", {0, 0, 2}},
                 {"value contains \"ENVELOPEKEY77\" and type == \"purchase\"", {0}},
                 {"value matches \"KEY\\d+\"", {0, 0, 2}},
                 {"not ENVELOPEKEY77", {1, 1, 3}},
                 {"\"jane.secret\"", {0, 0, 2}}}) {
            QCOMPARE(live.matching(expression), offsets);
            QCOMPARE(searched(live, "calls", expression), offsets);
        }
        const Live masked(ground, "calls", DisclosurePolicy::built_in_detectors());
        QCOMPARE(masked.matching("\"jane.secret\""), Offsets{});
        QCOMPARE(masked.matching("ENVELOPEKEY77"), (Offsets{0, 0, 2}));
    }
};

QTEST_GUILESS_MAIN(TestTopicInLive)
#include "tst_topic_in_live.moc"
