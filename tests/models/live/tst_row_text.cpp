// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// How an event is written: in cells, in CSV and NDJSON, in the summary, in commands to copy; and
// how an export ends well or leaves nothing.
#include <QtTest>

#include <csignal>
#include <sys/resource.h>

#include "models/live/event_summary.h"
#include "models/live/export_job.h"
#include "models/live/jump_target.h"
#include "models/live/live_feed.h"
#include "models/live/printable.h"
#include "models/live/record_text.h"
#include "models/live/row_reader.h"
#include "tests/support/gate.h"
#include "tests/support/live_world.h"

using namespace weir;

namespace {

std::string csv(std::string_view text) {
    std::string out;
    append_csv_field(text, out);
    return out;
}

std::string summary(std::string_view json) {
    JsonTape tape;
    return tape.parse(json) ? event_summary(tape) : "not JSON";
}

const char* const exact = R"({"a":-7210194211959421178,"b":23958446825181076828,"s":"=1+1"})";

struct Shown {
    LiveWorld world;
    std::unique_ptr<LiveFeed> feed;

    explicit Shown(const std::vector<LiveWorldEvent>& events) {
        world.put(0, events);
        LiveFeedOptions options;
        options.vocabulary = world.vocabulary();
        options.rules.disclosure = DisclosurePolicy::none();
        feed = LiveFeed::start(options);
        feed->offer(world.snapshots());
    }
    ExportRequest request(const QString& path, ExportFormat format) const {
        ExportRequest request;
        request.snapshot = feed->snapshot();
        request.columns = {{ColumnSpec::Kind::RecordOffset, {}},
                           {ColumnSpec::Kind::Path, "a"},
                           {ColumnSpec::Kind::Path, "b"},
                           {ColumnSpec::Kind::Path, "s"}};
        request.format = format;
        request.path = path.toStdString();
        request.vocabulary = world.vocabulary();
        request.disclosure = DisclosurePolicy::none();
        return request;
    }
};

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

} // namespace

class TestRowText : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void a_spreadsheet_runs_nothing_and_numbers_stay_numbers() {
        QCOMPARE(csv("=HYPERLINK(\"x\")"), std::string("\"'=HYPERLINK(\"\"x\"\")\""));
        QCOMPARE(csv("+cmd|' /C calc'!A0"), std::string("\"'+cmd|' /C calc'!A0\""));
        QCOMPARE(csv("@SUM(1)"), std::string("\"'@SUM(1)\""));
        QCOMPARE(csv("-2+3"), std::string("\"'-2+3\""));
        QCOMPARE(csv("\tx"), std::string("\"'\tx\""));
        QCOMPARE(csv("-7210194211959421178"), std::string("-7210194211959421178"));
        QCOMPARE(csv("23958446825181076828"), std::string("23958446825181076828"));
        QCOMPARE(csv("+1.5e3"), std::string("+1.5e3"));
        QCOMPARE(csv("plain"), std::string("plain"));
        QCOMPARE(csv("a,b"), std::string("\"a,b\""));
    }

    void null_is_neither_empty_nor_missing_nor_the_text() {
        LiveWorld world;
        world.put(0,
                  {{.offset = 0, .value = R"({"a":null})", .headers = {{"h", std::nullopt}}},
                   {.offset = 1, .key_given = true, .value = R"({"a":""})", .headers = {{"h", ""}}},
                   {.offset = 2,
                    .key = "null",
                    .value = R"({"a":"null"})",
                    .headers = {{"h", "null"}, {"h", std::nullopt}}},
                   {.offset = 3, .value = "{}"}});
        const std::vector<ColumnSpec> columns = {{ColumnSpec::Kind::Key, {}},
                                                 {ColumnSpec::Kind::Path, "a"},
                                                 {ColumnSpec::Kind::Header, "h"}};
        RowReader reader(world.vocabulary(), DisclosurePolicy::none(), RowReader::Style::Screen);
        reader.set_columns(columns);
        const auto lane = world.snapshots()[0];
        const auto row = [&](std::uint32_t at) { return reader.read(*lane->segments[0], at); };
        using States = std::vector<CellState>;
        QCOMPARE(row(0).cells, (std::vector<std::string>{"null", "null", "null"}));
        QVERIFY(row(0).states == (States{CellState::Null, CellState::Null, CellState::Null}));
        QCOMPARE(row(1).cells, (std::vector<std::string>{"", "", ""}));
        QVERIFY(row(1).states == (States{CellState::Given, CellState::Given, CellState::Given}));
        QCOMPARE(row(2).cells, (std::vector<std::string>{"null", "null", "\"null\", null"}));
        QVERIFY(row(2).states == (States{CellState::Given, CellState::Given, CellState::Given}));
        QVERIFY(row(3).states == (States{CellState::Null, CellState::Missing, CellState::Missing}));

        auto feed = LiveFeed::start({world.vocabulary(), DisclosurePolicy::none()});
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 4u);
        QTemporaryDir folder;
        ExportRequest request;
        request.snapshot = feed->snapshot();
        request.columns = columns;
        request.format = ExportFormat::Csv;
        request.path = folder.filePath(QStringLiteral("a.csv")).toStdString();
        request.vocabulary = world.vocabulary();
        request.disclosure = DisclosurePolicy::none();
        const auto job = ExportJob::start(request);
        QTRY_VERIFY(job->progress().finished);
        QCOMPARE(content(QString::fromStdString(request.path)),
                 QByteArray("key,$.a,header:h,value,encoding,key_encoding\r\n"
                            "null,null,null,\"{\"\"a\"\":null}\",,\r\n"
                            "\"\",\"\",\"\",\"{\"\"a\"\":\"\"\"\"}\",,\r\n"
                            "\"null\",\"null\",\"\"\"null\"\", null\","
                            "\"{\"\"a\"\":\"\"null\"\"}\",,\r\n"
                            "null,,,{},,\r\n"));
    }

    void summaries_read_like_a_person_would_say_it() {
        QCOMPARE(summary(R"({"properties":{"price":129.0,"currency":"EUR","order_id":858454}})"),
                 std::string("129.0 EUR · order 858454"));
        QCOMPARE(
            summary(R"({"event_id":"x","properties":{"page":"/cart","n":-7210194211959421178}})"),
            std::string("page /cart · n -7210194211959421178"));
        QCOMPARE(summary("[1,2]"), std::string("[1,2]"));
    }

    void what_steers_a_screen_is_written_out() {
        QCOMPARE(printable("a\x1b[2Jb\n\xff"), std::string("a\\x1b[2Jb\\n\\xff"));
        QCOMPARE(printable("x\xe2\x80\xaey"), std::string("x\\u202ey"));
        QCOMPARE(printable("grün ✓"), std::string("grün ✓"));
        QCOMPARE(printable("0123456789", 4), std::string("0123…"));
    }

    void cells_keep_their_digits_and_missing_is_empty() {
        LiveWorld world;
        world.put(0, {{.offset = 83'120'442,
                       .value = exact,
                       .headers = {{"x-app", "shop"}, {"x-app", "web"}}}});
        RowReader reader(world.vocabulary(), DisclosurePolicy::none(), RowReader::Style::Screen);
        reader.set_columns({{ColumnSpec::Kind::RecordOffset, {}},
                            {ColumnSpec::Kind::Path, "a"},
                            {ColumnSpec::Kind::Path, "b"},
                            {ColumnSpec::Kind::Path, "nothing.there"},
                            {ColumnSpec::Kind::Header, "x-app"},
                            {ColumnSpec::Kind::Dimension, "type"}});
        const auto lane = world.snapshots()[0];
        const TableRow row = reader.read(*lane->segments[0], 0);
        QCOMPARE(row.cells,
                 (std::vector<std::string>{"83,120,442", "-7210194211959421178",
                                           "23958446825181076828", "", "shop, web", "purchase"}));
    }

    void the_key_of_a_large_event_is_masked_in_the_table_as_it_is_in_the_detail() {
        LiveWorldEvent large;
        large.key = "jdoe";
        large.value = "{\"user_id\":\"jdoe\",\"pad\":\"" +
                      std::string(RowReader::value_bytes_max, 'x') + "\"}";
        LiveWorld world;
        world.put(0, {large});
        RowReader reader(world.vocabulary(), DisclosurePolicy::built_in_detectors(),
                         RowReader::Style::Screen);
        reader.set_columns({{ColumnSpec::Kind::Key, {}}});
        const auto lane = world.snapshots().front();
        const TableRow row = reader.read(*lane->segments.front(), 0);
        QCOMPARE(row.cells[0], std::string("••••"));
        QVERIFY(row.masked);
    }
    void what_cannot_be_decoded_shows_its_text_and_says_so_in_an_export() {
        LiveWorldEvent broken;
        broken.value = R"({"price": tru})";
        broken.outcome = Outcome::Undecodable;
        broken.reason = "not JSON: expected a value";
        const Shown shown({broken, {.offset = 1, .value = "plain text"}});
        RowReader reader(shown.world.vocabulary(), DisclosurePolicy::none(),
                         RowReader::Style::Screen);
        reader.set_columns({{ColumnSpec::Kind::Summary, {}}});
        const auto lane = shown.world.snapshots().front();
        QCOMPARE(reader.read(*lane->segments.front(), 0).cells[0],
                 "not JSON: expected a value · " + broken.value);
        QCOMPARE(reader.read(*lane->segments.front(), 1).cells[0], std::string("plain text"));
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 2u);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.ndjson"));
        const auto job = ExportJob::start(shown.request(path, ExportFormat::Ndjson));
        QTRY_VERIFY(job->progress().finished);
        const QList<QByteArray> lines = content(path).split('\n');
        QVERIFY2(lines[0].endsWith(",\"headers\":[],\"undecodable\":true}"), lines[0]);
        QVERIFY2(lines[1].endsWith(",\"headers\":[]}"), lines[1]);
    }
    void what_is_announced_and_refused_is_not_written() {
        QTemporaryDir folder;
        const Shown shown({{.value = exact}});
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 1u);
        const QString path = folder.filePath(QStringLiteral("a.ndjson"));
        ExportRequest request = shown.request(path, ExportFormat::Ndjson);
        request.announce = [] {
            return Result<void>(Error{ErrorCode::DiskFull, "no room", {}, {}});
        };
        const auto refused = ExportJob::start(request);
        QTRY_VERIFY(refused->progress().finished);
        QCOMPARE(refused->result().error().what, std::string("no room"));
        QVERIFY(!QFile::exists(path));
        int announced = 0;
        request.announce = [&]() -> Result<void> {
            ++announced;
            return {};
        };
        const auto written = ExportJob::start(request);
        QTRY_VERIFY(written->progress().finished);
        QVERIFY(written->result().ok() && QFile::exists(path));
        QCOMPARE(announced, 1);
    }
    void exports_csv_and_ndjson_whole() {
        QTemporaryDir folder;
        const Shown shown({{.partition = 3, .offset = 7, .key = "k", .value = exact}});
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 1u);
        const QString csv_path = folder.filePath(QStringLiteral("a.csv"));
        auto job = ExportJob::start(shown.request(csv_path, ExportFormat::Csv));
        QTRY_VERIFY(job->progress().finished);
        QVERIFY(job->result().ok());
        QCOMPARE(content(csv_path),
                 QByteArray("offset,$.a,$.b,$.s,value,encoding\r\n"
                            "7,-7210194211959421178,23958446825181076828,\"'=1+1\","
                            "\"{\"\"a\"\":-7210194211959421178,\"\"b\"\":23958446825181076828,"
                            "\"\"s\"\":\"\"=1+1\"\"}\",\r\n"));
        const QString json_path = folder.filePath(QStringLiteral("a.ndjson"));
        job = ExportJob::start(shown.request(json_path, ExportFormat::Ndjson));
        QTRY_VERIFY(job->progress().finished);
        const QJsonObject line = QJsonDocument::fromJson(content(json_path)).object();
        QCOMPARE(line[QStringLiteral("value")].toString(), QString::fromLatin1(exact));
        QCOMPARE(line[QStringLiteral("partition")].toInt(), 3);
        QCOMPARE(line[QStringLiteral("key")].toString(), QStringLiteral("k"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
    }

    void csv_holds_the_payload_of_what_nobody_could_decode() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.csv"));
        const Shown shown(
            {{.offset = 0, .key = "=k", .value = "=not json"},
             {.offset = 1, .key = "\xff\x01", .value = "\xff\xfe"},
             {.offset = 2, .key = "jane@x.org", .value = "{\"email\":\"jane@x.org\"}"},
             {.offset = 3, .key = "k", .value = "", .tombstone = true}});
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 4u);
        ExportRequest request = shown.request(path, ExportFormat::Csv);
        request.columns = {{ColumnSpec::Kind::Dimension, "type"}, {ColumnSpec::Kind::Key, {}}};
        auto job = ExportJob::start(request);
        QTRY_VERIFY(job->progress().finished);
        QList<QByteArray> lines = content(path).split('\n');
        QCOMPARE(lines[0], QByteArray("type,key,value,encoding,key_encoding\r"));
        QVERIFY2(lines[1].endsWith(",\"'=k\",\"'=not json\",,\r"), lines[1]);
        QVERIFY2(lines[2].endsWith(",/wE=,//4=,base64,base64\r"), lines[2]);
        QVERIFY2(lines[3].contains("jane@x.org"), lines[3]);
        QVERIFY2(lines[4].endsWith(",k,null,,\r"), lines[4]);
        request.disclosure = DisclosurePolicy::built_in_detectors();
        job = ExportJob::start(request);
        QTRY_VERIFY(job->progress().finished);
        QVERIFY2(!content(path).contains("jane"), content(path));
        QVERIFY2(!content(path).contains("not json"), content(path));
    }

    void a_full_disk_leaves_nothing_under_the_final_name() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("full.ndjson"));
        const Shown shown(LiveWorld::purchases(40'000, 0));
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 40'000u);
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit old{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &old), 0);
        const rlimit small{1u << 20, old.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        auto job = ExportJob::start(shown.request(path, ExportFormat::Ndjson));
        const bool finished = QTest::qWaitFor([&] { return job->progress().finished; }, 30'000);
        setrlimit(RLIMIT_FSIZE, &old);
        QVERIFY(finished);
        QVERIFY(!job->result().ok());
        QCOMPARE(job->result().error().code, ErrorCode::DiskFull);
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }

    void a_cancelled_export_leaves_the_old_file_as_it_was() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("kept.csv"));
        QFile old(path);
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("before");
        old.close();
        const Shown shown(LiveWorld::purchases(200'000, 0));
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 200'000u);
        auto job = ExportJob::start(shown.request(path, ExportFormat::Csv));
        job->cancel();
        QTRY_VERIFY(job->progress().finished);
        QCOMPARE(job->result().error().code, ErrorCode::Cancelled);
        QCOMPARE(content(path), QByteArray("before"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void whoever_lets_an_export_go_waits_for_nothing_and_nothing_is_left() {
        QTemporaryDir folder;
        const Shown shown(LiveWorld::purchases(100, 0));
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 100u);
        const auto gate = std::make_shared<test::Gate>();
        gate->close();
        ExportRequest request =
            shown.request(folder.filePath(QStringLiteral("a.csv")), ExportFormat::Csv);
        request.make_disclosure = [gate]() -> Result<std::shared_ptr<const DisclosurePolicy>> {
            gate->pass();
            return DisclosurePolicy::none();
        };
        auto job = ExportJob::start(std::move(request));
        QTRY_COMPARE(gate->waiting(), 1);
        job.reset(); // its thread stands before the gate
        QCOMPARE(gate->waiting(), 1);
        gate->open();
        QTRY_COMPARE(gate.use_count(), 1L);
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }

    void offsets_to_jump_to_are_understood_or_explained() {
        QCOMPARE(JumpTarget::parse_offset("83,120,442")->offset->value(), 83'120'442);
        const auto placed = JumpTarget::parse_offset(" raw_events/3:12 ");
        QCOMPARE(placed->topic, std::string("raw_events"));
        QCOMPARE(placed->partition->value(), 3);
        const auto printed = JumpTarget::parse_offset("shop.v1/3@1,204"); // as weir tail has it
        QCOMPARE(printed->topic, std::string("shop.v1"));
        QCOMPARE(printed->partition->value(), 3);
        QCOMPARE(printed->offset->value(), 1'204);
        const auto given = JumpTarget::parse_offset("@100"); // as --from takes it
        QVERIFY(!given->partition);
        QCOMPARE(given->offset->value(), 100);
        for (const char* wrong : {"", "25:00:00", "tomorrow", "1:2:3x", "-5", "@", "x/@5", ":5"}) {
            const auto target = JumpTarget::parse_offset(wrong);
            QVERIFY2(!target.ok(), wrong);
            QVERIFY(!target.error().advice.empty());
        }
    }

    void columns_have_names_that_last() {
        const std::vector<std::string> dimensions = {"type"};
        for (const char* id :
             {"time", "offset", "dimension:type", "header:x-app", "$.properties.items[0].sku"}) {
            const auto column = ColumnSpec::from_id(id);
            QVERIFY2(column.has_value(), id);
            QVERIFY(column->export_name().find("dimension:") == std::string::npos);
            QCOMPARE(column->id(), std::string(id));
        }
        QCOMPARE(ColumnSpec::parse("type", dimensions)->kind, ColumnSpec::Kind::Dimension);
        QCOMPARE(ColumnSpec::parse("header[\"x-app\"]", dimensions)->name, std::string("x-app"));
        QCOMPARE(ColumnSpec::parse("properties.price", dimensions)->kind, ColumnSpec::Kind::Path);
        QVERIFY(!ColumnSpec::parse("not a path!", dimensions).ok());
    }

    void a_record_as_json_is_the_same_wherever_it_is_written() {
        const std::string binary("\xff\x00\x01", 3);
        const LiveWorldEvent event{.partition = 3,
                                   .offset = 7,
                                   .key = binary,
                                   .value = exact,
                                   .headers = {{"h", "1"}, {"h", std::nullopt}, {"b", binary}},
                                   .time_us = 1'795'226'400'000'001};
        // What a search prints …
        std::vector<HeaderView> headers{{"h", "1", false}, {"h", "", true}, {"b", binary, false}};
        HitView hit;
        hit.topic = "raw_events";
        hit.partition = PartitionId(3);
        hit.offset = Offset(7);
        hit.time = Micros(event.time_us);
        hit.timestamp_type = TimestampType::CreateTime;
        hit.key_null = hit.value_null = false;
        hit.key = binary;
        hit.value = exact;
        hit.headers = headers.data();
        hit.header_count = headers.size();
        std::string printed;
        append_json_record(hit, printed);
        const QJsonObject record =
            QJsonDocument::fromJson(QByteArray::fromStdString(printed)).object();
        QCOMPARE(record.keys(),
                 (QStringList{QStringLiteral("headers"), QStringLiteral("key"),
                              QStringLiteral("key_encoding"), QStringLiteral("offset"),
                              QStringLiteral("partition"), QStringLiteral("time"),
                              QStringLiteral("topic"), QStringLiteral("value")}));
        QCOMPARE(record[QStringLiteral("time")].toString(),
                 QStringLiteral("2026-11-21T02:00:00.000001Z"));
        QCOMPARE(record[QStringLiteral("key")].toString(), QStringLiteral("/wAB"));
        const QJsonArray pairs = record[QStringLiteral("headers")].toArray();
        QCOMPARE(pairs.size(), 3);
        QCOMPARE(pairs[0][QStringLiteral("value")].toString(), QStringLiteral("1"));
        QVERIFY(pairs[1][QStringLiteral("value")].isNull());
        QCOMPARE(pairs[2][QStringLiteral("encoding")].toString(), QStringLiteral("base64"));
        // … is what an export writes.
        QTemporaryDir folder;
        const Shown shown({event});
        QTRY_COMPARE(shown.feed->snapshot()->matched(), 1u);
        const QString path = folder.filePath(QStringLiteral("a.ndjson"));
        const auto job = ExportJob::start(shown.request(path, ExportFormat::Ndjson));
        QTRY_VERIFY(job->progress().finished);
        QCOMPARE(content(path), QByteArray::fromStdString(printed + "\n"));
    }

    void times_are_written_to_the_microsecond_and_before_1970() {
        QCOMPARE(rfc3339(Micros(1'795'226'400'123'000)), std::string("2026-11-21T02:00:00.123Z"));
        QCOMPARE(rfc3339(Micros(-1)), std::string("1969-12-31T23:59:59.999999Z"));
    }
};

QTEST_GUILESS_MAIN(TestRowText)
#include "tst_row_text.moc"
