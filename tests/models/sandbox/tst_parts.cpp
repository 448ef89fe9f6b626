// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <nlohmann/json.hpp>

#include "models/contract/self_describing.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/rate_limiter.h"
#include "models/sandbox/snowplow_event.h"
#include "models/sandbox/splice.h"
#include "models/sandbox/split.h"

using namespace weir;
using namespace weir::sandbox;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

/// Lets everything pass, without these members.
class StrippingJudge final : public Judge {
  public:
    explicit StrippingJudge(std::vector<std::string> pointers)
        : m_pointers(std::move(pointers)) {}
    void judge(const EventFacts&, const JsonTape& tape, Verdict& verdict) override {
        verdict.outcome = Verdict::Outcome::Flagged;
        verdict.strip.clear();
        for (const std::string& pointer : m_pointers)
            if (const auto value = tape.at(pointer))
                verdict.strip.push_back(*value - 1); // its key
    }

  private:
    const std::vector<std::string> m_pointers;
};

std::vector<std::string> pieces(std::string_view body) {
    std::vector<std::string> texts;
    for (const std::string_view piece : split_body(body, 100).events)
        texts.emplace_back(piece);
    return texts;
}

using Texts = std::vector<std::string>;

} // namespace

/// The collector's parts, each by itself.
class TestParts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_source_has_its_rate_and_its_burst() {
        RateLimiter limiter({10, 30});
        const auto start = RateLimiter::Clock::now();
        QCOMPARE(limiter.take({{"a", 30}}, start), 0.0);
        const double wait_s = limiter.take({{"a", 5}}, start);
        QVERIFY(wait_s > 0.49 && wait_s < 0.51); // five at ten a second
        QCOMPARE(limiter.take({{"b", 30}}, start), 0.0);
        QVERIFY(limiter.take({{"a", 5}}, start + 400ms) > 0);
        QCOMPARE(limiter.take({{"a", 5}}, start + 600ms), 0.0);
    }

    void a_batch_over_the_burst_passes_once_and_is_worked_off() {
        RateLimiter limiter({10, 30});
        const auto start = RateLimiter::Clock::now();
        QCOMPARE(limiter.take({{"a", 130}}, start), 0.0);
        QVERIFY(limiter.take({{"a", 1}}, start + 9s) > 0);
        QCOMPARE(limiter.take({{"a", 1}}, start + 11s), 0.0);
    }

    void many_sources_take_bounded_room() {
        RateLimiter limiter({10, 30});
        const auto start = RateLimiter::Clock::now();
        for (std::size_t i = 0; i < RateLimiter::sources_max; ++i)
            QCOMPARE(limiter.take({{std::to_string(i), 30}}, start), 0.0);
        // Those beyond share one bucket, until others have become idle.
        QCOMPARE(limiter.take({{"x", 30}}, start), 0.0);
        QVERIFY(limiter.take({{"y", 30}}, start) > 0);
        QCOMPARE(limiter.take({{"z", 30}}, start + 10s), 0.0);
        QCOMPARE(limiter.take({{"w", 30}}, start + 10s), 0.0);
    }

    void a_body_is_cut_without_losing_a_byte() {
        QCOMPARE(pieces("[]"), Texts());
        QCOMPARE(pieces(" [ {\"a\":\"],[\"} , [1,2] ] "), (Texts{"{\"a\":\"],[\"}", "[1,2]"}));
        QCOMPARE(pieces("[1,]"), (Texts{"1", ""}));
        QCOMPARE(pieces("[{\"a\":1}"), Texts{"{\"a\":1}"});
        QCOMPARE(pieces("[1] 2"), (Texts{"1", "2"}));
        QCOMPARE(pieces("{\"a\":1} {\"b\":2}"), Texts{"{\"a\":1} {\"b\":2}"});
        QCOMPARE(pieces("{\"a\":\"\\\\\"}\n{\"b\":\"\\\"\n"),
                 (Texts{"{\"a\":\"\\\\\"}", "{\"b\":\"\\\""}));
        QVERIFY(split_body("[1,2,3]", 2).too_many);
    }

    void a_line_that_is_not_closed_takes_no_other_line_along_data() {
        QTest::addColumn<QByteArray>("broken");
        for (const char* broken :
             {"{'event_id':'a','event_type':'x'", "{'event_id':'a','event_type':'x',",
              "{'event_id':'a,'event_type':'x'}", "{'event_id':'a", "{'a':{'b':1}", "{'a':[1,2",
              "{'a':'", "{", "{'a':'\\'}"})
            QTest::newRow(broken) << QByteArray(broken).replace('\'', '"');
    }
    void a_line_that_is_not_closed_takes_no_other_line_along() {
        QFETCH(QByteArray, broken);
        const Texts lines{broken.toStdString(), "{\"b\":{\"c\":[1]}}", "{\"d\":\"}\"}"};
        for (std::size_t first = 0; first < lines.size(); ++first) {
            Texts body = lines;
            std::rotate(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(first),
                        body.end());
            QCOMPARE(pieces(body[0] + "\n" + body[1] + "\r\n" + body[2]), body);
        }
        // Two that are broken do not make one between them.
        const Texts twice{broken.toStdString(), lines[1], broken.toStdString(), lines[2] + "}"};
        QCOMPARE(pieces(twice[0] + "\n" + twice[1] + "\n" + twice[2] + "\n" + twice[3]), twice);
    }

    void an_object_over_lines_is_one_piece_though_it_is_broken() {
        for (const char* one : {"{\n \"a\": {\n  \"b\": [1,\n 2]\n }\n}",
                                "{\n \"a\": 1,\n \"b\": 2\n", "{\"a\":\"b\nc\"}"})
            QCOMPARE(pieces(one).size(), std::size_t{1});
        QCOMPARE(pieces("{\n \"items\": [\n  {\"a\": 1},\n  {\"a\": 2}\n ]\n}").size(),
                 std::size_t{1});
    }

    void an_object_over_lines_is_not_torn_where_it_is_not_closed() {
        const std::string open = "{\n \"event_type\":\"purchase\",\n \"items\":[\n"
                                 "  {\"sku\":\"a\"},\n  {\"sku\":\"b\"}\n ]";
        QCOMPARE(pieces(open + "\n"), Texts{open});
        const std::string other = "{\"event_type\":\"view\"}";
        QCOMPARE(pieces(open + "\n" + other), (Texts{open, other}));
        QCOMPARE(pieces(other + "\n" + open), (Texts{other, open}));
        QCOMPARE(pieces(open + "\n" + open + "\n}"), (Texts{open, open + "\n}"}));
    }

    void objects_over_lines_may_stand_behind_each_other() {
        const std::string first = "{\n\t\"a\": [\n\t\t{\n\t\t\t\"b\": 1\n\t\t}\n\t]\n}";
        const std::string second = "{\n  \"c\": {\n    \"d\": \"}\"\n  }\n}";
        QCOMPARE(pieces(first + "\n" + second + "\n"), (Texts{first, second}));
        QCOMPARE(pieces(first + "\r\n\r\n" + second + first), (Texts{first, second, first}));
        QCOMPARE(pieces(first + "\n{\"e\":1}\n" + second), (Texts{first, "{\"e\":1}", second}));
        QCOMPARE(pieces("  {\"a\":1\n  {\"b\":2}\n    {\"c\":3}"),
                 (Texts{"{\"a\":1", "{\"b\":2}", "{\"c\":3}"}));
    }

    void a_splice_changes_what_it_is_told_and_nothing_else() {
        const std::string text = "{ \"a\" : 1.0e0 , \"t\":\"x\\ty\" }";
        JsonTape tape;
        QVERIFY(tape.parse(text));
        Splice splice;
        splice.add_member(tape, "b", "2");
        splice.add_member(tape, "c", "3");
        splice.set_value(tape, *tape.member(0, "t"), "null");
        std::string out;
        splice.apply(text, out);
        QCOMPARE(out, std::string("{ \"a\" : 1.0e0 , \"t\":null ,\"b\":2,\"c\":3}"));
    }

    void a_splice_adds_to_objects_within_and_each_member_once() {
        const std::string text = "{\"a\":{ },\"list\":[{\"x\":1},{}]}";
        JsonTape tape;
        QVERIFY(tape.parse(text));
        Splice splice;
        splice.add_member(tape, *tape.at("/a"), "b", "1");
        splice.add_member(tape, *tape.at("/a"), "bc", "2");
        splice.add_member(tape, *tape.at("/a"), "b", "3");
        splice.add_member(tape, *tape.at("/list/0"), "y", "\"z\"");
        splice.add_member(tape, *tape.at("/list/1"), "y", "\"z\"");
        std::string out;
        splice.apply(text, out);
        QCOMPARE(out, std::string("{\"a\":{ \"b\":1,\"bc\":2},"
                                  "\"list\":[{\"x\":1,\"y\":\"z\"},{\"y\":\"z\"}]}"));
    }

    void stripped_members_are_gone_and_the_time_of_receipt_is_there() {
        for (const Texts& gone : {Texts{"/a"}, Texts{"/c"}, Texts{"/a", "/b", "/c"}, Texts{"/b/x"},
                                  Texts{"/b", "/b/x"}}) {
            Batch batch;
            batch.received_time = "2026-05-28T20:26:40Z";
            batch.request.body = "{\"a\":1, \"b\":{\"x\":2,\"y\":3} ,\"c\":4}";
            StrippingJudge judge(gone);
            Unreadable why;
            QVERIFY(decode_native(batch, judge, {}, why));
            Json expected = Json::parse(batch.request.body);
            for (const std::string& pointer : gone) {
                const Json::json_pointer at(pointer);
                if (expected.contains(at.parent_pointer()) && expected.contains(at))
                    expected[at.parent_pointer()].erase(at.back());
            }
            expected["received_time"] = batch.received_time;
            QCOMPARE(Json::parse(batch.value_of(batch.events[0])), expected);
            QCOMPARE(std::string(batch.events[0].original), batch.request.body);
        }
    }

    void snowplows_names_are_understood() {
        const auto iglu = split_iglu("iglu:com.acme/sign_up/jsonschema/1-0-2");
        QVERIFY(iglu.has_value());
        QCOMPARE(iglu->vendor, std::string("com.acme"));
        QCOMPARE(iglu->name, std::string("sign_up"));
        QCOMPARE(iglu->version, std::string("1-0-2"));
        for (const char* none :
             {"", "iglu:", "com.acme/a/jsonschema/1-0-0", "iglu:a/b/c", "iglu:a/b/c/d/e"})
            QVERIFY(!split_iglu(none).has_value());
    }

    void queries_are_read_as_browsers_write_them() {
        QCOMPARE(http::percent_decoded("a%2Fb+c%zz%"), std::string("a/b c%zz%"));
        QCOMPARE(*http::query_value("a=1&b=x=y&c", "b"), std::string("x=y"));
        QCOMPARE(*http::query_value("a=1&b=x=y&c", "c"), std::string());
        QVERIFY(!http::query_value("a=1", "b"));
    }
};

QTEST_GUILESS_MAIN(TestParts)
#include "tst_parts.moc"
