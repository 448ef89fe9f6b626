// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/event/decode/dialect.h"
#include "tests/models/event/decode/decode_story.h"

using namespace weir;
using namespace weir::test;

/// Each vendor's event, recognised by its shape alone, on a topic that nobody has described.
class TestDialects : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_event_is_recognised_by_its_shape_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("sightings");
        QTest::newRow("native") << QByteArray("native.json")
                                << QByteArray("native seen id type=purchase source=client "
                                              "platform=web app_version=4.12.0 schema_version=3 "
                                              "event=30123ms sent=31000ms received=31250ms\n");
        QTest::newRow("a native dead letter")
            << QByteArray("native-dead-letter.json")
            << QByteArray("native-dead-letter failed id reason=schema_violation type=purchase "
                          "platform=web event=30000ms\n");
        QTest::newRow("segment") << QByteArray("segment.json")
                                 << QByteArray("segment seen id type=Order Completed platform=ios "
                                               "app_version=2.1 event=30123ms sent=31000ms "
                                               "received=31250ms\n");
        QTest::newRow("a segment batch, judged one by one")
            << QByteArray("segment-batch.json")
            << QByteArray("segment seen id type=page app_version=2.2 event=30000ms sent=40000ms\n"
                          "segment seen id type=identify app_version=2.2 event=unparsable "
                          "sent=40000ms\n"
                          "json undecodable coordinates reason=an event that is no object\n");
        QTest::newRow("cloudevents")
            << QByteArray("cloudevents.json")
            << QByteArray("cloudevents seen id type=com.shop.order.placed source=/shop/orders "
                          "platform=server app_version=7 event=30000ms\n");
        QTest::newRow("a snowplow tracker's payload")
            << QByteArray("snowplow-tracker.json")
            << QByteArray("snowplow-tracker seen id type=page_view source=shop platform=web "
                          "schema_version=js-3.24.0 event=30123ms sent=31000ms\n"
                          "snowplow-tracker seen id type=unstruct source=shop platform=mobile "
                          "schema_version=js-3.24.0 event=32123ms sent=31000ms\n");
        QTest::newRow("a snowplow enriched event")
            << QByteArray("snowplow-enriched.tsv")
            << QByteArray("snowplow-enriched seen id type=page_view source=shop platform=web "
                          "schema_version=1-0-0 event=30123ms sent=31000ms received=31250ms\n");
        QTest::newRow("a snowplow bad row")
            << QByteArray("snowplow-bad-row.json")
            << QByteArray("snowplow-bad-row failed id reason=schema_violations type=order "
                          "source=shop platform=web event=30123ms received=31250ms\n");
    }
    void an_event_is_recognised_by_its_shape() {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, sightings);
        DecodeStory story;
        story.read(fixture(file.toStdString()));
        QCOMPARE(QByteArray::fromStdString(story.lines()), sightings);
    }

    void no_two_dialects_claim_the_same_event() {
        for (const char* file : {"native.json", "native-dead-letter.json", "segment.json",
                                 "segment-batch.json", "cloudevents.json", "snowplow-tracker.json",
                                 "snowplow-enriched.tsv", "snowplow-bad-row.json"}) {
            // A place remembers what read its last record; that must not change what reads the
            // next.
            DecodeStory fresh;
            fresh.read(fixture(file));
            for (const char* before : {"native.json", "segment.json", "cloudevents.json",
                                       "snowplow-tracker.json", "snowplow-bad-row.json"}) {
                DecodeStory story;
                story.read(fixture(before));
                story.read(fixture(file));
                QCOMPARE(story.lines(), fresh.lines());
            }
        }
    }

    void every_dialect_of_the_program_can_be_read() {
        const auto dialects = DialectSet::built_in();
        QCOMPARE(dialects->names().size(), 11U);
        const auto* const loaded = dynamic_cast<const LoadedDialects*>(dialects.get());
        QVERIFY(loaded != nullptr);
        for (const Dialect& dialect : loaded->all()) {
            if (dialect.body == DialectBody::Tsv)
                QCOMPARE(dialect.column_names.size(), 131U);
        }
    }
};

QTEST_GUILESS_MAIN(TestDialects)
#include "tst_dialects.moc"
