// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Invalid events counted: of every dead-letter dialect, with what their share is of; over time, in
// several lanes, and on bad days.
#include <QtTest>

#include <random>

#include "tests/support/invalid_world.h"

using namespace weir;
using namespace weir::test;

namespace {

InvalidRecord raw(const std::string& user, std::int64_t second = 0) {
    return {native_event(user), "raw_events", second};
}

InvalidRecord failed(const std::string& user, std::int64_t second = 0,
                     const std::string& reason = "wrong_type") {
    return {dead_letter(reason, "/properties/price", native_event(user)), "invalid_events", second};
}

QString lines(const InvalidWorld& world, const InvalidReport& report) {
    return QString::fromStdString(world.text(report));
}

/// A book that holds what passes against a contract which asks for a price that is a number.
InvalidOptions with_contract(const InvalidWorld& world) {
    InvalidOptions options;
    ContractsSpec spec;
    spec.folder = "demo";
    spec.built_in = true;
    const auto set = ContractSet::built_in();
    options.checkers = [=, words = world.words, dialects = world.dialects] {
        return std::make_unique<EventChecker>(set, spec, words, dialects);
    };
    return options;
}

} // namespace

class TestInvalidBook : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void a_reason_is_counted_with_what_it_is_of_and_of_how_many_users() {
        InvalidWorld world;
        world.see({raw("anna"),
                   raw("bert"),
                   raw("carl"),
                   failed("dora"),
                   failed("dora"),
                   failed("emil"),
                   {native_event("x", "4.8.0"), "raw_events"}});
        const InvalidReport report = world.report();
        QCOMPARE(lines(world, report),
                 QStringLiteral("failed wrong_type /properties/price purchase client android "
                                "4.7.1: 3 of 6, 2 users\n"));
        QCOMPARE(report.now.invalid(), 3u);
        QCOMPARE(*report.now.of, 7u);
        const InvalidRow& row = report.rows.front();
        QCOMPARE(row.sessions.estimate(), 2u);
        QVERIFY(row.severity == Severity::Error);
        QVERIFY(row.facts.recoverable == Recoverable::Yes);
        QVERIFY(!row.trend_pp()); // there is nothing to compare with
        QCOMPARE(lines(world, world.report_by("app_version")),
                 QStringLiteral("failed wrong_type 4.7.1: 3 of 6, 2 users\n"));
        QCOMPARE(lines(world, world.report_by("contract_version")),
                 QStringLiteral("failed wrong_type 1: 3 of 7, 2 users\n"));
        QCOMPARE(lines(world, world.report_by("producer")), // of how many is not known
                 QStringLiteral("failed wrong_type shop-app: 3, 2 users\n"));
    }

    void what_is_seen_again_further_down_or_has_an_origin_is_not_counted_twice() {
        InvalidWorld world;
        InvalidRecord late = failed("anna");
        late.headers = {{"weir-origin", "raw_events/0/17"}};
        InvalidRecord unique = raw("anna");
        unique.topic = "unique_events";
        world.see({raw("anna"), unique, late});
        QCOMPARE(*world.report().now.of, 1u);
        QCOMPARE(world.report().now.failed, 1u);
    }

    void of_dead_letters_alone_no_share_is_known() {
        InvalidWorld world;
        world.see({failed("anna")});
        const InvalidReport report = world.report();
        QVERIFY(!report.now.of);
        QVERIFY(!report.now.share());
        QVERIFY(!report.rows.front().now.of);
    }

    void the_dialects_of_dead_letters_are_all_read() {
        InvalidOptions told;
        told.dead_letters = {"none"}; // they are known by their shape
        InvalidWorld world(1, told);
        const std::string event = native_event("anna");
        world.see(
            {{dead_letter("wrong_type", "/items/3/sku", event), "a"},
             {event, "b", 0, {{"weir-reason", "wrong_type"}, {"weir-pointer", "/items/7/sku"}}},
             {event,
              "c",
              0,
              {{"kafka_dlt-exception-fqcn", "org.x.TimeoutException"},
               {"kafka_dlt-exception-message", "no answer for order 4711"}}},
             {event,
              "c",
              0,
              {{"kafka_dlt-exception-fqcn", "org.x.TimeoutException"},
               {"kafka_dlt-exception-message", "no answer for order 12"}}},
             {event,
              "d",
              0,
              {{"__connect.errors.exception.class.name", "org.x.DataException"},
               {"__connect.errors.exception.message", "bad 'price'"}}},
             {"{'schema':'iglu:com.snowplowanalytics.snowplow.badrows/schema_violations/jsonschema/"
              "2-0-0','data':{'failure':{'messages':[{'error':'x'}]},'payload':{'enriched':"
              "{'user_id':'zoe','domain_sessionid':'1'}}}}",
              "e"}});
        QCOMPARE(lines(world, world.report_by("message")),
                 QStringLiteral("failed TimeoutException no answer for order #: 2, 1 users\n"
                                "failed wrong_type: 2, 1 users\n"
                                "failed DataException bad '…': 1, 1 users\n"
                                "failed schema_violations [{\"…\":\"…\"}]: 1, 1 users\n"));
        QCOMPARE(lines(world, world.report_by("pointer")).section(u'\n', 1, 1),
                 QStringLiteral("failed wrong_type /items/*/sku: 2, 1 users"));
    }

    void an_event_that_stands_in_its_envelope_as_a_text_is_read() {
        InvalidWorld world;
        world.see({{"{'reason':'rule','stage':'x','pointer':'','message':'',"
                    "'original':'{\\'user_id\\':\\'anna\\',\\'event_id\\':\\'1\\'}'}"},
                   {"{'reason':'rule','stage':'x','pointer':'','message':'',"
                    "'original_base64':'eyJ1c2VyX2lkIjoiYmVydCJ9'}"}});
        QCOMPARE(world.report_by("reason").rows.front().users.estimate(), 2u);
    }

    void a_message_that_quotes_its_event_is_not_shown_under_a_masking_policy() {
        const auto policy = DisclosurePolicy::built_in_detectors();
        InvalidOptions told;
        told.masking = [policy] { return policy; };
        InvalidWorld world(1, told), nobody_judges;
        const auto letter = [](const std::string& message, const std::string& user) {
            return InvalidRecord{dead_letter("sink_failed", "", native_event(user), message)};
        };
        const std::vector<InvalidRecord> records{
            letter("no row for anna", "anna"),
            letter("no row for carl", "carl"),
            letter("no partition of March", "anna"),
            {"{'reason':'sink_failed','stage':'x','pointer':'','message':'cannot read {name: Jane "
             "Doe}','original':'{name: Jane Doe}'}"},
            {native_event("dora"),
             "invalid_events",
             0,
             {{"kafka_dlt-exception-fqcn", "org.x.SinkFailed"},
              {"kafka_dlt-exception-message", "no row for dora"}}}};
        world.see(records);
        nobody_judges.see(records);
        const auto masked = [&](const InvalidWorld& of) {
            InvalidQuestion question;
            question.grouping = *grouping_by(*of.words, "message");
            return lines(of, invalid_report(of.seen(), *of.words, *policy, question));
        };
        QCOMPARE(masked(world),
                 QStringLiteral("failed sink_failed (masked): 3, 2 users\n"
                                "failed SinkFailed (masked): 1, 1 users\n"
                                "failed sink_failed no partition of March: 1, 1 users\n"));
        QCOMPARE(masked(nobody_judges), QStringLiteral("failed sink_failed (masked): 4, 2 users\n"
                                                       "failed SinkFailed (masked): 1, 1 users\n"));
        // Who may see the records sees their messages.
        QCOMPARE(lines(world, world.report_by("message")),
                 QStringLiteral("failed SinkFailed no row for dora: 1, 1 users\n"
                                "failed sink_failed cannot read {name: Jane Doe}: 1, 0 users\n"
                                "failed sink_failed no partition of March: 1, 1 users\n"
                                "failed sink_failed no row for anna: 1, 1 users\n"
                                "failed sink_failed no row for carl: 1, 1 users\n"));
    }

    void a_message_is_shown_or_not_by_each_record_that_has_it() {
        const auto policy = DisclosurePolicy::built_in_detectors();
        InvalidOptions told;
        told.masking = [policy] { return policy; };
        InvalidWorld world(1, told);
        const std::string message = "no row for anna";
        world.see({{dead_letter("sink_failed", "", native_event("anna"), message)},
                   {dead_letter("sink_failed", "", native_event("bert"), message)}});
        QCOMPARE(world.report_by("message").rows.size(), std::size_t{1});
        InvalidQuestion question;
        question.grouping = *grouping_by(*world.words, "message");
        const auto masked = invalid_report(world.seen(), *world.words, *policy, question);
        QCOMPARE(masked.rows.size(), std::size_t{2});
        // What is chosen in one report is found again in the next.
        InvalidQuestion within = question;
        within.within = InvalidQuestion::Within{masked.question.grouping, masked.rows[0].key};
        const auto chosen = invalid_report(world.seen(), *world.words, *policy, within);
        QCOMPARE(chosen.now.failed, 1u);
    }

    void a_trend_is_against_the_period_before_and_new_is_what_was_not_there() {
        InvalidWorld world;
        for (int i = 0; i < 10; ++i)
            world.see({raw("u" + std::to_string(i), i), raw("v" + std::to_string(i), 900 + i)});
        world.see({failed("a", 30), failed("b", 910), failed("c", 911),
                   failed("d", 912, "unknown_version")});
        InvalidQuestion question;
        question.grouping = *grouping_by(*world.words, "reason");
        question.range = {world.noon_us + 15 * InvalidWorld::minute_us,
                          world.noon_us + 30 * InvalidWorld::minute_us};
        question.before = period_before(question.range);
        const InvalidReport report = world.report(question);
        QCOMPARE(lines(world, report),
                 QStringLiteral("failed wrong_type: 2 of 13, 2 users\n"
                                "failed unknown_version: 1 of 13, 1 users\n"));
        const InvalidRow& old = report.rows[0];
        QVERIFY(!old.is_new && report.rows[1].is_new);
        QCOMPARE(*old.trend_pp(), 100 * (2.0 / 13 - 1.0 / 11));
        QCOMPARE(old.first_us, world.noon_us + 30 * InvalidWorld::second_us);
        QCOMPARE(report.before->failed, 1u);
        // Nobody knows what was before that.
        question.range = {world.noon_us, world.noon_us + 15 * InvalidWorld::minute_us};
        question.before = period_before(question.range);
        QVERIFY(!world.report(question).before);
        QVERIFY(!world.report(question).rows.front().is_new);
    }

    void what_passed_though_it_violates_its_contract_is_a_class_of_its_own() {
        InvalidWorld world(1);
        InvalidOptions told = with_contract(world);
        told.dialects = world.dialects;
        told.entries = {"raw_events"};
        told.dead_letters = {"invalid_events"};
        world.lanes[0] = std::make_unique<InvalidBook>(
            world.words, std::make_shared<const InvalidOptions>(std::move(told)));
        world.see({raw("anna"), raw("bert"), failed("anna")});
        const InvalidReport report = world.report_by("reason");
        QCOMPARE(report.now.passed, 2u);
        QCOMPARE(report.now.failed, 1u);
        QVERIFY(report.checks);
        QCOMPARE(report.now.invalid(), 1u); // they passed
        QVERIFY(report.rows.front().key.kind == InvalidKind::Passed);
        QVERIFY(report.rows.front().severity == Severity::Warning);
        QCOMPARE(report.rows.front().users.estimate(), 2u);
    }

    void bots_stand_apart() {
        InvalidWorld world;
        std::string event = native_event("anna");
        event.insert(event.find("'app_version'"), "'user_agent':'Googlebot/2.1',");
        world.see({{dead_letter("wrong_type", "/a", event)}, failed("bert")});
        const InvalidReport report = world.report_by("reason");
        QCOMPARE(report.now.failed, 1u);
        QCOMPARE(report.now.bots, 1u);
        QCOMPARE(report.rows.size(), std::size_t(2));
        QVERIFY(!report.rows[0].bot() && report.rows[1].bot());
        QVERIFY(report.rows[1].severity == Severity::Info);
    }

    void samples_are_the_newest_and_good_events_do_not_push_them_out() {
        InvalidWorld world;
        for (int i = 0; i < 20; ++i)
            world.see({failed("u", i)});
        for (int i = 0; i < 200; ++i)
            world.see({raw("g", 20 + i)});
        const auto samples = world.report().rows.front().samples;
        QCOMPARE(samples.size(), InvalidCell::samples_max);
        QCOMPARE(samples.front().offset, Offset(19));
        QCOMPARE(world.words->places->name(samples.front().place), std::string("invalid_events"));
    }

    void lanes_added_up_are_what_one_lane_would_be() {
        std::mt19937 random(7);
        std::vector<InvalidRecord> records;
        for (int i = 0; i < 1'000; ++i) {
            const std::string user = "u" + std::to_string(random() % 300);
            const auto second = static_cast<std::int64_t>(random() % 40'000);
            InvalidRecord record =
                random() % 3 == 0
                    ? failed(user, second, random() % 2 == 0 ? "wrong_type" : "pattern")
                    : raw(user, second);
            record.partition = static_cast<std::int32_t>(random() % 6);
            records.push_back(record);
        }
        InvalidWorld one(1), three(3);
        one.see(records);
        three.see(records);
        QVERIFY(!one.report().rows.empty());
        QCOMPARE(lines(three, three.report()), lines(one, one.report()));
        for (const char* by : {"reason", "pointer", "type", "producer", "topic"}) {
            const InvalidReport a = one.report_by(by), b = three.report_by(by);
            QCOMPARE(lines(three, b), lines(one, a));
            for (std::size_t i = 0; i < a.rows.size(); ++i) {
                QVERIFY(a.rows[i].users == b.rows[i].users);
                QCOMPARE(b.rows[i].first_us, a.rows[i].first_us);
                QCOMPARE(b.rows[i].last_us, a.rows[i].last_us);
                QVERIFY(a.rows[i].samples.front() == b.rows[i].samples.front());
            }
        }
    }

    void a_snapshot_stays_as_it_was() {
        InvalidWorld world;
        world.see({failed("anna")});
        const InvalidSeen then = world.seen();
        world.see({failed("bert")});
        const auto report = invalid_report(then, *world.words, *DisclosurePolicy::none(), {});
        QCOMPARE(report.now.failed, 1u);
        QCOMPARE(world.report().now.failed, 2u);
    }

    void a_dead_letter_without_a_header_or_a_text_is_one_all_the_same() {
        InvalidWorld world;
        world.see({{"{'a':1}"},
                   {"\xff\xfe"},
                   {"plain words"},
                   {"{'broken", "invalid_events", 0, {{"weir-reason", "broken_json"}}}});
        const InvalidReport report = world.report_by("reason");
        QCOMPARE(report.now.failed, 4u);
        QCOMPARE(lines(world, report), QStringLiteral("failed unspecified: 2, 0 users\n"
                                                      "failed broken_json: 1, 0 users\n"
                                                      "failed not UTF-8: 1, 0 users\n"));
    }

    void a_dead_letter_of_a_megabyte_is_read_like_any() {
        InvalidWorld world;
        std::string event = native_event("anna");
        event.insert(event.size() - 1, ",'blob':'" + std::string(1'000'000, 'x') + "'");
        world.see({{dead_letter("too_large", "", event, std::string(100'000, 'm'))}});
        QCOMPARE(lines(world, world.report_by("reason")),
                 QStringLiteral("failed too_large: 1, 1 users\n"));
    }

    void a_dead_letter_in_a_dead_letter_counts_once_by_the_outer_reason() {
        InvalidWorld world;
        std::string inner = dead_letter("wrong_type", "/inner", native_event("anna"));
        world.see({{dead_letter("pattern", "/outer", inner)}});
        QCOMPARE(lines(world, world.report_by("pointer")),
                 QStringLiteral("failed pattern /outer: 1, 0 users\n"));
    }

    void a_hundred_thousand_reasons_are_counted_and_the_rest_is_other() {
        InvalidWorld world;
        std::vector<InvalidRecord> records;
        for (int i = 0; i < 100'000; ++i) {
            std::string word; // no digit: a normal form does not help
            for (int rest = i; word.size() < 6; rest /= 10)
                word += static_cast<char>('a' + rest % 10);
            records.push_back({"{}", "invalid_events", i / 100, {{"weir-reason", word}}});
        }
        world.lanes[0]->absorb(world.decoded(records));
        world.lanes[0]->publish();
        const InvalidReport report = world.report_by("reason");
        QCOMPARE(report.now.failed, 100'000u);
        std::uint64_t sum = 0;
        for (const InvalidRow& row : report.rows)
            sum += row.now.events;
        QCOMPARE(sum, 100'000u); // none is lost
        QVERIFY(report.rows.front().reason == "(other)");
        QVERIFY(report.overflowed > 90'000);
        QVERIFY(report.rows.size() <= 4'097);
        std::size_t cells = 0;
        for (const auto& bucket : world.lanes[0]->snapshot()->buckets)
            cells += bucket->cells.size();
        QVERIFY2(cells <= 8'192 + 1, std::to_string(cells).c_str());
    }

    void a_long_watch_keeps_counts_while_it_forgets_minutes() {
        InvalidOptions told;
        told.limits.cells_max = 64;
        told.limits.bucket_cells_max = 16;
        InvalidWorld world(1, told);
        for (int hour = 0; hour < 100; ++hour)
            world.see({failed("u", hour * 3'600), raw("v", hour * 3'600 + 60),
                       failed("w", (hour - 60) * 3'600)}); // late
        const InvalidReport report = world.report();
        QCOMPARE(report.now.failed, 200u);
        QCOMPARE(*report.now.of, 300u);
        QCOMPARE(report.rows.size(), std::size_t(1));
        QCOMPARE(report.rows.front().users.estimate(), 2u);
        QCOMPARE(report.overflowed, 0u);
        QVERIFY(world.lanes[0]->snapshot()->buckets.size() < 64);
    }
};

QTEST_GUILESS_MAIN(TestInvalidBook)
#include "tst_invalid_book.moc"
