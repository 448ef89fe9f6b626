// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/sandbox/remedy/repair.h"
#include "tests/support/source_path.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::sandbox;

namespace {

std::string file_of(const std::string& rules) {
    return "{\"weir_remedies\":1,\"rules\":[" + rules + "]}";
}

Remedies remedies(const std::string& rules) {
    auto read = Remedies::parse(file_of(rules), "test.json");
    if (!read)
        qFatal("%s", read.error().text().c_str());
    return *std::move(read);
}

/// The event under the rules; "" if none changed it.
std::string repaired(const std::string& rules, const std::string& event,
                     const std::string& reason = "wrong_type", const std::string& at = "/p",
                     const std::string& type = "purchase") {
    Repair repair;
    const std::vector<Complaint> complaints = {{reason, at}};
    return repair.apply(remedies(rules), complaints, type, event) ? repair.text() : std::string();
}

std::string cast_to(const std::string& type) {
    return R"({"name":"n","at":"/p","do":"cast","to":")" + type + "\"}";
}

const std::string replace_web =
    R"({"name":"n","at":"/p","do":"replace","from":"Web","value":"web"})";
const std::string with_default = R"({"name":"n","at":"/a/b~1c","do":"default","value":{"x":1.50}})";

} // namespace

/// The rules of a file, and what each does to an event.
class TestRemedies : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_cast_keeps_every_digit() {
        QCOMPARE(repaired(cast_to("number"), R"({"p": "12.50", "q":"x"})"),
                 std::string(R"({"p": 12.50, "q":"x"})"));
        QCOMPARE(repaired(cast_to("integer"), R"({"p":"23958446825181076828"})"),
                 std::string(R"({"p":23958446825181076828})"));
        QCOMPARE(repaired(cast_to("boolean"), R"({"p":"true"})"), std::string(R"({"p":true})"));
        QCOMPARE(repaired(cast_to("string"), R"({"p":1e2})"), std::string(R"({"p":"1e2"})"));
    }

    void what_cannot_be_cast_stays() {
        QCOMPARE(repaired(cast_to("number"), R"({"p":"twelve"})"), std::string());
        QCOMPARE(repaired(cast_to("number"), R"({"p":"012"})"), std::string());
        QCOMPARE(repaired(cast_to("integer"), R"({"p":"12.5"})"), std::string());
        QCOMPARE(repaired(cast_to("number"), R"({"p":12})"), std::string()); // it is one
        QCOMPARE(repaired(cast_to("number"), R"({"q":"12"})"), std::string());
        QCOMPARE(repaired(cast_to("string"), R"({"p":null})"), std::string());
    }

    void a_value_is_replaced_where_it_is_the_one_meant() {
        QCOMPARE(repaired(replace_web, R"({"p":"Web"})"), std::string(R"({"p":"web"})"));
        QCOMPARE(repaired(replace_web, R"({"p":"iOS"})"), std::string());
        QCOMPARE(repaired(R"({"name":"n","at":"/p","do":"replace","value":null})", R"({"p":1})"),
                 std::string(R"({"p":null})"));
    }

    void a_default_stands_only_where_nothing_does() {
        QCOMPARE(repaired(with_default, R"({"a":{}})"), std::string(R"({"a":{"b/c":{"x":1.50}}})"));
        QCOMPARE(repaired(with_default, R"({"a":{"b/c":null}})"), std::string());
        QCOMPARE(repaired(with_default, R"({"a":[]})"), std::string()); // no object to put it into
        QCOMPARE(repaired(with_default, "{}"), std::string());
    }

    void a_member_is_removed_with_its_comma() {
        const std::string rule = R"({"name":"n","at":"/p","do":"remove"})";
        QCOMPARE(repaired(rule, R"({"o":1,"p":[1,{"p":2}],"q":3})"),
                 std::string(R"({"o":1,"q":3})"));
        QCOMPARE(repaired(rule, R"({"o":1})"), std::string());
    }

    void a_rule_is_about_its_reason_place_and_type() {
        const std::string rule =
            R"({"name":"n","reason":"wrong_type","type":"purchase","at":"/p","do":"cast","to":"number"})";
        const std::string event = R"({"p":"1"})";
        const std::string done = R"({"p":1})";
        QCOMPARE(repaired(rule, event), done);
        QCOMPARE(repaired(rule, event, "wrong_type", ""), done); // of the whole event
        QCOMPARE(repaired(rule, event, "wrong_type", "/q"), std::string());
        QCOMPARE(repaired(rule, event, "pattern"), std::string());
        QCOMPARE(repaired(rule, event, "wrong_type", "/p", "signup"), std::string());
    }

    void rules_work_one_after_the_other() {
        Repair repair;
        const std::vector<Complaint> none;
        const Remedies both = remedies(
            R"({"name":"a","at":"/p","do":"default","value":"7"},{"name":"b","at":"/p","do":"cast","to":"number"})");
        QVERIFY(repair.apply(both, none, "", "{}"));
        QCOMPARE(repair.text(), std::string(R"({"p":7})"));
        QCOMPARE(repair.applied(), std::string("a, b"));
        QVERIFY(!repair.apply(both, none, "", "no JSON"));
        QVERIFY(!repair.apply(both, none, "", "[]"));
    }

    void the_shops_file_can_be_read() {
        const auto read = Remedies::load(test::source_path("resources/remedies/shop.json"));
        VERIFY_OK(read);
        QCOMPARE(read->rounds_max, 3);
        QVERIFY(read->rules.size() >= 4);
    }

    void a_mistake_is_named_with_its_place_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("what");
        QTest::newRow("action") << QStringLiteral("{'name':'n','at':'/p','do':'mend'}")
                                << QStringLiteral("#/rules/0/do") << QStringLiteral("mend");
        QTest::newRow("pointer") << QStringLiteral("{'name':'n','at':'p','do':'remove'}")
                                 << QStringLiteral("#/rules/0/at") << QString();
        QTest::newRow("no value") << QStringLiteral("{'name':'n','at':'/p','do':'default'}")
                                  << QStringLiteral("#/rules/0") << QStringLiteral("needs");
        QTest::newRow("no type") << QStringLiteral("{'name':'n','at':'/p','do':'cast'}")
                                 << QStringLiteral("#/rules/0") << QStringLiteral("needs");
        QTest::newRow("from") << QStringLiteral("{'name':'n','at':'/p','do':'remove','from':1}")
                              << QStringLiteral("#/rules/0") << QStringLiteral("takes no");
        QTest::newRow("no JSON") << QStringLiteral("{") << QStringLiteral("test.json") << QString();
    }
    void a_mistake_is_named_with_its_place() {
        QFETCH(QString, rule);
        QFETCH(QString, place);
        QFETCH(QString, what);
        rule.replace(QLatin1Char('\''), QLatin1Char('"'));
        const auto read = Remedies::parse(file_of(rule.toStdString()), "test.json");
        QVERIFY(!read);
        const QString error = QString::fromStdString(read.error().text());
        QVERIFY2(error.contains(place) && error.contains(what), qPrintable(error));
    }

    void a_file_that_is_not_there_is_told() {
        const auto read = Remedies::load("/does/not/exist.json");
        QVERIFY(!read && read.error().code == ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestRemedies)
#include "tst_remedies.moc"
