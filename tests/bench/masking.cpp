// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What masking costs: a page of 50 rows, and 100,000 events written as NDJSON, each plain, under
// the detectors, under the demo shop's contracts with the detectors behind them, and as tokens.
// Usage: masking [POLICY], e.g. for a profile of one alone.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "models/contract/contract_disclosure.h"
#include "models/event/disclosure/field_finder.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/event/json/json_tape.h"
#include "models/synth/generator.h"

namespace {

struct Row {
    std::string key, value, type, version;
};
using Policy = std::shared_ptr<const weir::DisclosurePolicy>;

/// What is agreed about each row's event, as the decoder's findings lead to it.
std::vector<weir::EventFields> fields_of(const std::vector<Row>& rows, const Policy& policy) {
    std::vector<weir::EventFields> fields;
    for (const Row& row : rows)
        fields.push_back(policy->fields_of("native", row.type, weir::version_of(row.version)));
    return fields;
}

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
        .count();
}

/// As `weir search --json` writes them. Returns the milliseconds it took.
double export_rows(const std::vector<Row>& rows, const std::vector<weir::EventFields>& fields,
                   const Policy& policy, std::FILE* out) {
    weir::Discloser discloser(policy, weir::MaskedParts::Counted);
    std::string line;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        const auto shown =
            discloser.disclose(false, row.key, false, row.value, nullptr, 0, {}, {&fields[i], 1});
        line = R"({"topic":"raw_events","partition":0,"offset":)" + std::to_string(i) + ",\"key\":";
        weir::append_json_string(shown.key(), line);
        line += ",\"value\":";
        weir::append_json_string(shown.value(), line);
        line += ",\"headers\":[]}\n";
        std::fwrite(line.data(), 1, line.size(), out);
    }
    return milliseconds_since(begin);
}

/// Of a page that nobody has looked at yet.
double page_ms(const std::vector<Row>& rows, const std::vector<weir::EventFields>& fields,
               const Policy& policy) {
    constexpr std::size_t page = 50;
    weir::Discloser discloser(policy, weir::MaskedParts::Counted);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < page; ++i)
        (void)discloser.disclose(false, rows[i].key, false, rows[i].value, nullptr, 0, {},
                                 {&fields[i], 1});
    return milliseconds_since(begin);
}

} // namespace

int main(int argc, char** argv) {
    constexpr std::size_t count = 100'000;
    weir::synth::Generator generator(1);
    weir::synth::Event event;
    std::vector<Row> rows;
    weir::JsonTape tape;
    for (std::size_t i = 0; i < count; ++i) {
        generator.next(event);
        const auto version = tape.parse(event.value) ? tape.at("/schema_version") : std::nullopt;
        rows.push_back({std::string(event.key), std::string(event.value), std::string(event.type),
                        version ? std::string(tape.raw(*version)) : std::string()});
    }
    std::FILE* out = std::fopen("/dev/null", "w");
    if (out == nullptr)
        return 1;
    const Policy contracts =
        weir::contract_disclosure(weir::ContractSet::built_in(), weir::DialectSet::built_in(), {});
    const auto tokeniser = weir::Tokeniser::create("a key for measuring only");
    const std::pair<const char*, Policy> policies[] = {
        {"plain", weir::DisclosurePolicy::none()},
        {"detectors", weir::DisclosurePolicy::built_in_detectors()},
        {"contracts", contracts},
        {"tokens", weir::DisclosurePolicy::tokenised(contracts, *tokeniser)}};
    double best[std::size(policies)];
    std::fill(std::begin(best), std::end(best), 1e9);
    std::vector<std::vector<weir::EventFields>> fields;
    for (const auto& [name, policy] : policies)
        fields.push_back(fields_of(rows, policy));
    for (int round = 0; round < 5; ++round)
        for (std::size_t i = 0; i < std::size(policies); ++i)
            if (argc < 2 || argv[1] == std::string_view(policies[i].first))
                best[i] = std::min(best[i], export_rows(rows, fields[i], policies[i].second, out));
    for (std::size_t i = 0; i < std::size(policies); ++i)
        std::printf("%-10s a page of 50 rows, cold: %.3f ms; %zu events exported: %.1f ms, %.2f us "
                    "an event more, %.2f of the plain rate\n",
                    policies[i].first, page_ms(rows, fields[i], policies[i].second), count, best[i],
                    (best[i] - best[0]) * 1000.0 / count, best[0] / best[i]);
    std::fclose(out);
    return 0;
}
