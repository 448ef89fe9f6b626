// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What of a filter's fields is masked in the events that are looked into.
#include <QtTest>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/search/path_census.h"

using namespace weir;

namespace {

using Fields = std::vector<std::string>;

const std::string jane = "jane@example.com";

/// The census of a filter after an event of Jane's; null: nothing is asked.
std::shared_ptr<PathCensus> taken(const std::string& expression,
                                  const std::shared_ptr<const DisclosurePolicy>& policy =
                                      DisclosurePolicy::built_in_detectors()) {
    const auto filter = Filter::parse(expression, Micros(0)).value();
    const auto census = PathCensus::of(*filter, *Vocabulary::create({}), *policy);
    if (census == nullptr)
        return nullptr;
    const std::string value = R"({"event_id":"e-1","properties":{"email":")" + jane +
                              R"(","price":12,"items":[{"sku":"A-1"}]}})";
    const std::vector<HeaderView> headers{{"who", jane, false}, {"app", "shop", false}};
    FilterInput raw;
    raw.key_null = false;
    raw.key = jane;
    raw.value = value;
    raw.headers = headers.data();
    raw.header_count = headers.size();
    Discloser discloser(policy);
    const DisclosedRecord shown =
        discloser.disclose(false, raw.key, false, raw.value, raw.headers, raw.header_count);
    census->take(raw, disclosed_input(raw, shown));
    return census;
}

Fields masked(const std::string& expression, const std::shared_ptr<const DisclosurePolicy>& policy =
                                                 DisclosurePolicy::built_in_detectors()) {
    const auto census = taken(expression, policy);
    return census == nullptr ? Fields{"nothing is asked"} : census->masked();
}

} // namespace

class TestPathCensus : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_is_masked_and_asked_for_by_its_value_is_told() {
        QCOMPARE(masked("properties.email == \"x@y.example\""), Fields{"properties.email"});
        QCOMPARE(masked("properties.email contains \"jane\" or properties.email == \"x\""),
                 Fields{"properties.email"});
        QCOMPARE(
            masked("key == \"x\" and header[\"who\"] == \"x\" and header[\"app\"] == \"shop\""),
            (Fields{"key", "header[\"who\"]"}));
    }
    void what_is_shown_is_not() {
        QCOMPARE(masked("properties.price > 1 and properties.items[*].sku == \"x\""), Fields{});
        QCOMPARE(masked("properties.email exists"), Fields{});
        QCOMPARE(masked("properties.email == \"x\"", DisclosurePolicy::none()), Fields{});
        QCOMPARE(masked("key == \"x\"", DisclosurePolicy::none()), Fields{"nothing is asked"});
    }
    void a_text_is_not_looked_for_in_what_is_masked_whatever_that_holds() {
        for (const char* text : {"jane", "A-1", "nobody", "price > 1 and \"nobody\""})
            QVERIFY2(taken(text, DisclosurePolicy::built_in_detectors())->hides_text(), text);
        QVERIFY(!taken("key == \"x\"", DisclosurePolicy::built_in_detectors())->hides_text());
        QVERIFY(taken("jane", DisclosurePolicy::none()) == nullptr);
    }
};

QTEST_GUILESS_MAIN(TestPathCensus)
#include "tst_path_census.moc"
