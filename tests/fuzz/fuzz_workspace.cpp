// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A workspace file is hostile input: any bytes give a workspace or an error with its place, and
// what was accepted is accepted again after it was written.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "models/workspace/workspace.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const weir::Result<weir::Workspace> parsed = weir::Workspace::parse(text, "fuzz.weir.json");
    if (!parsed) {
        if (parsed.error().where.empty() || parsed.error().what.empty())
            std::abort();
        return 0;
    }
    const weir::Result<std::string> written = parsed->to_json("fuzz.weir.json");
    if (written && !weir::Workspace::parse(*written, "fuzz.weir.json"))
        std::abort();
    return 0;
}
