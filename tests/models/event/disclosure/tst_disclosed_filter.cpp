// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/disclosure/mask_text.h"
#include "models/synth/generator.h"

using namespace weir;

namespace {

std::shared_ptr<const Filter> filter(const std::string& text) {
    auto parsed = Filter::parse(text, Micros(0));
    if (!parsed)
        qFatal("%s", parsed.error().text().c_str());
    return *parsed;
}

bool finds(const std::string& text, std::string_view value, std::string_view key = {},
           const Sighting* sighting = nullptr, std::shared_ptr<Vocabulary> vocabulary = nullptr) {
    if (vocabulary == nullptr)
        vocabulary = Vocabulary::create({"type"});
    DisclosedFilter disclosed(filter(text), vocabulary, DisclosurePolicy::built_in_detectors());
    FilterInput input;
    input.key_null = false;
    input.key = key;
    input.value = value;
    input.sighting = sighting;
    return disclosed.matches(input);
}

constexpr std::string_view jane =
    R"({"event_id":"e-9","user_id":"u-1048213","email":"jane@example.com","visits":40,)"
    R"("phone":4915112345678,"properties":{"sku":"SKU-1"}})";

} // namespace

class TestDisclosedFilter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_masked_value_cannot_be_found_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"jane", "\"jane@example.com\"", "email == \"jane@example.com\"",
              "email contains \"jane\"", "email startsWith \"j\"", "user_id == \"u-1048213\"",
              "phone == 4915112345678", "key == \"u-1048213\"", "phone < 5000000000000",
              "user_id in (\"u-1048213\", \"x\")", "value contains \"1048213\""})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void a_masked_value_cannot_be_found() {
        QFETCH(QString, text);
        QVERIFY(!finds(text.toStdString(), jane, "u-1048213"));
    }

    void a_key_that_repeats_a_masked_value_of_a_neighbour_cannot_be_found() {
        const auto vocabulary = Vocabulary::create({"type"});
        DisclosedFilter disclosed(filter("key == \"Zuzanna\""), vocabulary,
                                  DisclosurePolicy::built_in_detectors());
        const std::string second = R"({"event_id":"b"})";
        const std::string record = R"([{"first_name":"Zuzanna"},)" + second + "]";
        FilterInput input;
        input.key_null = false;
        input.key = "Zuzanna";
        input.value = second;
        QVERIFY(disclosed.matches(input)); // by itself it is anybody's
        QVERIFY(!disclosed.matches(input, record));
    }

    void nor_does_its_absence_tell() {
        // Both events answer alike, whatever is asked.
        std::string other(jane);
        other.replace(other.find("jane"), 4, "john");
        for (const char* text :
             {"not email == \"jane@example.com\"", "email != \"jane@example.com\"", "not jane",
              "email exists", "not email contains \"jane\""})
            QCOMPARE(finds(text, jane), finds(text, other));
        QVERIFY(finds("email exists", jane));
    }

    void what_is_shown_is_found() {
        for (const char* text : {"SKU-1", "properties.sku == \"SKU-1\"", "visits == 40",
                                 "event_id == \"e-9\"", "\"SKU-1\" and not key == \"x\""})
            QVERIFY2(finds(text, jane, "session-1"), text);
        QVERIFY(!finds("properties.sku == \"SKU-2\"", jane));
    }

    void a_dimension_made_of_personal_data_cannot_be_found_either() {
        const auto vocabulary = Vocabulary::create({"type", "customer_email"});
        Sighting sighting;
        sighting.dimensions[0] = vocabulary->dimensions[0]->id("purchase");
        sighting.dimensions[1] = vocabulary->dimensions[1]->id("jane@example.com");
        QVERIFY(finds("type == \"purchase\"", "{}", {}, &sighting, vocabulary));
        QVERIFY(!finds("customer_email == \"jane@example.com\"", "{}", {}, &sighting, vocabulary));
        sighting.replay_run = vocabulary->replay_runs->id("jane@example.com");
        QVERIFY(!finds("replay_run == \"jane@example.com\"", "{}", {}, &sighting, vocabulary));
        sighting.replay_run = vocabulary->replay_runs->id("run-7");
        QVERIFY(finds("replay_run == \"run-7\"", "{}", {}, &sighting, vocabulary));
        const auto policy = DisclosurePolicy::built_in_detectors();
        QCOMPARE(disclosed_text(*policy, "customer_email", "a@b.co"), std::string("•@•.••"));
        QCOMPARE(disclosed_text(*policy, "type", "purchase"), std::string("purchase"));
    }

    void the_shortcut_on_raw_bytes_changes_no_answer() {
        synth::Generator generator(8, {.malformed_share = 0.05});
        synth::Event made;
        const auto vocabulary = Vocabulary::create({"type"});
        const auto policy = DisclosurePolicy::built_in_detectors();
        const std::vector<std::string> texts = {"SKU-1",
                                                "android",
                                                "9",
                                                "99",
                                                "u-1000999",
                                                "\"•\"",
                                                "example.com",
                                                "\"9999\"",
                                                "properties.sku startsWith \"SKU-19\"",
                                                "context.ip contains \"99\"",
                                                "value contains \"9,\"",
                                                "not value contains \"0\""};
        for (const std::string& text : texts) {
            const auto parsed = filter(text);
            DisclosedFilter quick(parsed, vocabulary, policy);
            Discloser discloser(policy);
            const auto evaluator = FilterEvaluator::create(parsed, vocabulary);
            for (int i = 0; i < 300; ++i) {
                generator.next(made);
                FilterInput raw;
                raw.key_null = false;
                raw.key = made.key;
                raw.value = made.value;
                const auto shown = discloser.disclose(false, raw.key, false, raw.value, nullptr, 0);
                QVERIFY2(quick.matches(raw) ==
                             evaluator->matches_slowly(disclosed_input(raw, shown)),
                         (text + ": " + std::string(made.value)).c_str());
            }
        }
    }

    void a_literal_that_masking_could_make_is_no_shortcut() {
        for (const char* literal : {"•", "9", "99.0", "\"a\":9", "0]", "9e0"})
            QVERIFY2(could_be_made_by_masking(literal), literal);
        for (const char* literal :
             {"jane", "u-1048213", "1602b0b1-0c2c-4106-859e-222f8521fd08", "\"email\"", "SKU-90"})
            QVERIFY2(!could_be_made_by_masking(literal), literal);
    }
};

QTEST_GUILESS_MAIN(TestDisclosedFilter)
#include "tst_disclosed_filter.moc"
