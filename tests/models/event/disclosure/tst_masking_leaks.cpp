// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where personal data hides: in addresses, wrappings, lists, keys and headers.
#include <QtTest>

#include "models/event/disclosure/disclosure.h"
#include "models/event/json/json_tape.h"

using namespace weir;

namespace {

/// {"x": text}
std::string payload_of(std::string_view text) {
    std::string json = "{\"x\":";
    append_json_string(text, json);
    return json + "}";
}

DisclosedRecord disclosed(std::string_view value, std::string_view key = {},
                          const std::vector<HeaderView>& headers = {}) {
    Discloser discloser(DisclosurePolicy::built_in_detectors());
    return discloser.disclose(false, key, false, value, headers.data(), headers.size());
}

/// What is shown of the text in a payload.
std::string shown(const std::string& text) {
    const std::string json = payload_of(text);
    const DisclosedRecord record = disclosed(json);
    JsonTape tape;
    if (!tape.parse(record.value()))
        return "not JSON: " + std::string(record.value());
    return tape.unescaped(*tape.member(0, "x"));
}

std::string reason(const std::string& text) {
    const std::string json = payload_of(text);
    const DisclosedRecord record = disclosed(json);
    return record.masked().empty() ? std::string() : record.masked().front().reason;
}

std::string base64(const std::string& text) {
    return QByteArray::fromStdString(text).toBase64().toStdString();
}

void rows(const std::vector<std::pair<std::string, std::string>>& pairs) {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    for (const auto& [text, expected] : pairs)
        QTest::newRow(text.c_str())
            << QString::fromStdString(text) << QString::fromStdString(expected);
}

} // namespace

class TestMaskingLeaks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void of_an_address_only_what_is_personal_is_masked_data() {
        rows({{"https://x.example/a?sku=SKU-1&email=jane%40x.org#top",
               "https://x.example/a?sku=SKU-1&email=••••%•••.•••#top"},
              {"/checkout?user_id=u-4711&step=2&token=abc&x=", // a path, an empty value
               "/checkout?user_id=•-••••&step=2&token=•••&x="},
              {"utm_source=mail&q=jane%2540x.org", "utm_source=mail&q=••••%•••••.•••"},
              {"https://x.example/?next=https%3A%2F%2Fy.example%2F%3Ftoken%3Dabc&page=2",
               "https://x.example/?next=•••••%••%••%•••.•••••••%••%•••••••%•••••&page=2"},
              {"https://x.example/?note=call+me:+202+555+0143&page=2",
               "https://x.example/?note=••••+••:+•••+•••+••••&page=2"},
              {"https://x.example/cb#access_token=abc&state=7",
               "https://x.example/cb#access_token=•••&state=7"},
              {"?user%5Fid=u-1&a[email]=z", "?user%5Fid=•-•&a[email]=•"},
              {"?a=1&amp;user_id=4711", "?a=1&amp;user_id=••••"},
              {"?a=1;user_id=4711", "?a=•;••••_••=••••"},
              {"?d=%7B%22user_id%22%3A%22u-1%22%7D&e=2", "?d=%••%••••••_••%••%••%•••-•%••%••&e=2"},
              {"https://x.example/?utm_source=news&utm_campaign=may&page=2",
               "https://x.example/?utm_source=news&utm_campaign=may&page=2"}});
    }
    void of_an_address_only_what_is_personal_is_masked() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(shown(text.toStdString())), expected);
    }

    void an_address_that_is_personal_beside_its_parameters_is_masked_whole() {
        for (const char* text :
             {"https://x.example/users/jane%40x.org?page=2&token=abc",
              "http://203.0.113.7/?token=abc", "https://me:pw@x.example/?user_id=u-1",
              "token=abc and more words", "login of user_id=u-1 failed"})
            QVERIFY2(shown(text).find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos,
                     shown(text).c_str());
    }

    void masked_parts_are_told_with_their_places_also_where_the_payload_escapes() {
        const std::string value =
            R"({"\u0075rl":"https:\/\/x.example\/\u00fc\ud83d\ude00?email=jane\u0040x.org&a=b"})";
        const DisclosedRecord record = disclosed(value);
        QCOMPARE(record.value(), std::string_view("{\"\\u0075rl\":\"https:\\/\\/x.example\\/\\u00fc"
                                                  "\\ud83d\\ude00?email=••••\\u0040•.•••&a=b\"}"));
        QCOMPARE(record.masked().size(), std::size_t{1});
        const MaskedSpan& span = record.masked().front();
        QCOMPARE(span.pointer, std::string("/url"));
        QCOMPARE(record.value().substr(span.begin, span.size),
                 std::string_view("••••\\u0040•.•••"));
    }

    void wrappings_hide_nothing_data() {
        const std::string jane = R"({"user_id": "u-1"})";
        rows({{"jane%40x.org", "email"},
              {"jane%252540x.org", "email"},
              {"jane\\u0040x.org", "email"},
              {"jane&#64;x.org", "email"},
              {"jane&#x40;x.org", "email"},
              {base64("jane@x.org"), "email"},
              {base64(jane), "token"},           // eyJ…
              {base64("\n" + jane), "identity"}, // begins like nothing
              {base64("[1, " + jane + "]"), "identity"},
              {base64(base64("jane.doe@x.org")), "email"},
              {"https://x.example/" + base64("?"), ""},
              {"%25%32%35%32%35%32%35%34%30", "unparsable"}, // who knows
              {"eyAiYWxnIjogIkhTMjU2IiB9.eyJzdWIiOiIxIn0.c2ln", "token"},
              {"%5B2001%3Adb8%3A%3A1%5D%3A443", "ip"}});
    }
    void wrappings_hide_nothing() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(reason(text.toStdString()), expected.toStdString());
    }

    void more_shapes_tell_data() {
        rows({{"Jane Doe <jane@x.org>", "email"},
              {"\"jane doe\"@x.org", "email"},
              {"mailto:jane@x.org", "email"},
              {"tel:4915112345678", "phone"},
              {"https://wa.me/4915112345678", "phone"},
              {"004915112345678", "phone"},
              {"/203.0.113.7:443", "ip"},
              {"jane@[IPv6:2001:db8::1]", "ip"},
              {"::ffff:203.0.113.7", "ip"},
              {"for=192.0.2.60;proto=http;by=203.0.113.43", "ip"},
              {"for=\"[2001:db8:cafe::17]:4711\"", "ip"},
              // … and these are let through:
              {"https://x.example/@jane.doe/post", ""},
              {"page_view_screen", ""},
              {"a=b", ""},
              {"100%", ""},
              {"C:\\users\\x", ""},
              {"R&D", ""},
              {"Chrome/130.0.0.0", ""}});
    }
    void more_shapes_tell() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(reason(text.toStdString()), expected.toStdString());
    }

    void a_text_under_the_name_of_a_person_is_somebody_an_object_only_holds_some() {
        const auto value = [](const char* json) { return std::string(disclosed(json).value()); };
        QCOMPARE(value(R"({"user":"jdoe","visits":3})"),
                 std::string(R"({"user":"••••","visits":3})"));
        QCOMPARE(value(R"({"users":["jdoe",7]})"), std::string(R"({"users":["••••",9]})"));
        QCOMPARE(value(R"({"user":{"plan":"pro"},"mobile":{"os":"x"}})"),
                 std::string(R"({"user":{"plan":"pro"},"mobile":{"os":"x"}})"));
        QCOMPARE(value(R"({"preferred_username":"jdoe"})"),
                 std::string(R"({"preferred_username":"••••"})"));
    }

    void a_value_that_is_split_over_a_list_is_masked() {
        const auto value = [](const char* json) { return std::string(disclosed(json).value()); };
        QCOMPARE(value(R"({"to":["jane","@","x.org"]})"),
                 std::string(R"({"to":["••••","@","•.•••"]})"));
        QCOMPARE(value(R"(["4111","1111","1111","1111"])"),
                 std::string(R"(["••••","••••","••••","••••"])"));
        QCOMPARE(value(R"({"n":["+49","151","1234567"]})"),
                 std::string(R"({"n":["+••","•••","•••••••"]})"));
        // A list with an address in it is no address in parts.
        QCOMPARE(value(R"(["a@x.org","SKU-1"])"), std::string(R"(["•@•.•••","SKU-1"])"));
        QCOMPARE(value(R"(["SKU-1","SKU-2"])"), std::string(R"(["SKU-1","SKU-2"])"));
        QCOMPARE(value(R"(["41111111","11111111"])"), std::string(R"(["41111111","11111111"])"));
    }

    void names_of_headers_tell() {
        for (const char* name :
             {"x-user-email", "X-User", "remote-user", "x-forwarded-user", "forwarded",
              "x-original-forwarded-for", "x-client-ip", "cookie", "x-api-key", "x-username"})
            QVERIFY2(disclosed("{}", {}, {{name, "abc"}}).headers_masked(), name);
        for (const char* name : {"content-type", "weir-stage", "traceparent", "ce_type"})
            QVERIFY2(!disclosed("{}", {}, {{name, "abc"}}).headers_masked(), name);
        const std::string wrapped = base64(R"( {"first_name":"Jane"})");
        QVERIFY(disclosed("{}", {}, {{"ctx", wrapped}}).headers_masked());
    }

    void what_is_masked_stands_in_no_longer_key_or_header() {
        const std::string value =
            R"({"user_id":"u-4711","phone":"+49 151 1234567","url":"/?email=jane%40x.org",)"
            "\"anonymousId\":\"1602B0B1-0C2C-4106-859E-222F8521FD08\",\"ctx\":\"{\\\"uid\\\":\\\"q-"
            "77\\\"}\"}";
        for (const char* text :
             {"tenant7:u-4711", "U-4711", "tenant7%3Au-4711", "tenant7/4915/u-4711/x", "u-4711_2",
              "491511234567", "p49151-1234567", "jane@x.org", "shop:jane",
              "1602b0b10c2c4106859e222f8521fd08", "a-1602b0b1-0c2c-4106-859e-222f8521fd08",
              "tenant7:q-77", "dGVuYW50NzI6dS00NzEx", "{\"id\":\"u-4711\"}"}) {
            const DisclosedRecord record = disclosed(value, text, {{"ref", text}});
            QVERIFY2(record.key_masked() && record.headers_masked(), text);
        }
        for (const char* text : {"session-1", "u-47112", "tenant7", "47", "application/json"}) {
            const DisclosedRecord record = disclosed(value, text, {{"ref", text}});
            QVERIFY2(!record.key_masked() && !record.headers_masked(), text);
        }
        // In a neighbour's event, too.
        const std::string second = R"({"event_id":"b"})";
        const std::string record = "[" + value + "," + second + "]";
        Discloser discloser(DisclosurePolicy::built_in_detectors());
        QVERIFY(discloser.disclose(false, "tenant7:u-4711", false, second, nullptr, 0, record)
                    .key_masked());
        QVERIFY(!discloser.disclose(false, "tenant7:u-4712", false, second, nullptr, 0, record)
                     .key_masked());
    }

    void a_key_shares_no_word_with_a_payload_that_nobody_could_read() {
        QVERIFY(disclosed("user jdoe was here", "tenant7:jdoe").key_masked());
        const char* const cut = "{\"user_id\":\"u-4711\",\"properties";
        const std::vector<HeaderView> headers = {{"why", "broken behind properties"},
                                                 {"ref", "t7/u/4711"}};
        const DisclosedRecord record = disclosed(cut, "t7", headers);
        QCOMPARE(record.headers()[0].value, headers[0].value); // the reason stays readable
        QCOMPARE(record.headers()[1].value, std::string_view("••/•/••••"));
    }

    void hostile_texts_are_judged_in_time() {
        std::string equals, percents, braces, quotes;
        for (int i = 0; i < 200'000; ++i) {
            equals += "a=";
            percents += "=%3D";
            braces += "&x=%7B";
            quotes += "\\u003d";
        }
        for (const std::string& text : {equals, percents, braces, quotes}) {
            QElapsedTimer timer;
            timer.start();
            (void)shown(text);
            QVERIFY2(timer.elapsed() < 10'000, text.substr(0, 20).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestMaskingLeaks)
#include "tst_masking_leaks.moc"
