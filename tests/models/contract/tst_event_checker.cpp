// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

#include "connectors/base/base64.h"
#include "models/contract/event_checker.h"

using namespace weir;

namespace {

/// What is said of one record: "reason pointer[, …]", "fine", or "not judged".
class Topic {
  public:
    explicit Topic(std::shared_ptr<const ContractSet> contracts, ContractsSpec spec = all())
        : m_vocabulary(Vocabulary::create({"type", "schema_version"}))
        , m_decoder(Decoder::create(DialectSet::built_in(), m_vocabulary, {}))
        , m_checker(std::move(contracts), std::move(spec), m_vocabulary, DialectSet::built_in()) {}

    static ContractsSpec all() {
        ContractsSpec spec;
        spec.folder = "demo";
        return spec;
    }

    std::string said(const std::string& value, const char* topic = "raw_events") {
        RecordBatchBuilder builder;
        RecordBatchBuilder::Fields fields;
        fields.topic = topic;
        fields.value_null = false;
        fields.value = value;
        builder.add(std::move(fields));
        SightingBatch batch;
        m_decoder->decode(builder.take(), batch);
        std::string out;
        for (const Sighting& sighting : batch.sightings) {
            const auto* judgement = m_checker.check(sighting, batch.body(sighting), Micros::now());
            out += out.empty() ? "" : " | ";
            if (judgement == nullptr)
                out += "not judged";
            else if (judgement->fine())
                out += "fine";
            else
                for (const Violation& violation : judgement->violations)
                    out += (&violation == judgement->violations.data() ? "" : ", ") +
                           std::string(to_word(violation.reason)) +
                           (violation.effect == Effect::Block ? " " : " flagged ") +
                           violation.pointer;
        }
        return out;
    }

  private:
    std::shared_ptr<Vocabulary> m_vocabulary;
    std::unique_ptr<Decoder> m_decoder;
    EventChecker m_checker;
};

constexpr const char* order =
    R"({"event_id":"7b1f4a52-3c4d-4e5f-8a9b-0c1d2e3f4a5b","event_type":"signup","schema_version":1})";

} // namespace

class TestEventChecker : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void native_events_are_held_against_their_contracts() {
        Topic topic(ContractSet::built_in());
        QVERIFY(topic.said(order).find("missing_required") != std::string::npos);
        QCOMPARE(topic.said(R"({"event_id":"a","event_type":"sinup"})"),
                 std::string("unknown_type /event_type"));
        QCOMPARE(topic.said(R"({"event_id":"a","event_type":"signup","schema_version":99})"),
                 std::string("unknown_version /schema_version"));
        QCOMPARE(topic.said(R"({"no":"event"})"), std::string("missing_required /event_type"));
        QCOMPARE(topic.said("{broken"), std::string("not_json "));
    }

    void a_vendors_events_are_found_by_their_dialect() {
        const QTemporaryDir folder;
        std::ofstream(folder.filePath(QStringLiteral("c.json")).toStdString())
            << R"({"weir_contract":1,"type":"Order Completed","version":3,"owner":"shop","schema":)"
               R"({"required":["properties"],"properties":{"properties":)"
               R"({"properties":{"total":{"type":"number"}}}}}})";
        Topic topic(*ContractSet::load(folder.path().toStdString()));
        const std::string good =
            R"({"messageId":"m1","type":"track","event":"Order Completed","properties":{"total":1}})";
        const std::string bad =
            R"({"messageId":"m2","type":"track","event":"Order Completed","properties":{"total":"1"}})";
        QCOMPARE(topic.said(good), std::string("fine"));
        QCOMPARE(topic.said(bad), std::string("wrong_type /properties/total"));
        QCOMPARE(topic.said("{\"batch\":[" + good + "," + bad + "]}"),
                 std::string("fine | wrong_type /properties/total"));
        QCOMPARE(topic.said(R"({"messageId":"m3","type":"track","event":"Order Complted"})"),
                 std::string("unknown_type "));
        // The shop's contracts are of native events: they do not judge a vendor's.
        Topic shop(ContractSet::built_in());
        QCOMPARE(shop.said(R"({"messageId":"m4","type":"track","event":"purchase"})"),
                 std::string("unknown_type "));
    }

    void what_describes_itself_is_judged_by_vendor_name_and_model() {
        const QTemporaryDir folder;
        const auto write = [&](const char* file, const char* text) {
            std::ofstream(folder.filePath(QString::fromUtf8(file)).toStdString()) << text;
        };
        write("buy.json",
              R"({"weir_contract":1,"type":"com.acme/buy","version":2,"owner":"shop","schema":)"
              R"({"required":["price"],"properties":{"price":{"type":"number"}}}})");
        write("product.json",
              R"({"weir_contract":1,"type":"product","version":1,"owner":"shop","schema":)"
              R"({"required":["sku"]}})");
        Topic topic(*ContractSet::load(folder.path().toStdString()));
        const auto tracked = [](const std::string& parameters) {
            return R"({"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
                   R"("data":[{"e":"ue","eid":"a","p":"web",)" +
                   parameters + "}]}";
        };
        const auto member = [](const char* name, const std::string& text) {
            std::string out;
            append_json_string(name, out);
            out += ':';
            append_json_string(text, out);
            return out;
        };
        const auto self = [](const char* schema, const std::string& data) {
            return "{\"schema\":\"iglu:com." + std::string(schema) + "\",\"data\":" + data + "}";
        };
        const auto buy = [&](const char* schema, const std::string& data) {
            return self("snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
                        self(schema, data));
        };
        const char* const second = "acme/buy/jsonschema/2-1-0";
        const std::string good = buy(second, R"({"price":1})");
        QCOMPARE(topic.said(tracked(member("ue_pr", good))), std::string("fine"));
        QCOMPARE(topic.said(tracked(member("ue_pr", buy(second, R"({"price":"1"})")))),
                 std::string("wrong_type /ue_pr/data/data/price"));
        QCOMPARE(topic.said(
                     tracked(member("ue_pr", buy("acme/buy/jsonschema/3-0-0", R"({"price":1})")))),
                 std::string("unknown_version /ue_pr/data/schema"));
        const std::string entities = self("snowplowanalytics.snowplow/contexts/jsonschema/1-0-1",
                                          "[" + self("acme/user/jsonschema/1-0-0", "{}") + "," +
                                              self("acme/product/jsonschema/1-0-0", "{}") + "]");
        QCOMPARE(topic.said(
                     tracked(member("ue_pr", good) + "," + member("cx", base64_encoded(entities)))),
                 std::string("missing_required /cx/data/1/data/sku"));
        QCOMPARE(topic.said(tracked(
                     member("ue_px", base64_encoded(buy("acme/sell/jsonschema/1-0-0", "{}"))))),
                 std::string("unknown_type "));
        // What cannot be read does not escape its contract.
        QCOMPARE(topic.said(tracked(member("ue_pr", "{\"broken"))), std::string("not_json /ue_pr"));
        QCOMPARE(topic.said(tracked(member("ue_px", "!!!"))), std::string("format /ue_px"));
        QCOMPARE(topic.said(tracked(member("ue_pr", buy("acme/buy", R"({"price":"1"})")))),
                 std::string("format /ue_pr/data/schema"));
        QCOMPARE(topic.said(tracked(member("ue_pr", good) + "," + member("co", "[]"))),
                 std::string("missing_required /co/data"));
    }

    void the_workspace_says_what_is_judged_where() {
        ContractsSpec spec = Topic::all();
        spec.unknown_types = UnknownTypes::Flag;
        spec.places["partners"].check = false;
        spec.places["lenient"].unknown_types = UnknownTypes::Pass;
        Topic topic(ContractSet::built_in(), spec);
        const char* unknown = R"({"event_id":"a","event_type":"sinup"})";
        QCOMPARE(topic.said(unknown), std::string("unknown_type flagged /event_type"));
        QCOMPARE(topic.said(unknown, "partners"), std::string("not judged"));
        QCOMPARE(topic.said(unknown, "lenient"), std::string("fine"));
        QCOMPARE(Topic(ContractSet::built_in(), {}).said(unknown), std::string("not judged"));
    }

    void a_dead_letter_tells_its_reasons_itself() {
        Topic topic(ContractSet::built_in());
        const std::string letter =
            R"({"reason":"wrong_type","stage":"collect","pointer":"/a","message":"m","violations":)"
            R"([{"reason":"wrong_type","effect":"block","pointer":"/a","expected":"a number",)"
            "\"found\":\"\\\"1\\\"\",\"remedy\":\"send a number\"},"
            R"({"reason":"unexpected_property","effect":"flag","pointer":"/b"}],"original":)" +
            std::string(order) + "}";
        QCOMPARE(topic.said(letter), std::string("not judged"));
        const auto told = [](const std::string& value,
                             const std::vector<HeaderView>& headers = {}) {
            return dead_letter_violations(value, headers);
        };
        const auto both = told(letter);
        QCOMPARE(both.size(), 2U);
        QCOMPARE(both[0].expected, std::string("a number"));
        QCOMPARE(both[0].found, std::string("\"1\""));
        QVERIFY(both[0].effect == Effect::Block && both[1].effect == Effect::Flag);
        const auto headers = told(order, {{"weir-reason", "out_of_range", false},
                                          {"weir-pointer", "/properties/price", false}});
        QCOMPARE(headers.size(), 1U);
        QVERIFY(headers[0].reason == ViolationReason::OutOfRange);
        QCOMPARE(headers[0].pointer, std::string("/properties/price"));
        const auto other = told(R"({"reason":"SchemaMismatch","message":"no"})");
        QCOMPARE(other.size(), 1U);
        QCOMPARE(other[0].expected, std::string("SchemaMismatch: no"));
        QVERIFY(told(order).empty());
    }
};

QTEST_APPLESS_MAIN(TestEventChecker)
#include "tst_event_checker.moc"
