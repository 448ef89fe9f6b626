// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A workspace with one stage on a broker, for commands that watch stages.
// Thread contract: one thread.
#pragma once

#include <QDir>

#include <string>

namespace weir::test {

/// JSON as it is easily read in a test: ' stands for ".
std::string json(std::string text);

struct StageOnBroker {
    std::string address;
    std::string input, output; // topics
    std::string more = {};     // members of the stage: ",'slo':{'p95':'1 s'}"
};
/// The path of a new file in `folder`; one that was there is gone. Ends the test if it cannot be.
std::string write_stage_workspace(const QDir& folder, const StageOnBroker& stage);

} // namespace weir::test
