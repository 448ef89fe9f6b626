// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir generate: synthetic events, the same from the same seed, to stdout, to a file, or into a
// topic of a sandbox; alone, or as a scenario has them, with the truth about them.
#include <array>
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/contract_events_run.h"
#include "app/cli/event_output.h"
#include "app/cli/fit_run.h"
#include "app/cli/interrupt.h"
#include "app/cli/scenario_run.h"
#include "app/cli/target.h"
#include "models/event/json/json_tape.h"
#include "models/synth/generator.h"
#include "models/synth/pacer.h"

namespace weir::cli {

namespace {

struct GeneratePlan {
    synth::Options options;
    std::uint64_t seed = 1;
    std::uint64_t events = 0; // 0: no limit
    double rate = 0;          // 0: as fast as it goes
    std::int64_t for_us = 0;  // 0: no limit
};

Result<GeneratePlan> generate_plan(const Arguments& arguments) {
    GeneratePlan plan;
    const auto seed = arguments.integer("seed", 1, 0, INT64_MAX);
    const auto count = arguments.integer("count", 0, 1, INT64_MAX);
    const auto rate = arguments.number("rate", 0, 0.001, 1e7);
    const auto malformed = arguments.number("malformed", 0.01, 0, 1);
    const auto limit = duration_of(arguments, "for", Micros(0));
    if (!seed)
        return seed.error();
    if (!count)
        return count.error();
    if (!rate)
        return rate.error();
    if (!malformed)
        return malformed.error();
    if (!limit)
        return limit.error();
    plan.seed = static_cast<std::uint64_t>(*seed);
    plan.events = static_cast<std::uint64_t>(*count);
    plan.rate = *rate;
    plan.for_us = limit->value();
    plan.options.malformed_share = *malformed;
    if (plan.for_us > 0 && plan.rate == 0 && plan.events == 0)
        return usage_error("--for needs --rate", "Or say how many: --count N.");
    if (plan.events == 0 && plan.for_us == 0 && plan.rate == 0)
        plan.events = 1000;
    return plan;
}

struct Planted {
    std::uint64_t events = 0;
    std::array<std::uint64_t, synth::fault_count> faults{};
};

Result<void> generate(const GeneratePlan& plan, EventOutput& to, Console& console,
                      Planted& planted) {
    using synth::Pacer;
    synth::Generator generator(plan.seed, plan.options);
    const Pacer::Time begun = Pacer::now();
    Pacer pacer(plan.rate > 0 ? plan.rate : 1, begun);
    synth::Event event;
    while (!interrupted() && (plan.events == 0 || planted.events < plan.events)) {
        const Pacer::Time now = Pacer::now();
        if (plan.for_us > 0 && now - begun >= std::chrono::microseconds(plan.for_us))
            break;
        std::uint64_t due = plan.rate > 0 ? pacer.due(now) : 1000;
        if (plan.events != 0)
            due = std::min(due, plan.events - planted.events);
        for (; due > 0; --due) {
            // At a rate events happen now; without one they happen on the generator's own clock,
            // so that a file is the same whenever it is made.
            if (plan.rate > 0)
                generator.next(event, Micros::now());
            else
                generator.next(event);
            auto written = to.write({event.key, event.value, event.headers});
            if (!written)
                return written;
            ++planted.events;
            ++planted.faults[static_cast<std::size_t>(event.fault)];
        }
        if (plan.rate > 0) {
            auto idle = to.idle();
            if (!idle)
                return idle;
            console.progress(grouped(planted.events) + " events");
            std::this_thread::sleep_for(
                std::min<Pacer::Time>(pacer.wait(Pacer::now()), std::chrono::milliseconds(100)));
        }
    }
    console.progress({});
    return to.finish();
}

std::string planted_text(const Planted& planted) {
    std::string text = grouped(planted.events) + " events";
    for (std::size_t i = 1; i < planted.faults.size(); ++i)
        if (planted.faults[i] > 0)
            text += ", " + grouped(planted.faults[i]) + " " +
                    std::string(synth::to_word(static_cast<synth::Fault>(i)));
    return text;
}

std::string planted_json(const Planted& planted) {
    std::string text = "{\"events\":" + std::to_string(planted.events) + ",\"faults\":{";
    bool first = true;
    for (std::size_t i = 1; i < planted.faults.size(); ++i) {
        text += first ? "" : ",";
        first = false;
        append_json_string(synth::to_word(static_cast<synth::Fault>(i)), text);
        text += ":" + std::to_string(planted.faults[i]);
    }
    return text + "}}\n";
}

int run_generate(const Arguments& arguments, Console& console) {
    if (arguments.has("fit"))
        return run_fit(arguments, console);
    const bool to_stdout = !arguments.has("topic") && !arguments.has("collect") &&
                           arguments.value("output", "-") == "-";
    if (arguments.has("json") && to_stdout)
        return console.fail(usage_error("--json would mix with the events on stdout",
                                        "Add --output FILE or --topic TOPIC."));
    if (arguments.has("from-contracts"))
        return run_contract_events(arguments, console);
    if (arguments.has("scenario"))
        return run_scenario(arguments, console);
    for (const char* name : {"truth", "records"})
        if (arguments.has(name))
            return console.fail(usage_error(std::string("--") + name + " goes with a scenario",
                                            "Add --scenario FILE."));
    const auto plan = generate_plan(arguments);
    if (!plan)
        return console.fail(plan.error());
    auto destination = event_output_of(arguments, console);
    if (!destination)
        return console.fail(destination.error());
    catch_interrupts(); // until here there is nothing to put in order
    Planted planted;
    const auto done = generate(*plan, **destination, console, planted);
    if (!done)
        return console.fail(done.error());
    if (arguments.has("json"))
        console.out(planted_json(planted));
    const bool cut = planted.events < plan->events; // without a number, an interrupt is its end
    console.note("weir: " + planted_text(planted) +
                 (cut && interrupted() ? "; interrupted, of " + grouped(plan->events) : ""));
    return cut && interrupted() ? interrupt_code() : static_cast<int>(exit_fine);
}

} // namespace

Command generate_command() {
    return {
        "generate",
        "[--count N] [--rate N] [--output FILE | --bootstrap HOST:PORT --topic T]",
        "Make synthetic events: sessions of a shop, some of them malformed",
        "One event a line. The same seed gives the same bytes, unless --rate makes them happen\n"
        "now. A topic is written only in a cluster that is marked as a sandbox (weir sandbox\n"
        "--init) and that was never observed as production or staging.\n"
        "A scenario (a file, or one of those that come with Weir: see resources/scenarios) says\n"
        "who visits and what goes wrong when; --truth writes what should become of every event,\n"
        "for weir truth to check. Without --rate it runs on its own clock, as fast as it goes.\n"
        "With --collect events go through a collector within this command, as over HTTP: judged\n"
        "by the demo shop's contracts, into raw_events or invalid_events of a sandbox.\n"
        "--from-contracts makes, of each contract, valid events, events at the bounds it states,\n"
        "and for each of its keywords an event that violates just that.\n"
        "--fit reads events, a line each, and writes a scenario of their rate, rhythm and mix, as\n"
        "sums without what is rare; of a topic: weir tail -t T -f '%s\\n' | weir generate --fit -",
        0,
        join({{{"count", "N", "so many events; default 1000 without --rate", 'n'},
               {"rate", "N", "events a second, now; default: as fast as it goes", 'r'},
               {"for", "DURATION", "stop after that time"},
               {"scenario", "FILE", "play a scenario: a file, or the name of a built-in one"},
               {"from-contracts", "DIR",
                "events of the contracts in a folder; \"demo\": the shop's"},
               {"fit", "FILE", "write a scenario that looks like the events of a file; - is stdin"},
               {"truth", "FILE", "write what should become of these events"},
               {"records", "ADDRESS",
                "write the scenario's orders and users to a sandbox's database"},
               {"records-password", "REF", "where its password is: env:NAME, keychain:…, file:…"},
               {"seed", "N", "default 1", 's'},
               {"malformed", "SHARE", "of all events, e.g. 2% or 0.02; default 1%"},
               {"output", "FILE", "into a file; - is stdout", 'o'},
               {"with-key", nullptr, "the key and a tab before each event (kcat -K '\\t')"},
               {"partitions", "N", "of a topic that is not there yet; default 6"},
               {"workspace", "FILE", "the workspace (*.weir.json) to work in", 'w'},
               {"connection", "NAME", "which of the workspace's connections", 'c'},
               {"bootstrap", "HOST:PORT", "brokers of the sandbox", 'b'},
               {"property", "NAME=VALUE", "a librdkafka property, as kcat's -X", 'X', true},
               {"topic", "TOPIC", "the topic to write to", 't'},
               {"collect", nullptr, "through a collector into raw_events and invalid_events"},
               {"timeout", "DURATION", "how long a broker may take to answer; default 10s"},
               {"json", nullptr, "what was planted, as JSON", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_generate};
}

} // namespace weir::cli
