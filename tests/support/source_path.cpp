// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/source_path.h"

namespace weir::test {

std::string source_path(const std::string& relative) {
    return std::string(WEIR_SOURCE_DIR "/") + relative;
}

std::string build_path(const std::string& relative) {
    return std::string(WEIR_BUILD_DIR "/") + relative;
}

} // namespace weir::test
