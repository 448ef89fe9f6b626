// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// The command line on a real broker, as a process: what a script sees.
#include <QDir>
#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/search_ground.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

std::string page_view(const std::string& id) {
    return R"({"event_id":")" + id + R"(","event_type":"page_view","properties":{"n":1}})";
}

} // namespace

class TestSearchCommand : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();
    KafkaTool m_tool{m_broker};
    QTemporaryDir m_folder;

    QStringList on(const std::string& topic, const QStringList& more) const {
        return QStringList{more.first(), QStringLiteral("-b"),
                           QString::fromStdString(m_broker.address()), QStringLiteral("-t"),
                           QString::fromStdString(topic)} +
               more.mid(1);
    }
    std::string topic_with(const std::vector<TestRecord>& records, int partitions = 1) {
        const std::string topic = unique_name("cli");
        if (!m_tool.create_topic(topic, partitions) || !m_tool.write(topic, records))
            qFatal("the topic could not be filled");
        return topic;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS",
                QDir(m_folder.path()).filePath(QStringLiteral("ids.json")).toUtf8());
        QVERIFY2(QFile::exists(weir_program()), "build the target weir first");
    }
    void the_json_document_holds_payloads_as_they_are() {
        const std::string ids = R"({"event_id":"a","order":-7210194211959421178,)"
                                R"("big":23958446825181076828,"html":"<b>=1+1</b>"})";
        const std::string binary("\xff\x00\x01needle", 9);
        const std::string topic =
            topic_with({{.key = "k1", .value = ids, .headers = {{"h", "1"}, {"h", std::nullopt}}},
                        {.key = "k2", .value = binary},
                        {.key = "k3", .value = std::nullopt}});
        const Answer all =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("--json")}));
        QCOMPARE(all.code, 0);
        const QJsonArray matches = all.json()[QStringLiteral("matches")].toArray();
        QCOMPARE(matches.size(), 3);
        QCOMPARE(matches[0][QStringLiteral("value")].toString().toStdString(), ids);
        QVERIFY(all.out.contains("-7210194211959421178"));
        QVERIFY(all.out.contains("23958446825181076828"));
        QCOMPARE(matches[0][QStringLiteral("headers")].toArray().size(), 2);
        QVERIFY(matches[0][QStringLiteral("headers")][1][QStringLiteral("value")].isNull());
        QCOMPARE(matches[1][QStringLiteral("encoding")].toString(), QStringLiteral("base64"));
        QCOMPARE(QByteArray::fromBase64(matches[1][QStringLiteral("value")].toString().toLatin1()),
                 QByteArray::fromStdString(binary));
        QVERIFY(matches[2][QStringLiteral("value")].isNull());
        const QJsonObject coverage = all.json()[QStringLiteral("coverage")].toObject();
        QVERIFY(coverage[QStringLiteral("complete")].toBool());
        const QJsonValue first = coverage[QStringLiteral("partitions")][0];
        QCOMPARE(first[QStringLiteral("to")].toInt(), 3);
        QCOMPARE(first[QStringLiteral("read")].toInt(), 3);
        QCOMPARE(first[QStringLiteral("stop")].toString(), QStringLiteral("complete"));
        QVERIFY(all.json()[QStringLiteral("elapsed_ms")].isDouble());
    }
    void nothing_found_is_a_finding_and_is_proved() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("a")}}, 3);
        const Answer none = weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("zzz")}));
        QCOMPARE(none.code, 1);
        QVERIFY(none.out.isEmpty());
        QVERIFY2(none.err.contains("complete: 1 record read in 3 of 3 partitions"), none.err);
        QVERIFY(none.err.contains("production"));
        QVERIFY2(none.err.contains("reading up to 1 offsets in 3 partitions, about 600 B"),
                 none.err);
        QVERIFY2(none.err.contains("read at 75 MB/s at most (--budget 0 lifts the limit)"),
                 none.err);
        const Answer lifted =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("zzz"),
                                 QStringLiteral("--budget"), QStringLiteral("0")}));
        QVERIFY2(!lifted.err.contains("MB/s at most"), lifted.err);
    }
    void an_empty_topic_answers_at_once() {
        const std::string topic = topic_with({}, 6);
        const Answer empty = weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("x")}));
        QCOMPARE(empty.code, 1);
        QVERIFY2(empty.err.contains("empty"), empty.err);
    }
    void a_tail_of_an_empty_topic_says_so() {
        const std::string topic = topic_with({}, 6);
        const Answer ended =
            weir_says(on(topic, {QStringLiteral("tail"), QStringLiteral("--exit")}));
        QVERIFY2(ended.err.contains(QByteArray::fromStdString("topic " + topic + " is empty")),
                 ended.err);
        QProcess process;
        process.start(weir_program(), on(topic, {QStringLiteral("tail")}));
        QByteArray said;
        const auto told = [&] {
            said += process.readAllStandardError();
            return said.contains(" is empty");
        };
        QTRY_VERIFY_WITH_TIMEOUT(told(), 60'000);
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        const std::string full = topic_with({{.key = "k", .value = page_view("a")}}, 2);
        const Answer quiet =
            weir_says(on(full, {QStringLiteral("tail"), QStringLiteral("--exit")}));
        QVERIFY2(!quiet.err.contains("is empty"), quiet.err);
    }
    void a_tail_from_an_offset_to_come_says_what_it_leaves_out() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("a")}}, 1);
        QProcess process;
        process.start(weir_program(), on(topic, {QStringLiteral("tail"), QStringLiteral("--from"),
                                                 QStringLiteral("@1000")}));
        QByteArray said;
        const QByteArray told = QByteArray::fromStdString(
            topic + "/0 ends at offset 1: what comes before offset 1,000 is not printed");
        const auto is_told = [&] {
            said += process.readAllStandardError();
            return said.contains(told);
        };
        QTRY_VERIFY2_WITH_TIMEOUT(is_told(), said, 60'000);
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        process.start(weir_program(), on(topic, {QStringLiteral("tail"), QStringLiteral("--exit"),
                                                 QStringLiteral("--from"), QStringLiteral("@0")}));
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY(!process.readAllStandardError().contains("is not printed"));
    }
    void an_answer_that_nobody_takes_is_not_said_to_have_met_a_limit() {
        std::vector<TestRecord> records(3'000,
                                        {.key = "k", .value = page_view(std::string(500, 'x'))});
        const std::string topic = topic_with(records, 1);
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/dev/full"));
        process.start(weir_program(),
                      on(topic, {QStringLiteral("search"), QStringLiteral("--json")}));
        QVERIFY(process.waitForFinished(60'000));
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("No space left on device") && !said.contains("(limit)"), said);
        QCOMPARE(process.exitCode(), 2);
    }
    void a_masked_value_that_is_asked_for_is_told_to_be_masked() {
        const std::string topic =
            topic_with({{.key = "k",
                         .value = std::string(R"({"event_id":"a","event_type":"signup",)"
                                              R"("properties":{"email":"x@example.com"}})")}});
        const Answer none = weir_says(
            on(topic, {QStringLiteral("search"), QStringLiteral("--mask"), QStringLiteral("--json"),
                       QStringLiteral("properties.email == \"x@example.com\"")}));
        QVERIFY2(none.err.contains("properties.email is masked here; its values cannot be found"),
                 none.err);
        QCOMPARE(none.json()[QStringLiteral("coverage")][QStringLiteral("masked")][0].toString(),
                 QStringLiteral("properties.email"));
        // Of a text it is told without telling whether what is masked holds it.
        for (const char* text : {"x@example.com", "nobody@example.com"}) {
            const Answer hidden =
                weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("--mask"),
                                     QStringLiteral("--json"), QString::fromLatin1(text)}));
            QVERIFY2(hidden.err.contains("what is masked here was not searched for the text"),
                     hidden.err);
            const QJsonValue coverage = hidden.json()[QStringLiteral("coverage")];
            QVERIFY(coverage[QStringLiteral("masked_text")].toBool());
            for (const char* field : {"looked_into", "undecodable"})
                QVERIFY2(coverage[QStringLiteral("partitions")][0]
                             .toObject()[QString::fromLatin1(field)]
                             .isNull(),
                         hidden.out);
        }
        const Answer open =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("nobody@example.com")}));
        QVERIFY2(!open.err.contains("masked here"), open.err);
    }
    void a_name_that_is_not_there_is_told_with_the_one_that_was_meant() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("a")}}, 2);
        const Answer misspelt =
            weir_says(on(topic + "s", {QStringLiteral("search"), QStringLiteral("a")}));
        QCOMPARE(misspelt.code, 2);
        QVERIFY2(misspelt.err.contains(("does not exist. Did you mean " + topic + "?").c_str()),
                 misspelt.err);
        const Answer beyond =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("-p"),
                                 QStringLiteral("4294967296"), QStringLiteral("a")}));
        QCOMPARE(beyond.code, 2);
        QVERIFY2(
            beyond.err.contains("--partition 4294967296: not a whole number from 0 to 2147483647"),
            beyond.err);
        const Answer partition =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("-p"),
                                 QStringLiteral("17"), QStringLiteral("a")}));
        QCOMPARE(partition.code, 2);
        QVERIFY2(partition.err.contains("no topic has partition 17") &&
                     partition.err.contains("are 0 to 1."),
                 partition.err);
    }
    void text_comes_in_fields_and_in_kcats_format() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("id-1")}});
        const Answer fields = weir_says(
            on(topic, {QStringLiteral("search"), QStringLiteral("-q"), QStringLiteral("--fields"),
                       QStringLiteral("id,type,properties.n,key,missing.path")}));
        QCOMPARE(fields.out, QByteArray("id-1\tpage_view\t1\tk\t\n"));
        for (const char* how : {"search --fields", "count --by"}) {
            const QStringList words = QString::fromLatin1(how).split(QLatin1Char(' '));
            const Answer told =
                weir_says(on(topic, words + QStringList{QStringLiteral("outcome,missing.path")}));
            QVERIFY2(told.out.contains("seen"), told.out);
            QVERIFY2(told.err.contains("weir: fields: missing.path is in none of the 1 event "),
                     told.err);
        }
        const Answer format = weir_says(
            on(topic, {QStringLiteral("tail"), QStringLiteral("-q"), QStringLiteral("--last"),
                       QStringLiteral("@1"), QStringLiteral("--exit"), QStringLiteral("-f"),
                       QStringLiteral("%p:%o:%k:%S%%\\n")}));
        QCOMPARE(format.out,
                 QByteArray("0:0:k:") + QByteArray::number(page_view("id-1").size()) + "%\n");
        const Answer binary =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("-q"),
                                 QStringLiteral("-f"), QStringLiteral("%R%k\\x1f\\xA.\\x41g")}));
        const char size = static_cast<char>(page_view("id-1").size());
        QCOMPARE(binary.out, QByteArray("\0\0\0", 3) + size + "k\x1f\n.Ag");
        const Answer bad = weir_says(
            on(topic, {QStringLiteral("search"), QStringLiteral("-f"), QStringLiteral("\\xyz")}));
        QCOMPARE(bad.code, 2);
        QVERIFY2(bad.err.contains("in hex digits"), bad.err);
    }
    void null_empty_and_missing_are_told_apart() {
        const std::string topic = topic_with({{.key = std::nullopt, .value = R"({"n":null})"},
                                              {.key = "", .value = R"({"n":""})"},
                                              {.key = "null", .value = R"({"n":"null"})"},
                                              {.key = "k", .value = std::nullopt}});
        const auto says = [&](const QStringList& output) {
            return weir_says(on(topic, QStringList{QStringLiteral("search"), QStringLiteral("-q")} +
                                           output))
                .out;
        };
        QCOMPARE(says({QStringLiteral("--fields"), QStringLiteral("key,n")}),
                 QByteArray("null\tnull\n\"\"\t\"\"\n\"null\"\t\"null\"\nk\t\n"));
        const QString format = QStringLiteral("%k,%K,%S;");
        QCOMPARE(says({QStringLiteral("-f"), format}), QByteArray(",-1,10;,0,8;null,4,12;k,1,-1;"));
        QCOMPARE(says({QStringLiteral("-Z"), QStringLiteral("-f"), format}),
                 QByteArray("NULL,-1,10;,0,8;null,4,12;k,1,-1;"));
    }
    void a_record_and_its_events_have_each_their_size() {
        const std::string batch = segment_batch("b", {"signup", "purchase"});
        const std::string topic =
            topic_with({{.key = "key", .value = batch, .headers = {{"h", "1234"}}}});
        const QByteArray record = QByteArray::number(3 + batch.size() + 5);
        QByteArray expected;
        for (const char* type : {"signup", "purchase"})
            expected +=
                record + '\t' +
                QByteArray::number(segment_call("b", expected.isEmpty() ? 0 : 1, type).size()) +
                '\n';
        const Answer sizes =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("-q"),
                                 QStringLiteral("--fields"), QStringLiteral("size,event_size"),
                                 QStringLiteral("size == ") + QString::fromLatin1(record)}));
        QCOMPARE(sizes.out, expected);
    }
    void counts_are_of_events_by_any_field() {
        const std::string topic = topic_with(
            {{.key = "k", .value = page_view("a")},
             {.key = "k", .value = page_view("b")},
             {.key = "k", .value = std::string(R"({"event_id":"c","event_type":"signup"})")}});
        const Answer table = weir_says(on(topic, {QStringLiteral("count"), QStringLiteral("-q"),
                                                  QStringLiteral("--by"), QStringLiteral("type")}));
        QCOMPARE(table.out, QByteArray("type\tcount\npage_view\t2\nsignup\t1\n"));
    }
    void values_that_only_look_alike_are_counted_apart() {
        const std::string topic = topic_with({{.key = "k", .value = "{\"n\":100}"},
                                              {.key = "k", .value = "{\"n\":100}"},
                                              {.key = "k", .value = "{\"n\":\"100\"}"},
                                              {.key = "k", .value = "{\"n\":null}"},
                                              {.key = "k", .value = "{\"n\":\"x\"}"},
                                              {.key = "k", .value = "{}"}});
        const auto count = [&](const char* how) {
            return weir_says(
                on(topic, {QStringLiteral("count"), QStringLiteral("-q"), QStringLiteral("--by"),
                           QStringLiteral("n"), QString::fromUtf8(how)}));
        };
        const QByteArray table = count("--exhaustive").out;
        for (const char* line :
             {"\n100\t2\n", "\n\"100\"\t1\n", "\nnull\t1\n", "\nx\t1\n", "\n(missing)\t1\n"})
            QVERIFY2(table.contains(line), table);
        const QByteArray json = count("--json").out;
        for (const char* row : {"{\"n\":100},\"count\":2}", "{\"n\":\"100\"},\"count\":1}",
                                "{\"n\":null},\"count\":1}", "{},\"count\":1}"})
            QVERIFY2(json.contains(row), json);
    }
    void a_record_of_several_events_is_several_matches() {
        const std::string topic =
            topic_with({{.key = "k", .value = segment_batch("a", {"signup", "purchase", "signup"})},
                        {.key = "k", .value = segment_batch("b", {"signup"})}});
        const Answer table = weir_says(on(topic, {QStringLiteral("count"), QStringLiteral("-q"),
                                                  QStringLiteral("--by"), QStringLiteral("type")}));
        QCOMPARE(table.out, QByteArray("type\tcount\nsignup\t3\npurchase\t1\n"));
        const Answer counted =
            weir_says(on(topic, {QStringLiteral("count"), QStringLiteral("--json")}));
        QCOMPARE(counted.json()[QStringLiteral("total")].toInt(), 4);
        QCOMPARE(counted.json()[QStringLiteral("read")].toInt(), 2);
        const Answer found =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("--json"),
                                 QStringLiteral("type == \"signup\"")}));
        const QJsonArray matches = found.json()[QStringLiteral("matches")].toArray();
        QCOMPARE(matches.size(), 3);
        QCOMPARE(matches[1][QStringLiteral("ordinal")].toInt(), 2);
        QCOMPARE(matches[1][QStringLiteral("value")].toString().toStdString(),
                 segment_call("a", 2, "signup"));
        QVERIFY(matches[2][QStringLiteral("ordinal")].isUndefined());
        QCOMPARE(matches[2][QStringLiteral("value")].toString().toStdString(),
                 segment_batch("b", {"signup"}));
        const Answer tail = weir_says(
            on(topic, {QStringLiteral("tail"), QStringLiteral("-q"), QStringLiteral("--last"),
                       QStringLiteral("@2"), QStringLiteral("--exit"), QStringLiteral("--limit"),
                       QStringLiteral("2"), QStringLiteral("--fields"),
                       QStringLiteral("id,offset,type")}));
        QCOMPARE(tail.out, QByteArray("a-0\t0\tsignup\na-1\t0\tpurchase\n"));
    }
    void counts_are_lossless_and_carry_their_coverage() {
        const std::string topic = topic_with({{.key = "\xff\x01", .value = page_view("a")},
                                              {.key = "\xff\x02", .value = page_view("b")}});
        const Answer counted =
            weir_says(on(topic, {QStringLiteral("count"), QStringLiteral("--json"),
                                 QStringLiteral("--by"), QStringLiteral("key")}));
        const QJsonArray counts = counted.json()[QStringLiteral("counts")].toArray();
        QCOMPARE(counts.size(), 2);
        QCOMPARE(counts[0][QStringLiteral("base64")][0].toString(), QStringLiteral("key"));
        QCOMPARE(QByteArray::fromBase64(
                     counts[0][QStringLiteral("by")][QStringLiteral("key")].toString().toLatin1()),
                 QByteArray("\xff\x01"));
        const QJsonValue coverage = counted.json()[QStringLiteral("coverage")];
        QVERIFY(coverage[QStringLiteral("complete")].toBool());
        QCOMPARE(coverage[QStringLiteral("partitions")][0][QStringLiteral("looked_into")].toInt(),
                 2);
    }
    void a_range_that_ends_before_it_begins_is_a_mistake() {
        const QStringList ranges[] = {
            {QStringLiteral("--from"), QStringLiteral("2026-05-02T00:00:00Z"),
             QStringLiteral("--to"), QStringLiteral("2026-05-01T00:00:00Z")},
            {QStringLiteral("--from"), QStringLiteral("@10"), QStringLiteral("--to"),
             QStringLiteral("@9")},
            {QStringLiteral("--last"), QStringLiteral("15m"), QStringLiteral("--to"),
             QStringLiteral("now-1h")},
        };
        for (const QStringList& range : ranges) {
            const Answer refused =
                weir_says(on("any", QStringList{QStringLiteral("search")} + range));
            QCOMPARE(refused.code, 2);
            QVERIFY2(refused.err.contains("begins after --to"), refused.err);
        }
    }
    void a_field_that_looks_like_a_slip_is_remarked_upon() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("a")}});
        const Answer slip =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("typ == \"x\"")}));
        QVERIFY2(slip.err.contains("filter, column 1: 'typ' is looked up in the event's JSON. Did "
                                   "you mean type? Any JSON path is allowed: properties.typ"),
                 slip.err);
    }
    void a_filter_too_long_for_a_command_line_comes_from_a_file() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("id-19999")},
                                              {.key = "k", .value = page_view("another")}});
        const auto ids = [this](int count) {
            QFile file(m_folder.filePath(QStringLiteral("ids.filter")));
            if (!file.open(QIODevice::WriteOnly))
                qFatal("the filter cannot be written");
            file.write("id in (");
            for (int i = 0; i < count; ++i)
                file.write((i == 0 ? "\"id-" : ",\n\"id-") + QByteArray::number(i) + "\"");
            file.write(")");
            return file.fileName();
        };
        const QStringList from_file{QStringLiteral("search"), QStringLiteral("-q"),
                                    QStringLiteral("--filter-file")};
        const QStringList shown{QStringLiteral("--fields"), QStringLiteral("id")};
        const Answer found = weir_says(on(topic, from_file + QStringList{ids(20'000)} + shown));
        QVERIFY2(found.code == 0, found.err);
        QCOMPARE(found.out, QByteArray("id-19999\n"));
        const Answer more = weir_says(on(topic, from_file + QStringList{ids(20'001)}));
        QCOMPARE(more.code, 2);
        QVERIFY2(more.err.contains("more than 20,000 values in a list"), more.err);
        QVERIFY2(more.err.size() < 2'000, more.err); // the mistake's surroundings, not all of it
        const Answer million = weir_says(on(topic, from_file + QStringList{ids(1'000'000)}));
        QCOMPARE(million.code, 2);
        QVERIFY2(million.err.contains("more than 1 MiB"), million.err);
        const Answer none =
            weir_says(on(topic, from_file + QStringList{QStringLiteral("/not/there")}));
        QCOMPARE(none.code, 2);
    }
    void aborted_and_control_records_are_gaps_not_misses() {
        const std::string topic = unique_name("tx");
        QVERIFY(m_tool.create_topic(topic, 1).ok());
        TransactionalWriter writer(m_broker, unique_name("writer"));
        QVERIFY(writer.begin().ok());
        QVERIFY(
            writer.write(topic, {{.key = "k", .value = page_view("gone"), .partition = 0}}).ok());
        QVERIFY(writer.abort().ok());
        QVERIFY(writer.begin().ok());
        QVERIFY(
            writer.write(topic, {{.key = "k", .value = page_view("kept"), .partition = 0}}).ok());
        QVERIFY(writer.commit().ok());
        const Answer committed =
            weir_says(on(topic, {QStringLiteral("search"), QStringLiteral("page_view"),
                                 QStringLiteral("--json"), QStringLiteral("--read-committed")}));
        QCOMPARE(committed.json()[QStringLiteral("matches")].toArray().size(), 1);
        const QJsonObject coverage = committed.json()[QStringLiteral("coverage")].toObject();
        QVERIFY2(coverage[QStringLiteral("complete")].toBool(), committed.out);
        const QJsonValue p = coverage[QStringLiteral("partitions")][0];
        QCOMPARE(p[QStringLiteral("to")].toInt(), 4);
        QCOMPARE(p[QStringLiteral("read")].toInt() + p[QStringLiteral("gaps")].toInt(), 4);
    }
    void a_key_reads_one_partition_unless_told_to_be_exhaustive() {
        std::vector<TestRecord> records;
        for (int i = 0; i < 600; ++i)
            records.push_back({.key = "session-" + std::to_string(i % 150),
                               .value = page_view(std::to_string(i))});
        const std::string topic = topic_with(records, 6);
        const QString expression = QStringLiteral("key == \"session-5\"");
        const Answer pruned =
            weir_says(on(topic, {QStringLiteral("search"), expression, QStringLiteral("--json")}));
        QCOMPARE(pruned.json()[QStringLiteral("matches")].toArray().size(), 4);
        const QJsonObject coverage = pruned.json()[QStringLiteral("coverage")].toObject();
        QCOMPARE(coverage[QStringLiteral("assumed")].toString(), QStringLiteral("crc32"));
        QVERIFY(!coverage[QStringLiteral("complete")].toBool());
        const Answer whole =
            weir_says(on(topic, {QStringLiteral("search"), expression, QStringLiteral("--json"),
                                 QStringLiteral("--exhaustive")}));
        QCOMPARE(whole.json()[QStringLiteral("matches")].toArray().size(), 4);
        QVERIFY(whole.json()[QStringLiteral("coverage")][QStringLiteral("complete")].toBool());
    }
    void an_interrupted_search_says_what_it_has_read() {
        const std::string topic = unique_name("long");
        QVERIFY(m_tool.create_topic(topic, 2).ok());
        QVERIFY(m_tool
                    .write_many(topic, 20'000,
                                [](std::int64_t i) {
                                    return TestRecord{.key = "k" + std::to_string(i),
                                                      .value = page_view(std::to_string(i))};
                                })
                    .ok());
        QProcess process; // at 0.2 MB/s it takes long enough to be interrupted
        process.start(
            weir_program(),
            on(topic, {QStringLiteral("search"), QStringLiteral("zzz"), QStringLiteral("--json"),
                       QStringLiteral("--budget"), QStringLiteral("0.2")}));
        QVERIFY(process.waitForStarted());
        QByteArray said;
        const auto begun = [&] {
            said += process.readAllStandardError();
            return said.contains("reading up to");
        };
        QTRY_VERIFY_WITH_TIMEOUT(begun(), 20'000);
        QVERIFY2(said.contains("at the read limit of 0.2 MB/s (--budget 0 lifts it)"), said);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(20'000));
        const QJsonObject answer =
            QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QVERIFY(!answer[QStringLiteral("coverage")][QStringLiteral("complete")].toBool());
        QCOMPARE(answer[QStringLiteral("coverage")][QStringLiteral("partitions")][0]
                       [QStringLiteral("stop")]
                           .toString(),
                 QStringLiteral("cancelled"));
    }
    void a_view_that_there_is_not_is_told_with_those_there_are() {
        const QString file = m_folder.filePath(QStringLiteral("x.png"));
        const Answer none =
            weir_says({QStringLiteral("screenshot"), QStringLiteral("Lively"), file});
        QCOMPARE(none.code, 2);
        QVERIFY2(none.err.contains("There are: ") && none.err.contains("live"), none.err);
        QCOMPARE(weir_says({QStringLiteral("screenshot"), QStringLiteral("Welcome"), file}).code,
                 0);
    }
    void the_embedded_cluster_is_no_address() {
        for (const char* command : {"doctor", "tail -t x", "generate -t x -n 1"}) {
            const Answer told =
                weir_says(QString::fromLatin1(command) + QStringLiteral(" -b embedded"));
            QCOMPARE(told.code, 2);
            QVERIFY2(told.err.contains("is one within a Weir that runs"), told.err);
        }
    }
    void exit_codes_tell_usage_from_connection() {
        QCOMPARE(weir_says({QStringLiteral("serach")}).code, 2);
        QVERIFY(weir_says({QStringLiteral("serach")}).err.contains("weir search?"));
        const Answer filter =
            weir_says(on("any", {QStringLiteral("search"), QStringLiteral("type = = x")}));
        QCOMPARE(filter.code, 2);
        QVERIFY2(filter.err.contains("\n       ^"), filter.err);
        const Answer both =
            weir_says(on("any", {QStringLiteral("search"), QStringLiteral("type = = x"),
                                 QStringLiteral("--filter"), QStringLiteral("a b")}));
        QVERIFY2(both.err.contains("\n  a b and (type = = x)\n"), both.err); // no needless bracket
        QCOMPARE(weir_says(on("not-there", {QStringLiteral("search"), QStringLiteral("x")})).code,
                 2);
        QCOMPARE(weir_says({QStringLiteral("search"), QStringLiteral("x"), QStringLiteral("-b"),
                            QStringLiteral("127.0.0.1:1"), QStringLiteral("-t"),
                            QStringLiteral("t"), QStringLiteral("--timeout"), QStringLiteral("2s")})
                     .code,
                 3);
    }
    void the_doctor_finds_what_works_and_what_does_not() {
        const std::string topic = topic_with({{.key = "k", .value = page_view("a")}});
        const Answer well =
            weir_says(on(topic, {QStringLiteral("doctor"), QStringLiteral("--json")}));
        QCOMPARE(well.code, 0);
        QVERIFY2(well.out.contains(QByteArray::fromStdString(m_broker.cluster_id())), well.out);
        QVERIFY(well.json()[QStringLiteral("connections")][0][QStringLiteral("ok")].toBool());
        const Answer ill = weir_says({QStringLiteral("doctor"), QStringLiteral("-b"),
                                      QStringLiteral("127.0.0.1:1"), QStringLiteral("--timeout"),
                                      QStringLiteral("2s")});
        QCOMPARE(ill.code, 3);
        QVERIFY2(ill.out.contains("fails"), ill.out);
    }
    void nothing_is_generated_into_a_cluster_that_is_no_sandbox() {
        const std::string topic = unique_name("generated");
        const Answer refused = weir_says(on(
            topic, {QStringLiteral("generate"), QStringLiteral("--count"), QStringLiteral("10")}));
        QCOMPARE(refused.code, 2);
        const auto topics = m_tool.topics();
        QVERIFY(topics.ok());
        QVERIFY(std::find(topics->begin(), topics->end(), topic) == topics->end());
    }
};

QTEST_GUILESS_MAIN(TestSearchCommand)
#include "tst_search_command.moc"
