// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// How sure a search is: it looks at all of a record, says what of one it did not read, and what it
// says of its work tells nothing of what is masked.
#include <QtTest>

#include "models/event/disclosure/tokeniser.h"
#include "tests/support/kafka_embedded_ground.h"
#include "tests/support/search_ground.h"

using namespace weir;
using namespace weir::test;

namespace {

using Places = std::vector<std::string>;
using Policy = std::shared_ptr<const DisclosurePolicy>;

/// A batch of calls with a library, a city (written with an escape) and an address beside them.
std::string enveloped(const std::string& name, const std::vector<std::string>& types) {
    return R"({"library":"ENVELOPEKEY77","contact":"jane.secret@example.com",)"
           R"("city":"K\u00f6ln",)" +
           segment_batch(name, types).substr(1);
}

/// So many events in one record, with ids m0, m1, …
std::string long_batch(int events) {
    std::string batch = "{\"batch\":[";
    for (int i = 0; i < events; ++i)
        batch += std::string(i == 0 ? "" : ",") +
                 "{\"type\":\"track\",\"event\":\"x\",\"messageId\":\"m" + std::to_string(i) +
                 "\"}";
    return batch + "]}";
}

Policy masking() {
    return DisclosurePolicy::built_in_detectors();
}

Policy tokens() {
    return DisclosurePolicy::tokenised(
        masking(), Tokeniser::create("0123456789abcdef0123456789abcdef").value());
}

/// All that a search tells of its work, but for how long it took.
std::string told(const Found& found) {
    std::string text = found.coverage.summary() + "\n";
    for (const std::string& line : found.lines())
        text += line + "\n";
    for (const PartitionCoverage& p : found.coverage.partitions)
        text += std::to_string(p.decoded) + " " + std::to_string(p.undecodable) + " " +
                std::to_string(p.cut_events) + "\n";
    for (const std::string& remark : found.remarks)
        text += remark + "\n";
    return text + std::to_string(found.plan.partitions) + " " +
           std::to_string(found.plan.offsets_at_most);
}

} // namespace

class TestSearchSure : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_stands_around_a_records_events_finds_each_of_them_data() {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("places");
        const QString all = QStringLiteral("calls/0@0[0] calls/0@0[1] calls/0@1");
        QTest::newRow("a word") << QStringLiteral("envelopekey77") << all;
        QTest::newRow("contains") << QStringLiteral("value contains \"ENVELOPEKEY77\"") << all;
        QTest::newRow("matches") << QStringLiteral("value matches \"LOPE.EY\\d\\d\"") << all;
        QTest::newRow("escaped") << QStringLiteral("Köln") << all;
        QTest::newRow("and of the event")
            << QStringLiteral("envelopekey77 and type == \"purchase\"")
            << QStringLiteral("calls/0@0[1]");
        QTest::newRow("of a neighbour")
            << QStringLiteral("two-0") << QStringLiteral("calls/0@0[0]");
        QTest::newRow("its absence") << QStringLiteral("not envelopekey77")
                                     << QStringLiteral("calls/0@2 calls/0@3[0] calls/0@3[1]");
        QTest::newRow("nowhere") << QStringLiteral("envelopekey78") << QString();
    }
    void what_stands_around_a_records_events_finds_each_of_them() {
        QFETCH(const QString, expression);
        QFETCH(const QString, places);
        const EmbeddedGround ground({{"calls", 1}});
        ground.write("calls", {{.key = "k", .value = enveloped("two", {"signup", "purchase"})},
                               {.key = "k", .value = enveloped("one", {"signup"})},
                               {.key = "k", .value = page_view(1)},
                               {.key = "k", .value = page_view(2) + "\n" + page_view(3)}});
        const SearchRequest request = request_for("calls", expression.toStdString());
        SearchParts parts = parts_for(ground.cluster);
        const auto wanted = places.split(u' ', Qt::SkipEmptyParts);
        for (const bool with_memory : {false, true}) {
            if (with_memory)
                parts.memory = {remembered(parts, "calls", 100)};
            const Found found = find(request, parts);
            QVERIFY(found.coverage.complete());
            QStringList there;
            for (const std::string& place : found.hits->places)
                there.append(QString::fromStdString(place));
            std::sort(there.begin(), there.end());
            QCOMPARE(there, wanted);
        }
    }

    void of_an_envelope_only_what_is_shown_is_found() {
        const EmbeddedGround ground({{"calls", 1}});
        ground.write("calls", {{.value = enveloped("two", {"signup", "purchase"})}});
        for (const Policy& policy : {masking(), tokens()}) {
            const SearchParts parts = parts_for(ground.cluster, policy);
            QCOMPARE(find(request_for("calls", "\"jane.secret\""), parts).hits->places, Places{});
            QCOMPARE(find(request_for("calls", "ENVELOPEKEY77"), parts).hits->places.size(),
                     std::size_t{2});
        }
    }

    void a_text_may_stand_in_what_is_masked_around_a_records_events() {
        const EmbeddedGround ground({{"open", 1}, {"masked", 1}});
        ground.write("open", {{.value = long_batch(3)}});
        ground.write("masked", {{.value = R"({"contact":"jane.secret@example.com",)" +
                                          long_batch(3).substr(1)}});
        for (const Policy& policy : {masking(), tokens()}) {
            const SearchParts parts = parts_for(ground.cluster, policy);
            for (const char* text : {"\"jane.secret\"", "nobody"}) { // whatever it is
                const Found open = find(request_for("open", text), parts);
                QCOMPARE(open.remarks, std::vector<std::string>{});
                const Found masked = find(request_for("masked", text), parts);
                QVERIFY2(masked.remarks.size() == 1 &&
                             masked.remarks[0].find("what is masked here") != std::string::npos,
                         told(masked).c_str());
            }
        }
    }

    void events_past_what_is_read_of_a_record_make_no_answer_complete() {
        const EmbeddedGround ground({{"calls", 1}});
        ground.write("calls", {{.value = page_view(1)}, {.value = long_batch(66'000)}});
        for (const Policy& policy : {DisclosurePolicy::none(), masking()}) {
            const SearchParts parts = parts_for(ground.cluster, policy);
            const Found counted = find(request_for("calls", ""), parts);
            QCOMPARE(counted.coverage.matched(), std::uint64_t{65'536}); // one is the page view
            QVERIFY(!counted.coverage.complete());
            QCOMPARE(counted.coverage.partitions[0].cut_events, std::uint64_t{465});
            QCOMPARE(counted.coverage.partitions[0].first_cut, Offset(1));
            const std::string cut =
                "465 events past the first 65,535 of a record, not read (calls/0@1)";
            QVERIFY2(counted.coverage.summary().find(cut) != std::string::npos,
                     counted.coverage.summary().c_str());
            const Found past = find(request_for("calls", "id == \"m65999\""), parts);
            QCOMPARE(past.hits->places, Places{});
            QVERIFY(!past.coverage.complete());
            const Found within = find(request_for("calls", "id == \"m65534\""), parts);
            QCOMPARE(within.hits->places, Places{"calls/0@1[65534]"});
        }
        // A word that the whole record does not hold is in none of its events.
        const Found none = find(request_for("calls", "nowhere"), parts_for(ground.cluster));
        QVERIFY(none.coverage.complete());
    }

    void the_account_tells_nothing_of_what_is_masked_data() {
        QTest::addColumn<QString>("there");
        QTest::addColumn<QString>("not_there");
        const auto row = [](const char* name, const char* form) {
            const QString text = QString::fromLatin1(form);
            QTest::newRow(name) << text.arg(QStringLiteral("jane.secret@example.com"))
                                << text.arg(QStringLiteral("john.nobody@example.com"));
        };
        row("a text", "\"%1\"");
        row("a path", "properties.email == \"%1\"");
        row("a key", "key == \"%1\"");
        row("one of two keys", "key in (\"%1\", \"nobody\")");
        row("a header", "header[\"x-user\"] == \"%1\"");
        row("and something else", "\"%1\" and type == \"signup\"");
    }
    void the_account_tells_nothing_of_what_is_masked() {
        QFETCH(const QString, there);
        QFETCH(const QString, not_there);
        const EmbeddedGround ground({{"signups", 2}});
        std::vector<GroundRecord> records;
        for (int i = 0; i < 700; ++i) // beyond those that are looked into in any case
            records.push_back({.key = "k", .value = page_view(i), .partition = i % 2});
        const std::string email = R"("jane.secret@example.com")";
        records.push_back({.key = "jane.secret@example.com",
                           .value = "{\"event_id\":\"a\",\"event_type\":\"signup\","
                                    "\"properties\":{\"email\":" +
                                    email + "}}"});
        records.push_back({.key = "jane.secret@example.com", .value = "{\"broken\": " + email});
        // One that holds more events than are read of it: those of this decoder are two.
        const std::string event = "{\"type\":\"track\",\"messageId\":\"" +
                                  std::string(cut_record_bytes_min / 3, 'm') + "\"}";
        records.push_back({.value = "{\"owner\":" + email + ",\"batch\":[" + event + "," + event +
                                    "," + event + "]}"});
        ground.write("signups", records);
        for (const Policy& policy : {masking(), tokens()}) {
            SearchParts parts = parts_for(ground.cluster, policy);
            parts.make_decoder = [vocabulary = parts.vocabulary] {
                DecodeOptions options;
                options.max_events_per_record = 2;
                return Decoder::create(DialectSet::built_in(),
                                       std::const_pointer_cast<Vocabulary>(vocabulary), options);
            };
            const Found one = find(request_for("signups", there.toStdString()), parts);
            const Found other = find(request_for("signups", not_there.toStdString()), parts);
            QCOMPARE(one.hits->places, Places{});
            QCOMPARE(told(one), told(other));
        }
        const Found open = find(request_for("signups", there.toStdString()),
                                parts_for(ground.cluster, DisclosurePolicy::none()));
        QVERIFY(open.coverage.tells_looked_into && open.coverage.decoded() > 0);
    }

    void what_was_not_decoded_is_told_where_it_depends_on_no_bytes() {
        const EmbeddedGround ground({{"mixed", 1}});
        ground.write("mixed", {{.value = "{\"event_id\": broken}"}, {.value = page_view(1)}});
        const SearchParts parts = parts_for(ground.cluster, masking());
        const Found all = find(request_for("mixed", "offset >= 0"), parts);
        QVERIFY(all.coverage.tells_looked_into);
        QCOMPARE(all.coverage.undecodable(), std::uint64_t{1});
        const Found word = find(request_for("mixed", "page_view"), parts);
        QVERIFY(!word.coverage.tells_looked_into);
        QCOMPARE(word.coverage.undecodable(), std::uint64_t{0});
        QVERIFY2(word.coverage.summary().find("how many could not be decoded is not told") !=
                     std::string::npos,
                 word.coverage.summary().c_str());
    }

    void a_key_is_found_as_it_is_printed() {
        const EmbeddedGround ground({{"raw_events", 8}});
        std::vector<GroundRecord> records;
        for (int i = 0; i < 400; ++i)
            records.push_back({.key = "user" + std::to_string(i % 100) + "@example.com",
                               .value = page_view(i),
                               .partition = -1});
        ground.write("raw_events", records);
        struct Keys : HitSink {
            bool take(const HitView& hit) override {
                key = hit.key;
                return true;
            }
            std::string key;
        };
        for (const Policy& policy : {tokens(), masking()}) {
            const SearchParts parts = parts_for(ground.cluster, policy);
            const auto keys = std::make_shared<Keys>();
            const auto search = Search::prepare(request_for("raw_events", ""), parts).value();
            search->start(keys);
            QVERIFY(search->wait_for(std::chrono::seconds(60)));
            for (const std::string& form :
                 {"key == \"" + keys->key + "\"", "key in (\"x\", \"" + keys->key + "\")"}) {
                const Found found = find(request_for("raw_events", form), parts);
                QVERIFY2(found.hits->places.size() >= 4, form.c_str());
                QVERIFY(found.coverage.assumed.empty() && found.coverage.complete());
                const bool as_tokens = policy->tokens() != nullptr;
                QCOMPARE(found.remarks,
                         std::vector<std::string>{
                             as_tokens ? "key is shown as tokens here; only these can be found"
                                       : "key is masked here; its values cannot be found"});
            }
        }
    }

    void an_ordinary_key_reads_its_partition_under_a_mask_too() {
        const EmbeddedGround ground({{"raw_events", 8}});
        std::vector<GroundRecord> records;
        for (int i = 0; i < 400; ++i)
            records.push_back({.key = "session-" + std::to_string(i % 100),
                               .value = page_view(i),
                               .partition = -1});
        ground.write("raw_events", records);
        const Found found = find(request_for("raw_events", "key == \"session-77\""),
                                 parts_for(ground.cluster, masking()));
        QCOMPARE(found.hits->places.size(), std::size_t{4});
        QCOMPARE(found.plan.partitions, std::size_t{1});
        QCOMPARE(found.coverage.assumed, std::string("murmur2"));
    }
};

QTEST_GUILESS_MAIN(TestSearchSure)
#include "tst_search_sure.moc"
