// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What doctor finds out about one connection: a row for each thing that was looked at, with what
// works, what does not, and what to do. Looks only: metadata, offsets, settings and a record of
// each partition. Thread contract: one thread a connection, any thread; blocks for some timeouts,
// topics and groups at the same time. Where a broker does not answer under the name that it
// advertises, nothing else waits for it longer than `silent_wait`. Bound: `topics_max` topics are
// read, and the rest is counted.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/session/session.h"

namespace weir::cli {

struct CheckResult {
    enum class State { Works, Warns, Fails, Unknown };
    std::string check; // "reachable", "topic raw_events"
    State state = State::Unknown;
    std::string text;
    std::string advice;
};
const char* to_word(CheckResult::State state); // "works", "warning", "fails", "unknown"

struct Diagnosis {
    std::string connection;
    std::string address;
    std::vector<CheckResult> findings;
    int code = exit_fine; // the gravest of what was found
    bool failed() const { return code != exit_fine; }
};

/// What is to be looked at on a connection. Groups and stage topics of a workspace are another
/// connection's perhaps: those are looked at only where they exist.
struct DiagnosisRequest {
    std::string connection;
    std::vector<std::string> topics;         // named: each must be readable
    std::vector<std::string> topic_patterns; // at least one topic must match each
    std::vector<std::string> stage_topics;
    std::vector<std::string> groups;
    bool alone = true; // the workspace has no other connection
    kafka::SecretResolver secrets;
    std::chrono::milliseconds timeout{10'000};
    bool brokers_silent = false; // some do not answer: what they lead cannot be had
    std::chrono::milliseconds clock_wait{3'000};
};

/// From the workspace, and the topics of the command line if there are any.
DiagnosisRequest diagnosis_request(const Workspace& workspace, const std::string& connection,
                                   const std::vector<std::string>& topics,
                                   const std::vector<std::string>& topic_patterns);

Diagnosis diagnose(Session& session, DiagnosisRequest request);

} // namespace weir::cli
