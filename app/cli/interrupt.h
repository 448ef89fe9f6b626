// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIGINT and SIGTERM: a command that has something to tell (what was read so far) ends in order,
// but no host that does not answer keeps the process. A command that has not caught them ends at
// once.
//
// Thread contract: main thread, but for interrupted(). Bound: interrupt_limit from the signal to
// the end, and the time that writing an answer takes.
#pragma once

#include <chrono>

namespace weir::cli {

constexpr std::chrono::milliseconds interrupt_limit{700};

/// From now on SIGINT and SIGTERM set a flag instead of ending the process; a second one ends it.
/// A closed pipe is an error of write() and no longer a signal.
void catch_interrupts();
/// The same, for a command that only looks: interrupt_limit after the signal the process ends,
/// wherever it waits, unless answering() was called; as shells count it, with 128 + the signal.
void catch_interrupts_and_end();

bool interrupted();
/// 128 + the signal, as shells count it; 0: there was none.
int interrupt_code();
/// For tests: as if SIGINT had come, or never had.
void set_interrupted(bool value);

/// The answer, or as much of it as there is, is being written: that takes the time it takes.
void answering();
/// All is written. After an interrupt the process soon ends with `code`, whatever still waits for a
/// host; returns `code`.
int answered(int code);

} // namespace weir::cli
