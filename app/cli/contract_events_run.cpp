// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/contract_events_run.h"

#include <array>
#include <memory>

#include "app/cli/event_output.h"
#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "app/cli/truth_output.h"
#include "models/event/json/json_tape.h"
#include "models/synth/samples/contract_samples.h"

namespace weir::cli {

namespace {

using synth::ContractSample;

const std::vector<HeaderView> headers = {{"content-type", "application/json"}};

Result<std::shared_ptr<const ContractSet>> contracts_of(const Arguments& arguments) {
    const std::string where = arguments.value("from-contracts");
    return where == "demo" ? ContractSet::built_in() : ContractSet::load(where);
}

void begin_or_append(std::string_view name, std::string_view text, std::string& out) {
    out += out.empty() ? "{\"" : ",\"";
    out.append(name).append("\":");
    append_json_string(text, out);
}

/// A line of a truth; nothing for an event without an id, which cannot be looked for.
std::string truth_line(const Contract& contract, const ContractSample& sample) {
    std::string line;
    if (sample.id.empty())
        return line;
    begin_or_append("event", sample.id, line);
    begin_or_append("type", contract.type, line);
    begin_or_append("fate", sample.refused ? "invalid" : "warehouse", line);
    if (sample.refused) {
        begin_or_append("reason", to_word(sample.reason), line);
        begin_or_append("pointer", sample.pointer, line);
    }
    begin_or_append("sample", to_word(sample.kind), line);
    begin_or_append("keyword", sample.keyword, line);
    line += ",\"schema_version\":" + std::to_string(contract.version) + "}\n";
    return line;
}

class ContractEvents {
  public:
    ContractEvents(const Arguments& arguments, std::shared_ptr<const ContractSet> contracts,
                   std::uint64_t seed, EventOutput& to, Console& console)
        : m_contracts(std::move(contracts))
        , m_sampler(m_contracts, seed)
        , m_to(to)
        , m_truth(arguments, console)
        , m_console(console) {}

    Result<void> run() {
        auto done = m_truth.write("{\"weir_truth\":1,\"scenario\":\"from-contracts\"}\n");
        for (const auto& contract : m_contracts->contracts()) {
            if (!done || interrupted())
                break;
            done = one(*contract);
        }
        if (done)
            done = m_to.finish();
        if (done)
            done =
                m_truth.write("{\"end\":\"" + std::string(interrupted() ? "interrupted" : "whole") +
                              "\",\"events\":" + std::to_string(m_lines) + "}\n");
        return done ? m_truth.finish() : done;
    }

    std::string json() const {
        return "{\"valid\":" + std::to_string(m_counts[0]) +
               ",\"boundary\":" + std::to_string(m_counts[1]) +
               ",\"invalid\":" + std::to_string(m_counts[2]) +
               ",\"not_made\":" + std::to_string(m_not_made) + "}\n";
    }
    std::string text() const {
        return grouped(m_counts[0]) + " valid, " + grouped(m_counts[1]) + " boundary and " +
               grouped(m_counts[2]) + " invalid events of " +
               grouped(m_contracts->contracts().size()) + " contracts";
    }

  private:
    Result<void> one(const Contract& contract) {
        const synth::ContractSamples made = m_sampler.samples_of(contract, Micros::now());
        for (const ContractSample& sample : made.samples) {
            ++m_counts[static_cast<std::size_t>(sample.kind)];
            auto done = m_to.write({sample.session, sample.payload, &headers});
            const std::string line = truth_line(contract, sample);
            m_lines += line.empty() ? 0 : 1;
            if (done)
                done = m_truth.write(line);
            if (!done)
                return done;
        }
        m_not_made += made.not_made.size();
        for (const std::string& what : made.not_made)
            m_console.note("weir: " + contract.type + "/" + std::to_string(contract.version) +
                           ": could not make " + what);
        return {};
    }

    const std::shared_ptr<const ContractSet> m_contracts;
    synth::ContractSampler m_sampler;
    EventOutput& m_to;
    TruthOutput m_truth;
    Console& m_console;
    std::array<std::uint64_t, 3> m_counts{}; // by kind
    std::uint64_t m_lines = 0;               // of the truth
    std::uint64_t m_not_made = 0;
};

} // namespace

int run_contract_events(const Arguments& arguments, Console& console) {
    for (const char* name : {"count", "rate", "for", "malformed", "scenario", "records"})
        if (arguments.has(name))
            return console.fail(
                usage_error(std::string("--") + name + " does not go with --from-contracts"));
    const auto seed = arguments.integer("seed", 1, 0, INT64_MAX);
    if (!seed)
        return console.fail(seed.error());
    const auto contracts = contracts_of(arguments);
    if (!contracts)
        return console.fail(contracts.error());
    for (const Error& problem : (*contracts)->problems())
        console.say("weir: " + problem.text());
    auto output = event_output_of(arguments, console);
    if (!output)
        return console.fail(output.error());
    catch_interrupts();
    ContractEvents events(arguments, *contracts, static_cast<std::uint64_t>(*seed), **output,
                          console);
    if (const auto done = events.run(); !done)
        return console.fail(done.error());
    if (arguments.has("json"))
        console.out(events.json());
    console.note("weir: " + events.text());
    return exit_fine;
}

} // namespace weir::cli
