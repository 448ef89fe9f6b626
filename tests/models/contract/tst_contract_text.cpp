// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a contract asks of its fields, in words; and contracts written out as JSON and Markdown.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "models/catalogue/contract_export.h"
#include "models/contract/contract_text.h"
#include "tests/support/catalogue_world.h"

using namespace weir;
using namespace weir::test;

namespace {

/// What is asked of a field whose schema this is.
std::string demands(const std::string& schema) {
    CatalogueWorld world;
    world.contract("purchase", 1, {}, schema);
    world.load();
    if (!world.contracts->problems().empty())
        return world.contracts->problems().front().text();
    std::string text;
    for (const std::string& demand : world.contracts->latest("purchase")->field("/price")->demands)
        text += (text.empty() ? "" : "; ") + demand;
    return text;
}

QJsonObject parsed(const std::string& json) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    if (error.error != QJsonParseError::NoError)
        qFatal("%s in %s", qPrintable(error.errorString()), json.c_str());
    return document.object();
}

} // namespace

class TestContractText : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void what_a_field_may_be_is_said_in_words() {
        QCOMPARE(demands(R"({"type": "number"})"), std::string());
        QCOMPARE(demands(R"({"minimum": 0, "maximum": 99.50, "multipleOf": 0.01})"),
                 std::string("at least 0; at most 99.50; a multiple of 0.01"));
        QCOMPARE(demands(R"({"enum": ["EUR", "USD", 3]})"),
                 std::string(R"(one of "EUR", "USD", 3)"));
        QCOMPARE(demands(R"({"const": true})"), std::string("always true"));
        QCOMPARE(demands(R"({"minLength": 2, "maxLength": 5, "pattern": "^[A-Z]+$"})"),
                 std::string("2 to 5 characters; matches ^[A-Z]+$"));
        QCOMPARE(demands(R"({"type": "array", "minItems": 1, "uniqueItems": true})"),
                 std::string("at least 1 element; no element twice"));
        QCOMPARE(demands(R"({"type": "object", "additionalProperties": false})"),
                 std::string("no other members"));
        QCOMPARE(demands(R"({"allOf": [{"minimum": 1}, {"maximum": 2}]})"),
                 std::string("at least 1; at most 2"));
        QCOMPARE(demands(R"({"oneOf": [{"type": "string"}, {"type": "null"}]})"),
                 std::string("fits exactly one of 2 alternatives"));
    }

    void many_values_are_listed_up_to_a_bound() {
        std::string values = "0";
        for (int i = 1; i < 150; ++i)
            values += "," + std::to_string(i);
        const std::string text = demands("{\"enum\": [" + values + "]}");
        QVERIFY(text.find(", 99, …") != std::string::npos);
    }

    void a_field_is_required_if_any_part_that_holds_says_so() {
        CatalogueWorld world;
        const auto required = [&](const char* schema, const char* pointer) {
            std::string text = R"({"weir_contract":1,"type":"a","version":1,"owner":"o","schema":)";
            text.append(schema).append("}");
            world.write("a.json", text);
            world.load();
            return world.contracts->latest("a")->field(pointer)->required;
        };
        QVERIFY(required(R"({"properties":{"x":{}},"allOf":[{"required":["x"],"properties":
                            {"x":{"type":"string"}}}]})",
                         "/x"));
        // One alternative of two does not make it so, but what lies within it is as it says.
        const char* const either = R"({"oneOf":[{"required":["x"],"properties":{"x":
            {"required":["y"],"properties":{"y":{}}}}},{"properties":{"z":{}}}]})";
        QVERIFY(!required(either, "/x"));
        QVERIFY(required(either, "/x/y"));
    }

    void schemas_within_schemas_end_soon() {
        // 2^30 ways through thirty levels.
        std::string definitions;
        for (int i = 0; i < 30; ++i)
            definitions += "\"d" + std::to_string(i) +
                           "\":{\"allOf\":[{\"$ref\":\"#/definitions/d" + std::to_string(i + 1) +
                           "\"},{\"$ref\":\"#/definitions/d" + std::to_string(i + 1) + "\"}]},";
        CatalogueWorld world;
        const std::string head = R"({"weir_contract":1,"type":"a","version":1,"owner":"o",)";
        const std::string all = R"("allOf":[{"$ref":"#/definitions/d0"}])";
        definitions += "\"d30\":{\"properties\":{\"x\":{}}}";
        world.write("a.json",
                    head + "\"schema\":{\"definitions\":{" + definitions + "}," + all + "}}");
        QElapsedTimer timer;
        timer.start();
        world.load();
        QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed())));
    }

    void the_json_holds_what_the_catalogue_shows() {
        const auto set = ContractSet::built_in();
        const QJsonObject json =
            parsed(contract_text(set.get(), *set->find("purchase", 3), ContractFormat::Json));
        QCOMPARE(json[QStringLiteral("owner")].toString(), QStringLiteral("checkout team"));
        QCOMPARE(json[QStringLiteral("version")].toInt(), 3);
        QCOMPARE(json[QStringLiteral("unique_by")].toArray().first().toString(),
                 QStringLiteral("/properties/order_id"));
        QCOMPARE(json[QStringLiteral("rules")].toArray().size(), 2);
        QCOMPARE(json[QStringLiteral("effects")].toObject().size(), violation_reason_count);
        QCOMPARE(json[QStringLiteral("changelog")].toArray().size(), 3);
        const QJsonObject compared = json[QStringLiteral("compared")].toObject();
        QCOMPARE(compared[QStringLiteral("version")].toInt(), 2);
        QCOMPARE(compared[QStringLiteral("backward")].toBool(), false); // items are required
        bool found = false;
        for (const QJsonValue& value : json[QStringLiteral("fields")].toArray()) {
            const QJsonObject field = value.toObject();
            if (field[QStringLiteral("pointer")].toString() != QStringLiteral("/properties/price"))
                continue;
            found = true;
            QCOMPARE(field[QStringLiteral("required")].toBool(), true);
            QVERIFY(!field[QStringLiteral("demands")].toArray().isEmpty());
        }
        QVERIFY(found);
        // The oldest one has nothing before it.
        QVERIFY(!parsed(contract_text(set.get(), *set->find("purchase", 2), ContractFormat::Json))
                     .contains(QStringLiteral("compared")));
    }

    void markdown_shows_text_as_it_is() {
        CatalogueWorld world;
        world.contract("a|b", 1, R"("description": "*bold* <script> and\na line",)");
        world.load();
        const std::string text = contract_markdown(*world.contracts->latest("a|b"));
        QVERIFY2(text.find("# a\\|b 1\n\n\\*bold\\* \\<script\\> and a line\n") == 0, text.c_str());
        QVERIFY(text.find("| /price | number | yes |  | EUR |  | at least 0 |  |\n") !=
                std::string::npos);
        QVERIFY(text.find("| /email | string |  | email |") != std::string::npos);
    }

    void a_file_holds_all_of_them() {
        CatalogueWorld world;
        world.contract("purchase", 1);
        world.contract("purchase", 2);
        world.load();
        const std::string file = world.folder.filePath(QStringLiteral("all.ndjson")).toStdString();
        const auto& all = world.contracts->contracts();
        QVERIFY(write_contracts(world.contracts.get(), all, ContractFormat::Json, file).ok());
        QFile written(QString::fromStdString(file));
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = written.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QCOMPARE(parsed(lines[1].toStdString())[QStringLiteral("version")].toInt(), 2);
        const auto failed =
            write_contracts(nullptr, all, ContractFormat::Markdown, "/nowhere/at/all.md");
        QVERIFY(!failed.ok());
        QCOMPARE(failed.error().where, std::string("/nowhere/at/all.md"));
    }
};

QTEST_GUILESS_MAIN(TestContractText)
#include "tst_contract_text.moc"
