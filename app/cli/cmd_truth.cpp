// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir truth: a warehouse held against what weir generate --truth says should be in it.
#include <chrono>
#include <thread>

#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/target.h"
#include "connectors/warehouse/warehouse.h"
#include "models/event/json/json_tape.h"
#include "models/synth/truth_check.h"

namespace weir::cli {

namespace {

constexpr const char* parts[] = {"events", "orders", "users", "attribution"};

Result<synth::TruthCheckOptions> check_options(const Arguments& arguments) {
    synth::TruthCheckOptions options;
    const auto named = arguments.integer("show", 20, 0, 1'000'000);
    const auto timeout = duration_of(arguments, "timeout", Micros(600'000'000));
    if (!named)
        return named.error();
    if (!timeout)
        return timeout.error();
    options.named_max = static_cast<std::size_t>(*named);
    options.timeout = std::chrono::milliseconds(timeout->ms());
    options.cancelled = interrupted;
    if (!arguments.has("only"))
        return options;
    options.events = options.orders = options.users = options.attribution = false;
    for (const std::string& part : arguments.values("only")) {
        if (part == parts[0])
            options.events = true;
        else if (part == parts[1])
            options.orders = true;
        else if (part == parts[2])
            options.users = true;
        else if (part == parts[3])
            options.attribution = true;
        else
            return usage_error("--only is events, orders, users or attribution, not \"" + part +
                               "\"");
    }
    return options;
}

Result<std::shared_ptr<warehouse::Warehouse>> warehouse_of(const Arguments& arguments) {
    if (!arguments.has("warehouse"))
        return usage_error("it is not said which warehouse",
                           "Add --warehouse sqlite:FILE or postgresql://….");
    warehouse::ConnectionOptions connection;
    connection.name = "warehouse";
    connection.address = arguments.value("warehouse");
    connection.password.text = arguments.value("warehouse-password");
    connection.environment_assumed = true;
    return warehouse::Warehouse::open(connection, command_line_secrets(arguments, connection.name));
}

void append_member(std::string_view name, std::string_view text, std::string& out) {
    out.append(",\"").append(name).append("\":");
    append_json_string(text, out);
}

std::string to_json(const synth::Truth& truth, const synth::TruthVerdict& verdict) {
    std::string out = "{\"equal\":";
    out += verdict.differences() == 0 ? "true" : "false";
    append_member("scenario", truth.scenario, out);
    out += ",\"seed\":" + std::to_string(truth.seed);
    out += truth.whole ? ",\"whole\":true" : ",\"whole\":false";
    out += ",\"events\":{\"expected\":" + std::to_string(verdict.events_expected) +
           ",\"rows\":" + std::to_string(verdict.rows) + "}";
    out += ",\"orders\":{\"expected\":" + std::to_string(verdict.orders_expected) +
           ",\"rows\":" + std::to_string(verdict.orders) + "}";
    out += ",\"users\":{\"expected\":" + std::to_string(verdict.users_expected) +
           ",\"rows\":" + std::to_string(verdict.users) + "}";
    out += ",\"attribution\":{\"expected\":" + std::to_string(verdict.attributions_expected) +
           ",\"rows\":" + std::to_string(verdict.attributions) + "}";
    out += ",\"differences\":{";
    for (int i = 0; i < synth::difference_count; ++i)
        out.append(i > 0 ? ",\"" : "\"")
            .append(to_word(static_cast<synth::Difference>(i)))
            .append("\":" + std::to_string(verdict.counts[i]));
    out += "},\"named\":[";
    for (const synth::NamedDifference& one : verdict.named) {
        out += out.back() == '[' ? "{\"difference\":\"" : ",{\"difference\":\"";
        out.append(to_word(one.difference)).append("\"");
        append_member("id", one.id, out);
        append_member("expected", one.expected, out);
        append_member("found", one.found, out);
        out += "}";
    }
    return out + "]}\n";
}

std::string to_text(const synth::TruthVerdict& verdict) {
    std::string out;
    for (const synth::NamedDifference& one : verdict.named) {
        out.append(to_word(one.difference)).append("\t").append(one.id.empty() ? "-" : one.id);
        if (!one.expected.empty())
            out += "\texpected " + one.expected;
        if (!one.found.empty())
            out += "\tfound " + one.found;
        out += "\n";
    }
    out += grouped(verdict.events_expected) + " events, " + grouped(verdict.orders_expected) +
           " orders, " + grouped(verdict.users_expected) + " users and " +
           grouped(verdict.attributions_expected) + " attributions should be there: ";
    if (verdict.differences() == 0)
        return out + "no difference\n";
    std::string_view before;
    for (int i = 0; i < synth::difference_count; ++i)
        if (verdict.counts[i] > 0) {
            out.append(before).append(grouped(verdict.counts[i]) + " ");
            out.append(to_word(static_cast<synth::Difference>(i)));
            before = ", ";
        }
    return out + "\n";
}

/// Looks again while there is a difference: events may be on their way yet.
Result<synth::TruthVerdict> check_for(std::chrono::milliseconds wait, const synth::Truth& truth,
                                      warehouse::Warehouse& warehouse,
                                      const synth::TruthCheckOptions& options, Console& console) {
    constexpr std::chrono::milliseconds pause{500};
    const auto deadline = std::chrono::steady_clock::now() + wait;
    for (;;) {
        auto verdict = synth::check_truth(truth, warehouse, options);
        if (!verdict || verdict->differences() == 0 || interrupted() ||
            std::chrono::steady_clock::now() >= deadline) {
            console.progress({});
            return verdict;
        }
        console.progress(grouped(verdict->differences()) + " differences yet");
        std::this_thread::sleep_for(pause);
    }
}

int run_truth(const Arguments& arguments, Console& console) {
    if (arguments.positionals().empty())
        return console.fail(
            usage_error("no truth is named", "weir truth FILE --warehouse ADDRESS"));
    const auto options = check_options(arguments);
    if (!options)
        return console.fail(options.error());
    const auto wait = duration_of(arguments, "wait", Micros(0));
    if (!wait)
        return console.fail(wait.error());
    const auto warehouse = warehouse_of(arguments);
    if (!warehouse)
        return console.fail(warehouse.error());
    catch_interrupts();
    const auto truth = synth::Truth::load(arguments.positionals().front());
    if (!truth)
        return console.fail(truth.error());
    if (!truth->whole)
        console.note("weir: the run was interrupted; the truth tells of what it did till then");
    const auto verdict =
        check_for(std::chrono::milliseconds(wait->ms()), *truth, **warehouse, *options, console);
    if (!verdict)
        return console.fail(verdict.error());
    for (const std::string& table : verdict->absent)
        console.say("weir: there is no table " + table + " in this warehouse");
    if (arguments.has("json"))
        console.out(to_json(*truth, *verdict));
    else
        console.out_text(to_text(*verdict));
    return verdict->differences() == 0 ? exit_fine : exit_finding;
}

} // namespace

Command truth_command() {
    return {
        "truth",
        "TRUTH --warehouse sqlite:FILE|postgresql://USER@HOST/NAME",
        "Hold a warehouse against the truth about a scenario",
        "TRUTH was written by weir generate, sandbox or demo --scenario … --truth. Every event\n"
        "that should be in analytics.events is looked for, and so are the orders and users of the\n"
        "systems of record, and where users are said to come from. A difference is named: "
        "missing,\n"
        "doubled, unexpected (refused, never sent, lost or a duplicate, and yet there), "
        "different,\n"
        "unknown. The warehouse is only read. Exit code 1: there is a difference.",
        1,
        join({{{"warehouse", "ADDRESS", "which: sqlite:FILE or postgresql://USER@HOST/NAME"},
               {"warehouse-password", "REF", "where its password is: env:NAME, keychain:…, file:…"},
               {"only", "PART", "compare events, orders, users or attribution only", 0, true},
               {"show", "N", "name so many differences of each kind; default 20"},
               {"wait", "DURATION", "look again so long while there is a difference"},
               {"timeout", "DURATION", "for each query; default 10m"},
               {"json", nullptr, "the verdict as JSON", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_truth};
}

} // namespace weir::cli
