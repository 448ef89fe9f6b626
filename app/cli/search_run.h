// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the commands that stand on a search share: its request, its plan and progress in words, its
// exit code. Thread contract: main thread.
#pragma once

#include "app/cli/target.h"

namespace weir::cli {

/// From the range, filter, --limit, --order, --exhaustive and --read-committed. Errors: Usage.
/// `violations`: a field that is asked for is about them.
Result<SearchRequest> search_request_of(const Arguments& arguments, const Target& target,
                                        bool violations = false);

/// "reading up to 5,000,000 offsets in 6 partitions, about 2.1 s at …"
std::string plan_text(const SearchPlan& plan, const SearchRequest& request);

/// Shows progress until the search has finished; an interrupt cancels it. True: it did.
bool follow_search(Search& search, Console& console);

/// Appends "coverage":{…} as search --json has it.
void append_coverage(const SearchCoverage& coverage, std::string& out);

int search_exit_code(const SearchCoverage& coverage, bool cancelled);

} // namespace weir::cli
