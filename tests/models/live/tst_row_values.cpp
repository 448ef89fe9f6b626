// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A cell holds its value as the event has it: on the screen, in an export, and where rows are
// sorted.
#include <QtTest>

#include "models/live/export_job.h"
#include "models/live/live_feed.h"
#include "models/live/row_reader.h"
#include "models/live/sort_job.h"
#include "tests/models/live/decoded_rows.h"

using namespace weir;
using test::DecodedRows;

namespace {

const std::string longer(300, 'x');
const ColumnSpec tenant{ColumnSpec::Kind::Dimension, "tenant"};

/// An event of a tenant, which is written as JSON; "": of none.
std::string sale(const std::string& tenant_json) {
    return "{\"event_id\":\"e\",\"event_type\":\"sale\",\"context\":{" +
           (tenant_json.empty() ? "" : "\"tenant\":" + tenant_json) + "}}";
}

/// More tenants than a dimension has numbers for, then those of whom a number says too little.
DecodedRows many_tenants() {
    constexpr int numbers = 65'534;
    DecodedRows rows;
    for (int i = 0; i < numbers; ++i)
        rows.add(sale("\"t-" + std::to_string(i) + "\""));
    for (const std::string& json :
         {std::string("\"zoo\""), std::string("\"attic\""), '"' + longer + "b\"",
          '"' + longer + "a\"", std::string("null"), std::string("\"\""), std::string()})
        rows.add(sale(json));
    return rows;
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

} // namespace

class TestRowValues : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_dimension_is_what_the_event_says() {
        DecodedRows rows;
        rows.add(sale('"' + longer + "b\""));
        rows.add(sale("null"));
        rows.add(sale("\"\""));
        rows.add(sale(""));
        rows.add(sale("")).headers.emplace_back("x-tenant", longer + "h");
        rows.add("{\"hello\":1,\"tenant\":\"acme\"}"); // no dialect reads it
        rows.add(sale("{\"a\":1}"));
        const auto lane = rows.store();
        RowReader reader(rows.vocabulary, DisclosurePolicy::none(), RowReader::Style::Whole,
                         rows.decoder());
        reader.set_columns({tenant});
        const auto cell = [&](std::uint32_t row) {
            return reader.read(*lane->segments[0], row).cells[0];
        };
        const auto state = [&](std::uint32_t row) {
            return reader.read(*lane->segments[0], row).states[0];
        };
        QCOMPARE(cell(0), longer + "b");
        QCOMPARE(cell(1), std::string("null"));
        QVERIFY(state(1) == CellState::Null);
        QCOMPARE(cell(2), std::string());
        QVERIFY(state(2) == CellState::Given);
        QVERIFY(state(3) == CellState::Missing);
        QCOMPARE(cell(4), longer + "h");
        QCOMPARE(cell(5), std::string("acme"));
        QCOMPARE(cell(6), std::string("{\"a\":1}"));
    }

    void a_masked_dimension_stays_masked() {
        DecodedRows rows;
        rows.add(sale('"' + longer + "jane@example.com\""));
        const auto lane = rows.store();
        RowReader reader(rows.vocabulary, DisclosurePolicy::built_in_detectors(),
                         RowReader::Style::Whole, rows.decoder());
        reader.set_columns({tenant});
        const std::string shown = reader.read(*lane->segments[0], 0).cells[0];
        QVERIFY2(shown.find("jane") == std::string::npos, shown.c_str());
    }

    void what_was_one_too_many_is_exported_and_sorted_by_its_value() {
        const DecodedRows rows = many_tenants();
        auto feed = LiveFeed::start({rows.vocabulary, {DisclosurePolicy::none()}});
        const auto filter = Filter::parse("offset >= 65534", Micros(0));
        feed->set_filter(*filter);
        feed->offer({rows.store()});
        QTRY_COMPARE(feed->snapshot()->matched(), 7u);
        const auto snapshot = feed->snapshot();
        QTemporaryDir folder;
        ExportRequest request;
        request.snapshot = snapshot;
        request.columns = {tenant};
        request.format = ExportFormat::Csv;
        request.path = folder.filePath(QStringLiteral("a.csv")).toStdString();
        request.vocabulary = rows.vocabulary;
        request.disclosure = DisclosurePolicy::none();
        request.decoders = [&rows] { return rows.decoder(); };
        const auto written = ExportJob::start(request);
        QTRY_VERIFY(written->progress().finished);
        QByteArrayList cells;
        for (const QByteArray& line : content(QString::fromStdString(request.path)).split('\n'))
            cells.append(line.left(line.indexOf(',')));
        const QByteArray many = QByteArray::fromStdString(longer);
        QCOMPARE(cells, (QByteArrayList{"tenant", "zoo", "attic", many + "b", many + "a", "null",
                                        "\"\"", "", ""}));

        const auto sorted = SortJob::start({snapshot,
                                            {tenant, false},
                                            rows.vocabulary,
                                            DisclosurePolicy::none(),
                                            request.decoders});
        QTRY_VERIFY(sorted->finished());
        const RowRef first = sorted->rows().at(0);
        QCOMPARE(snapshot->segment(first)->row(first.row).offset, std::int64_t{65'535}); // attic
        const RowRef last = sorted->rows().at(3);
        QCOMPARE(snapshot->segment(last)->row(last.row).offset, std::int64_t{65'534}); // zoo
    }

    void an_event_alone_in_its_batch_has_its_own_paths() {
        DecodedRows rows;
        rows.add(
            "{\"batch\":[{\"type\":\"track\",\"event\":\"a\",\"messageId\":\"1\",\"anonymousId\":"
            "\"a\",\"properties\":{\"n\":1},\"context\":{\"tenant\":null}}]}",
            "raw");
        const auto lane = rows.store();
        RowReader reader(rows.vocabulary, DisclosurePolicy::none(), RowReader::Style::Whole,
                         rows.decoder());
        reader.set_columns({{ColumnSpec::Kind::Path, "properties.n"}, tenant});
        QCOMPARE(reader.read(*lane->segments[0], 0).cells, (std::vector<std::string>{"1", "null"}));
    }

    void an_event_alone_in_its_batch_is_exported_with_what_stands_around_it() {
        const std::string value = "{\"batch\":[{\"type\":\"track\",\"event\":\"a\",\"messageId\":"
                                  "\"1\",\"anonymousId\":\"a\"}],\"writeKey\":\"w-1\"}";
        DecodedRows rows;
        rows.add(value, "raw");
        auto feed = LiveFeed::start({rows.vocabulary, {DisclosurePolicy::none()}});
        feed->offer({rows.store()});
        QTRY_COMPARE(feed->snapshot()->matched(), 1u);
        QTemporaryDir folder;
        ExportRequest request;
        request.snapshot = feed->snapshot();
        request.columns = {{ColumnSpec::Kind::Dimension, "type"}};
        request.path = folder.filePath(QStringLiteral("a")).toStdString();
        request.vocabulary = rows.vocabulary;
        request.disclosure = DisclosurePolicy::none();
        const auto exported = [&](ExportFormat format) {
            request.format = format;
            const auto job = ExportJob::start(request);
            const bool ended = QTest::qWaitFor([&] { return job->progress().finished; });
            return ended ? content(QString::fromStdString(request.path)) : QByteArray("(not yet)");
        };
        std::string quoted;
        append_json_string(value, quoted);
        QVERIFY(exported(ExportFormat::Ndjson).contains(QByteArray::fromStdString(quoted)));
        const QByteArray in_csv = QByteArray::fromStdString(value).replace('"', "\"\"");
        QCOMPARE(exported(ExportFormat::Csv), "type,value,encoding\r\na,\"" + in_csv + "\",\r\n");
    }

    void a_path_with_a_star_has_all_its_values() {
        DecodedRows rows;
        rows.add("{\"items\":[{\"sku\":\"A-1\"},{\"sku\":null},{},{\"sku\":7}],\"none\":[],"
                 "\"one\":[{\"sku\":null}]}",
                 "raw");
        const auto lane = rows.store();
        RowReader reader(rows.vocabulary, DisclosurePolicy::none(), RowReader::Style::Whole);
        reader.set_columns({{ColumnSpec::Kind::Path, "items[*].sku"},
                            {ColumnSpec::Kind::Path, "none[*].sku"},
                            {ColumnSpec::Kind::Path, "one[*].sku"},
                            {ColumnSpec::Kind::Path, "items[0].sku"}});
        const TableRow row = reader.read(*lane->segments[0], 0);
        QCOMPARE(row.cells, (std::vector<std::string>{"A-1,null,7", "", "null", "A-1"}));
        QVERIFY(row.states == (std::vector<CellState>{CellState::Given, CellState::Missing,
                                                      CellState::Null, CellState::Given}));
    }
};

QTEST_GUILESS_MAIN(TestRowValues)
#include "tst_row_values.moc"
