// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "connectors/base/record.h"

using namespace weir;

class TestRecord : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_built_batch_owns_its_bytes() {
        RecordBatchBuilder builder;
        builder.add({.topic = "raw_events",
                     .partition = PartitionId(3),
                     .offset = Offset(7),
                     .headers = {{"a", "1"}, {"a", "2"}},
                     .key_null = false,
                     .value_null = true,
                     .key = ""});
        RecordBatch batch = builder.take();
        RecordBatch moved = std::move(batch);
        QCOMPARE(moved.records.size(), 1u);
        const Record& r = moved.records.front();
        QCOMPARE(r.topic, std::string_view("raw_events"));
        QVERIFY(r.value_null);
        QVERIFY(!r.key_null);
        QCOMPARE(r.header_count, 2);
        QCOMPARE(moved.headers_of(r)[1].value, std::string_view("2"));
    }

    void an_error_is_one_sentence_with_its_place() {
        const Error e{ErrorCode::NotFound, "topic x does not exist", "prod-kafka", "reading it",
                      "Check its name."};
        QCOMPARE(
            e.text(),
            std::string("prod-kafka: topic x does not exist (while reading it). Check its name."));
        const Error named{ErrorCode::Connection, "a:9092 refuses connections", "a:9092", {}, {}};
        QCOMPARE(named.text(), std::string("a:9092 refuses connections"));
    }
};

QTEST_GUILESS_MAIN(TestRecord)
#include "tst_record.moc"
