// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <clocale>
#include <optional>

#include "app/cli/cmd.h"
#include "app/cli/cmd_window.h"
#include "app/cli/target.h"
#include "app/gui/run_window.h"

namespace weir::cli {

const std::vector<Command>& commands() {
    static const std::vector<Command> all{
        demo_command(),    tail_command(),      search_command(),   count_command(),
        lag_command(),     latency_command(),   flow_command(),     invalid_command(),
        triage_command(),  watch_command(),     generate_command(), truth_command(),
        sandbox_command(), doctor_command(),    validate_command(), contract_command(),
        audit_command(),   screenshot_command()};
    return all;
}

const Command* find_command(std::string_view name) {
    for (const Command& command : commands())
        if (name == command.name)
            return &command;
    return nullptr;
}

std::vector<Option> connection_options() {
    return {
        {"workspace", "FILE", "the workspace (*.weir.json) to work in", 'w'},
        {"connection", "NAME", "which of the workspace's connections; default: the first", 'c'},
        {"bootstrap", "HOST:PORT", "brokers, without a workspace: production, unmasked", 'b'},
        {"property", "NAME=VALUE", "a librdkafka property, as kcat's -X", 'X', true},
        {"topic", "TOPIC", "a topic; ^… is a regular expression", 't', true},
        {"partition", "N", "only this partition of each topic", 'p', true},
        {"dialect", "NAME", "native, segment, snowplow, cloudevents, …; default: recognised", 'd'},
        {"contracts", "DIR", "a folder of contracts; \"demo\": the demo shop's"},
        {"mask", nullptr, "mask personal data by the contracts and the built-in detectors"},
        {"budget", "MB/S", "read at most so many megabytes a second; default 75 on production"},
        {"allow-commands", nullptr, "run the commands that the workspace names for its secrets"},
        {"timeout", "DURATION", "how long a broker may take to answer; default 10s"},
    };
}

std::vector<Option> disclosure_options() {
    return {
        {"disclose", "WORD", "what is masked: masked (default), tokens, or shown"},
        {"token-key", "REF", "the key of tokens: env:NAME or keychain:SERVICE/KEY"},
        {"unmask", "REASON", "show what is masked; needs a role's right, and is recorded"},
    };
}

std::vector<Option> time_options() {
    return {
        {"from", "TIME", "first record time: RFC 3339, now-15m, or an offset as @1000"},
        {"to", "TIME", "end of the record times (exclusive), likewise"},
        {"last", "DURATION", "the last 90s, 15m, 4h, 7d; or @1000 offsets of each partition"},
        {"read-committed", nullptr, "leave out what a transaction aborted or has not ended"},
    };
}

std::vector<Option> range_options() {
    std::vector<Option> all = time_options();
    all.push_back({"filter", "EXPR", "only events that match (see FILTERS in weir(1))", 'e'});
    all.push_back(
        {"filter-file", "FILE", "and that match the filter in this file: a long list of ids, say"});
    return all;
}

std::vector<Option> output_options() {
    return {
        {"json", nullptr, "one JSON document, or NDJSON for streams", 'J'},
        {"fields", "A,B.C",
         "these fields, separated by tabs: null, \"\" if empty, nothing if missing"},
        {"format", "FORMAT", "kcat's tokens: %t %p %o %k %s %S %K %T %h %% \\n \\t", 'f'},
        {"null", nullptr, "with --format: NULL for a null key or value, not nothing", 'Z'},
        {"quiet", nullptr, "no remarks on stderr", 'q'},
    };
}

std::vector<Option> join(const std::vector<std::vector<Option>>& groups) {
    std::vector<Option> all;
    for (const auto& group : groups)
        all.insert(all.end(), group.begin(), group.end());
    all.push_back({"help", nullptr, "this text", 'h'});
    return all;
}

namespace {

std::string option_line(const Option& option) {
    std::string left = "  ";
    if (option.short_name != 0)
        left += std::string("-") + option.short_name + ", ";
    left += std::string("--") + option.name;
    if (option.value_name != nullptr)
        left += std::string(" ") + option.value_name;
    left.resize(std::max<std::size_t>(left.size() + 2, 28), ' ');
    return left + option.help + "\n";
}

void print_command_help(const Command& command, Console& console) {
    std::string text = std::string("usage: weir ") + command.name + " " + command.usage + "\n\n" +
                       command.summary + ".\n";
    if (*command.details != 0)
        text += std::string("\n") + command.details + "\n";
    text += "\nOptions\n";
    for (const Option& option : command.options)
        if (option.same_as == nullptr)
            text += option_line(option);
    console.out(text);
}

void print_help(Console& console) {
    std::string text = "usage: weir [WORKSPACE.weir.json]                   open the window\n"
                       "       weir --bootstrap HOST:PORT --topic TOPIC     open it on these\n"
                       "       weir COMMAND [OPTION…]                       work without one\n\n"
                       "Commands\n";
    for (const Command& command : commands()) {
        std::string name = std::string("  ") + command.name;
        name.resize(14, ' ');
        text += name + command.summary + "\n";
    }
    text += "\nOptions of the window\n";
    for (const Option& option : window_options())
        text += option_line(option);
    text += "\nweir COMMAND --help tells a command's options; man weir tells all.\n"
            "Exit code: 0 fine, 1 a finding or nothing found, 2 usage or configuration, "
            "3 a connection failed.\n";
    console.out(text);
}

int unknown_command(const std::string& word, Console& console) {
    std::vector<std::string> names;
    for (const Command& command : commands())
        names.push_back(command.name);
    const std::string near = nearest_word(word, names);
    return console.fail(usage_error("no command and no workspace file is called \"" + word + "\"",
                                    near.empty() ? "weir --help lists the commands."
                                                 : "Did you mean weir " + near + "?"));
}

bool is_workspace(const std::string& word) {
    const std::string suffix = ".weir.json";
    const bool named = word.size() > suffix.size() &&
                       word.compare(word.size() - suffix.size(), suffix.size(), suffix) == 0;
    return named || (word.find('/') != std::string::npos && word[0] != '-');
}

int open_window(std::vector<std::string> words, Console& console) {
    // The file may stand without its option: weir shop.weir.json
    if (!words.empty() && words[0][0] != '-')
        words.insert(words.begin(), "--workspace");
    const auto arguments = Arguments::parse(words, window_options(), 0);
    if (!arguments)
        return console.fail(arguments.error());
    const auto filter = filter_of(*arguments, Micros::now());
    if (!filter)
        return console.fail(filter.error());
    if (arguments->has("bootstrap") && !arguments->has("mask"))
        console.note("weir: production connection, read-only; not masked (--mask masks personal "
                     "data)");
    auto start = window_start(*arguments, kafka::StartAt::Kind::End);
    if (!start)
        return console.fail(start.error());
    if (!has_display()) {
        print_help(console);
        console.say("weir: there is no display to open a window on; the commands need none");
        return exit_usage;
    }
    return run_window(std::move(*start));
}

/// Options before any command are the window's.
bool is_for_the_window(const std::vector<std::string>& words) {
    if (words.empty() || is_workspace(words[0]))
        return true;
    const std::string& word = words[0];
    return word.size() > 1 && word[0] == '-' && word != "--help" && word != "-h" &&
           word != "--version";
}

} // namespace

int run(const std::vector<std::string>& words, Console& console) {
    if (is_for_the_window(words))
        return open_window(words, console);
    if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        const Command* about = words.size() > 1 ? find_command(words[1]) : nullptr;
        if (about != nullptr)
            print_command_help(*about, console);
        else
            print_help(console);
        return exit_fine;
    }
    if (words[0] == "--version" || words[0] == "version") {
        console.out("weir " WEIR_VERSION "\n");
        return exit_fine;
    }
    const Command* command = find_command(words[0]);
    if (command == nullptr)
        return unknown_command(words[0], console);
    console.set_command(command->name);
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    const auto arguments = Arguments::parse(rest, command->options, command->positionals_max);
    if (!arguments)
        return console.fail(arguments.error());
    if (arguments->has("help")) {
        print_command_help(*command, console);
        return exit_fine;
    }
    console.set_quiet(arguments->has("quiet"));
    // The keychain is asked on an event loop, and there is none without an application.
    int argc = 1;
    std::string name = "weir";
    std::array<char*, 2> argv{name.data(), nullptr};
    std::optional<QCoreApplication> application;
    if (!command->makes_application) {
        application.emplace(argc, argv.data());
        std::setlocale(LC_NUMERIC, "C"); // Qt takes the user's: numbers in answers have a point
    }
    return console.end(command->run(*arguments, console));
}

} // namespace weir::cli
