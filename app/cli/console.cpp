// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include "models/live/printable.h"

namespace weir::cli {

namespace {

constexpr std::size_t buffer_bytes = 256u << 10;

bool terminal(std::FILE* file) {
    return ::isatty(::fileno(file)) == 1;
}

} // namespace

Console::Console()
    : Console(stdout, stderr) {}

Console::Console(std::FILE* out, std::FILE* err)
    : m_out(out)
    , m_err(err)
    , m_out_terminal(terminal(out))
    , m_err_terminal(terminal(err)) {
    m_buffer.reserve(buffer_bytes);
}

Console::~Console() {
    flush();
    progress({});
}

bool Console::out(std::string_view text) {
    const std::lock_guard lock(m_mutex);
    if (m_out_terminal)
        m_buffer.append(printable_json(text)); // all but JSON has no such signs any more
    else
        m_buffer.append(text);
    if (m_buffer.size() >= buffer_bytes) {
        write_buffer_locked();
    }
    return !m_out_failed.load();
}

bool Console::out_text(std::string_view text) {
    return m_out_terminal ? out(terminal_safe(text, false)) : out(text);
}

bool Console::flush() {
    const std::lock_guard lock(m_mutex);
    if (!m_buffer.empty()) {
        if (m_out_terminal)
            clear_progress_locked();
        write_buffer_locked();
    }
    if (std::fflush(m_out) != 0)
        note_failure();
    return !m_out_failed.load();
}

void Console::write_buffer_locked() {
    if (std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_out) != m_buffer.size())
        note_failure();
    m_buffer.clear();
}

void Console::note_failure() {
    if (!m_out_failed.exchange(true))
        m_out_errno = errno;
}

int Console::end(int code) {
    if (flush())
        return code;
    // A reader that has had enough (head) is no failure of ours, but nor is it a full answer.
    if (m_out_errno == EPIPE)
        return exit_pipe;
    Error error;
    error.code = m_out_errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io;
    error.what =
        std::string("the output could not be written whole: ") + std::strerror(m_out_errno);
    return fail(error);
}

void Console::clear_progress_locked() {
    if (m_progress_shown)
        std::fputs("\r\x1b[K", m_err);
    m_progress_shown = false;
}

void Console::note(std::string_view line) {
    if (!m_quiet)
        say(line);
}

void Console::say(std::string_view line) {
    const std::lock_guard lock(m_mutex);
    clear_progress_locked();
    const std::string shown = m_err_terminal ? terminal_safe(line, false) : std::string(line);
    std::fwrite(shown.data(), 1, shown.size(), m_err);
    std::fputc('\n', m_err);
    std::fflush(m_err);
}

void Console::progress(std::string_view line) {
    if (!m_err_terminal || m_quiet)
        return;
    const std::lock_guard lock(m_mutex);
    clear_progress_locked();
    if (!line.empty()) {
        std::fwrite(line.data(), 1, line.size(), m_err);
        m_progress_shown = true;
    }
    std::fflush(m_err);
}

int Console::fail(const Error& error) {
    flush();
    say("weir" + (m_command.empty() ? std::string() : " " + m_command) + ": " + error.text());
    return exit_code_of(error.code);
}

std::string_view Console::colour(std::string_view code) const {
    return m_out_terminal && std::getenv("NO_COLOR") == nullptr ? code : std::string_view();
}

int exit_code_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::Connection:
    case ErrorCode::Timeout:
    case ErrorCode::Authentication:
    case ErrorCode::NotPermitted:
        return exit_connection;
    default:
        return exit_usage;
    }
}

bool has_display() {
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != 0;
    };
    return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("QT_QPA_PLATFORM");
}

std::string terminal_safe(std::string_view text, bool one_line) {
    return printable(text, text.size(), one_line ? LineBreaks::Escaped : LineBreaks::Kept);
}

std::string duration_text(std::int64_t us) {
    std::array<char, 40> text{};
    const double s = static_cast<double>(us) / 1e6;
    if (us < 1000)
        std::snprintf(text.data(), text.size(), "%" PRId64 " µs", us);
    else if (us < 1'000'000)
        std::snprintf(text.data(), text.size(), "%" PRId64 " ms", us / 1000);
    else if (s < 100)
        std::snprintf(text.data(), text.size(), "%.1f s", s);
    else if (s < 5400)
        std::snprintf(text.data(), text.size(), "%.0f min", s / 60);
    else
        std::snprintf(text.data(), text.size(), "%.1f h", s / 3600);
    return text.data();
}

std::string bytes_text(std::uint64_t bytes) {
    static constexpr std::array<const char*, 5> units{"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
}

} // namespace weir::cli
