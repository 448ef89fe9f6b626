// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/compat_command.h"

#include "models/contract/compatibility_text.h"
#include "models/contract/contract_compatibility.h"

namespace weir::cli {

int run_compat(const Arguments& arguments, Console& console) {
    if (arguments.positionals().size() != 2)
        return console.fail(usage_error("two files must be named, OLD and NEW"));
    const std::string mode = arguments.value("mode", "full");
    if (mode != "backward" && mode != "forward" && mode != "full")
        return console.fail(usage_error("--mode is backward, forward or full"));
    const auto& files = arguments.positionals();
    const auto compared = compare_files(files[0], files[1], arguments.value("schema-dir"));
    if (!compared) {
        console.fail(compared.error());
        return exit_usage;
    }
    const Compatibility& found = *compared;
    if (arguments.has("json")) {
        std::string text;
        append_compatibility_json(found, text);
        console.out(text + '\n');
    } else {
        console.out_text(compatibility_text(found));
    }
    const bool fine = mode == "backward"  ? found.backward()
                      : mode == "forward" ? found.forward()
                                          : found.full();
    return fine ? exit_fine : exit_finding;
}

} // namespace weir::cli
