// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contracts: a folder is read, events are held against it, files change and break; and the demo
// shop's contracts against the demo shop's events.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <unistd.h>

#include "models/contract/contract_checker.h"
#include "models/contract/violation_masking.h"
#include "models/event/filter/time_text.h"
#include "models/synth/generator.h"

using namespace weir;

namespace {

Micros at(const char* time) {
    return *parse_instant(time);
}

const Micros today = at("2026-11-20T12:00:00Z");

void write(const QTemporaryDir& folder, const char* name, const std::string& text) {
    const QString path = folder.filePath(QString::fromUtf8(name));
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(text.data(), static_cast<qint64>(text.size())) < 0)
        qFatal("%s cannot be written", name);
}

std::string contract(const std::string& version, const std::string& more,
                     const std::string& properties = "\"price\": {\"type\": \"number\"}") {
    return "{\"weir_contract\": 1, \"type\": \"purchase\", \"version\": " + version +
           ", \"owner\": \"checkout team\"," + more + " \"schema\": {\"type\": \"object\", " +
           "\"required\": [\"event_type\", \"price\"], \"properties\": {" + properties + "}}}";
}

std::shared_ptr<const ContractSet> load(const QTemporaryDir& folder) {
    auto set = ContractSet::load(folder.path().toStdString());
    if (!set)
        qFatal("%s", set.error().text().c_str());
    return *set;
}

std::string said(const Judgement& judgement) {
    std::string text = judgement.blocked() ? "refused" : "accepted";
    for (const Violation& v : judgement.violations)
        text += "\n" + std::string(to_word(v.effect)) + " " + violation_text(v);
    return text;
}

std::string judge(const QTemporaryDir& folder, const std::string& event, Micros now = today) {
    ContractChecker checker(load(folder), {});
    return said(checker.check(event, now));
}

} // namespace

class TestContracts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void an_event_is_held_against_the_contract_of_its_version() {
        QTemporaryDir folder;
        write(folder, "purchase/1.json", contract("1", ""));
        write(folder, "purchase/2.json", contract("2", "", "\"price\": {\"minimum\": 1}"));
        const std::string cheap = "{\"event_type\": \"purchase\", \"price\": 0.5";
        QCOMPARE(judge(folder, cheap + ", \"schema_version\": 1}"), std::string("accepted"));
        QCOMPARE(judge(folder, cheap + ", \"schema_version\": \"1\"}"), std::string("accepted"));
        QCOMPARE(
            judge(folder, cheap + ", \"schema_version\": 2}"),
            std::string("refused\nblock /price: out_of_range: expected at least 1, found 0.5"));
        // Without a version the newest one counts.
        QVERIFY(judge(folder, cheap + "}").find("out_of_range") != std::string::npos);
        QVERIFY(judge(folder, cheap + ", \"schema_version\": 9}")
                    .find("unknown_version: expected version 1, 2, found 9") != std::string::npos);
        QVERIFY(judge(folder, "{\"event_type\": \"pruchase\"}")
                    .find("unknown_type: expected a type that has a contract, found \"pruchase\" "
                          "(did you mean \"purchase\"?)") != std::string::npos);
        QVERIFY(judge(folder, "{\"price\": 1}").find("/event_type: missing_required") !=
                std::string::npos);
        QVERIFY(judge(folder, "{\"price\": 1").find("not_json") != std::string::npos);
        const std::string deep = std::string(1'025, '[') + std::string(1'025, ']');
        QVERIFY(judge(folder, deep).find("too_large") != std::string::npos);
    }

    void a_type_without_a_contract_may_pass() {
        QTemporaryDir folder;
        write(folder, "purchase.json", contract("1", ""));
        CheckOptions options;
        options.unknown_types = UnknownTypes::Pass;
        ContractChecker lenient(load(folder), options);
        QVERIFY(lenient.check("{\"event_type\": \"new_one\"}", today).fine());
        options.unknown_types = UnknownTypes::Flag;
        ContractChecker curious(load(folder), options);
        const Judgement& judgement = curious.check("{\"event_type\": \"new_one\"}", today);
        QVERIFY(!judgement.fine() && !judgement.blocked());
    }

    void a_version_is_deprecated_and_then_removed() {
        QTemporaryDir folder;
        write(folder, "1.json",
              contract("1", "\"deprecated_since\": \"2026-03-01\", \"removed_on\": "
                            "\"2026-09-01\","));
        write(folder, "2.json", contract("2", ""));
        const std::string event =
            "{\"event_type\": \"purchase\", \"schema_version\": 1, \"price\": 1}";
        QCOMPARE(judge(folder, event, at("2026-02-28T23:59:59Z")), std::string("accepted"));
        const std::string deprecated = judge(folder, event, at("2026-03-01T00:00:00Z"));
        QVERIFY2(deprecated.find("accepted\nflag /schema_version: deprecated_version") == 0,
                 deprecated.c_str());
        QVERIFY(deprecated.find("move to version 2") != std::string::npos);
        QVERIFY(judge(folder, event, at("2026-09-01T00:00:00Z"))
                    .find("refused\nblock /schema_version: removed_version") == 0);
    }

    void rules_reach_across_fields() {
        QTemporaryDir folder;
        write(folder, "1.json",
              contract("1", "\"rules\": [{\"name\": \"servers are no clients\", \"at\": "
                            "\"/platform\", \"when\": \"source == \\\"server\\\"\", \"must\": "
                            "\"platform == \\\"server\\\"\", \"remedy\": \"set platform\"},"
                            "{\"name\": \"not for nothing\", \"must\": \"price > 0\", "
                            "\"severity\": \"warning\"}],"));
        const std::string head = "{\"event_type\": \"purchase\", \"schema_version\": 1, ";
        QCOMPARE(judge(folder, head + "\"price\": 1, \"source\": \"client\", \"platform\": "
                                      "\"web\"}"),
                 std::string("accepted"));
        QCOMPARE(judge(folder, head + "\"price\": 1, \"source\": \"server\", \"platform\": "
                                      "\"web\"}"),
                 std::string("refused\nblock /platform: rule: expected servers are no clients: "
                             "platform == \"server\", found \"web\" (set platform)"));
        QVERIFY(judge(folder, head + "\"price\": 0}").find("accepted\nflag the event: rule") == 0);
    }

    void the_contract_says_what_becomes_of_a_violation() {
        QTemporaryDir folder;
        const std::string closed =
            "\"price\": {\"type\": \"number\"}, \"event_type\": {}, \"schema_version\": {}}, "
            "\"additionalProperties\": false, \"definitions\": {";
        write(folder, "1.json",
              contract("1",
                       "\"effects\": {\"unexpected_property\": \"strip\", \"wrong_type\": "
                       "\"flag\"},",
                       closed));
        const std::string event = "{\"event_type\": \"purchase\", \"schema_version\": 1, "
                                  "\"debug\": {\"a\": [1, 2]}, \"price\": \"1\" , \"x\":null }";
        ContractChecker checker(load(folder), {});
        const Judgement& judgement = checker.check(event, today);
        QVERIFY(!judgement.blocked());
        std::vector<std::string> strip;
        for (const Violation& violation : judgement.violations)
            if (violation.effect == Effect::Strip)
                strip.push_back(violation.pointer);
        QCOMPARE(strip, (std::vector<std::string>{"/debug", "/x"}));
        QCOMPARE(without_members(checker.tape(), strip),
                 std::string("{\"event_type\": \"purchase\", \"schema_version\": 1,  \"price\": "
                             "\"1\"  }"));
    }

    void a_flood_of_harmless_violations_hides_none_that_blocks() {
        QTemporaryDir folder;
        const std::string closed = "\"n\": {\"type\": \"number\"}}, "
                                   "\"additionalProperties\": false, \"definitions\": {";
        std::string flood;
        for (int i = 0; i < 1'000; ++i)
            flood += ", \"x" + std::to_string(i) + "\": 1";
        const auto event = [&](const char* n) {
            return "{\"event_type\": \"purchase\", \"schema_version\": 1, \"price\": 1" + flood +
                   ", \"n\": " + n + "}";
        };
        for (const char* effect : {"flag", "strip"}) {
            write(
                folder, "1.json",
                contract("1",
                         std::string("\"effects\": {\"unexpected_property\": \"") + effect + "\"},",
                         closed));
            ContractChecker checker(load(folder), {});
            QVERIFY(checker.check(event("\"no number\""), today).blocked());
            const std::string sound = event("2"); // the tape refers to it
            const Judgement& judgement = checker.check(sound, today);
            QVERIFY(!judgement.blocked());
            QCOMPARE(judgement.violations.size(), schema::SchemaValidator::violations_max);
            QVERIFY(judgement.violations.back().remedy.find("903 more of this reason are not") !=
                    std::string::npos);
            QCOMPARE(judgement.strip.size(), std::size_t(*effect == 's' ? 1'003 : 0));
            if (judgement.strip.empty())
                continue;
            std::string left = without_keys(checker.tape(), judgement.strip);
            left.erase(std::remove(left.begin(), left.end(), ' '), left.end());
            QCOMPARE(left, std::string("{\"n\":2}"));
        }
    }

    void what_is_stripped_within_an_alternative_is_all_of_it() {
        QTemporaryDir folder;
        write(folder, "1.json",
              contract("1", "\"effects\": {\"unexpected_property\": \"strip\"},",
                       "\"a\": {\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"object\", "
                       "\"properties\": {\"n\": {\"type\": \"number\"}}, "
                       "\"additionalProperties\": false}]}"));
        std::string flood;
        for (int i = 0; i < 50; ++i)
            flood += "\"x" + std::to_string(i) + "\": 1, ";
        const std::string head = "{\"event_type\": \"purchase\", \"price\": 1, \"a\": {" + flood;
        ContractChecker checker(load(folder), {});
        QVERIFY(checker.check(head + "\"n\": \"x\"}}", today).blocked());
        const Judgement& judgement = checker.check(head + "\"n\": 1}}", today);
        QVERIFY(!judgement.blocked());
        QCOMPARE(judgement.strip.size(), std::size_t{50});
    }

    void a_member_that_is_there_twice_is_stripped_twice() {
        QTemporaryDir folder;
        write(folder, "1.json",
              contract("1", "\"effects\": {\"unexpected_property\": \"strip\"},",
                       "\"price\": {}, \"event_type\": {}}, \"additionalProperties\": false, "
                       "\"definitions\": {"));
        ContractChecker checker(load(folder), {});
        const Judgement& judgement =
            checker.check("{\"event_type\":\"purchase\",\"x\":\"first\",\"price\":1,"
                          "\"\\u0078\":\"second\",\"price\":2,\"x\":\"last\"}",
                          today);
        QVERIFY(!judgement.blocked());
        QCOMPARE(without_keys(checker.tape(), judgement.strip),
                 std::string("{\"event_type\":\"purchase\",\"price\":1,\"price\":2}"));
    }

    void members_are_taken_out_and_nothing_else() {
        const auto without = [](const std::string& text, std::vector<std::string> pointers) {
            JsonTape tape;
            if (!tape.parse(text))
                return std::string("not JSON");
            std::string left = without_members(tape, std::move(pointers));
            JsonTape again;
            return again.parse(left) ? left : "broken: " + left;
        };
        QCOMPARE(without("{\"a\":1}", {"/a"}), std::string("{}"));
        QCOMPARE(without("{\"a\":1,\"b\":\"x,y\",\"c\":3}", {"/b"}),
                 std::string("{\"a\":1,\"c\":3}"));
        QCOMPARE(without("{\"a\":1,\"b\":2,\"c\":3}", {"/b", "/c"}), std::string("{\"a\":1}"));
        QCOMPARE(without("{\"a\":1,\"b\":2,\"c\":3}", {"/a", "/b", "/c"}), std::string("{}"));
        QCOMPARE(without("{\"a\":{\"b\":1},\"c\":1e2}", {"/a", "/a/b"}),
                 std::string("{\"c\":1e2}"));
        QCOMPARE(without("{\"a\":1}", {"/nothing", ""}), std::string("{\"a\":1}"));
        QCOMPARE(without("{\"b\":{\"a\":1,\"c\":2,\"a\":3}}", {"/b/a"}),
                 std::string("{\"b\":{\"c\":2}}"));
    }

    void one_broken_file_leaves_the_rest_working() {
        QTemporaryDir folder;
        write(folder, "1.json", contract("1", ""));
        write(folder, "2.json", contract("2", "\n\"effects\": {\"bad_luck\": \"flag\"},"));
        write(folder, "3.json", contract("3", "\n\n\"ownr\": \"x\","));
        write(folder, "4.json", "{\"weir_contract\": 1,\n\"type\": ");
        write(folder, "5.json", contract("5", "", "\n\"price\": {\"pattern\": \"(?=x)\"}"));
        write(folder, "6.json", contract("6", "", "\"price\": {\"pii\": \"emal\"}"));
        write(folder, "7.json",
              contract("7", "\"rules\": [{\"name\": \"r\", \"must\": \"price >> 1\"}],"));
        write(folder, "8.json", contract("1", ""));
        const auto set = load(folder);
        QCOMPARE(set->contracts().size(), std::size_t{1});
        QCOMPARE(set->problems().size(), std::size_t{7});
        std::string all;
        for (const Error& problem : set->problems())
            all += problem.text() + "\n";
        for (const char* part :
             {"2.json:2: #/effects/bad_luck: \"bad_luck\" is no reason", "3.json:3: #/ownr",
              "Did you mean \"owner\"?", "4.json:2", "5.json:2: #/schema/properties/price/pattern",
              "look-ahead", "Did you mean \"email\"?", "7.json:1: #/rules/0/must", "defined twice"})
            QVERIFY2(all.find(part) != std::string::npos, (part + ("\n" + all)).c_str());
        QCOMPARE(judge(folder, "{\"event_type\": \"purchase\", \"schema_version\": 1, \"price\": "
                               "1}"),
                 std::string("accepted"));
    }

    void a_version_that_is_there_twice_names_both_places() {
        QTemporaryDir folder;
        write(folder, "a.json", contract("1", ""));
        write(folder, "b.json", "{\n" + contract("1", "").substr(1));
        const auto set = load(folder);
        QCOMPARE(set->problems().size(), std::size_t{1});
        const std::string problem = set->problems().front().text();
        for (const char* part : {"version 1 of purchase is defined twice", "b.json:2: #/version",
                                 "The first one counts: ", "a.json:1: #/version"})
            QVERIFY2(problem.find(part) != std::string::npos, problem.c_str());
    }
    void a_folder_is_read_again_when_a_file_changes() {
        QTemporaryDir folder;
        ContractFolder watched(folder.path().toStdString());
        write(folder, "1.json", contract("1", ""));
        QVERIFY(watched.refresh().ok());
        const auto first = watched.current();
        QVERIFY(watched.refresh().ok());
        QCOMPARE(watched.current(), first); // nothing happened
        write(folder, "2.json", contract("2", ""));
        QVERIFY(watched.refresh().ok());
        QCOMPARE(watched.current()->versions("purchase"), (std::vector<std::int64_t>{1, 2}));
        QFile::remove(folder.filePath(QStringLiteral("1.json")));
        QVERIFY(watched.refresh().ok());
        QVERIFY(watched.current()->find("purchase", 1) == nullptr);
        QVERIFY(first->find("purchase", 1) != nullptr); // whoever still has it can use it
        QVERIFY(QDir(folder.path()).removeRecursively());
        const auto gone = watched.refresh();
        QVERIFY(!gone.ok());
        QCOMPARE(gone.error().code, ErrorCode::NotFound);
        QVERIFY(watched.current()->find("purchase", 2) != nullptr);
    }

    void a_contract_that_breaks_stays_in_force_as_it_was() {
        QTemporaryDir folder;
        ContractFolder watched(folder.path().toStdString());
        write(folder, "1.json",
              contract("1", "", "\"price\": {\"pii\": \"card\", \"minimum\": 1}"));
        write(folder, "2.json", contract("2", ""));
        write(folder, "common/money.json", "{\"type\": \"number\"}");
        write(folder, "3.json", contract("3", "", "\"price\": {\"$ref\": \"common/money.json\"}"));
        QVERIFY(watched.refresh().ok());
        QVERIFY(watched.current()->problems().empty());
        // A typo, a file that is being written, and one that others refer to.
        write(folder, "1.json", contract("1", "\"ownr\": \"x\","));
        write(folder, "2.json", "");
        write(folder, "common/money.json", "{\"type\": ");
        for (int times = 0; times < 2; ++times) {
            QVERIFY(watched.refresh().ok());
            const auto set = watched.current();
            QCOMPARE(set->versions("purchase"), (std::vector<std::int64_t>{1, 2, 3}));
            QCOMPARE(set->find("purchase", 1)->field("/price")->pii, std::string("card"));
            std::string told;
            for (const Error& problem : set->problems())
                told += problem.text() + "\n";
            QVERIFY2(told.find("purchase version 1 stays in force as it was read last") !=
                         std::string::npos,
                     told.c_str());
            ContractChecker checker(set, {});
            QVERIFY(checker
                        .check("{\"event_type\": \"purchase\", \"schema_version\": 1, "
                               "\"price\": 0}",
                               today)
                        .blocked());
            write(folder, "note.json", std::to_string(times)); // the folder is read again
        }
        write(folder, "1.json", contract("1", "", "\"price\": {\"minimum\": 5}"));
        QFile::remove(folder.filePath(QStringLiteral("2.json")));
        QVERIFY(watched.refresh().ok());
        QCOMPARE(watched.current()->versions("purchase"), (std::vector<std::int64_t>{1, 3}));
        QVERIFY(watched.current()->find("purchase", 1)->field("/price")->pii.empty());
    }

    void a_folder_below_that_cannot_be_read_is_told_and_the_rest_is_read() {
        QTemporaryDir folder;
        for (const char* file : {"a/1.json", "c/2.json", "z/3.json"})
            write(folder, file, contract(std::string(1, file[2]), ""));
        QCOMPARE(::chmod(folder.path().toUtf8().constData(), 0755), 0);
        ContractFolder watched(folder.path().toStdString());
        QVERIFY(watched.refresh().ok());
        const QByteArray closed = folder.filePath(QStringLiteral("c")).toUtf8();
        QCOMPARE(::chmod(closed.constData(), 0), 0);
        constexpr uid_t nobody = 65'534;
        const uid_t user = ::geteuid();
        if (user == 0) // who may read everything
            QCOMPARE(::seteuid(nobody), 0);
        const auto fresh = ContractSet::load(folder.path().toStdString());
        const auto again = watched.refresh();
        if (user == 0)
            QCOMPARE(::seteuid(user), 0);
        QCOMPARE(::chmod(closed.constData(), 0755), 0);
        QVERIFY(fresh.ok() && again.ok());
        QCOMPARE((*fresh)->versions("purchase"), (std::vector<std::int64_t>{1, 3}));
        QCOMPARE((*fresh)->problems().size(), std::size_t{1});
        QCOMPARE((*fresh)->problems().front().code, ErrorCode::NotPermitted);
        QCOMPARE((*fresh)->problems().front().where, closed.toStdString());
        QCOMPARE(watched.current()->versions("purchase"), (std::vector<std::int64_t>{1, 2, 3}));
        QCOMPARE(watched.current()->problems().size(), std::size_t{1});
    }

    void a_reference_leads_on_whatever_the_folder_is_called() {
        QTemporaryDir parent;
        for (const char* name : {"C#c", "pc%41", "q?x", "sp ace", "\xC3\xA4"}) {
            const std::string at = std::string(name) + "/";
            write(parent, (at + "common/money.json").c_str(), "{\"minimum\": 1}");
            write(parent, (at + "p/1.json").c_str(),
                  contract("1", "", "\"price\": {\"$ref\": \"../common/money.json\"}"));
            const std::string folder = parent.path().toStdString() + "/" + name;
            const auto set = ContractSet::load(folder);
            QVERIFY(set.ok());
            QVERIFY2((*set)->problems().empty(), name);
            ContractChecker checker(*set, {});
            QVERIFY(checker.check("{\"event_type\": \"purchase\", \"price\": 0}", today).blocked());
            const auto one = schema::JsonSchema::load(folder + "/p/1.json", folder);
            QVERIFY2(one.ok(), name);
        }
    }

    void a_rule_about_now_is_judged_by_the_time_of_judging() {
        QTemporaryDir folder;
        write(folder, "1.json",
              contract("1", "\"rules\": [{\"name\": \"fresh\", \"must\": \"event_time > now-3s "
                            "and event_time <= now\"}],"));
        ContractChecker checker(load(folder), {});
        const std::string event = "{\"event_type\": \"purchase\", \"price\": 1, \"event_time\": "
                                  "\"2026-11-20T12:00:00Z\"}";
        for (int times = 0; times < 2; ++times) {
            QVERIFY(checker.check(event, at("2026-11-20T12:00:01Z")).fine());
            QVERIFY(checker.check(event, at("2026-11-20T12:00:09Z")).blocked());
            QVERIFY(checker.check(event, at("2026-11-20T11:59:59Z")).blocked());
        }
    }

    void fields_are_told_with_what_is_agreed_about_them() {
        const auto set = ContractSet::built_in();
        const Contract* purchase = set->find("purchase", 3);
        QVERIFY(purchase != nullptr);
        QCOMPARE(purchase->owner, std::string("checkout team"));
        QCOMPARE(purchase->changelog.front().date, std::string("2026-01-15"));
        QVERIFY(purchase->field("/context/ip") != nullptr);
        QCOMPARE(purchase->field("/context/ip")->pii, std::string("ip"));
        QCOMPARE(purchase->field("/context/locale")->default_json, std::string("\"en-US\""));
        QCOMPARE(purchase->field("/user_id")->types, std::string("string or null"));
        QVERIFY(purchase->field("/properties/items/*/sku")->required);
        QCOMPARE(set->find("page_view", 2)->field("/properties/load_ms")->unit, std::string("ms"));
        JsonTape tape;
        QVERIFY(tape.parse("{\"properties\": {\"order_id\": 23958446825181076828}}"));
        QVERIFY(business_key(*purchase, tape)->find("23958446825181076828") != std::string::npos);
    }

    void what_was_found_is_masked_where_it_is_personal() {
        const auto set = ContractSet::built_in();
        const auto masked = [&](const char* pointer, const char* found) {
            Violation violation;
            violation.reason = ViolationReason::Format;
            violation.pointer = pointer;
            violation.found = found;
            mask_found(violation, set->find("signup", 1), *DisclosurePolicy::built_in_detectors());
            return violation.found;
        };
        // By the contract, by the detectors, and not at all.
        QCOMPARE(masked("/properties/email", "\"nobody\""),
                 std::string("\"\u2022\u2022\u2022\u2022\u2022\u2022\""));
        QVERIFY(masked("/other", "\"ann@example.com\"").find("ann") == std::string::npos);
        QVERIFY(masked("/other", "{\"a\": \"ann\"}").find("ann") == std::string::npos);
        QCOMPARE(masked("/platform", "\"windows\""), std::string("\"windows\""));
        QCOMPARE(masked("/user_id", "1234567"), std::string("9999999"));
    }
    void what_is_expected_quotes_nothing_of_the_event() {
        QTemporaryDir folder;
        write(folder, "1.json",
              contract("1", "",
                       "\"event_type\": {}, \"price\": {}, \"of\": {\"anyOf\": [{\"type\": "
                       "\"object\", \"additionalProperties\": {\"type\": \"number\"}}, "
                       "{\"type\": \"object\", \"required\": [\"n\", \"m\"]}]}}, "
                       "\"additionalProperties\": false, \"definitions\": {"));
        ContractChecker checker(load(folder), {});
        const Judgement& judgement =
            checker.check("{\"event_type\": \"purchase\", \"price\": 1, \"jane@example.org\": 1, "
                          "\"of\": {\"jane@example.org\": \"x\"}}",
                          today);
        QCOMPARE(judgement.violations.size(), std::size_t{2});
        for (Violation violation : judgement.violations) {
            mask_found(violation, judgement.contract, *DisclosurePolicy::built_in_detectors());
            std::string json;
            append_violation_json(violation, json);
            QVERIFY2(json.find("jane") == std::string::npos, json.c_str());
            QVERIFY(json.find("expected") != std::string::npos);
        }
    }
    void the_shops_contracts_are_sound() {
        const auto set = ContractSet::built_in();
        for (const Error& problem : set->problems())
            qWarning("%s", problem.text().c_str());
        QVERIFY(set->problems().empty());
        for (const std::string& type : set->types())
            QVERIFY2(set->versions(type).size() >= 2, type.c_str());
        for (const auto& contract : set->contracts()) {
            QVERIFY2(!contract->changelog.empty(), contract->file.c_str());
            QVERIFY2(!contract->approved_uses.empty(), contract->file.c_str());
        }
    }
    void the_shops_events_meet_them_and_every_planted_fault_is_found() {
        synth::Options options;
        options.malformed_share = 0.3;
        synth::Generator generator(11, options);
        ContractChecker checker(ContractSet::built_in(), {});
        synth::Event event;
        int sound = 0;
        std::array<int, synth::fault_count> found{};
        for (int i = 0; i < 20'000; ++i) {
            generator.next(event);
            const Judgement& judgement = checker.check(event.value, today);
            const std::string text = std::string(event.value) + "\n" + said(judgement);
            if (event.fault == synth::Fault::None) {
                QVERIFY2(judgement.fine(), text.c_str());
                ++sound;
                continue;
            }
            QVERIFY2(judgement.blocked(), text.c_str());
            ++found[static_cast<std::size_t>(event.fault)];
            if (!event.pointer.empty())
                QVERIFY2(
                    std::any_of(judgement.violations.begin(), judgement.violations.end(),
                                [&](const Violation& v) { return v.pointer == event.pointer; }),
                    text.c_str());
        }
        QVERIFY(sound > 10'000);
        for (int fault = 1; fault < synth::fault_count; ++fault)
            QVERIFY(found[static_cast<std::size_t>(fault)] > 0);
    }
};

QTEST_GUILESS_MAIN(TestContracts)
#include "tst_contracts.moc"
