// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a filter finds among stored rows is what it finds in the topic that they were read from, and
// what a search found is not hidden by the filter that it was found by.
#include <QtTest>

#include <random>
#include <set>

#include "models/event/search/scanner.h"
#include "models/live/result_store.h"
#include "models/live/row_matcher.h"
#include "tests/models/live/decoded_rows.h"

using namespace weir;
using test::DecodedRows;

namespace {

using Found = std::set<std::string>;

std::shared_ptr<const Filter> parsed(const std::string& text) {
    auto filter = Filter::parse(text, DecodedRows::observed);
    if (!filter)
        throw std::runtime_error(filter.error().text());
    return *filter;
}

/// "offset/ordinal": offsets of a story are unique.
std::string name_of(Offset offset, std::uint16_t ordinal) {
    return std::to_string(offset.value()) + '/' + std::to_string(ordinal);
}

std::string listed(const Found& found) {
    std::string text;
    for (const std::string& one : found)
        text += one + ' ';
    return text;
}

/// By the matcher of the Live view.
Found found_among(const LaneSnapshot& lane, RowMatcher& matcher, const std::string& filter) {
    matcher.set_filter(parsed(filter));
    Found found;
    for (std::size_t i = 0; i < lane.segments.size(); ++i) {
        const Segment& segment = *lane.segments[i];
        for (std::uint32_t row = lane.rows_in(i); row-- > 0;)
            if (matcher.matches(segment, row))
                found.insert(name_of(Offset(segment.row(row).offset), segment.row(row).ordinal));
    }
    return found;
}

/// A search over the same records; keeps what it found as the window does.
class TopicSearched : private Scanner::Verdicts {
  public:
    TopicSearched(const DecodedRows& rows, std::shared_ptr<const DisclosurePolicy> policy,
                  const std::string& filter) {
        ScanParts parts{parsed(filter), rows.vocabulary, std::move(policy),
                        [&rows] { return rows.decoder(); }};
        Scanner scanner(parts);
        RecordBatch batch = rows.batch();
        scanner.drop_hopeless(batch);
        scanner.judge(std::move(batch), *this);
        m_copies.publish();
    }
    const Found& found() const { return m_found; }
    std::shared_ptr<const LaneSnapshot> copies() const { return m_copies.snapshot(); }

  private:
    bool matched(std::uint32_t, const HitView& hit, bool) override {
        m_found.insert(name_of(hit.offset, hit.ordinal));
        return m_copies.append(hit);
    }
    void undecodable(std::uint32_t) override {}
    void cut(const Record&, std::uint64_t) override {}

    Found m_found;
    ResultStore m_copies{{}};
};

// ---- stories by chance -------------------------------------------------------------------------

class Chance {
  public:
    explicit Chance(std::uint64_t seed)
        : m_engine(seed) {}
    std::size_t below(std::size_t end) { return m_engine() % end; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    std::string of(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }

  private:
    std::mt19937_64 m_engine;
};

/// JSON as it is easier to read: with ' in the place of ".
std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// A member, or nothing.
std::string perhaps(Chance& chance, const std::string& name, const std::vector<std::string>& json) {
    return chance.one_in(4) ? std::string() : ",'" + name + "':" + chance.of(json);
}

std::string any_native(Chance& chance) {
    const std::vector<std::string> times{"'2026-05-01T11:58:00Z'", "'2090-01-01T00:00:00Z'",
                                         "'1999-01-01T00:00:00Z'", "'yesterday'", "null"};
    const std::vector<std::string> tenants{
        "'acme'",       "'t-2'", "null", "''", "7", "'" + std::string(300, 'x') + "end'",
        "'a\\u0063me'", "{}"};
    const std::string id = "o-" + std::to_string(chance.below(80));
    return json("{'session_id':'s','source':'client','event_type':'" +
                chance.of({"purchase", "page_view"}) + "'" +
                perhaps(chance, "event_id", {"'" + id + "'", "''"}) +
                perhaps(chance, "platform", {"'web'", "'ios'", "null"}) +
                perhaps(chance, "sent_time", times) + perhaps(chance, "event_time", times) +
                perhaps(chance, "received_time", times) +
                perhaps(chance, "order", {"{'id':'" + id + "'}", "{'id':69}", "{}"}) +
                ",'context':{'n':1" + perhaps(chance, "tenant", tenants) +
                perhaps(chance, "app_version", {"'5.10'", "'5.1'", "'5.9.1'"}) + "}}");
}

std::string any_segment_batch(Chance& chance) {
    std::string events;
    const std::size_t count = 1 + chance.below(3);
    for (std::size_t i = 0; i < count; ++i)
        events += std::string(i > 0 ? "," : "") +
                  "{'type':'track','event':'purchase','messageId':'o-" +
                  std::to_string(chance.below(80)) + "','anonymousId':'a','context':{'n':1" +
                  perhaps(chance, "tenant", {"'acme'", "null", "''"}) + "}}";
    return json("{'batch':[" + events + "]" +
                perhaps(chance, "sentAt", {"'2026-05-01T11:59:00Z'", "'2090-01-01T00:00:00Z'"}) +
                "}");
}

std::string any_dead_letter(Chance& chance) {
    const std::string native = any_native(chance);
    std::string quoted;
    append_json_string(native, quoted);
    const std::string base64 = QByteArray::fromStdString(native).toBase64().toStdString();
    return json("{'reason':'missing_required','stage':'collect','pointer':'/a','message':'m',") +
           chance.of({"\"original\":" + native, "\"original\":" + quoted,
                      "\"original_base64\":\"" + base64 + '"'}) +
           "}";
}

void add_any(Chance& chance, DecodedRows& rows) {
    const std::string topic = chance.of({"orders", "orders", "raw", "dead"});
    const std::string value = topic == "dead"     ? any_dead_letter(chance)
                              : chance.one_in(5)  ? any_segment_batch(chance)
                              : chance.one_in(12) ? json("{'a':[1,")
                              : chance.one_in(12) ? std::string("acme o-6 plain")
                              : chance.one_in(12) ? json("{'order':{'id':'o-69'}}")
                              : chance.one_in(12) ? json("{'hello':1,'tenant':'acme'}")
                                                  : any_native(chance);
    test::RecordFields& fields = rows.add(value, topic);
    fields.partition = PartitionId(static_cast<std::int32_t>(chance.below(2)));
    fields.value_null = chance.one_in(30);
    fields.key_null = chance.one_in(3);
    fields.key = fields.key_null ? std::string() : chance.of({"k", "acme", ""});
    if (chance.one_in(12)) {
        fields.timestamp = Micros(-1);
        fields.timestamp_type = TimestampType::None;
    }
    if (chance.one_in(4))
        fields.headers.emplace_back("weir-replay-run",
                                    chance.of({"run-1", "run-2", "jane@example.com", ""}));
    if (chance.one_in(4))
        fields.headers.emplace_back("x-tenant", chance.of({"acme", "t-9", ""}));
}

std::string any_filter(Chance& chance, int depth) {
    static const std::vector<std::string> terms{"sent_time exists",
                                                "sent_time > 2026-04-30",
                                                "sent_time < 2000-01-01",
                                                "event_time > 2080-01-01",
                                                "event_time < 2020-01-01",
                                                "event_time exists",
                                                "received_time exists",
                                                "received_time > now+1d",
                                                "replay_run exists",
                                                "replay_run == run-1",
                                                "replay_run in (run-2, run-3)",
                                                "replay_run startsWith jane",
                                                "replay_run != run-2",
                                                "tenant exists",
                                                "tenant == null",
                                                "tenant == \"\"",
                                                "tenant != acme",
                                                "tenant endsWith end",
                                                "tenant in (acme, t-2)",
                                                "tenant == 7",
                                                "tenant == i\"ACME\"",
                                                "context.tenant == acme",
                                                "header['x-tenant'] == acme",
                                                "id exists",
                                                "id contains o-6",
                                                "id startsWith o-",
                                                "id == i\"O-69\"",
                                                "id == o-69",
                                                "id in (o-1, o-2, o-3, o-4, 69)",
                                                "id != o-69",
                                                "type == purchase",
                                                "type exists",
                                                "platform != web",
                                                "app_version == 5.10",
                                                "app_version >= 5.9",
                                                "outcome == failed",
                                                "reason exists",
                                                "dialect startsWith native",
                                                "acme",
                                                "key == acme",
                                                "size > 300",
                                                "event_size < 200",
                                                "partition == 1",
                                                "topic == orders",
                                                "time exists",
                                                "age > 10s"};
    if (depth == 0 || chance.one_in(3))
        return chance.of(terms);
    const std::string left = any_filter(chance, depth - 1);
    if (chance.one_in(4))
        return "not (" + left + ')';
    return '(' + left + ')' + chance.of({" and ", " or "}) + '(' + any_filter(chance, depth - 1) +
           ')';
}

std::uint64_t seed() {
    const QByteArray given = qgetenv("WEIR_SEED");
    return given.isEmpty() ? std::random_device()() : given.toULongLong();
}

/// What is at a name that name_of() made.
std::string value_at(const DecodedRows& rows, const std::string& name) {
    return rows.records[static_cast<std::size_t>(std::stoi(name))].value;
}

} // namespace

class TestRowMatcher : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void rows_and_topic_answer_alike_data() {
        QTest::addColumn<bool>("masked");
        QTest::newRow("nothing is masked") << false;
        QTest::newRow("what is personal is") << true;
    }
    void rows_and_topic_answer_alike() {
        QFETCH(bool, masked);
        const auto policy =
            masked ? DisclosurePolicy::built_in_detectors() : DisclosurePolicy::none();
        const std::uint64_t start = seed();
        qInfo("seed %llu", static_cast<unsigned long long>(start));
        Chance chance(start);
        DecodedRows rows;
        for (int i = 0; i < 400; ++i)
            add_any(chance, rows);
        const auto lane = rows.store();
        RowMatcher matcher(rows.vocabulary, policy, rows.decoder());
        std::size_t matched = 0;
        for (int round = 0; round < 150; ++round) {
            const std::string filter = any_filter(chance, 2);
            const TopicSearched search(rows, policy, filter);
            const Found found = found_among(*lane, matcher, filter);
            Found other;
            std::set_symmetric_difference(found.begin(), found.end(), search.found().begin(),
                                          search.found().end(),
                                          std::inserter(other, other.begin()));
            QVERIFY2(other.empty(), (filter + "\nseed " + std::to_string(start) + "\n" +
                                     (other.empty() ? "" : value_at(rows, *other.begin())))
                                        .c_str());
            if (!masked)
                QVERIFY2(found_among(*search.copies(), matcher, filter) == found,
                         ("of copies: " + filter + "\nseed " + std::to_string(start)).c_str());
            matched += found.size();
        }
        QVERIFY(matched > 5'000); // else it proves nothing
    }

    void times_that_no_row_holds_are_found_among_rows() {
        DecodedRows rows;
        for (const char* sent : {"2026-05-01T11:58:00Z", "2090-01-01T00:00:00Z", "yesterday"})
            rows.add(json("{'event_id':'a','event_type':'t','sent_time':'" + std::string(sent) +
                          "','event_time':'" + sent + "'}"));
        rows.records[1].headers.emplace_back("weir-replay-run", "run-1");
        // Times of a batch are those of all that is in it.
        rows.add(json("{'batch':[{'type':'track','event':'a','messageId':'1','anonymousId':'a'},"
                      "{'type':'track','event':'b','messageId':'2','anonymousId':'a'}],"
                      "'sentAt':'2026-05-01T11:59:00Z'}"),
                 "raw");
        const auto lane = rows.store();
        RowMatcher matcher(rows.vocabulary, DisclosurePolicy::none(), rows.decoder());
        const auto found = [&](const char* filter) {
            return listed(found_among(*lane, matcher, filter));
        };
        QCOMPARE(found("sent_time exists"), std::string("0/0 1/0 3/0 3/1 "));
        QCOMPARE(found("sent_time >= 2026-05-01T11:59 and sent_time < 2027-01-01"),
                 std::string("3/0 3/1 "));
        QCOMPARE(found("event_time > 2080-01-01"), std::string("1/0 "));
        QCOMPARE(found("event_time < 2020-01-01"), std::string());
        QCOMPARE(found("replay_run exists"), std::string("1/0 "));
        QCOMPARE(found("replay_run == run-1"), std::string("1/0 "));
        QCOMPARE(found("type == a and sent_time exists"), std::string("3/0 "));
    }

    void a_masked_run_cannot_be_spelt_out() {
        DecodedRows rows;
        for (const char* run : {"bob@example.com", "run-7", ""})
            rows.add(json("{'event_id':'a','event_type':'t'}"))
                .headers.emplace_back("weir-replay-run", run);
        rows.add(json("{'event_id':'a','event_type':'t','first_name':'Zuzanna'}"))
            .headers.emplace_back("weir-replay-run", "Zuzanna"); // repeats what is masked
        const auto lane = rows.store();
        RowMatcher matcher(rows.vocabulary, DisclosurePolicy::built_in_detectors(), rows.decoder());
        for (const char* spelling :
             {"replay_run startsWith b", "replay_run startsWith \"bob@\"",
              "replay_run contains exam", "replay_run == \"bob@example.com\"",
              "replay_run startsWith Zuz"})
            QCOMPARE(listed(found_among(*lane, matcher, spelling)), std::string());
        QCOMPARE(listed(found_among(*lane, matcher, "replay_run exists")),
                 std::string("0/0 1/0 3/0 "));
        QCOMPARE(listed(found_among(*lane, matcher, "replay_run == run-7 and id exists")),
                 std::string("1/0 "));
    }

    void a_tenant_is_found_wherever_it_is_shown() {
        DecodedRows rows;
        rows.add(json("{'hello':1,'tenant':'acme'}")); // no dialect reads it
        rows.add(json("{'event_id':'e','event_type':'t','context':{'tenant':{'a':1}}}"));
        rows.add(json("{'reason':'r','stage':'s','pointer':'/a','message':'m','original':"
                      "{'event_id':'e','event_type':'t'},'context':{'tenant':'acme'}}"),
                 "dead"); // beside the event in it
        rows.add(json("{'hello':1,'tenant':null}"));
        const auto lane = rows.store();
        RowMatcher matcher(rows.vocabulary, DisclosurePolicy::none(), rows.decoder());
        const auto found = [&](const char* filter) {
            const Found here = found_among(*lane, matcher, filter);
            const TopicSearched search(rows, DisclosurePolicy::none(), filter);
            return here == search.found() ? listed(here) : "rows and topic differ";
        };
        QCOMPARE(found("tenant == acme"), std::string("0/0 2/0 "));
        QCOMPARE(found("tenant exists"), std::string("0/0 1/0 2/0 3/0 "));
        QCOMPARE(found("tenant == null"), std::string("3/0 "));
        QCOMPARE(found("tenant contains '{\"a\":1}'"), std::string("1/0 "));
    }

    void a_dimension_is_found_at_its_place_however_many_values_it_has() {
        constexpr int values = 65'600; // more than have numbers
        DecodedRows rows;
        const auto add = [&rows](const std::string& context) {
            rows.add(json("{'event_id':'e','event_type':'t','context':{" + context + "}}"));
        };
        for (int i = 0; i < values; ++i)
            add("'tenant':'t-" + std::to_string(i) + "'");
        add("'tenant':null");
        add("'tenant':''");
        add("'tenant':'" + std::string(300, 'x') + "end'");
        add("");
        const auto lane = rows.store();
        RowMatcher matcher(rows.vocabulary, DisclosurePolicy::none(), rows.decoder());
        const auto count = [&](const char* filter) {
            return found_among(*lane, matcher, filter).size();
        };
        QCOMPARE(count("tenant exists"), std::size_t{values + 3});
        QCOMPARE(count("not tenant exists"), std::size_t{1});
        QCOMPARE(count("tenant in (t-1, t-2, t-65598, t-65599)"), std::size_t{4});
        QCOMPARE(count("tenant == null"), std::size_t{1});
        QCOMPARE(count("tenant == \"\""), std::size_t{1});
        QCOMPARE(count("tenant endsWith end"), std::size_t{1});
    }

    void an_id_is_found_by_its_parts_where_the_workspace_has_it() {
        DecodedRows rows;
        for (int i = 0; i < 100; ++i)
            rows.add(json("{'event_type':'t','session_id':'s','order':{'id':'o-" +
                          std::to_string(i) + "'}}"));
        const auto lane = rows.store();
        RowMatcher matcher(rows.vocabulary, DisclosurePolicy::none(), rows.decoder());
        const auto count = [&](const char* filter) {
            return found_among(*lane, matcher, filter).size();
        };
        QCOMPARE(count("id exists"), std::size_t{100});
        QCOMPARE(count("id == \"o-69\""), std::size_t{1});
        QCOMPARE(count("id contains \"o-6\""), std::size_t{11});
        QCOMPARE(count("id startsWith \"o-\""), std::size_t{100});
        QCOMPARE(count("id == i\"O-69\""), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestRowMatcher)
#include "tst_row_matcher.moc"
