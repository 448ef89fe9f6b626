// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a test finds the files of this repository.
#pragma once

#include <string>

namespace weir::test {

/// The absolute path of a file of the source tree, e.g. "tests/fixtures/x.json".
std::string source_path(const std::string& relative);

} // namespace weir::test
