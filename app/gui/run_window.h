// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens the window and runs it to its end. Thread contract: the main thread, once a process.
#pragma once

#include <string>

#include "app/gui/session_host.h"
#include "widgets/connect/connection_probe.h"
#include "widgets/connect/secret_field.h"

namespace weir {

using SessionFactory = std::function<Result<std::unique_ptr<Session>>(Workspace, SessionOptions)>;

/// The names of a cluster's topics, but for Kafka's own; none if it does not tell. Blocks.
using TopicLister =
    std::function<std::vector<std::string>(const std::shared_ptr<kafka::Cluster>& cluster)>;

/// What the window begins with.
struct WindowStart {
    /// Makes the session, on a worker thread, once the window is up. Empty: the welcome page.
    SessionMaker open;
    /// Makes the demonstration's session (its stream runs as long as it lives). Empty: the welcome
    /// page offers none.
    SessionMaker open_demo;
    kafka::StartAt start; // where reading begins
    std::string view;     // id of the view to begin with; empty: the first
    std::string filter;   // the filter to begin with

    // What the window stands on; left empty, run_window() and take_screenshot() put in the real
    // ones.
    SessionFactory make_session;
    ProbeFunction probe;      // tests a connection the user enters
    SecretStore store_secret; // into the system's keychain
    TopicLister list_topics;
};

/// Session::open() for a window: what it observes is kept.
Result<std::unique_ptr<Session>> open_kept_session(Workspace workspace, SessionOptions options);

/// A session of a workspace file: loaded and opened when it is called, on a worker thread.
SessionMaker workspace_opener(const std::string& file,
                              SessionFactory make_session = open_kept_session);

/// Puts the real ones in the place of what is empty.
void complete(WindowStart& start);

/// Returns the process's exit code.
int run_window(WindowStart start);

} // namespace weir
