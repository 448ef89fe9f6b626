// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/secrets/command.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

Error failure(ErrorCode code, const std::string& program, const std::string& what,
              const std::string& advice = {}) {
    return Error{.code = code, .what = what, .where = "command " + program, .advice = advice};
}

/// Starts the program in a process group of its own, so that all of it can be ended.
int start(const std::vector<std::string>& words, int output, pid_t& pid) {
    std::vector<char*> argv;
    for (const std::string& word : words)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

enum class End { Closed, Late, TooMuch };

End collect(int input, Clock::time_point limit, std::size_t bytes_max, std::string& output) {
    char buffer[4096];
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(limit - Clock::now());
        if (left.count() <= 0)
            return End::Late;
        pollfd wait{input, POLLIN, 0};
        if (poll(&wait, 1, static_cast<int>(left.count())) <= 0)
            continue;
        const ssize_t got = read(input, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return End::Closed;
        output.append(buffer, static_cast<std::size_t>(got));
        if (output.size() > bytes_max)
            return End::TooMuch;
    }
}

/// Waits for the program's end; kills its group at the limit. False if it had to be killed.
bool reap(pid_t pid, Clock::time_point limit, int& status) {
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (Clock::now() >= limit) {
            kill(-pid, SIGKILL);
            waitpid(pid, &status, 0);
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

} // namespace

Result<std::vector<std::string>> split_command(const std::string& command) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        if (quote != '\'' && c == '\\' && i + 1 < command.size()) {
            word += command[++i];
            in_word = true;
        } else if (quote && c == quote) {
            quote = 0;
        } else if (!quote && (c == '"' || c == '\'')) {
            quote = c;
            in_word = true;
        } else if (!quote && (c == ' ' || c == '\t')) {
            if (in_word)
                words.push_back(std::move(word));
            word.clear();
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote)
        return Error{.code = ErrorCode::Config, .what = "a quote in the command is not closed"};
    if (in_word)
        words.push_back(std::move(word));
    if (words.empty() || words.front().empty())
        return Error{.code = ErrorCode::Config, .what = "the command names no program"};
    return words;
}

Result<std::string> run_command(const std::vector<std::string>& words,
                                std::chrono::milliseconds wait, std::size_t bytes_max) {
    const std::string& program = words.front();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return failure(ErrorCode::Io, program, std::strerror(errno));
    const auto limit = Clock::now() + wait;
    pid_t pid = 0;
    const int refused = start(words, ends[1], pid);
    close(ends[1]);
    if (refused) {
        close(ends[0]);
        return failure(refused == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, program,
                       std::string("it cannot be run: ") + std::strerror(refused),
                       "Check the command's first word.");
    }
    std::string output;
    const End end = collect(ends[0], limit, bytes_max, output);
    close(ends[0]);
    if (end != End::Closed)
        kill(-pid, SIGKILL); // what it has started, too, even where it has itself ended
    int status = 0;
    const bool ended = reap(pid, end == End::Closed ? limit : Clock::now(), status);
    if (end == End::TooMuch)
        return failure(ErrorCode::TooLarge, program,
                       "it printed more than " + std::to_string(bytes_max) + " bytes");
    if (end == End::Late || !ended)
        return failure(ErrorCode::Timeout, program,
                       "it did not end within " + std::to_string(wait.count()) +
                           " ms and was killed");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure(ErrorCode::Io, program,
                       WIFEXITED(status)
                           ? "it failed with status " + std::to_string(WEXITSTATUS(status))
                           : "it was ended by signal " + std::to_string(WTERMSIG(status)),
                       "Run it in a terminal to see what it says.");
    return output;
}

} // namespace weir
