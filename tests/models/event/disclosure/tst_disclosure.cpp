// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/event/disclosure/disclosure.h"
#include "models/event/json/json_tape.h"
#include "models/synth/generator.h"

using namespace weir;

namespace {

/// Value alone, under the detectors.
DisclosedRecord disclosed(std::string_view value, std::string_view key = {},
                          const std::vector<HeaderView>& headers = {}) {
    Discloser discloser(DisclosurePolicy::built_in_detectors());
    return discloser.disclose(false, key, false, value, headers.data(), headers.size());
}

std::string shown(std::string_view value) {
    return std::string(disclosed(value).value());
}

/// "pointer=reason pointer=reason …"
std::string reasons(const DisclosedRecord& record) {
    std::string out;
    for (const MaskedSpan& span : record.masked())
        out += (out.empty() ? "" : " ") + span.pointer + "=" + span.reason;
    return out;
}

} // namespace

class TestDisclosure : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void without_a_policy_everything_is_as_it_was() {
        Discloser discloser(DisclosurePolicy::none());
        const std::string value = R"({"email":"jane@example.com"})";
        const std::vector<HeaderView> headers = {{"authorization", "Bearer abcdefgh"}};
        const auto record = discloser.disclose(false, "jane@example.com", false, value,
                                               headers.data(), headers.size());
        QVERIFY(!record.is_masked());
        QVERIFY(record.value().data() == value.data()); // not even copied
        QCOMPARE(record.headers()[0].value, headers[0].value);
    }

    void a_masked_value_keeps_type_length_and_shape() {
        const std::pair<const char*, const char*> cases[] = {
            {R"({"ip":"203.0.113.7"})", R"({"ip":"•••.•.•••.•"})"},
            {R"({"email" : "jane.doe@example.com"})", R"({"email" : "••••.•••@•••••••.•••"})"},
            {R"({"card":4111111111111111,"phone":-1.5e+3})",
             R"({"card":9999999999999999,"phone":-9.9e+0})"},
            {R"({"first_name":"Zoë"})", R"({"first_name":"•••"})"},
            {"{\"surname\":\"O\\u2019N\\\"\\ud83d\\ude00\\n\"}", "{\"surname\":\"•••\\\"•\\n\"}"}};
        for (const auto& [before, after] : cases)
            QCOMPARE(shown(before), std::string(after));
    }

    void what_is_masked_is_told_with_its_place() {
        constexpr std::string_view value =
            R"({"user_id":"u-1","context":{"ip":"192.0.2.1"},"a/b":["x","call +49 30 1234567"]})";
        const auto record = disclosed(value);
        const std::string expected = "/user_id=identity /context/ip=ip /a~1b/1=phone";
        QCOMPARE(reasons(record), expected);
        for (const MaskedSpan& span : record.masked())
            QVERIFY(record.value().substr(span.begin, span.size).find("•") !=
                    std::string_view::npos);
    }

    void names_of_fields_tell_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* json, const char* expected) {
            QTest::newRow(json) << QString::fromUtf8(json) << QString::fromUtf8(expected);
        };
        row(R"({"userEmail":"x"})", "/userEmail=email");
        row(R"({"BILLING-PHONE-NUMBER":12345})", "/BILLING-PHONE-NUMBER=phone");
        row(R"({"clientIP":"x"})", "/clientIP=ip");
        row(R"({"accessToken":"x"})", "/accessToken=token");
        row(R"({"old_password_hash":"x"})", "/old_password_hash=token");
        row(R"({"traits":{"name":"x","plan":"pro"}})", "/traits/name=name");
        row(R"({"users":[{"name":"x","id":7}]})", "/users/0/name=name /users/0/id=identity");
        row(R"({"address":{"city":"x","lines":["y"]}})",
            "/address/city=address /address/lines/0=address");
        row(R"({"zip":"12345","latitude":52.5})", "/zip=address /latitude=location");
        row(R"({"anonymousId":"a","deviceId":"b"})", "/anonymousId=identity /deviceId=identity");
        row(R"({"date_of_birth":"x","iban":"x","ssn":"x"})",
            "/date_of_birth=birth /iban=iban /ssn=national id");
        row(R"({"us\u0065r_id":"x"})", "/user_id=identity");
        // … and of these nobody needs to be protected:
        row(R"({"event_id":"x","session_id":"y","order_id":9007199254740993})", "");
        row(R"({"product_name":"x","campaign":{"name":"y"},"page":{"name":"z"}})", "");
        row(R"({"email_verified":true,"token_type":"x","zipped":"y","shipping_fee":2})", "");
        row(R"({"email":null,"phone":"","password":false})", "");
    }
    void names_of_fields_tell() {
        QFETCH(QString, json);
        QFETCH(QString, expected);
        QCOMPARE(reasons(disclosed(json.toStdString())), expected.toStdString());
    }

    void shapes_of_values_tell_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* text, const char* reason) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(reason);
        };
        row("write to jane.doe+x@mail.example.com, please", "email");
        row("jürgen@müller.example", "email");
        row("4111 1111 1111 1111", "card");
        row("card 5500-0000-0000-0004 was refused", "card");
        row("378282246310005", "card");
        row("4111111111111111.0", "card"); // a number that became a text
        row("paid with 4111111111111111.00, thanks", "card");
        row("+1 (202) 555-0143", "phone");
        row("202-555-0143", "phone");
        row("(202) 555-0143", "phone");
        row("030 12345678", "phone");
        row("078-05-1120", "national id");
        row("DE89 3704 0044 0532 0130 00", "iban");
        row("from 203.0.113.7:443", "ip");
        row("http://203.0.113.7/x", "ip");
        row("2001:db8::8a2e:370:7334", "ip");
        row("[2001:db8:0:1:1:1:1:1]:80", "ip");
        row("Bearer abcdefgh12", "token");
        row("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "token");
        row("https://x.example/?a=1&token=abc", "token");
        row("postgresql://me:pw@db.example/x", "token");
        row("AKIAIOSFODNN7EXAMPLE", "token");
        row(R"({"user_id":"u-1"})", "identity"); // wrapped in a string
        row(R"({"user_id":)", "unparsable");
        // … and these are let through:
        row("4111 1111 1111 1112", ""); // Luhn
        row("1795226400123456", "");    // a time in microseconds
        row("1795226400123456.0", "");
        row("-7210194211959421178", "");
        row("23958446825181076828", "");
        row("1602b0b1-0c2c-4106-859e-222f8521fd08", "");
        row("2026-11-21T02:00:00.123Z", "");
        row("2026-11-21", "");
        row("02:00:11", "");
        row("4.7.1", "");
        row("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0 Safari/537.36", "");
        row("std::vector::size", "");
        row("@example", "");
        row("13\" laptop bag", "");
        row("SKU-14656", "");
    }
    void shapes_of_values_tell() {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        std::string json = "{\"x\":";
        append_json_string(text.toStdString(), json);
        json += "}";
        const auto record = disclosed(json);
        QCOMPARE(reasons(record), reason.isEmpty() ? std::string() : "/x=" + reason.toStdString());
        const auto policy = DisclosurePolicy::built_in_detectors();
        QCOMPARE(policy->verdict("x", text.toStdString()), std::string_view(reason.toStdString()));
    }

    void a_number_is_judged_by_its_value_data() {
        QTest::addColumn<QString>("number");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* number, const char* reason) {
            QTest::newRow(number) << QString::fromUtf8(number) << QString::fromUtf8(reason);
        };
        row("4111111111111111", "card");
        row("4111111111111111.0", "card");
        row("4.111111111111111e15", "card");
        row("41111111111111110E-1", "card");
        row("-4111111111111111", "card");
        row("4111111111111112.0", ""); // Luhn
        row("4111111111111111.5", "");
        row("411111111111.1111", "");
        row("4.111111111111111e1500", "");
        row("0e15", "");
    }
    void a_number_is_judged_by_its_value() {
        QFETCH(QString, number);
        QFETCH(QString, reason);
        const auto record = disclosed("{\"x\":" + number.toStdString() + "}");
        QCOMPARE(reasons(record), reason.isEmpty() ? std::string() : "/x=" + reason.toStdString());
    }

    void a_payload_that_cannot_be_parsed_is_masked_whole() {
        QCOMPARE(shown("{\"a\":1"), std::string("{\"•\":•"));
        QCOMPARE(shown("id\tjane\n"), std::string("••\t••••\n"));
        QCOMPARE(shown("a\xff\xc3("), std::string("•••("));
        QCOMPARE(reasons(disclosed("x")), std::string("=unparsable"));
        const std::string deep(json_depth_max + 1, '[');
        QCOMPARE(reasons(disclosed(deep + std::string(json_depth_max + 1, ']'))),
                 std::string("=unparsable"));
    }

    void members_named_after_somebody_are_masked_too() {
        QCOMPARE(shown(R"({"jane@example.com":{"visits":3}})"),
                 std::string(R"({"••••@•••••••.•••":{"visits":3}})"));
    }

    void keys_and_headers_are_disclosed_alike() {
        const std::vector<HeaderView> headers = {{"content-type", "application/json"},
                                                 {"Authorization", "x"},
                                                 {"x-forwarded-for", "192.0.2.9"},
                                                 {"note", "mail jane@example.com"},
                                                 {"copy", "u-1"},
                                                 {"retries", std::string_view("\0\0\0\xff", 4)},
                                                 {"nothing", {}, true}};
        const auto record = disclosed(R"({"user_id":"u-1"})", "u-1", headers);
        QVERIFY(record.key_masked());
        QCOMPARE(record.key(), std::string_view("•-•"));
        const auto value = [&](std::size_t i) { return record.headers()[i].value; };
        QCOMPARE(value(0), headers[0].value);
        QCOMPARE(value(1), std::string_view("•"));
        QCOMPARE(value(2), std::string_view("•••.•.•.•"));
        QCOMPARE(value(3), std::string_view("•••• ••••@•••••••.•••"));
        QCOMPARE(value(4), std::string_view("•-•"));
        QCOMPARE(value(5), headers[5].value);
        QVERIFY(record.headers()[6].null);
        QCOMPARE(disclosed("{}", "session-1").key(), std::string_view("session-1"));
        QCOMPARE(disclosed("{}", "\xff\xfe").key(), std::string_view("••"));
        QCOMPARE(disclosed("{}", R"({"user_id":1})").key(), std::string_view(R"({"••••_••":•})"));
    }

    void a_tombstone_stays_one() {
        Discloser discloser(DisclosurePolicy::built_in_detectors());
        const auto record = discloser.disclose(true, {}, true, {}, nullptr, 0);
        QVERIFY(record.key_null() && record.value_null() && !record.is_masked());
    }

    void a_record_can_be_moved_and_copied() {
        const std::string value = R"({"ip":1})"; // short enough to live inside a std::string
        std::vector<DisclosedRecord> records;
        for (int i = 0; i < 100; ++i)
            records.push_back(disclosed(value, "a@b.co"));
        const std::vector<DisclosedRecord> copies = records;
        records.clear();
        for (const DisclosedRecord& record : copies) {
            QCOMPARE(record.value(), std::string_view(R"({"ip":9})"));
            QCOMPARE(record.key(), std::string_view("•@•.••"));
        }
    }

    void a_discloser_can_be_used_again() {
        Discloser discloser(DisclosurePolicy::built_in_detectors());
        const std::string person = R"({"user_id":"s-1"})";
        QVERIFY(discloser.disclose(false, "s-1", false, person, nullptr, 0).key_masked());
        // The next record has nothing to do with the last one.
        QVERIFY(!discloser.disclose(false, "s-1", false, R"({"a":1})", nullptr, 0).is_masked());
        QVERIFY(!discloser.disclose(false, "s-1", true, {}, nullptr, 0).is_masked());
    }

    void many_masked_parts_are_all_masked_and_the_first_ones_listed() {
        std::string value = "[";
        for (int i = 0; i < 5000; ++i)
            value += "\"a@example.com\",";
        value += "0]";
        const auto record = disclosed(value);
        QCOMPARE(record.masked_count(), 5000u);
        QCOMPARE(record.masked().size(), max_masked_spans);
        QVERIFY(record.value().find("example") == std::string_view::npos);
    }

    void a_payload_too_large_to_look_through_is_not_shown() {
        const std::string value(max_payload_bytes + 1, 'x');
        const auto record = disclosed(value);
        QCOMPARE(reasons(record), std::string("=too large"));
        QVERIFY(record.value().find('x') == std::string_view::npos);
    }

    void a_key_does_not_tell_what_a_neighbour_in_the_record_hides() {
        const std::string first = R"({"event_id":"a","user":{"first_name":"Zuzanna"}})";
        const std::string second = R"({"event_id":"b","session_id":"s-77"})";
        const std::string record = R"({"batch":[)" + first + "," + second + "]}";
        const std::vector<HeaderView> headers = {{"who", "Zuzanna"}, {"session", "s-77"}};
        Discloser discloser(DisclosurePolicy::built_in_detectors());
        const auto of_second = [&](std::string_view key, std::string_view whole) {
            return discloser.disclose(false, key, false, second, headers.data(), headers.size(),
                                      whole);
        };
        const DisclosedRecord shown = of_second("Zuzanna", record);
        QCOMPARE(std::string(shown.value()), second);
        QCOMPARE(std::string(shown.key()), std::string("•••••••"));
        QCOMPARE(std::string(shown.headers()[0].value), std::string("•••••••"));
        QCOMPARE(std::string(shown.headers()[1].value), std::string("s-77"));
        // What stands in a neighbour without being masked there is shown.
        QCOMPARE(std::string(of_second("s-77", record).key()), std::string("s-77"));
        // An escape in the neighbour hides nothing.
        const std::string escaped = R"([{"first_name":"\u005auzanna"},)" + second + "]";
        QVERIFY(of_second("Zuzanna", escaped).key_masked());
        // Nor where the record's events are lines, which are no JSON together.
        const std::string lines = "{\"first_name\":\"\\u005auzanna\"}\n" + second;
        QVERIFY(of_second("Zuzanna", lines).key_masked());
        // Another record in the same place and as long: what was learnt of the first is forgotten.
        std::string place = R"([{"first_name":"Zuzanna"},)" + second + "]";
        QVERIFY(of_second("Zuzanna", place).key_masked());
        QVERIFY(!of_second("Susanna", place).key_masked());
        place.replace(place.find("Zuzanna"), 7, "Susanna");
        QVERIFY(!of_second("Zuzanna", place).key_masked());
        QVERIFY(of_second("Susanna", place).key_masked());
        // A record by itself after one of several: nothing is left of the neighbours.
        QVERIFY(!of_second("Zuzanna", {}).key_masked());
    }
    void a_key_does_not_tell_what_an_unparsable_payload_hides() {
        for (const char* value : {"jdoe", "user jdoe was here", "{\"user_id\":\"jdoe\",\"cut",
                                  "{\"user_id\":\"\\u006adoe\",\"cut"})
            QVERIFY2(disclosed(value, "jdoe").key_masked(), value);
        const std::vector<HeaderView> headers = {{"by", "jdoe"}};
        QVERIFY(disclosed("user jdoe was here", "k-1", headers).headers_masked());
        QCOMPARE(disclosed("user jdoe was here", "k-1").key(), "k-1");
    }
    void beside_a_value_that_is_not_looked_through_its_texts_are_masked() {
        Discloser discloser(DisclosurePolicy::built_in_detectors());
        const std::vector<HeaderView> headers = {{"by", "jdoe"}, {"trace", "77aa"}};
        const char* const value = R"({"user_id":"jdoe"})";
        const auto record = discloser.disclose_beside(false, "jdoe", value, headers.data(), 2);
        QVERIFY(record.key_masked());
        QVERIFY(record.value().empty());
        QCOMPARE(record.headers()[0].value, "••••");
        QCOMPARE(record.headers()[1].value, "77aa");
        Discloser open(DisclosurePolicy::none());
        QCOMPARE(open.disclose_beside(false, "jdoe", value, nullptr, 0).key(), "jdoe");
    }

    void synthetic_events_stay_readable_but_for_persons() {
        synth::Generator generator(4);
        synth::Event event;
        JsonTape before;
        JsonTape after;
        int identities = 0;
        for (int i = 0; i < 5000; ++i) {
            generator.next(event);
            const auto record = disclosed(event.value, event.key, *event.headers);
            if (!before.parse(event.value)) { // nobody knows whose text in it the key repeats
                QCOMPARE(reasons(record), std::string("=unparsable"));
                continue;
            }
            QCOMPARE(record.key(), event.key); // the session id
            QVERIFY(!record.headers_masked());
            QVERIFY(after.parse(record.value()));
            QCOMPARE(after.nodes().size(), before.nodes().size());
            for (const MaskedSpan& span : record.masked())
                QVERIFY2(span.pointer == "/user_id" || span.pointer == "/anonymous_id" ||
                             span.pointer == "/context/ip" || span.pointer == "/properties/email",
                         (span.pointer + " " + std::string(event.value)).c_str());
            identities += !record.masked().empty();
        }
        QVERIFY(identities > 4500);
    }
};

QTEST_GUILESS_MAIN(TestDisclosure)
#include "tst_disclosure.moc"
