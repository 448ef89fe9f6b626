// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/compat_command.h"

#include "models/contract/compatibility_text.h"

namespace weir::cli {

int run_compat(const Arguments& arguments, Console& console) {
    if (arguments.positionals().size() != 2)
        return console.fail(usage_error("two files must be named, OLD and NEW"));
    const std::string mode = arguments.value("mode", "full");
    if (mode != "backward" && mode != "forward" && mode != "full")
        return console.fail(usage_error("--mode is backward, forward or full"));
    std::shared_ptr<const schema::JsonSchema> schemas[2];
    for (std::size_t i = 0; i < 2; ++i) {
        auto loaded =
            schema::JsonSchema::load(arguments.positionals()[i], arguments.value("schema-dir"));
        if (!loaded) {
            console.fail(loaded.error());
            return exit_usage;
        }
        schemas[i] = std::move(*loaded);
    }
    const Compatibility found = compare_schemas(*schemas[0], *schemas[1], {"/schema_version"});
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
