// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A subcommand: its name, what it takes, and what it does. One file per subcommand; a new one is
// one file and one line in commands.cpp. Thread contract: run from the main thread.
#pragma once

#include <string>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

struct Command {
    const char* name;
    const char* usage;   // what follows the name, e.g. "[EXPR] --topic T"
    const char* summary; // one line, imperative
    const char* details; // paragraphs for --help; may be ""
    std::size_t positionals_max;
    std::vector<Option> options;
    int (*run)(const Arguments& arguments, Console& console);
    bool makes_application = false; // a QApplication of its own, for a window or a picture
};

/// All subcommands, in the order in which help lists them.
const std::vector<Command>& commands();
const Command* find_command(std::string_view name);

/// Options that several commands share; each returns its group.
std::vector<Option> connection_options(); // --workspace --connection --bootstrap -X --topic …
/// from, to, last; range_options() has the filter too.
std::vector<Option> time_options();
std::vector<Option> range_options();
std::vector<Option> disclosure_options(); // --from --to --last --offset --filter …
std::vector<Option> output_options();     // --json --fields -f --quiet
std::vector<Option> join(const std::vector<std::vector<Option>>& groups);

/// Runs `weir WORD…`. Words that name no subcommand open the window.
int run(const std::vector<std::string>& words, Console& console);

} // namespace weir::cli
