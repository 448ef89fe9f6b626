// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Child processes for tests, which never outlive them.
// Thread contract: any thread; a spawned child dies with the thread that spawned it.
#pragma once

#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir::test {

/// Starts `arguments[0]` with stdout and stderr appended to `output_file`; SIGKILLed when the
/// calling thread ends. Returns the process id.
Result<int> spawn(const std::vector<std::string>& arguments, const std::string& output_file);

/// Runs to the end (at most `limit_s`, then killed); stdout and stderr together. A status other
/// than 0 is an error that holds the output's last lines.
Result<std::string> run(const std::vector<std::string>& arguments, int limit_s = 300);

/// Ends a child of ours: `signal`, and SIGKILL after `grace_ms`. Waits for it.
void end_process(int pid, int signal, int grace_ms);
/// Whether our child `pid` still runs; reaps it if not.
bool child_alive(int pid);

std::string read_text(const std::string& path);
Result<void> write_text(const std::string& path, const std::string& text);

} // namespace weir::test
