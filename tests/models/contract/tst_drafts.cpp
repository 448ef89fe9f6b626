// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contracts drafted from events, and taken over from other tools.
#include <QTest>

#include <algorithm>

#include "models/contract/contract_checker.h"
#include <set>

#include "models/contract/contract_import.h"
#include "models/contract/inference.h"
#include "models/event/disclosure/disclosure.h"
#include "models/synth/generator.h"

using namespace weir;

namespace {

void absorb(Inference& inference, const std::string& event) {
    JsonTape tape;
    if (!tape.parse(event))
        qFatal("%s", event.c_str());
    inference.absorb(tape);
}

const InferredField& field(const InferredType& type, const std::string& pointer) {
    for (const InferredField& one : type.fields)
        if (one.pointer == pointer)
            return one;
    qFatal("no field %s", pointer.c_str());
}

std::string purchase(const std::string& platform, const std::string& price) {
    return "{\"event_type\": \"purchase\", \"schema_version\": 3, \"platform\": \"" + platform +
           "\", \"context\": {\"app_version\": \"4.7\"}, \"email\": \"a@example.com\", "
           "\"price\": " +
           price + "}";
}

/// With double quotes in the place of single ones.
std::string json_text(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// A contract's text as the only one of a set.
std::shared_ptr<const Contract> read(const std::string& text) {
    const auto library = std::make_shared<schema::Library>();
    const auto document = library->add("draft.json", "weir:draft", text, "/schema");
    if (!document)
        qFatal("%s", document.error().text().c_str());
    auto contract = read_contract(library, **document);
    if (!contract)
        qFatal("%s\n%s", contract.error().text().c_str(), text.c_str());
    return *contract;
}

bool accepts(const Contract& contract, const std::string& event) {
    JsonTape tape;
    schema::SchemaValidator validator;
    return tape.parse(event) && validator.accepts(*contract.schema, tape);
}

} // namespace

class TestDrafts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void a_draft_says_what_was_seen() {
        Inference inference;
        for (int i = 0; i < 500; ++i)
            absorb(inference, purchase(i % 2 == 0 ? "web" : "ios", std::to_string(i) + ".5"));
        const auto types = inference.result();
        QCOMPARE(types.size(), std::size_t{1});
        QCOMPARE(types[0].version, std::int64_t{3});
        const InferredField& price = field(types[0], "/price");
        QCOMPARE(price.least, std::string("0.5"));
        QCOMPARE(price.most, std::string("499.5"));
        QCOMPARE(field(types[0], "/platform").values,
                 (std::vector<std::string>{"\"ios\"", "\"web\""}));
        QCOMPARE(field(types[0], "/email").format, std::string("email"));
        QCOMPARE(field(types[0], "/email").pii, std::string("email"));
        QVERIFY(types[0].contract.find("; 0.5 to 499.5") != std::string::npos);
        const auto contract = read(types[0].contract);
        QCOMPARE(contract->type, std::string("purchase"));
        QCOMPARE(contract->field("/email")->pii, std::string("email"));
        QVERIFY(contract->field("/price")->required);
        QVERIFY(accepts(*contract, purchase("web", "12.5")));
        QVERIFY(!accepts(*contract, purchase("web", "-1")));
        QVERIFY(!accepts(*contract, purchase("web", "\"12.5\"")));
        QVERIFY(!accepts(*contract, purchase("windows", "12.5")));
    }
    void a_draft_quotes_no_value_of_a_personal_field() {
        Inference inference;
        for (int i = 0; i < 100; ++i)
            absorb(inference, "{\"event_type\": \"call\", \"schema_version\": 1, \"phone\": " +
                                  std::to_string(49'151'000'000 + i) + "}");
        const auto types = inference.result();
        QVERIFY(!field(types[0], "/phone").pii.empty());
        QVERIFY2(types[0].contract.find("49151") == std::string::npos, types[0].contract.c_str());
    }
    void who_differs_is_named() {
        Inference inference;
        for (int i = 0; i < 300; ++i) {
            absorb(inference, purchase("web", "1.5"));
            absorb(inference, purchase("android", i % 3 == 0 ? "\"1.5\"" : "1.5"));
            absorb(inference, "{\"event_type\": \"purchase\", \"schema_version\": 3, \"platform\": "
                              "\"ios\", \"price\": 1.5}");
        }
        const auto types = inference.result();
        std::string all;
        for (const InferredDifference& one : types.front().differences)
            all += one.pointer + ": " + one.group + ": " + one.what + "\n";
        QVERIFY2(all.find("/price: android 4.7: string in 33.3 % of 300, elsewhere in 0 %") !=
                     std::string::npos,
                 all.c_str());
        QVERIFY2(all.find("/email: ios: there in 0 % of 300, elsewhere in 100 %") !=
                     std::string::npos,
                 all.c_str());
        QVERIFY2(all.find("/price: web") == std::string::npos, all.c_str());
    }
    void a_rare_type_is_a_fault_and_no_type() {
        Inference inference;
        for (int i = 0; i < 1'000; ++i)
            absorb(inference, purchase("web", i < 3 ? "null" : i < 200 ? "7" : "1.5"));
        const auto contract = read(inference.result().front().contract);
        QCOMPARE(contract->field("/price")->types, std::string("number"));
    }
    void drafts_of_the_shop_take_the_shops_events() {
        synth::Options options;
        options.malformed_share = 0;
        Inference inference;
        synth::Generator generator(5, options);
        synth::Event event;
        for (int i = 0; i < 20'000; ++i) {
            generator.next(event);
            absorb(inference, std::string(event.value));
        }
        std::map<std::string, std::shared_ptr<const Contract>> contracts;
        for (const InferredType& type : inference.result())
            contracts[type.type] = read(type.contract);
        QCOMPARE(contracts.size(), std::size_t{10});
        int taken = 0;
        for (int i = 0; i < 5'000; ++i) {
            generator.next(event);
            taken += accepts(*contracts[std::string(event.type)], std::string(event.value)) ? 1 : 0;
        }
        QVERIFY2(taken > 4'950, std::to_string(taken).c_str());
    }

    void iglus_schemas_are_taken_over() {
        const auto all = import_contracts(
            "{\"$schema\": \"http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/"
            "jsonschema/1-0-0#\", \"description\": \"A click\", \"self\": {\"vendor\": "
            "\"com.acme\", "
            "\"name\": \"link_click\", \"format\": \"jsonschema\", \"version\": \"2-0-1\"}, "
            "\"type\": \"object\", \"properties\": {\"url\": {\"type\": \"string\", \"maxLength\": "
            "4}}, \"additionalProperties\": false}",
            "link_click.json", "web team");
        QVERIFY(all.ok());
        QCOMPARE(all->contracts.front().type, std::string("com.acme/link_click"));
        QCOMPARE(all->contracts.front().version, std::int64_t{2});
        QVERIFY(all->contracts.front().contract.find("iglu:com.acme/link_click/jsonschema/2-0-1") !=
                std::string::npos);
        QCOMPARE(contract_file_name(all->contracts.front().type, 2),
                 std::string("com.acme=2Flink_click/2.json"));
        const auto contract = read(all->contracts.front().contract);
        QCOMPARE(contract->owner, std::string("web team"));
        QCOMPARE(contract->description, std::string("A click"));
        QVERIFY(accepts(*contract, "{\"url\": \"/a\"}"));
        QVERIFY(!accepts(*contract, "{\"url\": \"/a/b/c\"}"));
    }
    void numbers_are_taken_over_digit_by_digit() {
        const std::string schema =
            "{\"type\": \"object\", \"properties\": {\"id\": {\"maximum\": "
            "23958446825181076828, \"multipleOf\": 0.10, \"examples\": [1e400, {}, []]}}}";
        std::string quoted;
        append_json_string(schema, quoted);
        for (const std::string& text :
             {"{\"self\": {\"name\": \"a\", \"version\": \"1-0-0\"}, " + schema.substr(1),
              "{\"subject\": \"a-value\", \"version\": 1, \"schemaType\": \"JSON\", "
              "\"schema\": " +
                  quoted + "}",
              "{\"rules\": [{\"type\": \"TRACK\", \"key\": \"a\", \"jsonSchema\": " + schema +
                  "}]}",
              schema}) {
            const auto all = import_contracts(text, "a.json", "");
            QVERIFY2(all.ok(), text.c_str());
            const std::string& contract = all->contracts.front().contract;
            for (const char* part : {": 23958446825181076828", ": 0.10", "1e400"})
                QVERIFY2(contract.find(part) != std::string::npos, contract.c_str());
            const auto taken = read(contract);
            QVERIFY(accepts(*taken, "{\"id\": 23958446825181076828}"));
            QVERIFY(!accepts(*taken, "{\"id\": 23958446825181076829}"));
        }
    }
    void of_one_iglu_model_the_newest_revision_is_taken() {
        std::vector<ImportedContract> all;
        for (const char* schema : {"com.acme 1-0-2", "com.acme 1-0-10", "com.acme 1-0-9",
                                   "org.other 1-0-0", "com.acme 2-0-0"}) {
            const std::string text = schema;
            const auto one =
                import_contracts(R"({"self":{"vendor":")" + text.substr(0, text.find(' ')) +
                                     R"(","name":"click","format":"jsonschema","version":")" +
                                     text.substr(text.find(' ') + 1) + R"("},"type":"object"})",
                                 "click.json", "");
            QVERIFY(one.ok());
            all.push_back(one->contracts.front());
        }
        const auto kept = newest_of_each(std::move(all));
        QCOMPARE(kept.size(), std::size_t{3});
        QCOMPARE(kept[0].origin, std::string("iglu:com.acme/click/jsonschema/1-0-10"));
        QCOMPARE(kept[0].remark,
                 std::string("taken instead of iglu:com.acme/click/jsonschema/1-0-2, "
                             "iglu:com.acme/click/jsonschema/1-0-9"));
        QCOMPARE(kept[1].type, std::string("org.other/click"));
        QVERIFY(kept[2].version == 2 && kept[2].remark.empty());
    }
    void subjects_of_a_registry_are_taken_over() {
        const auto all = import_contracts(
            "[{\"subject\": \"orders-value\", \"version\": 4, \"id\": 7, \"schemaType\": \"JSON\", "
            "\"schema\": \"{\\\"type\\\": \\\"object\\\", \\\"required\\\": [\\\"id\\\"]}\"},"
            "{\"subject\": \"users-value\", \"version\": 1, \"schema\": \"{}\"}]",
            "subjects.json", "");
        QVERIFY(all.ok());
        QCOMPARE(all->contracts.size(), std::size_t{1});
        QCOMPARE(all->remarks,
                 std::vector<std::string>{"subject users-value version 1: left out: its schema is "
                                          "AVRO, and only JSON ones are taken over"});
        QCOMPARE(all->contracts.front().type, std::string("orders"));
        QCOMPARE(all->contracts.front().version, std::int64_t{4});
        QVERIFY(!accepts(*read(all->contracts.front().contract), "{}"));
    }
    void tracking_plans_are_taken_over() {
        const std::string rules =
            "{\"type\": \"object\", \"properties\": {\"properties\": {\"type\": \"object\", "
            "\"required\": [\"total\"]}}}";
        const auto older = import_contracts(
            "{\"display_name\": \"Shop\", \"rules\": {\"events\": [{\"name\": \"Order Completed\", "
            "\"description\": \"Paid\", \"rules\": " +
                rules + "}]}}",
            "plan.json", "");
        const auto newer = import_contracts(
            "{\"data\": {\"rules\": [{\"type\": \"TRACK\", \"key\": \"Order Completed\", "
            "\"version\": 2, \"jsonSchema\": " +
                rules + "}, {\"type\": \"IDENTIFY\", \"jsonSchema\": {}}]}}",
            "plan.json", "");
        QVERIFY(older.ok() && newer.ok());
        QCOMPARE(older->contracts.size(), std::size_t{1});
        QCOMPARE(newer->contracts.size(), std::size_t{2});
        QCOMPARE(newer->contracts.front().version, std::int64_t{2});
        QCOMPARE(newer->contracts.back().type, std::string("identify"));
        for (const auto& all : {older->contracts, newer->contracts}) {
            QCOMPARE(all.front().type, std::string("Order Completed"));
            QVERIFY(!accepts(*read(all.front().contract), "{\"properties\": {}}"));
        }
        QVERIFY(!import_contracts("[1, 2]", "x.json", "").ok());
        QVERIFY(!import_contracts("{", "x.json", "").ok());
    }
    void what_holds_for_all_events_is_in_each_contract() {
        const auto older = import_contracts(
            R"({"rules":{"global":{"$schema":"x","properties":{"context":{"required":["ip"]}}},
                "identify_traits":{"properties":{"traits":{"required":["email"]}}},
                "group_traits":["size"],
                "events":[{"name":"A","rules":{"$ref":"#/definitions/a","definitions":{"a":
                    {"required":["event"]}}}},{"name":"B"}]}})",
            "plan.json", "");
        const auto newer = import_contracts(
            R"({"rules":[{"type":"TRACK","key":"A","jsonSchema":{"allOf":[{"required":["event"]}]}},
                {"type":"IDENTIFY","jsonSchema":{"properties":{"traits":{"required":["email"]}}}},
                {"type":"COMMON","jsonSchema":{"properties":{"context":{"required":["ip"]}}}},
                {"type":"ALIAS","jsonSchema":{}}]})",
            "plan.json", "");
        QVERIFY(older.ok() && newer.ok());
        for (const auto& all : {older->contracts, newer->contracts}) {
            QCOMPARE(all.size(), std::size_t{2});
            const auto event = read(all[0].contract);
            QVERIFY(accepts(*event, R"({"event":"A","context":{"ip":"::1"}})"));
            QVERIFY(!accepts(*event, R"({"event":"A","context":{}})"));
            QVERIFY(!accepts(*event, R"({"context":{"ip":"::1"}})"));
            QCOMPARE(all[1].type, std::string("identify"));
            const auto identify = read(all[1].contract);
            QVERIFY(accepts(*identify, R"({"traits":{"email":"a"},"context":{"ip":"::1"}})"));
            QVERIFY(!accepts(*identify, R"({"traits":{}})"));
            QVERIFY(!accepts(*identify, R"({"context":{}})"));
        }
        QCOMPARE(older->remarks,
                 (std::vector<std::string>{
                     "tracking plan, event B: left out: it has no JSON Schema",
                     "tracking plan: group_traits are left out: they are no JSON Schema"}));
        QCOMPARE(newer->remarks,
                 (std::vector<std::string>{"tracking plan, rule ALIAS: left out: it is of a kind "
                                           "that has no contract"}));
    }
    void what_subjects_refer_to_comes_along_under_its_name() {
        const auto subject = [](const char* name, const char* schema, const char* references) {
            std::string text;
            append_json_string(json_text(schema), text);
            return json_text("{'subject':'" + std::string(name) +
                             "','version':1,'schemaType':'JSON','references':[" + references +
                             "],'schema':") +
                   text + "}";
        };
        const std::string orders = subject("orders-value", "{'$ref':'common.json'}",
                                           "{'name':'common.json','subject':'common','version':1},"
                                           "{'name':'../x.json','subject':'x','version':3}");
        const std::string common =
            subject("common", "{'properties':{'id':{'$ref':'http://acme.example/ids/id.json'}}}",
                    "{'name':'http://acme.example/ids/id.json','subject':'id','version':1}");
        const std::string id = subject("id", "{'type':'integer'}", "");
        const auto all =
            import_contracts("[" + orders + "," + common + "," + id + "]", "subjects.json", "");
        QVERIFY(all.ok());
        QCOMPARE(all->contracts.size(), std::size_t{3});
        const ImportedContract& made = all->contracts.front();
        QCOMPARE(made.references.size(), std::size_t{2});
        QCOMPARE(made.references[0].file, std::string("orders/common.json"));
        QCOMPARE(made.references[1].file, std::string("ids/id.json"));
        QCOMPARE(made.remark, std::string("its reference ../x.json (subject x version 3) is not in "
                                          "the import: write it to x.json"));
        const auto alone = import_contracts(orders, "subject.json", "");
        QVERIFY(alone.ok() && alone->contracts.front().references.empty());
        QVERIFY(alone->contracts.front().remark.find("write it to orders/common.json") !=
                std::string::npos);
        // Nothing but Avro: that is said.
        const auto avro =
            import_contracts(R"([{"subject":"a","version":2,"schema":"{}"}])", "s", "");
        QVERIFY(!avro.ok() && avro.error().advice.find("AVRO") != std::string::npos);
    }

    void each_type_has_a_file_of_its_own() {
        QCOMPARE(contract_file_name("Order Completed", 2), std::string("Order=20Completed/2.json"));
        QCOMPARE(contract_file_name("Order_Completed", 2), std::string("Order_Completed/2.json"));
        QCOMPARE(contract_file_name("../x.y", 1), std::string("=2E.=2Fx.y/1.json"));
        std::set<std::string> files;
        const std::string longest(120, 'a');
        const std::vector<std::string> types{"",  "=", "/",     "a",           "a/1",
                                             "_", " ", longest, longest + "b", longest + "b/c"};
        for (const std::string& type : types)
            files.insert(contract_file_name(type, 1));
        QCOMPARE(files.size(), types.size());
    }

    void what_a_topics_keys_are_is_no_event() {
        const auto all = import_contracts(
            R"([{"subject":"orders-key","version":1,"schemaType":"JSON","schema":"{}"},)"
            R"({"subject":"orders-value","version":1,"schemaType":"JSON","schema":"{}"}])",
            "subjects.json", "");
        QVERIFY(all.ok());
        const auto kept = newest_of_each(all->contracts);
        QCOMPARE(kept.size(), std::size_t{2});
        QCOMPARE(kept[0].type, std::string("orders-key"));
        QCOMPARE(kept[1].type, std::string("orders"));
        QCOMPARE(kept[1].origin, std::string("subject orders-value version 1"));
    }

    void a_reference_leads_to_a_file_of_the_folder_or_nowhere() {
        for (const char* name : {"file:////tmp/x.json", "http://a.example//tmp/x.json", "a//x.json",
                                 "%2E%2E/%2E%2E/x.json", "a/%2E/x.json", "a/", "file:///"}) {
            const auto all = import_contracts(
                R"([{"subject":"a-value","version":1,"schemaType":"JSON","schema":"{}",)"
                R"("references":[{"name":")" +
                    std::string(name) +
                    R"(","subject":"x","version":1}]},)"
                    R"({"subject":"x","version":1,"schemaType":"JSON","schema":"{}"}])",
                "subjects.json", "");
            QVERIFY2(all.ok() && all->contracts.front().references.empty(), name);
            QCOMPARE(all->contracts.front().remark,
                     "its reference " + std::string(name) + " names no file of the folder");
        }
    }

    void a_draft_quotes_nobody_data() {
        QTest::addColumn<QString>("members");
        QTest::addColumn<QString>("quoted"); // parted by blanks
        QTest::addColumn<QString>("pii");    // "/pointer class"
        const auto row = [](const char* name, const char* members, const char* quoted,
                            const char* pii) {
            QTest::newRow(name) << QString::fromUtf8(members) << QString::fromUtf8(quoted)
                                << QString::fromUtf8(pii);
        };
        row("a name of a text", R"("mobile":"079 % 45 67")", "45", "/mobile phone");
        row("somebody", R"("customer":"jane-%")", "jane", "/customer identity");
        row("a list of them", R"("recipients":["jane-%"])", "jane", "/recipients/* identity");
        row("what is around", R"("address":{"town":"Bern-%"})", "Bern", "/address/town address");
        row("a shape", R"("caller":"+4179123456%")", "4179123456", "/caller phone");
        row("a number's", R"("reference":4111111111111111)", "4111111111111111", "/reference card");
        row("a member's name", R"("seen":{"jane%@corp.example":1})", "jane", "/seen/{*}");
    }
    void a_draft_quotes_nobody() {
        QFETCH(QString, members);
        QFETCH(QString, quoted);
        QFETCH(QString, pii);
        Inference inference;
        for (int i = 0; i < 200; ++i)
            absorb(inference, R"({"event_type":"call","schema_version":1,)" +
                                  QString(members)
                                      .replace(QLatin1Char('%'), QString::number(i % 3))
                                      .toStdString() +
                                  "}");
        const InferredType type = inference.result().front();
        QVERIFY2(type.contract.find(quoted.toStdString()) == std::string::npos,
                 type.contract.c_str());
        const auto contract = read(type.contract);
        const QStringList expected = pii.split(QLatin1Char(' '));
        const ContractField* const found = contract->field(expected[0].toStdString());
        QVERIFY2(found != nullptr, type.contract.c_str());
        QCOMPARE(found->pii, expected.value(1).toStdString());
    }

    void what_came_masked_is_drafted_by_its_type_and_class() {
        Inference inference;
        Discloser discloser(DisclosurePolicy::built_in_detectors());
        JsonTape tape;
        for (int i = 0; i < 200; ++i) {
            const std::string name = i % 2 == 0 ? "Jane" : "Ada";
            const std::string event =
                json_text("{'event_type':'call','schema_version':1,'colour':'red','customer':"
                          "{'name':'" +
                          name + "'},'card':4111111111111111,'seen':{'" + name +
                          "@corp.example':1},'birthday':'1984-05-1" + std::to_string(i % 2) + "'}");
            const auto shown = discloser.disclose(true, {}, false, event, nullptr, 0);
            const std::string value(shown.value());
            QVERIFY(tape.parse(value));
            inference.absorb(tape, {shown.masked(), 0, false});
        }
        const InferredType type = inference.result().front();
        for (const char* trace : {"•", "999", "format"})
            QVERIFY2(type.contract.find(trace) == std::string::npos, type.contract.c_str());
        const auto contract = read(type.contract);
        QCOMPARE(contract->field("/customer/name")->pii, std::string("name"));
        QCOMPARE(contract->field("/customer/name")->types, std::string("string"));
        QCOMPARE(contract->field("/card")->pii, std::string("card"));
        QCOMPARE(contract->field("/card")->types, std::string("integer"));
        QVERIFY(contract->field("/card")->demands.empty());
        QCOMPARE(contract->field("/birthday")->pii, std::string("birth"));
        QCOMPARE(contract->field("/colour")->pii, std::string());
        QVERIFY(!contract->field("/colour")->demands.empty()); // one of "red"
        QVERIFY(contract->field("/seen/{*}") != nullptr);
    }
};

QTEST_GUILESS_MAIN(TestDrafts)
#include "tst_drafts.moc"
