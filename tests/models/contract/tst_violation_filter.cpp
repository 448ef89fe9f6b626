// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Violations in the filter language: what broke its contract is found by why it did, also where
// what is shown of it is masked.
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

#include "models/contract/contract_disclosure.h"
#include "models/contract/contract_violation_finder.h"
#include "models/event/disclosure/disclosed_input.h"

using namespace weir;

namespace {

std::shared_ptr<const ContractSet> orders() {
    static const auto set = [] {
        const QTemporaryDir folder;
        std::ofstream(folder.filePath(QStringLiteral("order.json")).toStdString()) << R"({
            "weir_contract": 1, "type": "order", "version": 1, "owner": "shop", "schema": {
                "required": ["price", "mail"], "properties": {"event_type": {},
                    "price": {"type": "number", "minimum": 0},
                    "mail": {"type": "string", "format": "email", "pii": "email"}}}})";
        return *ContractSet::load(folder.path().toStdString());
    }();
    return set;
}

/// Whether the one event of a record's value matches, under a policy.
class Topic {
  public:
    explicit Topic(std::shared_ptr<const DisclosurePolicy> policy = DisclosurePolicy::none())
        : m_policy(std::move(policy)) {
        ContractsSpec spec;
        spec.folder = "here";
        m_finder = contract_violation_finder(std::make_unique<EventChecker>(
            orders(), std::move(spec), m_vocabulary, DialectSet::built_in()));
    }

    bool matches(const std::string& text, const std::string& value) {
        const auto filter = Filter::parse(text, Micros::now());
        if (!filter)
            throw std::runtime_error(filter.error().text());
        RecordBatchBuilder builder;
        RecordBatchBuilder::Fields fields;
        fields.topic = "orders";
        fields.value_null = false;
        fields.value = value;
        builder.add(std::move(fields));
        SightingBatch batch;
        m_decoder->decode(builder.take(), batch);
        FilterInput input;
        input.topic = "orders";
        input.value = batch.body(batch.sightings[0]);
        input.sighting = &batch.sightings[0];
        input.as_read = input.value;
        input.violations = m_finder.get();
        return DisclosedFilter(*filter, m_vocabulary, m_policy).matches(input, value);
    }

  private:
    std::shared_ptr<Vocabulary> m_vocabulary = Vocabulary::create({"type", "schema_version"});
    std::unique_ptr<Decoder> m_decoder = Decoder::create(DialectSet::built_in(), m_vocabulary, {});
    std::shared_ptr<const DisclosurePolicy> m_policy;
    std::unique_ptr<ViolationFinder> m_finder;
};

const std::string good =
    R"({"event_id":"a","event_type":"order","schema_version":1,"price":1,"mail":"jo@example.org"})";
const std::string poor = R"({"event_id":"b","event_type":"order","schema_version":1,"price":-1})";

} // namespace

class TestViolationFilter : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_reason_is_a_value_of_the_field() {
        Topic topic;
        QVERIFY(topic.matches("violation exists", poor));
        QVERIFY(topic.matches("violation == \"missing_required\"", poor));
        QVERIFY(topic.matches("violation == out_of_range and violation != out_of_range", poor));
        QVERIFY(topic.matches("violation in (format, out_of_range)", poor));
        QVERIFY(topic.matches("violation startsWith missing and type == order", poor));
        QVERIFY(topic.matches("not violation == format", poor));
        QVERIFY(!topic.matches("violation in (format, pattern) or violation == null", poor));
        QVERIFY(!topic.matches("violation exists", good));
        QVERIFY(topic.matches("not violation exists and price == 1", good));
        QVERIFY(!topic.matches("violation != format", good)); // there is none that is another
        QVERIFY(topic.matches("violation == unknown_type", R"({"event_id":"c","event_type":"x"})"));
    }

    void what_passed_is_told_from_what_was_refused() {
        Topic topic;
        const std::string letter =
            R"({"reason":"wrong_type","stage":"collect","pointer":"/price","message":"no",)"
            R"("original":)" +
            poor + "}";
        QVERIFY(topic.matches("violation == wrong_type and outcome == failed", letter));
        QVERIFY(!topic.matches("violation == missing_required", letter)); // it says so itself
        QVERIFY(topic.matches("violation exists and outcome == seen", poor));
        QVERIFY(!topic.matches("violation exists and outcome == seen", letter));
    }

    void an_event_is_judged_by_what_was_sent_not_by_what_is_shown() {
        const auto masked = contract_disclosure(orders(), DialectSet::built_in(), {});
        Topic topic(masked);
        QVERIFY(!topic.matches("jo@example.org", good));
        QVERIFY(!topic.matches("violation exists", good)); // dots are no address
        QVERIFY(topic.matches("violation == out_of_range", poor));
    }

    void without_contracts_nothing_is_known() {
        const auto vocabulary = Vocabulary::create({"type"});
        const auto filter = Filter::parse("violation exists", Micros::now());
        QVERIFY((*filter)->asks_for_violations());
        QVERIFY(!(*Filter::parse("violation", Micros::now()))->asks_for_violations()); // a word
        FilterInput input;
        input.value = poor;
        QVERIFY(!FilterEvaluator::create(*filter, vocabulary)->matches(input));
    }

    void a_rule_cannot_ask_for_what_it_finds() {
        const QTemporaryDir folder;
        std::ofstream(folder.filePath(QStringLiteral("c.json")).toStdString())
            << R"({"weir_contract":1,"type":"t","version":1,"owner":"o","schema":{},)"
               R"("rules":[{"name":"r","must":"not violation exists"}]})";
        const auto set = ContractSet::load(folder.path().toStdString());
        QVERIFY((*set)->contracts().empty());
        QCOMPARE((*set)->problems().size(), 1U);
        QVERIFY((*set)->problems()[0].what.find("cannot ask") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestViolationFilter)
#include "tst_violation_filter.moc"
