// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir validate and weir contract as they are used in a CI job.
#include <QtTest>

#include "tests/support/test_folder.h"
#include "tests/support/weir_command.h"

using namespace weir::test;

namespace {

const QByteArray price_schema = "{\"type\": \"object\", \"required\": [\"price\"], "
                                "\"properties\": {\"price\": {\"minimum\": 0}}}";

} // namespace

class TestValidateCommand : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_file_is_held_against_a_schema() {
        const TestFolder folder;
        const std::string schema = folder.write("s.json", price_schema);
        const std::string fine = folder.write("fine.ndjson", "{\"price\": 1}\r\n{\"price\":2}");
        const std::string bad =
            folder.write("bad.ndjson", "{\"price\": 1}\n\n{\"price\": -1}\n{\"price\": \n{}\n");
        QCOMPARE(weir_in_process({"validate", "--schema", schema, fine}).code, 0);
        const Answer said = weir_in_process({"validate", "--schema", schema, "--json", bad});
        QCOMPARE(said.code, 1);
        const QList<QByteArray> lines = said.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 5); // one for each line of the file
        QCOMPARE(lines[0], QByteArray("{\"line\":1,\"valid\":true,\"violations\":[]}"));
        // A line that is empty is no event: nothing is wrong with it, and it is not counted.
        QCOMPARE(lines[1],
                 QByteArray("{\"line\":2,\"valid\":true,\"empty\":true,\"violations\":[]}"));
        QVERIFY(lines[2].startsWith("{\"line\":3,\"valid\":false,\"violations\":[{\"reason\":"
                                    "\"out_of_range\""));
        QVERIFY(lines[2].contains("\"pointer\":\"/price\",\"expected\":\"at least 0\",\"found\":"
                                  "\"-1\""));
        QVERIFY(lines[3].contains("not_json"));
        QVERIFY(lines[4].contains("missing_required"));
        QVERIFY(said.err.contains("4 events, 3 invalid"));
        const Answer text = weir_in_process({"validate", "--schema", schema, bad});
        QVERIFY(text.out.contains("bad.ndjson:3: /price: out_of_range: expected at least 0"));
    }
    void what_cannot_be_done_is_a_matter_of_configuration() {
        const TestFolder folder;
        const std::string events = folder.write("e.ndjson", "{}");
        const std::string broken = folder.write("b.json", "{\"type\": 12}");
        const std::string pattern = folder.write("p.json", "{\"pattern\": \"(?=a)\"}");
        const std::string schema = folder.write("s.json", price_schema);
        QCOMPARE(weir_in_process({"validate", "--schema", broken, events}).code, 2);
        QCOMPARE(weir_in_process({"validate", "--schema", pattern, events}).code, 2);
        QCOMPARE(weir_in_process({"validate", "--schema", folder.path("none.json"), events}).code,
                 2);
        QCOMPARE(weir_in_process({"validate", "--schema", schema, folder.path("none.ndjson")}).code,
                 2);
        QCOMPARE(weir_in_process(
                     {"validate", "--schema", schema, "--schema-dir", folder.path("none"), events})
                     .code,
                 2);
        QCOMPARE(weir_in_process({"validate"}).code, 2);
        QCOMPARE(weir_in_process({"validate", "--contracts", folder.path(""), events}).code, 2);
    }
    void references_lead_into_the_schema_folder() {
        const TestFolder folder;
        const std::string schema =
            folder.write("main/s.json", "{\"$ref\": \"http://any.example.com/deep/t.json\"}");
        folder.write("library/deep/t.json", "{\"type\": \"string\"}");
        const std::string events = folder.write("e.ndjson", "\"text\"\n1\n");
        QCOMPARE(weir_in_process({"validate", "--schema", schema, events}).code, 2);
        const Answer said = weir_in_process(
            {"validate", "--schema", schema, "--schema-dir", folder.path("library"), events, "-J"});
        QCOMPARE(said.code, 1);
        QCOMPARE(said.out.count("\"valid\":true"), 1);
    }
    void the_shops_events_are_held_against_its_contracts() {
        const TestFolder folder;
        const Answer events = weir_in_process({"generate", "--count", "2000", "--malformed", "0"});
        const std::string file = folder.write("events.ndjson", events.out);
        QCOMPARE(weir_in_process({"validate", file}).code, 0);
        const Answer drafted =
            weir_in_process({"contract", "infer", file, "--output", folder.path("drafts")});
        QCOMPARE(drafted.code, 0);
        QVERIFY(QFile::exists(QString::fromStdString(folder.path("drafts/purchase/3.json"))));
        const Answer held =
            weir_in_process({"validate", "--contracts", folder.path("drafts"), file});
        QVERIFY2(held.code == 0, held.out.constData());
        // What is there is not written over unasked.
        QCOMPARE(
            weir_in_process({"contract", "infer", file, "--output", folder.path("drafts")}).code,
            1);
    }
    void contracts_of_a_workspace_count() {
        const TestFolder folder;
        const std::string workspace = folder.write(
            "shop.weir.json",
            "{\"weir\": {\"version\": 1, \"least_reader\": 1}, \"name\": \"Shop\", "
            "\"connections\": [{\"name\": \"k\", \"kind\": \"kafka\", \"environment\": "
            "\"sandbox\", \"address\": \"127.0.0.1:9092\"}], "
            "\"contracts\": {\"folder\": \"agreed\", \"unknown_types\": \"pass\"}}");
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"a\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": " +
                         price_schema + "}");
        const std::string events = folder.write(
            "e.ndjson", "{\"event_type\": \"a\", \"price\": -1}\n{\"event_type\": \"b\"}\n");
        const Answer said = weir_in_process({"validate", "--workspace", workspace, events});
        QVERIFY2(said.code == 1, said.err.constData());
        QVERIFY2(said.err.contains("2 events, 1 invalid"), said.err.constData());
    }
    void events_of_another_dialect_are_judged_as_what_they_are() {
        const TestFolder folder;
        const std::string workspace = folder.write(
            "shop.weir.json",
            "{\"weir\": {\"version\": 1, \"least_reader\": 1}, \"name\": \"Shop\", "
            "\"connections\": [{\"name\": \"k\", \"kind\": \"kafka\", \"environment\": "
            "\"production\", \"address\": \"127.0.0.1:9092\"}], \"event\": {\"dialect\": "
            "\"segment\"}, \"contracts\": {\"folder\": \"agreed\", \"check\": false}}");
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"Order Completed\", \"version\": 1, "
                     "\"owner\": \"x\", \"schema\": {\"properties\": {\"properties\": " +
                         price_schema + "}}}");
        const std::string events = folder.write(
            "e.ndjson",
            "{\"messageId\":\"1\",\"type\":\"track\",\"event\":\"Order Completed\","
            "\"userId\":\"u\",\"properties\":{\"price\":1}}\n"
            "{\"messageId\":\"2\",\"type\":\"track\",\"event\":\"Order Completed\","
            "\"userId\":\"u\",\"properties\":{\"price\":-1}}\n"
            "{\"batch\":[{\"messageId\":\"3\",\"type\":\"track\",\"event\":\"Order Completed\","
            "\"userId\":\"u\",\"properties\":{\"price\":1}},"
            "{\"messageId\":\"4\",\"type\":\"track\",\"event\":\"Order Completed\","
            "\"userId\":\"u\",\"properties\":{}}],\"sentAt\":\"2026-01-01T00:00:00Z\"}\n"
            "{\"price\n");
        const Answer said = weir_in_process({"validate", "--workspace", workspace, events});
        QCOMPARE(said.code, 1);
        const QList<QByteArray> lines = said.out.trimmed().split('\n');
        QVERIFY2(lines.size() == 3, said.out.constData());
        QVERIFY(lines[0].contains("e.ndjson:2: /properties/price: out_of_range"));
        QVERIFY(lines[1].contains("e.ndjson:3: /batch/1/properties/price: missing_required"));
        QVERIFY(lines[2].contains("e.ndjson:4: ") && lines[2].contains("not_json"));
        // Without a workspace the dialect is recognised, or named.
        const Answer named = weir_in_process(
            {"validate", "--dialect", "segment", "--contracts", folder.path("agreed"), events});
        QCOMPARE(named.out, said.out);
        QCOMPARE(weir_in_process({"validate", "--dialect", "morse", "--contracts",
                                  folder.path("agreed"), events})
                     .code,
                 2);
    }
    void what_is_found_is_masked_by_the_contracts_where_that_is_asked_for() {
        const TestFolder folder;
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"a\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": {\"properties\": {\"event_type\": {}, \"note\": {\"pii\": "
                     "\"free_text\", \"maxLength\": 2}, \"sku\": {\"maxLength\": 2}}}}");
        const std::string events = folder.write(
            "e.ndjson", "{\"event_type\": \"a\", \"note\": \"call me\", \"sku\": \"shoe\"}\n");
        const Answer masked =
            weir_in_process({"validate", "--contracts", folder.path("agreed"), "--mask", events});
        QCOMPARE(masked.code, 1);
        QVERIFY2(!masked.out.contains("call me") && masked.out.contains("/note: ") &&
                     masked.out.contains("shoe"),
                 masked.out.constData());
        QVERIFY(weir_in_process({"validate", "--contracts", folder.path("agreed"), events})
                    .out.contains("call me"));
    }
    void masking_that_is_asked_for_in_any_way_is_done_or_refused() {
        const TestFolder folder;
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"a\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": {\"properties\": {\"event_type\": {}, \"note\": {\"pii\": "
                     "\"name\", \"maxLength\": 2}}}}");
        const std::string schema =
            folder.write("s.json", "{\"properties\": {\"email\": {\"maxLength\": 2}}}");
        const std::string events =
            folder.write("e.ndjson", "{\"event_type\": \"a\", \"note\": \"Jane Miller\", "
                                     "\"email\": \"jane@example.org\"}\n");
        const auto said = [&](std::vector<std::string> more, bool by_schema) {
            more.insert(more.begin(), {"validate", by_schema ? "--schema" : "--contracts",
                                       by_schema ? schema : folder.path("agreed"), events});
            return weir_in_process(more);
        };
        for (const bool by_schema : {false, true}) {
            const QByteArray found = by_schema ? "jane@example.org" : "Jane Miller";
            const Answer masked = said({"--disclose", "masked"}, by_schema);
            QCOMPARE(masked.code, 1);
            QVERIFY2(!masked.out.contains(found), masked.out.constData());
            QVERIFY(said({"--disclose", "shown"}, by_schema).out.contains(found));
            for (const std::vector<std::string>& words :
                 {std::vector<std::string>{"--disclose", "tokens"},
                  {"--disclose", "bogus"},
                  {"--disclose", "masked", "--token-key", "env:KEY"},
                  {"--unmask", "why"},
                  {"--mask", "--disclose", "shown"},
                  {"--from", "now-1h"},
                  {"--limit", "1"}}) {
                const Answer refused = said(words, by_schema);
                QCOMPARE(refused.code, 2);
                QVERIFY2(refused.out.isEmpty(), refused.out.constData());
            }
        }
    }
    void a_batch_of_one_has_its_place_in_the_line() {
        const TestFolder folder;
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"a\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": {\"properties\": {\"event_type\": {}, \"n\": {\"type\": "
                     "\"number\"}}}}");
        folder.write("agreed/b.json",
                     "{\"weir_contract\": 1, \"type\": \"b\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": {\"required\": [\"n\"]}}");
        const std::string events = folder.write(
            "e.ndjson", "[{\"event_type\":\"a\",\"event_id\":\"1\",\"n\":\"x\"}]\n"
                        "{\"event_type\":\"a\",\"event_id\":\"1\",\"n\":\"x\"}\n"
                        "{\"batch\":[{\"messageId\":\"3\",\"type\":\"track\",\"event\":\"b\","
                        "\"userId\":\"u\"}]}\n"
                        "{\"batch\":[]}\n");
        const QList<QByteArray> lines =
            weir_in_process({"validate", "--contracts", folder.path("agreed"), events, "-J"})
                .out.trimmed()
                .split('\n');
        QCOMPARE(lines.size(), 4);
        for (const auto& [line, pointer] :
             {std::pair(0, "\"/0/n\""), {1, "\"/n\""}, {2, "\"/batch/0/n\""}})
            QVERIFY2(lines[line].contains(QByteArray("\"pointer\":").append(pointer)),
                     lines[line].constData());
        QCOMPARE(lines[3],
                 QByteArray("{\"line\":4,\"valid\":true,\"empty\":true,\"violations\":[]}"));
    }
    void what_was_not_looked_at_is_not_fine() {
        const TestFolder folder;
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"a\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": {\"properties\": {\"event_type\": {}}}}");
        const auto held = [&](const QByteArray& text) {
            return weir_in_process({"validate", "--contracts", folder.path("agreed"),
                                    folder.write("e.ndjson", text), "-J"});
        };
        const QByteArray event = "{\"event_type\":\"a\",\"event_id\":\"1\"}";
        QByteArray many = "[" + event;
        for (int i = 1; i < 65'540; ++i)
            many += "," + event;
        const Answer cut = held(many + "]");
        QCOMPARE(cut.code, 1);
        QVERIFY2(cut.out.contains("too_large") && cut.out.contains("5 more"), cut.out.constData());
        const QByteArray letter =
            "{\"reason\":\"r\",\"stage\":\"s\",\"pointer\":\"/n\",\"original\":" + event + "}\n";
        QCOMPARE(held(letter).code, 1); // nothing was judged
        QCOMPARE(held(letter + event).code, 0);
    }
    void an_event_that_looks_like_a_dead_letter_is_judged() {
        const TestFolder folder;
        folder.write("agreed/a.json",
                     "{\"weir_contract\": 1, \"type\": \"a\", \"version\": 1, \"owner\": \"x\", "
                     "\"schema\": {\"properties\": {\"event_type\": {}, \"n\": {\"type\": "
                     "\"number\"}}}}");
        const std::string events = folder.write(
            "e.ndjson", "{\"event_type\":\"a\",\"n\":\"x\",\"reason\":\"r\",\"stage\":\"s\","
                        "\"original\":{}}\n");
        const Answer said =
            weir_in_process({"validate", "--contracts", folder.path("agreed"), events, "-J"});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.out.contains("\"pointer\":\"/n\"") && !said.out.contains("not_judged"),
                 said.out.constData());
    }
    void two_versions_are_compared() {
        const TestFolder folder;
        const std::string older = folder.write("1.json", price_schema);
        const std::string newer = folder.write("2.json", "{\"type\": \"object\"}");
        QCOMPARE(weir_in_process({"validate", "--compat", older, newer, "--mode", "backward"}).code,
                 0);
        const Answer said = weir_in_process({"validate", "--compat", older, newer, "--json"});
        QCOMPARE(said.code, 1);
        QVERIFY(said.out.startsWith("{\"backward\":true,\"forward\":false,\"full\":false"));
        QVERIFY(said.out.contains("\"pointer\":\"/price\""));
        QCOMPARE(weir_in_process({"validate", "--compat", older}).code, 2);
    }
    void contracts_that_are_compared_find_what_they_share() {
        const TestFolder folder;
        folder.write("agreed/common/price.json", price_schema);
        const auto contract = [](const char* version) {
            return "{\"weir_contract\": 1, \"type\": \"a\", \"owner\": \"x\", \"version\": " +
                   std::string(version) +
                   ", \"schema\": {\"allOf\": [{\"$ref\": \"../common/price.json\"}]}}";
        };
        const std::string older = folder.write("agreed/a/1.json", contract("1").c_str());
        const std::string newer = folder.write("agreed/a/2.json", contract("2").c_str());
        const Answer same = weir_in_process({"validate", "--compat", older, newer});
        QVERIFY2(same.code == 0, same.err.constData());
        const std::string ruled = folder.write(
            "agreed/a/3.json",
            contract("3, \"rules\": [{\"name\": \"paid\", \"at\": \"/price\", \"must\": "
                     "\"price > 0\"}]")
                .c_str());
        const Answer stricter = weir_in_process({"validate", "--compat", older, ruled});
        QCOMPARE(stricter.code, 1);
        QVERIFY2(stricter.out.startsWith("breaks backward: /price: the new version has the rule "
                                         "paid"),
                 stricter.out.constData());
        // A plain schema's references do not lead out of its folder unasked.
        const std::string plain =
            folder.write("plain/s.json", "{\"$ref\": \"../agreed/a/1.json\"}");
        QCOMPARE(weir_in_process({"validate", "--compat", plain, plain}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestValidateCommand)
#include "tst_validate_command.moc"
