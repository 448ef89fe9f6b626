// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "models/event/decode/dialect.h"
#include "models/event/decode/header_values.h"
#include "models/event/decode/timestamps.h"
#include "tests/models/event/decode/decode_story.h"

using namespace weir;
using namespace weir::test;

namespace {

void write(const QTemporaryDir& folder, const char* name, const QByteArray& text) {
    QFile file(folder.filePath(QString::fromLatin1(name)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

std::int64_t us(const char* text, bool zone_required = true) {
    Micros time;
    return parse_rfc3339(text, zone_required, time) ? time.value() : -1;
}

} // namespace

class TestDialectFiles : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_time_is_read_alike_whatever_was_read_before() {
        const std::string nothing(16, '\0');
        const std::vector<std::string> texts = {
            "2026-11-20T10:15:30Z",      "2026-11-20T10:15:59.25Z", "2026-11-20T10:16:00Z",
            "2026-11-20T10:15:61Z",      "2026-11-20T10:15x30Z",    "2026-11-20T10:15:30+01:00",
            "2026-02-29T10:15:30Z",      "2026-11-20T10:15",        nothing + ":30Z",
            "2026-11-20 10:15:30-00:30", "2026-11-20T10:15:3",      "2026-13-20T10:15:30Z"};
        MinuteMemo memo;
        for (std::size_t step = 1; step < texts.size(); ++step)
            for (std::size_t i = 0; i < texts.size(); ++i) {
                const std::string& text = texts[i * step % texts.size()];
                Micros plain, remembered;
                const bool readable = parse_rfc3339(text, true, plain);
                QCOMPARE(parse_rfc3339(text, true, memo, remembered), readable);
                if (readable)
                    QCOMPARE(remembered, plain);
            }
    }

    void one_file_makes_a_dialect() {
        QTemporaryDir folder;
        write(folder, "shop.json",
              "{\"weir_dialect\": 1, \"name\": \"shop\","
              " \"shape\": {\"event\": {\"of\": [\"nr\", \"was\"]}},"
              " \"fields\": {\"id\": \"nr\", \"type\": {\"paths\": \"was\", \"words\":"
              " {\"kauf\": \"purchase\"}}, \"event_time\": {\"paths\": \"wann\", \"form\":"
              " \"epoch_s\"}, \"app_version\": \"/app/version.long\"}}");
        const auto dialects = DialectSet::load(folder.path().toStdString());
        QVERIFY2(dialects.ok(), dialects.ok() ? "" : dialects.error().text().c_str());
        DecodeStory story;
        story.decoder = Decoder::create(*dialects, story.vocabulary, {});
        const Sighting s = story
                               .read("{\"nr\":17,\"was\":\"kauf\",\"wann\":1795169730.5,"
                                     "\"app\":{\"version.long\":\"7\"}}")
                               .front();
        QCOMPARE(story.line(s),
                 std::string("shop seen id type=purchase app_version=7 event=30500ms"));
        QCOMPARE(story.line(story.read(fixture("segment.json")).front()).substr(0, 7),
                 std::string("segment"));
    }

    void a_file_of_the_same_name_stands_in_for_ours() {
        QTemporaryDir folder;
        write(folder, "mine.json",
              "{\"weir_dialect\": 1, \"name\": \"native\", \"fields\": {\"id\": \"uid\"}}");
        const auto dialects = DialectSet::load(folder.path().toStdString());
        QVERIFY(dialects.ok());
        const std::vector<std::string> names = (*dialects)->names();
        QCOMPARE(std::count(names.begin(), names.end(), "native"), 1);
        QCOMPARE(names.size(), DialectSet::built_in()->names().size());
    }

    void a_mistake_is_named_with_file_and_pointer_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("what");
        const QByteArray head = "{\"weir_dialect\":1,\"name\":\"x\",\"fields\":{\"id\":\"a\"}";
        QTest::newRow("not JSON") << QByteArray("{") << QByteArray("bad.json")
                                  << QByteArray("the dialect is not JSON");
        QTest::newRow("another version")
            << QByteArray("{\"weir_dialect\":2}") << QByteArray("bad.json#/weir_dialect")
            << QByteArray("/weir_dialect must be 1");
        QTest::newRow("a member too many")
            << head + ",\"feilds\":{}}" << QByteArray("bad.json#/feilds")
            << QByteArray("/feilds is not a member of a dialect");
        QTest::newRow("a form that is none")
            << QByteArray("{\"weir_dialect\":1,\"name\":\"x\",\"fields\":{\"event_time\":"
                          "{\"paths\":\"t\",\"form\":\"swatch\"}}}")
            << QByteArray("bad.json#/fields/event_time/form")
            << QByteArray("/fields/event_time/form is not a form: swatch");
        QTest::newRow("a path that is none")
            << head + ",\"batch\":\"a..b\"}" << QByteArray("bad.json#/batch")
            << QByteArray("/batch must be a path");
        QTest::newRow("more than there are")
            << head + ",\"shape\":{\"event\":{\"of\":[\"a\"],\"at_least\":2}}}"
            << QByteArray("bad.json#/shape/event/at_least")
            << QByteArray("/shape/event/at_least must be a number");
        QTest::newRow("columns of JSON")
            << head + ",\"columns\":[\"a\"]}" << QByteArray("bad.json#/columns")
            << QByteArray("/columns belongs to body tsv");
        QTest::newRow("no columns of TSV")
            << head + ",\"body\":\"tsv\"}" << QByteArray("bad.json#/columns")
            << QByteArray("/columns belongs to body tsv");
    }
    void a_mistake_is_named_with_file_and_pointer() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, what);
        QTemporaryDir folder;
        write(folder, "bad.json", text);
        const auto dialects = DialectSet::load(folder.path().toStdString());
        QVERIFY(!dialects.ok());
        QCOMPARE(dialects.error().code, ErrorCode::Config);
        const auto place = QByteArray::fromStdString(dialects.error().where);
        QVERIFY2(place.endsWith(where), place.constData());
        const auto sentence = QByteArray::fromStdString(dialects.error().what);
        QVERIFY2(sentence.startsWith(what), sentence.constData());
    }

    void a_folder_that_is_not_there_is_an_error() {
        const auto dialects = DialectSet::load("/nowhere/at/all");
        QVERIFY(!dialects.ok());
        QCOMPARE(dialects.error().where, std::string("/nowhere/at/all"));
    }

    void times_in_all_their_spellings() {
        const std::int64_t base = 1'795'169'730'000'000;
        QCOMPARE(us("2026-11-20T10:15:30Z"), base);
        QCOMPARE(us("2026-11-20t10:15:30z"), base);
        QCOMPARE(us("2026-11-20 10:15:30Z"), base);
        QCOMPARE(us("2026-11-20T10:15:30.1Z"), base + 100'000);
        QCOMPARE(us("2026-11-20T10:15:30.123456789Z"), base + 123'456);
        QCOMPARE(us("2026-11-20T11:45:30+01:30"), base);
        QCOMPARE(us("2026-11-20T05:15:30-0500"), base);
        QCOMPARE(us("2026-11-20T12:15:30+02"), base);
        QCOMPARE(us("2026-11-20 10:15:30.123", false), base + 123'000);
        QCOMPARE(us("1970-01-01T00:00:00Z"), std::int64_t(0));
        QCOMPARE(us("2000-02-29T00:00:00Z"), std::int64_t(951'782'400'000'000));
        QCOMPARE(us("2016-12-31T23:59:60Z"), us("2017-01-01T00:00:00Z"));
        for (const char* wrong :
             {"", "2026-11-20", "2026-11-20T10:15:30", "2026-11-20T10:15Z", "2026-11-20T10:15:30.Z",
              "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
              "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-20T24:00:00Z",
              "2026-11-20T10:60:00Z", "2026-11-20T10:15:61Z", "2026-11-20T10:15:30+25:00",
              "2026-11-20T10:15:30+1:00", "2026-11-20T10:15:30Zulu", "x026-11-20T10:15:30Z",
              "2026-11-20X10:15:30Z", "20261120T101530Z......."})
            QVERIFY2(us(wrong) == -1, wrong);
    }

    void epochs_in_all_their_spellings() {
        Micros time;
        QVERIFY(parse_epoch("1795169730123", 1'000, time));
        QCOMPARE(time.value(), std::int64_t(1'795'169'730'123'000));
        QVERIFY(parse_epoch("1795169730.5", 1'000'000, time));
        QCOMPARE(time.value(), std::int64_t(1'795'169'730'500'000));
        QVERIFY(parse_epoch("-1", 1'000, time));
        QCOMPARE(time.value(), std::int64_t(-1'000));
        for (const char* wrong :
             {"", "x", "1x", "9223372036854775807", "-9223372036854775808", "1e300", "nan", "inf"})
            QVERIFY2(!parse_epoch(wrong, 1'000, time), wrong);
    }

    void values_as_headers_write_them() {
        QCOMPARE(class_name("org.shop.Listener$BadEvent"), std::string_view("BadEvent"));
        QCOMPARE(class_name("BadEvent"), std::string_view("BadEvent"));
        QCOMPARE(class_name("odd."), std::string_view("odd."));
        QCOMPARE(iglu_name("iglu:com.x/size_violation/jsonschema/1-0-0"),
                 std::string_view("size_violation"));
        QCOMPARE(iglu_name("http://x/y"), std::string_view("http://x/y"));
        QCOMPARE(header_integer("42").value_or(0), std::int64_t(42));
        QCOMPARE(header_integer(std::string("\xFF\xFF\xFF\xFE", 4)).value_or(0), std::int64_t(-2));
        QVERIFY(!header_integer("abc").has_value());
    }
};

QTEST_GUILESS_MAIN(TestDialectFiles)
#include "tst_dialect_files.moc"
