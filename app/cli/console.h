// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a command writes: answers to out, everything else to err. Knows whether a terminal looks
// on: only then are there colours, a progress line, and control characters made visible.
//
// Thread contract: out() and say() from any thread (one lock); progress() from one thread.
// Bound: 256 KB buffered.
#pragma once

#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "models/event/grouped.h"

namespace weir::cli {

/// A command's exit code, as the manual page lists them.
enum ExitCode : int {
    exit_fine = 0,       // found, sound
    exit_finding = 1,    // nothing found, a limit broken, a verdict failed
    exit_usage = 2,      // usage or configuration
    exit_connection = 3, // a connection failed
    exit_pipe = 141,     // whoever read the output has had enough: 128 + SIGPIPE
};

class Console {
  public:
    /// On the process's own standard streams.
    Console();
    /// On files of the caller's, which stay open; for tests.
    Console(std::FILE* out, std::FILE* err);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// Buffered. On a terminal what steers it, or is not seen, is written as JSON has it: \u009b.
    /// REQUIRES: whole characters. False: the reader has gone away (a closed pipe, a full disk).
    bool out(std::string_view text);
    /// The same of text with lines that is no JSON: on a terminal it is terminal_safe().
    bool out_text(std::string_view text);
    bool flush();
    bool out_is_terminal() const { return m_out_terminal; }
    bool err_is_terminal() const { return m_err_terminal; }
    bool out_failed() const { return m_out_failed.load(); }

    /// A line for the user on err; a newline is added. Nothing when quiet.
    void note(std::string_view line);
    /// The same, also when quiet.
    void say(std::string_view line);
    /// Overwrites one line on err, only on a terminal and not when quiet. "" clears it.
    void progress(std::string_view line);

    /// Prints "weir COMMAND: error" and answers the exit code that goes with it.
    int fail(const Error& error);

    /// To be called once, when a command ends with `code`: writes what is left, and answers the
    /// exit code. An answer that could not be written whole, e.g. to a full disk, is said and is a
    /// failure; only a pipe may be closed early.
    int end(int code);

    void set_quiet(bool quiet) { m_quiet = quiet; }
    bool quiet() const { return m_quiet; }
    void set_command(std::string name) { m_command = std::move(name); }

    /// "\x1b[…m" if a terminal looks at out, "" otherwise.
    std::string_view colour(std::string_view code) const;

  private:
    void clear_progress_locked();
    void write_buffer_locked();
    void note_failure();

    std::FILE* m_out;
    std::FILE* m_err;
    bool m_out_terminal = false;
    bool m_err_terminal = false;
    bool m_quiet = false;
    bool m_progress_shown = false;
    std::atomic<bool> m_out_failed{false};
    int m_out_errno = 0; // of the first failure; under the lock
    std::string m_buffer;
    std::string m_command;
    std::mutex m_mutex;
};

int exit_code_of(ErrorCode code);

/// `text` with control characters, escape sequences, marks that turn the direction of writing, what
/// is not seen and invalid UTF-8 made visible ("\x1b", "\u202e"), so that a payload can neither
/// steer a terminal nor look like another. Tab and newline are escaped too if `one_line`.
std::string terminal_safe(std::string_view text, bool one_line);

/// Whether a window could be shown here.
bool has_display();

/// "37 ms", "4.2 s", "12 min"
std::string duration_text(std::int64_t us);
/// "535 B", "2.7 GB" (10^9)
std::string bytes_text(std::uint64_t bytes);

} // namespace weir::cli
