// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "models/contract/contract_checker.h"
#include "models/synth/samples/contract_samples.h"
#include "models/synth/samples/pattern_sample.h"
#include "models/synth/samples/schema_sampler.h"
#include "tests/support/collector_world.h"

using namespace weir;
using namespace weir::synth;
using Kind = ContractSample::Kind;

namespace {

const Micros now(1'772'323'200'000'000LL); // 2026-03-01

/// A contract of events that are not native: the schema alone is judged.
std::shared_ptr<const ContractSet> contract_of(const QTemporaryDir& folder,
                                               const std::string& schema) {
    QFile file(folder.filePath(QStringLiteral("thing.json")));
    const std::string text =
        R"({"weir_contract": 1, "type": "thing", "version": 1, "owner": "us",
            "description": "d", "schema": )" +
        schema + "}";
    if (!file.open(QIODevice::WriteOnly) || file.write(text.c_str()) < 0)
        qFatal("the contract cannot be written");
    file.close();
    auto set = ContractSet::load(folder.path().toStdString());
    if (!set || (*set)->contracts().empty())
        qFatal("%s", set ? (*set)->problems().at(0).text().c_str() : set.error().text().c_str());
    return *set;
}

std::string lines_of(const ContractSamples& made, Kind kind) {
    std::string lines;
    for (const ContractSample& sample : made.samples)
        if (sample.kind == kind)
            lines += sample.keyword + " " + sample.payload + "\n";
    return lines;
}

} // namespace

class TestContractSamples : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_compiled_contract_says_of_each_event_what_is_claimed() {
        const auto contracts = ContractSet::built_in();
        ContractSampler sampler(contracts, 1);
        ContractChecker checker(contracts, {});
        std::map<Kind, int> kinds;
        std::set<std::string> keywords;
        std::set<std::string> ids;
        int not_made = 0;
        for (const auto& contract : contracts->contracts()) {
            const ContractSamples made = sampler.samples_of(*contract, now);
            QVERIFY(made.samples.size() > 50);
            not_made += static_cast<int>(made.not_made.size());
            for (const ContractSample& sample : made.samples) {
                const Judgement& judgement = checker.check(sample.payload, now);
                QVERIFY2(judgement.contract == contract.get(), sample.payload.c_str());
                std::vector<Violation> found = judgement.violations;
                std::erase_if(found, [](const Violation& v) {
                    return v.reason == ViolationReason::DeprecatedVersion;
                });
                QVERIFY2(judgement.blocked() == sample.refused, sample.payload.c_str());
                QVERIFY2(ids.insert(sample.id).second, sample.payload.c_str());
                ++kinds[sample.kind];
                if (sample.kind != Kind::Invalid)
                    continue;
                keywords.insert(sample.keyword);
                QVERIFY2(!found.empty(), sample.payload.c_str());
                for (const Violation& one : found) {
                    if (one.reason == ViolationReason::Rule && &one != &found.front())
                        continue; // a rule across fields looks at the same value
                    QVERIFY2(one.reason == sample.reason, sample.payload.c_str());
                    QCOMPARE(one.pointer, sample.pointer);
                }
                const bool stands_there =
                    std::any_of(found.begin(), found.end(), [&](const Violation& v) { // "…/minimum"
                        return v.rule.substr(v.rule.rfind('/') + 1) == sample.keyword;
                    });
                QVERIFY2(stands_there || sample.keyword == "anyOf",
                         (sample.keyword + ": " + found[0].rule).c_str());
            }
        }
        QVERIFY(kinds[Kind::Valid] == 2 * static_cast<int>(contracts->contracts().size()));
        QVERIFY(kinds[Kind::Boundary] > 50);
        QCOMPARE(not_made, 0);
        for (const char* keyword :
             {"type", "required", "additionalProperties", "enum", "const", "pattern", "format",
              "minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"})
            QVERIFY2(keywords.count(keyword) == 1, keyword);
    }

    void the_collector_does_with_each_event_what_is_claimed() {
        const auto contracts = ContractSet::built_in();
        test::World world({}, [shelf = std::make_shared<sandbox::ContractShelf>(contracts)] {
            return std::make_unique<sandbox::ContractJudge>(shelf,
                                                            sandbox::WithoutContract::Refuse);
        });
        ContractSampler sampler(contracts, 1);
        for (const ContractSample& sample :
             sampler.samples_of(*contracts->latest("purchase"), now).samples) {
            world.outlet.written.clear();
            world.ask(test::post("/events", sample.payload));
            QCOMPARE(world.outlet.written.size(), std::size_t(1));
            const test::FakeOutlet::Record& record = world.outlet.written.front();
            QCOMPARE(record.topic == sandbox::Topic::Invalid, sample.refused);
            if (!sample.refused)
                continue;
            const auto letter = nlohmann::json::parse(record.value);
            QCOMPARE(letter["reason"].get<std::string>(),
                     std::string(weir::to_word(sample.reason)));
            QCOMPARE(letter["pointer"].get<std::string>(), sample.pointer);
        }
    }

    void every_keyword_of_a_small_contract() {
        const QTemporaryDir folder;
        const auto contracts = contract_of(
            folder, R"({"type": "object", "required": ["n", "list"], "additionalProperties": false,
                        "dependencies": {"n": ["word"]},
                        "properties": {
                          "n": {"type": "integer", "minimum": 3, "exclusiveMaximum": 9},
                          "word": {"type": "string", "minLength": 2, "maxLength": 4},
                          "list": {"type": "array", "minItems": 2, "maxItems": 3,
                                   "items": {"enum": ["a", "b", "c", "d"]}},
                          "set": {"type": "array", "uniqueItems": true},
                          "other": {"not": {"type": "null"}}}})");
        ContractSampler sampler(contracts, 1);
        const ContractSamples made = sampler.samples_of(*contracts->contracts().front(), now);
        std::set<std::string> invalid;
        for (const ContractSample& sample : made.samples)
            if (sample.kind == Kind::Invalid)
                invalid.insert(sample.keyword + " " + sample.pointer);
        const std::set<std::string> expected = {"additionalProperties /unexpected_member",
                                                "dependencies /word",
                                                "enum /list/0",
                                                "maxItems /list",
                                                "maxLength /word",
                                                "maximum /n",
                                                "minItems /list",
                                                "minLength /word",
                                                "minimum /n",
                                                "not /other",
                                                "required /list",
                                                "required /n",
                                                "type ",
                                                "type /list",
                                                "type /n",
                                                "type /word",
                                                "uniqueItems /set/1"};
        for (const std::string& one : expected)
            QVERIFY2(invalid.count(one) == 1, one.c_str());
        const std::string edges = lines_of(made, Kind::Boundary);
        QVERIFY2(edges.find("minimum {\"n\":3,") != std::string::npos, edges.c_str());
        QVERIFY2(edges.find("maximum {\"n\":8,") != std::string::npos, edges.c_str());
    }

    void what_cannot_be_made_is_told() {
        const QTemporaryDir folder;
        const auto impossible = contract_of(folder, R"({"type": "object", "required": ["n"],
                        "properties": {"n": {"type": "integer", "minimum": 5, "maximum": 4}}})");
        ContractSampler sampler(impossible, 1);
        const ContractSamples made = sampler.samples_of(*impossible->contracts().front(), now);
        QVERIFY(made.samples.empty());
        QCOMPARE(made.not_made.size(), std::size_t(2));
        QCOMPARE(made.not_made.front(), std::string("a valid event with all members"));
    }

    void the_same_seed_makes_the_same_events() {
        const auto contracts = ContractSet::built_in();
        const auto all = [&](std::uint64_t seed) {
            ContractSampler sampler(contracts, seed);
            std::string bytes;
            for (const ContractSample& s :
                 sampler.samples_of(*contracts->latest("purchase"), now).samples)
                bytes += s.payload;
            return bytes;
        };
        QVERIFY(all(1) == all(1));
        QVERIFY(all(1) != all(2));
    }

    void a_pattern_finds_its_sample_data() {
        QTest::addColumn<QString>("pattern");
        for (const char* pattern :
             {"^[0-9a-f]{16}$", "^u-[0-9]{7,}$", "^[a-z]{2}-[A-Z]{2}$", "^(a|b)+c?$", "^/",
              "^SKU-[0-9]{5,}$", "x{0,3}y", "[^/]+", "^\\d{4}-\\d{2}$", "^(?:ab){2}\\.$", ""})
            QTest::newRow(pattern) << QString::fromUtf8(pattern);
    }
    void a_pattern_finds_its_sample() {
        QFETCH(QString, pattern);
        const auto compiled = schema::EcmaPattern::compile(pattern.toStdString());
        QVERIFY(compiled.ok());
        for (const std::size_t more : {0, 1, 7}) {
            const auto sample = pattern_sample(pattern.toStdString(), more);
            QVERIFY(sample.has_value());
            QVERIFY2((*compiled)->found_in(*sample), sample->c_str());
        }
        QVERIFY(!pattern_sample("(?=a)b", 0));
        QVERIFY(!pattern_sample("(", 0));
    }

    void numbers_are_moved_digit_by_digit() {
        QCOMPARE(moved_by("0", "0.01", 1), std::string("0.01"));
        QCOMPARE(moved_by("1000000", "0.01", -1), std::string("999999.99"));
        QCOMPARE(moved_by("-0.5", "1", 1), std::string("0.5"));
        QCOMPARE(moved_by("9007199254740993", "1", 1), std::string("9007199254740994"));
        QCOMPARE(moved_by("1e5", "1", 1), std::string());
    }
};

QTEST_GUILESS_MAIN(TestContractSamples)
#include "tst_contract_samples.moc"
