// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "connectors/base/allocator.h"

int main(int argc, char** argv) {
    weir::keep_freed_memory();
    weir::cli::Console console;
    const std::vector<std::string> words(argv + 1, argv + argc);
    return weir::cli::run(words, console);
}
