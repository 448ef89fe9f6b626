// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events of the demo shop, tokenised, meet their contracts as they did before.
#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include "models/contract/contract_checker.h"
#include "models/contract/contract_disclosure.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/synth/generator.h"

using namespace weir;

namespace {

std::shared_ptr<const Tokeniser> tokeniser(const char* key = "0123456789abcdef0123456789abcdef") {
    return *Tokeniser::create(key);
}

/// "reason pointer" of each violation.
std::string judged(ContractChecker& checker, std::string_view event) {
    std::string out;
    for (const Violation& violation :
         checker.check(event, Micros(1'767'225'600'000'000)).violations)
        out += std::string(to_word(violation.reason)) + " " + violation.pointer + "\n";
    return out;
}

} // namespace

class TestTokenisedEvents : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void tokenised_events_are_judged_as_before() {
        const auto contracts = ContractSet::built_in();
        const auto policy = DisclosurePolicy::tokenised(
            contract_disclosure(contracts, DialectSet::built_in(), {}), tokeniser());
        Discloser discloser(policy);
        ContractChecker before(contracts, {});
        ContractChecker after(contracts, {});
        synth::Options options;
        options.malformed_share = 0.1;
        synth::Generator generator(7, options);
        synth::Event event;
        int hidden = 0;
        for (int i = 0; i < 20'000; ++i) {
            generator.next(event);
            JsonTape tape;
            if (!tape.parse(event.value))
                continue; // masked whole: nobody knows what is in it
            const EventFields fields = policy->fields_of("native", event.type, std::nullopt);
            const auto shown = discloser.disclose(false, event.key, false, event.value, nullptr, 0,
                                                  {}, {&fields, 1});
            hidden += shown.is_masked() ? 1 : 0;
            const std::string expected = judged(before, event.value);
            const std::string found = judged(after, shown.value());
            QVERIFY2(found == expected, (std::string(event.value) + "\n" +
                                         std::string(shown.value()) + "\n" + expected + found)
                                            .c_str());
            for (const MaskedSpan& span : shown.masked()) { // and none is what it was
                const auto node = tape.at(span.pointer);
                QVERIFY2(!node || tape.raw(*node) != shown.value().substr(span.begin, span.size),
                         (span.pointer + " " + span.reason + " " + std::string(tape.raw(*node)))
                             .c_str());
            }
        }
        QVERIFY(hidden > 15'000);
    }

    void a_token_keeps_the_form_of_its_value_data() {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("pattern");
        const auto row = [](const char* value, const char* pattern) {
            QTest::newRow(value) << QString::fromUtf8(value) << QString::fromUtf8(pattern);
        };
        row("jane.doe@corp.example", "^t[0-9a-f]{12}@example\\.(com|net|org)$");
        row("8f14e45f-ceea-467f-a0c2-1c2d3e4f5a6b",
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$");
        row("8F14E45F-CEEA-467F-A0C2-1C2D3E4F5A6B",
            "^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$");
        row("84.12.7.201", "^(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.[0-9]{1,3}$");
        row("2a02:1210::1", "^2001:db8(:[1-9a-f][0-9a-f]{3}){6}$");
        row("1984-05-17", "^[0-9]{4}-(0[1-9]|1[0-2])-[0-2][0-9]$");
        row("1984-05-17T08:09:10Z",
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$");
        row("https://shop.example/u?email=a@b.example", "^https://example\\.org/[0-9a-f]{16}$");
        row("mailto:jane.doe@corp.example", "^mailto:t[0-9a-f]{12}@example\\.(com|net|org)$");
        row("+41 79 123 45 67", "^\\+[1-9][0-9] [1-9][0-9] [1-9][0-9]{2} [1-9][0-9] [1-9][0-9]$");
        row("u-1048213", "^u-[1-9][0-9]{6}$");
        row("cus_Ab3xYz09", "^cus_[A-Z][a-z][0-9][a-z][A-Z][a-z][0-9]{2}$");
        row("9f86d081884c7d65", "^[0-9a-f]{16}$");
        row("Zürich", "^[A-Z][a-z]{5}$");
    }
    void a_token_keeps_the_form_of_its_value() {
        QFETCH(QString, value);
        QFETCH(QString, pattern);
        const std::string text = value.toStdString();
        const std::string token = tokeniser()->of_text(text, "identity");
        const QString shown = QString::fromStdString(token);
        QVERIFY2(QRegularExpression(pattern).match(shown).hasMatch(), token.c_str());
        QVERIFY(token != text);
        QCOMPARE(tokeniser()->of_text(text, "identity"), token); // the same value: the same token
        QVERIFY(tokeniser("another key of 16 bytes")->of_text(text, "identity") != token);
    }

    void names_and_numbers() {
        const std::string name = tokeniser()->of_text("Jane Doe", "name");
        QVERIFY2(QRegularExpression(QStringLiteral("^[A-Z][a-z]+ [A-Z][a-z]+$"))
                     .match(QString::fromStdString(name))
                     .hasMatch(),
                 name.c_str());
        for (const char* number :
             {"4", "-17", "4915112345678", "52.5200", "0.07", "1.5e+3", "23958446825181076828"}) {
            const std::string token = tokeniser()->of_number(number);
            QCOMPARE(token.size(), std::string(number).size());
            JsonTape tape;
            QVERIFY2(tape.parse(token), token.c_str());
            QCOMPARE(token.front() == '-', number[0] == '-');
        }
    }

    void a_number_stays_in_its_range() {
        struct Range : ValueForm {
            bool allows(std::string_view json) const override {
                const double number = std::stod(std::string(json));
                return number >= 47.3 && number <= 47.5;
            }
            const std::vector<std::string>& choices() const override { return m_none; }
            std::vector<std::string> m_none;
        } const range;
        int same = 0;
        for (int i = 300; i < 500; ++i) {
            const std::string number = "47." + std::to_string(i);
            const std::string token = tokeniser()->of_number(number, &range);
            QVERIFY2(range.allows(token), token.c_str());
            same += token == number ? 1 : 0;
        }
        QVERIFY(same < 10);
    }

    void a_token_meets_what_its_contract_asks_for_and_is_not_the_value_data() {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* schema, const char* value) {
            QTest::newRow(schema) << QByteArray(schema) << QByteArray(value);
        };
        row("{\"type\":\"integer\",\"multipleOf\":250}", "1250");
        row("{\"type\":\"integer\",\"multipleOf\":250}", "12500");
        row("{\"type\":\"integer\",\"minimum\":100,\"maximum\":140,\"multipleOf\":20}", "120");
        row("{\"type\":\"string\",\"pattern\":\"^customer-[0-9]+$\"}", "\"customer-711\"");
        row("{\"type\":\"string\",\"pattern\":\"^https://shop\\\\.example/\"}",
            "\"https://shop.example/u/jane\"");
        row("{\"type\":\"string\",\"format\":\"email\",\"maxLength\":20}", "\"jo@example.org\"");
        row("{\"type\":\"string\",\"pattern\":\"^[a-z.0-9]+@corp\\\\.example$\"}",
            "\"jane.doe@corp.example\"");
        row("{\"type\":\"string\",\"pattern\":\"^[a-z.]+@(corp|firm)\\\\.example$\"}",
            "\"jane.doe@firm.example\"");
        row("{\"type\":\"string\",\"pattern\":\"^https://(www\\\\.)?shop\\\\.example/\"}",
            "\"https://www.shop.example/u/jane\"");
        row("{\"type\":\"string\",\"format\":\"uri\"}", "\"mailto:jane@corp.example\"");
        row("{\"type\":\"string\",\"pattern\":\"^tel:\"}", "\"tel:+41791234567\"");
    }
    void a_token_meets_what_its_contract_asks_for_and_is_not_the_value() {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, value);
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("e")));
        QFile file(folder.filePath(QStringLiteral("e/1.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"weir_contract\":1,\"type\":\"e\",\"version\":1,\"owner\":\"o\",\"schema\":"
                   "{\"properties\":{\"own\":" +
                   schema.chopped(1) + ",\"pii\":\"identity\"}}}}");
        file.close();
        const auto contracts = ContractSet::load(folder.path().toStdString());
        QVERIFY2(contracts.ok() && (*contracts)->problems().empty(), "the contract");
        const auto policy = DisclosurePolicy::tokenised(
            contract_disclosure(*contracts, DialectSet::built_in(), {}), tokeniser());
        Discloser discloser(policy);
        ContractChecker checker(*contracts, {});
        const std::string event =
            "{\"event_type\":\"e\",\"schema_version\":1,\"own\":" + value.toStdString() + "}";
        QCOMPARE(judged(checker, event), std::string());
        const EventFields fields = policy->fields_of("native", "e", 1);
        const auto shown =
            discloser.disclose(false, "", false, event, nullptr, 0, {}, {&fields, 1});
        const std::string tokens(shown.value());
        QVERIFY2(shown.is_masked() && tokens != event, tokens.c_str());
        QCOMPARE(tokens.find(value.toStdString()), std::string::npos);
        QCOMPARE(judged(checker, tokens), std::string());
    }

    void a_link_keeps_where_it_leads_and_nobodys_name() {
        struct Shop : ValueForm {
            bool allows(std::string_view json) const override {
                return QRegularExpression(
                           QStringLiteral("^\"https://([^@/]+@)?([a-z]+\\.)*shop\\.example/"))
                    .match(QString::fromUtf8(json.data(), static_cast<qsizetype>(json.size())))
                    .hasMatch();
            }
            const std::vector<std::string>& choices() const override { return m_none; }
            std::vector<std::string> m_none;
        } const shop;
        for (const char* link :
             {"https://jane:geheim@shop.example/x", "https://jane.doe.shop.example/x",
              "https://geheim@www.jane.shop.example/u/doe"}) {
            const std::string token = tokeniser()->of_text(link, "token", &shop);
            QVERIFY2(token.find("shop.example/") != std::string::npos, token.c_str());
            for (const char* told : {"jane", "doe", "geheim"})
                QVERIFY2(token.find(told) == std::string::npos, token.c_str());
        }
    }

    void a_value_that_nothing_else_fits_is_not_told() {
        struct Only : ValueForm {
            bool allows(std::string_view json) const override { return json == "1250"; }
            const std::vector<std::string>& choices() const override { return m_none; }
            std::vector<std::string> m_none;
        } const only;
        QVERIFY(tokeniser()->of_number("1250", &only) != "1250");
        QVERIFY(tokeniser()->of_number("0") != "0");
    }

    void a_short_key_is_refused() {
        const auto refused = Tokeniser::create("hunter2");
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().code == ErrorCode::Config);
        QVERIFY(refused.error().text().find("hunter2") == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestTokenisedEvents)
#include "tst_tokenised_events.moc"
