// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What two versions of a contract make of each other beside their schemas: rules and effects.
#include <QtTest>

#include "models/contract/contract_compatibility.h"

using namespace weir;

namespace {

/// A contract with these further members.
std::shared_ptr<const Contract> version(const std::string& number, const std::string& more) {
    const auto library = std::make_shared<schema::Library>();
    const auto document =
        library->add(number + ".json", "weir:" + number,
                     R"({"weir_contract":1,"type":"order","owner":"o","version":)" + number + more +
                         R"(,"schema":{"properties":{"schema_version":{"const":)" + number + "}}}}",
                     "/schema");
    if (!document)
        qFatal("%s", document.error().text().c_str());
    auto contract = read_contract(library, **document);
    if (!contract)
        qFatal("%s", contract.error().text().c_str());
    return *contract;
}

/// Every difference as a line.
std::string compared(const std::string& older, const std::string& newer) {
    std::string text;
    for (const Difference& d :
         compare_contracts(*version("1", older), *version("2", newer)).differences)
        text += std::string(d.breaking ? "" : "note ") + std::string(to_word(d.direction)) + " " +
                d.pointer + ": " + d.what + " [" + d.rule + "]\n";
    return text;
}

std::string rules(const char* must, const char* more = "") {
    return std::string(R"(,"rules":[{"name":"paid","at":"/price","must":")") + must + "\"" + more +
           "}]";
}

} // namespace

class TestContractCompatibility : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_same_is_the_same() {
        QCOMPARE(compared("", ""), std::string());
        QCOMPARE(compared(rules("price > 0"), rules("price > 0")), std::string());
        QCOMPARE(compared(rules("price > 0"), rules("(price  >  0)")), std::string());
    }
    void a_new_rule_refuses_what_was_allowed() {
        QCOMPARE(compared("", rules("price > 0", R"(,"when":"quantity > 1")")),
                 std::string("backward /price: the new version has the rule paid (must price > 0 "
                             "when quantity > 1), the old one does not [2.json#/rules/0]\n"));
        QCOMPARE(compared(rules("price > 0"), ""),
                 std::string("forward /price: the old version has the rule paid (must price > 0), "
                             "the new one does not [1.json#/rules/0]\n"));
    }
    void a_rule_that_became_another_may_refuse_either_way() {
        QCOMPARE(compared(rules("price > 0"), rules("price > 1")),
                 std::string("backward /price: the new version has the rule paid otherwise (must "
                             "price > 1): that it takes all of the old one cannot be shown "
                             "[2.json#/rules/0]\n"
                             "forward /price: the old version has the rule paid otherwise (must "
                             "price > 0): that it takes all of the new one cannot be shown "
                             "[1.json#/rules/0]\n"));
    }
    void a_rule_that_warns_refuses_nothing() {
        const char* warning = R"(,"severity":"warning")";
        QCOMPARE(compared("", rules("price > 0", warning)), std::string());
        QCOMPARE(compared("", rules("price > 0") + R"(,"effects":{"rule":"flag"})"), std::string());
        QCOMPARE(compared(rules("price > 0", warning), rules("price > 0")),
                 std::string("backward /price: the new version blocks by the rule paid, the old "
                             "one flags [2.json#/rules/0]\n"));
    }
    void an_effect_that_became_block_refuses_what_was_let_pass() {
        const char* flag = R"(,"effects":{"unexpected_property":"flag"})";
        const char* strip = R"(,"effects":{"unexpected_property":"strip"})";
        const char* block = R"(,"effects":{"unexpected_property":"block"})";
        QCOMPARE(compared(flag, block),
                 std::string("backward : the new version blocks unexpected_property, the old one "
                             "flags it [2.json#/effects/unexpected_property]\n"));
        QCOMPARE(compared("", strip),
                 std::string("forward : the old version blocks unexpected_property, the new one "
                             "strips it [1.json#/effects/unexpected_property]\n"));
        QCOMPARE(compared(flag, strip), std::string());
    }
};

QTEST_APPLESS_MAIN(TestContractCompatibility)
#include "tst_contract_compatibility.moc"
