// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/process.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::test {
namespace {

void pause_ms(int ms) {
    const timespec wait{ms / 1000, (ms % 1000) * 1000000L};
    nanosleep(&wait, nullptr);
}

std::vector<char*> to_argv(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    return argv;
}

std::string last_lines(const std::string& text) {
    constexpr std::size_t kept = 2000;
    return text.size() > kept ? text.substr(text.size() - kept) : text;
}

} // namespace

Result<int> spawn(const std::vector<std::string>& arguments, const std::string& output_file) {
    std::vector<char*> argv = to_argv(arguments);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0)
        return Error{.code = ErrorCode::Internal, .what = "fork failed", .where = arguments[0]};
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(126);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr); // what we wait for, a child may not ignore
        const int out = open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
        const int in = open("/dev/null", O_RDONLY);
        dup2(in, 0);
        dup2(out, 1);
        dup2(out, 2);
        for (int fd = 3; fd < 1024; ++fd)
            close(fd);
        execvp(argv[0], argv.data());
        _exit(127);
    }
    return pid;
}

Result<std::string> run(const std::vector<std::string>& arguments, int limit_s) {
    char path[] = "/tmp/weir-run-XXXXXX";
    const int fd = mkstemp(path);
    if (fd < 0)
        return Error{.code = ErrorCode::Io, .what = "no temporary file", .where = path};
    close(fd);
    Result<int> pid = spawn(arguments, path);
    if (!pid)
        return pid.error();
    int status = 0;
    int waited_ms = 0;
    while (waitpid(*pid, &status, WNOHANG) == 0) {
        if (waited_ms >= limit_s * 1000) {
            ::kill(*pid, SIGKILL);
            waitpid(*pid, &status, 0);
            break;
        }
        pause_ms(10);
        waited_ms += 10;
    }
    std::string output = read_text(path);
    unlink(path);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return Error{.code = ErrorCode::Internal,
                     .what = "it failed with status " + std::to_string(status) + ": " +
                             last_lines(output),
                     .where = arguments[0]};
    return output;
}

void end_process(int pid, int signal, int grace_ms) {
    ::kill(pid, signal);
    ::kill(pid, SIGCONT);
    for (int waited_ms = 0; waited_ms < grace_ms; waited_ms += 10) {
        if (waitpid(pid, nullptr, WNOHANG) != 0)
            return;
        pause_ms(10);
    }
    ::kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
}

bool child_alive(int pid) {
    return pid > 0 && waitpid(pid, nullptr, WNOHANG) == 0;
}

std::string read_text(const std::string& path) {
    const std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

Result<void> write_text(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out)
        return Error{.code = ErrorCode::Io, .what = "cannot be written", .where = path};
    return {};
}

} // namespace weir::test
