// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a test finds the files of this repository, and what was built of them.
#pragma once

#include <string>

namespace weir::test {

/// The absolute path of a file of the source tree, e.g. "tests/fixtures/x.json".
std::string source_path(const std::string& relative);

/// The absolute path of something that was built, e.g. "app/weir".
std::string build_path(const std::string& relative);

} // namespace weir::test
