// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Classes of personal data, wherever in a schema they stand and however deep the schema goes.
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>

#include "models/contract/contract_disclosure.h"

using namespace weir;

namespace {

/// With double quotes in the place of single ones.
std::string json_text(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// A folder with one contract: of type "person", version 1, with that schema.
class OneContract {
  public:
    explicit OneContract(const std::string& schema) {
        add("1.json",
            "{\"weir_contract\":1,\"type\":\"person\",\"version\":1,\"owner\":\"o\",\"schema\":" +
                schema + "}");
    }
    void add(const char* name, const std::string& text) {
        std::ofstream(m_folder.filePath(QString::fromUtf8(name)).toStdString()) << text;
    }
    std::shared_ptr<const ContractSet> set() const {
        return *ContractSet::load(m_folder.path().toStdString());
    }
    /// What a production connection shows of an event where the contracts alone decide.
    std::string shown(const std::string& event) const {
        const auto policy = contract_disclosure(set(), DialectSet::built_in(), {false, {}});
        Discloser discloser(policy);
        const EventFields fields = policy->fields_of("native", "person", 1);
        return std::string(
            discloser.disclose(true, {}, false, event, nullptr, 0, {}, {&fields, 1}).value());
    }
    /// "/left: name" of each field, in order.
    std::string listed() const {
        const auto all = set(); // its contracts are gone with it
        std::string text;
        for (const ContractField& field : all->contracts().front()->fields)
            text += field.pointer + (field.pii.empty() ? "" : ": " + field.pii) +
                    (field.repeats ? " as " + *field.repeats : "") + "\n";
        return text;
    }
    std::string problem() const {
        const auto all = set(); // its problems are gone with it
        return all->problems().empty() ? std::string() : all->problems().front().text();
    }

  private:
    QTemporaryDir m_folder;
};

/// {"left":{"left":…{"alias":"abc"}…}} in so many objects.
std::string nested(int levels, const char* step, const char* innermost) {
    std::string text = innermost;
    for (int i = 0; i < levels; ++i)
        text = "{\"" + std::string(step) + "\":" + text + "}";
    return text;
}

const char* const native = "\"event_type\":{\"type\":\"string\"}";

} // namespace

class TestContractClasses : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_schema_within_itself_masks_at_every_depth() {
        const OneContract person(json_text("{'$ref':'#/definitions/p','definitions':{'p':{"
                                           "'properties':{'event_type':{'type':'string'},"
                                           "'left':{'$ref':'#/definitions/p'},"
                                           "'right':{'$ref':'#/definitions/p'},"
                                           "'alias':{'type':'string','pii':'name'}}}}}"));
        QCOMPARE(person.problem(), std::string());
        QCOMPARE(person.listed(),
                 std::string("/event_type\n/left as \n/right as \n/alias: name\n"));
        QCOMPARE(person.shown(R"({"alias":"abc","left":{"alias":"abc","right":{"alias":"abc"}}})"),
                 std::string(R"({"alias":"•••","left":{"alias":"•••","right":{"alias":"•••"}}})"));
        for (const char* step : {"left", "right"}) // the collector takes events of 128 levels
            QCOMPARE(person.shown(nested(127, step, R"({"alias":"abc"})")),
                     nested(127, step, R"({"alias":"•••"})"));
    }

    void schemas_that_lead_to_each_other_do_so_without_end() {
        const OneContract thread(
            json_text("{'properties':{'event_type':{'type':'string'},"
                      "'answers':{'items':{'$ref':'#/definitions/note'}}},"
                      "'definitions':{"
                      "'note':{'properties':{'by':{'$ref':'#/definitions/one'},'text':{}}},"
                      "'one':{'properties':{'nick':{'pii':'name'},'colour':{'pii':'none'},"
                      "'notes':{'items':{'$ref':'#/definitions/note'}}}}}}"));
        QCOMPARE(thread.listed(), std::string("/event_type\n/answers\n/answers/*\n"
                                              "/answers/*/by\n/answers/*/by/nick: name\n"
                                              "/answers/*/by/colour: none\n/answers/*/by/notes\n"
                                              "/answers/*/by/notes/* as /answers/*\n"
                                              "/answers/*/text\n"));
        const std::string event =
            R"({"answers":[{"by":{"notes":[{"text":"b","by":{"nick":"abc","colour":"red"}}]}}]})";
        const std::string masked =
            R"({"answers":[{"by":{"notes":[{"text":"b","by":{"nick":"•••","colour":"red"}}]}}]})";
        QCOMPARE(thread.shown(event), masked);
    }

    void lists_of_themselves_and_other_contracts_are_no_trap() {
        OneContract lists(
            json_text("{'properties':{'event_type':{'type':'string'},"
                      "'tree':{'$ref':'#/definitions/list'}},"
                      "'definitions':{'list':{'items':{'anyOf':["
                      "{'$ref':'#/definitions/list'},{'properties':{'nick':{'pii':'name'}}}]}}}}"));
        lists.add("2.json", R"({"weir_contract":1,"type":"person","version":2,"owner":"o",
            "schema":{"properties":{"event_type":{},"tree":{"items":{"items":{"pii":"none"}}},
                "nick":{"pii":"none"}}}})");
        QCOMPARE(lists.shown(R"({"tree":[[["a",{"nick":"abc"}]],{"nick":"abc"}],"nick":"abc"})"),
                 std::string(R"({"tree":[[["a",{"nick":"•••"}]],{"nick":"•••"}],"nick":"abc"})"));
        // Of a version that nobody knows the strictest holds, at every depth; so of its dimensions.
        const auto policy = contract_disclosure(lists.set(), DialectSet::built_in(), {false, {}});
        Discloser discloser(policy);
        const EventFields fields = policy->fields_of("native", "person", 7);
        QCOMPARE(std::string(discloser
                                 .disclose(true, {}, false, R"({"tree":[[[[{"nick":"abc"}]]]]})",
                                           nullptr, 0, {}, {&fields, 1})
                                 .value()),
                 std::string(R"({"tree":[[[[{"nick":"•••"}]]]]})"));
        QCOMPARE(policy->verdict("tree.nick", "abc"), std::string_view("name"));
        QCOMPARE(policy->verdict("tree.sku", "abc"), std::string_view());
    }

    void many_schemas_that_each_lead_to_all_others_are_no_trap() {
        std::string definitions;
        std::string members;
        for (int i = 0; i < 9; ++i)
            members += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) +
                       "\":{\"$ref\":\"#/definitions/d" + std::to_string(i) + "\"}";
        for (int i = 0; i < 9; ++i)
            definitions += (i == 0 ? "\"d" : ",\"d") + std::to_string(i) +
                           "\":{\"properties\":{\"own\":{\"pii\":\"name\"}," + members + "}}";
        const OneContract graph(std::string("{\"properties\":{") + native + "," + members +
                                "},\"definitions\":{" + definitions + "}}");
        QCOMPARE(graph.problem(), std::string());
        QCOMPARE(graph.shown(R"({"m3":{"m1":{"m8":{"m3":{"m1":{"own":"abc","sku":"abc"}}}}}})"),
                 std::string(R"({"m3":{"m1":{"m8":{"m3":{"m1":{"own":"•••","sku":"abc"}}}}}})"));
    }

    void what_cannot_be_listed_is_an_error_and_not_left_out() {
        std::string members;
        for (int i = 0; i < 5'001; ++i)
            members += ",\"f" + std::to_string(i) + "\":{\"pii\":\"name\"}";
        const OneContract wide(std::string("{\"properties\":{") + native + members + "}}");
        QVERIFY2(wide.problem().find("names more than 5000 fields; the first that is too many is "
                                     "/f4999") != std::string::npos &&
                     wide.problem().find("1.json:1: #/schema/properties/f4999") !=
                         std::string::npos,
                 wide.problem().c_str());
        std::string chain = R"("d300":{"pii":"name"})"; // JSON of so many levels is refused before
        for (int i = 0; i < 300; ++i)
            chain += ",\"d" + std::to_string(i) +
                     "\":{\"properties\":{\"a\":{\"$ref\":\"#/definitions/d" +
                     std::to_string(i + 1) + "\"}}}";
        const OneContract levels(R"({"properties":{"a":{"$ref":"#/definitions/d0"}},)"
                                 R"("definitions":{)" +
                                 chain + "}}");
        QVERIFY2(levels.problem().find("levels deep") != std::string::npos,
                 levels.problem().c_str());
    }

    void what_would_take_too_much_memory_is_an_error() {
        std::string members;
        std::string patterns;
        for (int i = 0; i < 750; ++i) {
            members += ",\"f" + std::to_string(i) + "\":{}";
            patterns += (i == 0 ? "\"^f|" : ",\"^f|") + std::to_string(i) + "\":{\"pii\":\"name\"}";
        }
        const OneContract crossed(std::string("{\"properties\":{") + native + members +
                                  "},\"patternProperties\":{" + patterns + "}}");
        QVERIFY2(crossed.problem().find("lead to more places than can be gone through") !=
                     std::string::npos,
                 crossed.problem().c_str());
        members.clear();
        for (int i = 0; i < 700; ++i)
            members += ",\"f" + std::to_string(i) + "\":{\"$ref\":\"#/definitions/long\"}";
        const OneContract wordy(std::string("{\"properties\":{") + native + members +
                                "},\"definitions\":{\"long\":{\"description\":\"" +
                                std::string(100'000, 'a') + "\"}}}");
        QVERIFY2(wordy.problem().find("takes more than 64 MiB") != std::string::npos,
                 wordy.problem().c_str());
    }

    void classes_count_in_dependencies_and_contains() {
        const OneContract person(R"({"properties":{"event_type":{"type":"string"},
            "tags":{"contains":{"properties":{"of":{"pii":"name"}}}}},
            "dependencies":{"shipping":{"properties":{"street":{"pii":"address"}}},
                "card":["holder"]}})");
        QCOMPARE(person.listed(), std::string("/event_type\n/tags\n/tags/*\n/tags/*/of: name\n"
                                              "/street: address\n"));
        QCOMPARE(person.shown(R"({"street":"abc","tags":[{"of":"abc","id":"abc"}]})"),
                 std::string(R"({"street":"•••","tags":[{"of":"•••","id":"abc"}]})"));
    }

    void what_one_schema_says_of_a_name_adds_up_with_anothers_pattern() {
        const OneContract person(R"({"properties":{"event_type":{"type":"string"},
            "utm_id":{"pii":"none"},"plain":{"allOf":[{"pii":"name"}]}},
            "allOf":[{"patternProperties":{"^utm_":{"pii":"identity"}}},
                     {"required":["utm_id"]}]})");
        QCOMPARE(person.listed(), std::string("/event_type\n/utm_id: identity\n/plain: name\n"
                                              "/{^utm_}: identity\n"));
    }

    void what_several_patterns_say_of_a_name_adds_up() {
        const OneContract person(
            json_text("{'properties':{'event_type':{},'p':{'patternProperties':{"
                      "'^a':{'properties':{'x':{}}},'b$':{'properties':{'x':{'pii':'name'}}}}}}}"));
        QCOMPARE(person.shown(R"({"p":{"ab":{"x":"abc"},"a":{"x":"abc"},"b":{"x":"abc"}}})"),
                 std::string(R"({"p":{"ab":{"x":"•••"},"a":{"x":"abc"},"b":{"x":"•••"}}})"));
        const OneContract shown(json_text("{'properties':{'event_type':{},'p':{'pii':'name',"
                                          "'patternProperties':{'^a':{'pii':'none'},'b$':{}}}}}"));
        // What one of them calls harmless is so only if all do.
        QCOMPARE(shown.shown(R"({"p":{"ab":"abc","a":"abc"}})"),
                 std::string(R"({"p":{"ab":"•••","a":"abc"}})"));
    }

    void what_one_schema_says_of_other_members_holds_for_anothers_pattern() {
        const OneContract person(json_text(
            "{'properties':{'event_type':{},'p':{'allOf':[{'additionalProperties':{'pii':'name'}},"
            "{'patternProperties':{'^x':{}}}]},'own':{'additionalProperties':{'pii':'name'},"
            "'patternProperties':{'^x':{}}}}}"));
        QCOMPARE(person.shown(R"({"p":{"xa":"abc","y":"abc"},"own":{"xa":"abc","y":"abc"}})"),
                 std::string(R"({"p":{"xa":"•••","y":"•••"},"own":{"xa":"abc","y":"•••"}})"));
    }

    void an_element_is_no_member_that_is_called_by_its_number() {
        const OneContract person(
            json_text("{'properties':{'event_type':{},'q':{'items':[{}],'patternProperties':{"
                      "'^.$':{'pii':'name'}}},'r':{'properties':{'0':{}},'items':{'pii':'name'}},"
                      "'s':{'properties':{'0':{'pii':'name'}},'items':[{'pii':'none'}]}}}"));
        QCOMPARE(person.shown(R"({"q":{"0":"abc","1":"abc"},"r":["abc"],"s":{"0":"abc"}})"),
                 std::string(R"({"q":{"0":"•••","1":"•••"},"r":["•••"],"s":{"0":"•••"}})"));
        QCOMPARE(person.shown(R"({"q":["abc"],"r":{"0":"abc"},"s":["abc"]})"),
                 std::string(R"({"q":["abc"],"r":{"0":"abc"},"s":["abc"]})"));
    }

    void a_name_that_looks_like_something_else_is_a_name() {
        const OneContract person(
            json_text("{'properties':{'event_type':{},'*':{'pii':'name'},'{*}':{'pii':'name'},"
                      "'{^a}':{'pii':'name'},'l':{'properties':{'*':{'pii':'name'}}}}}"));
        QCOMPARE(person.shown(R"({"*":"abc","{*}":"abc","{^a}":"abc","ab":"abc","l":["abc"]})"),
                 std::string(R"({"*":"•••","{*}":"•••","{^a}":"•••","ab":"abc","l":["abc"]})"));
        QCOMPARE(person.listed(),
                 std::string("/event_type\n/~2*: name\n/~2{*}: name\n/~2{^a}: name\n/l\n"
                             "/l/~2*: name\n"));
    }

    void the_class_of_the_whole_event_holds_for_all_of_it() {
        const OneContract person(
            json_text("{'pii':'sensitive','properties':{'event_type':{'pii':'none'},'a':{}}}"));
        QCOMPARE(person.shown(R"({"event_type":"x","a":"abc","b":[{"c":"abc"}]})"),
                 std::string(R"({"event_type":"x","a":"•••","b":[{"c":"•••"}]})"));
        const OneContract wrong(json_text("{'pii':'emial','properties':{'event_type':{}}}"));
        QVERIFY2(wrong.problem().find("\"emial\" is no class of personal data") !=
                         std::string::npos &&
                     wrong.problem().find("#/schema/pii") != std::string::npos,
                 wrong.problem().c_str());
    }
};

QTEST_APPLESS_MAIN(TestContractClasses)
#include "tst_contract_classes.moc"
