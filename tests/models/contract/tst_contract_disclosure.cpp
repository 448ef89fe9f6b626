// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

#include "connectors/base/base64.h"
#include "models/contract/contract_disclosure.h"
#include "models/contract/violation_masking.h"
#include "models/event/disclosure/disclosed_input.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/event/search/scanner.h"

using namespace weir;

namespace {

std::string contract(const char* type, int version, const std::string& properties,
                     bool native = true) {
    return std::string(R"({"weir_contract":1,"type":")") + type + R"(","version":)" +
           std::to_string(version) + R"(,"owner":"shop","schema":{"properties":{)" +
           (native ? R"("event_type":{"type":"string"},)" : "") + properties + "}}}";
}

/// A folder of contracts, one of each kind that the tests speak of.
std::shared_ptr<const ContractSet> contracts() {
    static const auto set = [] {
        const QTemporaryDir folder;
        const auto write = [&](const char* name, const std::string& text) {
            std::ofstream(folder.filePath(QString::fromUtf8(name)).toStdString()) << text;
        };
        write("order1.json", contract("order", 1, R"(
            "note": {"type": "string", "pii": "free_text"},
            "reply_to": {"type": "string", "pii": "none"},
            "colour": {"type": "string"})"));
        write("order2.json", contract("order", 2, R"(
            "note": {"type": "string"},
            "reply_to": {"type": "string"},
            "colour": {"type": "string", "pii": "sensitive"},
            "buyer": {"type": "object", "pii": "identity", "properties": {
                "country": {"type": "string", "pii": "none"},
                "nick": {"type": "string"}}},
            "tags": {"type": "array", "pii": "none", "items": {"type": "string"}},
            "lines": {"type": "array", "items": {"properties": {
                "gift_for": {"type": "string", "pii": "name"}, "sku": {"type": "string"}}}})"));
        write("visit.json", contract("visit", 1, R"("room": {"pii": "location"})"));
        write("open.json", contract("open", 1, R"(
            "utm": {"properties": {"utm_source": {"type": "string"}},
                "patternProperties": {"^utm_": {"pii": "identity"}, "m$": {"pii": "none"}},
                "additionalProperties": {"pii": "none"}},
            "labels": {"additionalProperties": {"properties": {
                "text": {"type": "string", "pii": "free_text"}}}},
            "pair": {"items": [{"type": "string", "pii": "name"}, {"type": "string"}],
                "additionalItems": {"type": "string", "pii": "sensitive"}})"));
        write("buy.json", contract("com.acme/buy", 1, R"("wording": {"pii": "free_text"})", false));
        write("Order Completed.json",
              contract("Order Completed", 1,
                       R"("properties": {"properties": {"wish": {"pii": "free_text"}}})", false));
        return *ContractSet::load(folder.path().toStdString());
    }();
    return set;
}

std::shared_ptr<const DisclosurePolicy> policy(bool detects = true) {
    ContractDisclosureOptions options;
    options.detects = detects;
    options.names = {{"shade", {"colour"}}};
    return contract_disclosure(contracts(), DialectSet::built_in(), std::move(options));
}

std::string shown(std::string_view value, const char* dialect, const char* type,
                  std::optional<std::int64_t> version,
                  const std::shared_ptr<const DisclosurePolicy>& by = policy()) {
    Discloser discloser(by);
    const EventFields fields = by->fields_of(dialect, type, version);
    return std::string(
        discloser.disclose(true, {}, false, value, nullptr, 0, {}, {&fields, 1}).value());
}

/// The events of a record as a search hands them out, or "" if the filter finds none.
std::string found(const std::string& expression, const std::string& value,
                  std::shared_ptr<const DisclosurePolicy> disclosure = policy(),
                  const std::string& key = "k") {
    struct Kept : Scanner::Verdicts {
        bool matched(std::uint32_t, const HitView& hit, bool) override {
            text += text.empty() ? "" : " | ";
            text += std::string(hit.key) + " " + std::string(hit.value);
            return true;
        }
        void undecodable(std::uint32_t) override {}
        void cut(const Record&, std::uint64_t) override {}
        std::string text;
    } kept;
    const auto vocabulary = Vocabulary::create({"type", "schema_version"});
    const auto make = [&] {
        return Decoder::create(DialectSet::built_in(), vocabulary, DecodeOptions());
    };
    auto filter = Filter::parse(expression, Micros(0));
    Scanner scanner({*filter, vocabulary, std::move(disclosure), make, {}, {}});
    RecordBatchBuilder builder;
    RecordBatchBuilder::Fields fields;
    fields.topic = "orders";
    fields.key_null = fields.value_null = false;
    fields.key = key;
    fields.value = value;
    builder.add(std::move(fields));
    RecordBatch batch = builder.take();
    scanner.drop_hopeless(batch);
    scanner.judge(std::move(batch), kept);
    return kept.text;
}

} // namespace

class TestContractDisclosure : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_contract_of_type_and_version_decides() {
        const char* event = R"({"note":"call me","reply_to":"a@b.example","colour":"red"})";
        // A class masks what no detector finds; "none" shows what one would.
        QCOMPARE(shown(event, "native", "order", 1),
                 std::string(R"({"note":"•••• ••","reply_to":"a@b.example","colour":"red"})"));
        // Of another version the classes are others; nothing said: the detectors.
        QCOMPARE(shown(event, "native", "order", 2),
                 std::string(R"({"note":"call me","reply_to":"•@•.•••••••","colour":"•••"})"));
        // Without detectors what no contract classes is shown.
        QCOMPARE(shown(event, "native", "order", 2, policy(false)),
                 std::string(R"({"note":"call me","reply_to":"a@b.example","colour":"•••"})"));
    }

    void what_is_not_known_is_masked_by_the_strictest() {
        const char* event = R"({"note":"call me","reply_to":"a@b.example","colour":"red"})";
        const std::string strictest =
            R"({"note":"•••• ••","reply_to":"•@•.•••••••","colour":"•••"})";
        QCOMPARE(shown(event, "native", "order", std::nullopt), strictest); // no version
        QCOMPARE(shown(event, "native", "order", 9), strictest);            // one that is unknown
        QCOMPARE(shown(event, "native", "ordr", 1), strictest);             // a type likewise
        QCOMPARE(shown(event, "", "", std::nullopt), strictest);
        QCOMPARE(shown(event, "json", "", std::nullopt), strictest);
        QCOMPARE(shown(R"({"room":"B12"})", "native", "ordr", 1), std::string(R"({"room":"•••"})"));
        QCOMPARE(shown(R"({"room":"B12"})", "native", "order", 1),
                 std::string(R"({"room":"B12"})"));
    }

    void the_nearest_statement_counts() {
        QCOMPARE(shown(R"({"buyer":{"country":"CH","nick":"jj","age":40,"vip":true}})", "native",
                       "order", 2),
                 std::string(R"({"buyer":{"country":"CH","nick":"••","age":99,"vip":true}})"));
        QCOMPARE(shown(R"({"tags":["a@b.example",{"email":"a@b.example"}]})", "native", "order", 2),
                 std::string(R"({"tags":["a@b.example",{"email":"•@•.•••••••"}]})"));
        QCOMPARE(shown(R"({"lines":[{"sku":"S1","gift_for":"Ann"},{"gift_for":"Bob"}]})", "native",
                       "order", 2),
                 std::string(R"({"lines":[{"sku":"S1","gift_for":"•••"},{"gift_for":"•••"}]})"));
    }

    void a_vendors_event_is_found_by_its_dialect() {
        const std::string event = R"({"messageId":"m1","type":"track","event":"Order Completed",)"
                                  R"("properties":{"wish":"no ribbon"}})";
        QCOMPARE(shown(event, "segment", "Order Completed", 7),
                 std::string(R"({"messageId":"m1","type":"track","event":"Order Completed",)"
                             R"("properties":{"wish":"•• ••••••"}})"));
        // A contract of native events is not asked about others.
        QCOMPARE(shown(R"({"note":"call me"})", "segment", "order", 1),
                 std::string(R"({"note":"call me"})"));
    }

    void the_events_of_a_batch_are_told_apart() {
        const std::string batch =
            R"([{"event_type":"order","schema_version":1,"event_id":"a","note":"call me"},)"
            R"({"event_type":"order","schema_version":2,"event_id":"b","note":"call me"}])";
        const std::string masked =
            R"(k {"event_type":"order","schema_version":1,"event_id":"a","note":"•••• ••"} | )"
            R"(k {"event_type":"order","schema_version":2,"event_id":"b","note":"call me"})";
        QCOMPARE(found("type == \"order\"", batch), masked);
        const std::string segment =
            R"({"batch":[{"messageId":"m1","type":"track","event":"Order Completed",)"
            R"("properties":{"wish":"no ribbon"}}]})";
        QVERIFY(found("type == \"Order Completed\"", segment).find("ribbon") == std::string::npos);
    }

    void fields_without_a_name_of_their_own_have_their_class() {
        const std::string event =
            R"({"utm":{"utm_source":"s1","utm_term":"hi","ref":"jo@example.org"},)"
            R"("labels":{"a":{"text":"call me"},"b":{"text":"no","size":1}},)"
            R"("pair":["Ann","red","blue","tan"]})";
        QCOMPARE(shown(event, "native", "open", 1),
                 std::string(R"({"utm":{"utm_source":"••","utm_term":"••","ref":"jo@example.org"},)"
                             R"("labels":{"a":{"text":"•••• ••"},"b":{"text":"••","size":1}},)"
                             R"("pair":["•••","red","••••","•••"]})"));
        const auto masked = [](const char* pointer) {
            Violation violation;
            violation.reason = ViolationReason::Pattern;
            violation.pointer = pointer;
            violation.found = "\"abc\"";
            mask_found(violation, contracts()->find("open", 1), *policy());
            return violation.found != "\"abc\"";
        };
        for (const char* pointer :
             {"/utm/utm_source", "/utm/utm_q", "/labels/x/text", "/pair/0", "/pair/2", "/pair/17"})
            QVERIFY2(masked(pointer), pointer);
        for (const char* pointer : {"/utm/source", "/labels/x/size"})
            QVERIFY2(!masked(pointer), pointer);
        QCOMPARE(policy()->verdict("labels.x.text", "a"), std::string_view("free_text"));
        QCOMPARE(policy()->verdict("pair", "a"), std::string_view("name"));
    }

    void what_describes_itself_is_masked_by_its_contract() {
        const std::string event =
            R"({"data":{"schema":"iglu:com.acme/buy/jsonschema/1-0-0","data":)"
            R"({"wording":"zanzibar","price":7}}})";
        std::string text;
        append_json_string(event, text);
        for (const std::string& member :
             {"\"ue_pr\":" + text, "\"ue_px\":\"" + base64_encoded(event) + "\"",
              "\"co\":\"" + base64_encoded("[]") + "\",\"ue_pr\":" + text}) {
            const std::string out = shown(R"({"e":"ue","eid":"a",)" + member + R"(,"p":"web"})",
                                          "snowplow-tracker", "unstruct", 1, policy(false));
            QVERIFY2(out.find("zanzibar") == std::string::npos, out.c_str());
            QVERIFY2(out.find(base64_encoded(event).substr(0, 20)) == std::string::npos,
                     out.c_str());
            QVERIFY2(out.find(R"("p":"web"})") != std::string::npos, out.c_str());
        }
        const std::string letter =
            shown(R"({"reason":"rule","stage":"collect","message":"no","original":{"ue_pr":)" +
                      text + "}}",
                  "native-dead-letter", "", std::nullopt, policy(false));
        QVERIFY2(letter.find("zanzibar") == std::string::npos, letter.c_str());
        std::string harmless;
        append_json_string(R"({"data":{"data":{"price":7}}})", harmless);
        const std::string plain = R"({"e":"ue","ue_pr":)" + harmless + "}";
        QCOMPARE(shown(plain, "snowplow-tracker", "unstruct", 1), plain);
    }

    void what_is_masked_cannot_be_found() {
        const std::string event =
            R"({"event_type":"order","schema_version":1,"event_id":"a","note":"zanzibar"})";
        QVERIFY(!found("type == \"order\"", event).empty());
        for (const char* expression :
             {"zanzibar", "note == \"zanzibar\"", "note startsWith \"z\"", "key == \"zanzibar\""})
            QVERIFY2(found(expression, event, policy(), "zanzibar").empty(), expression);
        QCOMPARE(found("type == \"order\"", event, policy(), "zanzibar").substr(0, 8 * 3),
                 std::string("••••••••")); // a key that repeats it
        QVERIFY(!found("zanzibar", event, DisclosurePolicy::none()).empty());
    }

    void a_dead_letters_event_is_masked_with_all_that_quotes_it() {
        const std::string letter =
            "{\"reason\":\"pattern\",\"stage\":\"collect\",\"pointer\":\"/"
            "note\",\"message\":\"found \\\"zanzibar\\\"\","
            R"("received_time":"2026-01-01T00:00:00Z","violations":[{"reason":"pattern",)"
            "\"pointer\":\"/"
            "note\",\"found\":\"\\\"zanzibar\\\"\"},{\"reason\":\"wrong_type\",\"found\":\"7\"}],"
            R"("original":{"event_type":"order","schema_version":1,"event_id":"a",)"
            R"("note":"zanzibar"}})";
        const std::string out = found("reason == \"pattern\"", letter);
        QVERIFY2(!out.empty() && out.find("zanzibar") == std::string::npos, out.c_str());
        QVERIFY2(out.find(R"("found":"7")") != std::string::npos, out.c_str());
        QVERIFY2(out.find(R"("pointer":"/note")") != std::string::npos, out.c_str());
        // The event as a text, and encoded: known as a whole only.
        for (const char* original :
             {"\"original\":\"{\\\"event_type\\\":\\\"order\\\",\\\"note\\\":\\\"zanzibar\\\"}\"",
              "\"original\":\"{zanzibar\"", "\"original\":\"zanzibar\"",
              R"("original_base64":"emFuemliYXI=")"}) {
            const std::string wrapped =
                letter.substr(0, letter.find(R"("original":)")) + original + "}";
            const std::string masked = shown(wrapped, "native-dead-letter", "order", 1);
            QVERIFY2(masked.find("\"stage\":\"collect\"") != std::string::npos, masked.c_str());
            QVERIFY2(masked.find("zanzibar") == std::string::npos, masked.c_str());
            QVERIFY2(masked.find("emFu") == std::string::npos, masked.c_str());
        }
    }

    void however_it_is_quoted() {
        const auto letter = [](const std::string& note) {
            std::string message, quoted;
            append_json_string("/note: expected less, found " + found_text(note), message);
            append_json_string(found_text(note), quoted);
            return R"({"reason":"too_long","stage":"collect","pointer":"/note","message":)" +
                   message + R"(,"violations":[{"reason":"too_long","pointer":"/note","found":)" +
                   quoted + R"(}],"original":{"event_type":"order","schema_version":1,)" +
                   R"("event_id":"a","note":)" + note + "}}";
        };
        for (const std::string& note :
             {std::string(R"("Z\u00e4nzibar Town")"), std::string(R"("zanzibar \"Town\"")"),
              "\"" + std::string(110, '-') + " zanzibar Town\"",
              "\"zanzibar Town" + std::string(200, '-') + "\""}) {
            const std::string masked = shown(letter(note), "native-dead-letter", "order", 1);
            for (const char* leak : {"nziba", "Town"})
                QVERIFY2(masked.find(leak) == std::string::npos, masked.c_str());
            QVERIFY2(masked.find(R"("pointer":"/note")") != std::string::npos, masked.c_str());
        }
    }

    void so_it_is_where_there_are_no_contracts() {
        const auto letter = [](const std::string& original) {
            return shown(R"({"reason":"not_json","stage":"collect","message":"at zanzibar",)"
                         R"("violations":[{"reason":"not_json","found":"zanzibar"}],)" +
                             original + "}",
                         "native-dead-letter", "", 1, DisclosurePolicy::built_in_detectors());
        };
        for (const char* original :
             {"\"original\":\"{zanzibar\"", R"("original":"zanzibar")",
              R"("original_base64":"emFuemliYXI=")", R"("original_base64":"/3phbnppYmFy")"}) {
            const std::string masked = letter(original);
            QVERIFY2(masked.find(R"("stage":"collect")") != std::string::npos, masked.c_str());
            for (const char* leak : {"zanzibar", "emFu", "/3phb"})
                QVERIFY2(masked.find(leak) == std::string::npos, masked.c_str());
        }
        // What can be read is looked through like any event.
        const std::string masked =
            letter(R"("original":{"event_id":"a","mail":"jo@example.org","price":7})");
        QVERIFY2(masked.find("jo@") == std::string::npos, masked.c_str());
        QVERIFY2(masked.find(R"("price":7)") != std::string::npos, masked.c_str());
    }

    void what_cannot_be_parsed_is_masked_whole() {
        QCOMPARE(shown("{\"colour\": \"re", "native", "order", 2),
                 std::string("{\"••••••\": \"••"));
    }

    void dimensions_and_violations_are_masked_like_their_fields() {
        QCOMPARE(policy()->verdict("colour", "red"), std::string_view("sensitive"));
        QCOMPARE(policy()->verdict("shade", "red"), std::string_view("sensitive")); // its dimension
        QCOMPARE(policy()->verdict("lines.gift_for", "Ann"), std::string_view("name"));
        QCOMPARE(policy()->verdict("platform", "web"), std::string_view());
        const auto masked = [](const char* pointer, const char* found, int version) {
            Violation violation;
            violation.reason = ViolationReason::Pattern;
            violation.pointer = pointer;
            violation.found = found;
            mask_found(violation, contracts()->find("order", version), *policy());
            return violation.pointer + " " + violation.found;
        };
        QCOMPARE(masked("/note", "\"call me\"", 1), std::string("/note \"•••• ••\""));
        // What is personal in one version is hidden where another one says nothing of it.
        QCOMPARE(masked("/note", "\"call me\"", 2), std::string("/note \"•••• ••\""));
        QCOMPARE(masked("/reply_to", "\"a@b.example\"", 1),
                 std::string("/reply_to \"a@b.example\""));
        QCOMPARE(masked("/reply_to", "\"a@b.example\"", 2),
                 std::string("/reply_to \"•@•.•••••••\""));
        QCOMPARE(masked("/buyer/age", "40", 2), std::string("/buyer/age 99"));
        QCOMPARE(masked("/lines/3/gift_for", "\"Ann\"", 2),
                 std::string("/lines/3/gift_for \"•••\""));
        QCOMPARE(masked("/a@b.example", "1", 1), std::string("/•@•.••••••• 1"));
    }

    void tokens_are_found_by_tokens_and_the_key_gets_its_fields() {
        const auto tokeniser = Tokeniser::create("0123456789abcdef0123456789abcdef");
        QVERIFY(tokeniser.ok());
        const auto tokens = DisclosurePolicy::tokenised(policy(), *tokeniser);
        const std::string event =
            R"({"event_type":"order","schema_version":1,"event_id":"a","note":"zanzibar"})";
        const std::string out = found("type == \"order\"", event, tokens, "zanzibar");
        const std::string token = out.substr(0, out.find(' '));
        QCOMPARE(token.size(), 8U);
        QVERIFY(token != "zanzibar");
        QVERIFY2(out.find("\"note\":\"" + token + "\"") != std::string::npos, out.c_str());
        QVERIFY(found("zanzibar", event, tokens, "zanzibar").empty());
        QCOMPARE(found("note == \"" + token + "\"", event, tokens, "zanzibar"), out);
    }
};

QTEST_APPLESS_MAIN(TestContractDisclosure)
#include "tst_contract_disclosure.moc"
