// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The suite's one Kafka broker, for ctest's fixture "broker":
//   broker_ctl start STATE    starts it, writes STATE, leaves a guard behind and returns
//   broker_ctl stop STATE     ends it
//   broker_ctl run            runs one in the foreground for use by hand; prints its addresses
// The guard ends the broker when whoever called `start` (ctest) ends, however that ends: nothing is
// ever left behind. The broker in turn dies with the guard.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/kafka_broker.h"
#include "tests/support/process.h"

using namespace weir;
using namespace weir::test;

namespace {

int open_process(int pid) {
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

/// Returns when a signal asks to end, when the process behind `watched` or the broker has ended.
void wait_for_the_end(int signals, int watched, int broker) {
    pollfd waits[] = {{signals, POLLIN, 0}, {watched, POLLIN, 0}, {broker, POLLIN, 0}};
    while (poll(waits, 3, -1) < 0 && errno == EINTR) {
    }
}

int block_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/// The guard's life. Reports on `report` (one line: empty, or what went wrong) once it serves.
int guard(const std::string& state_file, int caller, int report) {
    setsid();
    const int watched = open_process(caller);
    const int signals = block_signals();
    Result<std::unique_ptr<KafkaBroker>> broker = KafkaBroker::start();
    std::string trouble;
    if (!broker)
        trouble = broker.error().text();
    else if (Result<void> written = (*broker)->write_state(state_file); !written)
        trouble = written.error().text();
    else if (Result<void> noted = write_text(state_file + ".pid", std::to_string(getpid())); !noted)
        trouble = noted.error().text();
    if (write(report, trouble.data(), trouble.size()) < 0)
        trouble = "nobody listens";
    close(report);
    if (!trouble.empty())
        return 1;
    const int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; ++fd)
        dup2(null, fd); // ctest waits until these are closed
    wait_for_the_end(signals, watched, open_process((*broker)->pid()));
    std::filesystem::remove(state_file);
    std::filesystem::remove(state_file + ".pid");
    return 0;
}

int stop(const std::string& state_file) {
    const int pid = std::atoi(read_text(state_file + ".pid").c_str());
    const int process = pid > 0 ? open_process(pid) : -1;
    if (process < 0)
        return 0; // it has gone already
    ::kill(pid, SIGTERM);
    pollfd wait{process, POLLIN, 0};
    return poll(&wait, 1, 30000) == 1 ? 0 : 1;
}

int start(const std::string& state_file) {
    stop(state_file);
    std::filesystem::create_directories(std::filesystem::path(state_file).parent_path());
    int report[2];
    if (pipe(report) != 0)
        return 1;
    const int caller = getppid();
    const pid_t pid = fork();
    if (pid == 0) {
        close(report[0]);
        return guard(state_file, caller, report[1]);
    }
    close(report[1]);
    std::string trouble;
    char buffer[512];
    for (ssize_t n; (n = read(report[0], buffer, sizeof buffer)) > 0;)
        trouble.append(buffer, static_cast<std::size_t>(n));
    if (trouble.empty() && std::filesystem::exists(state_file + ".pid"))
        return 0;
    std::fprintf(stderr, "%s\n", trouble.empty() ? "the guard ended" : trouble.c_str());
    return 1;
}

int run_here() {
    const int signals = block_signals();
    Result<std::unique_ptr<KafkaBroker>> broker = KafkaBroker::start();
    if (!broker) {
        std::fprintf(stderr, "%s\n", broker.error().text().c_str());
        return 1;
    }
    std::printf("Kafka %s, cluster %s\n", (*broker)->version().c_str(),
                (*broker)->cluster_id().c_str());
    std::printf("plaintext %s\nssl %s\nsasl_ssl %s\nCA %s\nCtrl+C ends it.\n",
                (*broker)->address().c_str(), (*broker)->address(Listener::Ssl).c_str(),
                (*broker)->address(Listener::SaslSsl).c_str(),
                (*broker)->certificate("ca.pem").c_str());
    std::fflush(stdout);
    wait_for_the_end(signals, open_process(getppid()), open_process((*broker)->pid()));
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "run")
        return run_here();
    if (argc == 3 && verb == "start")
        return start(argv[2]);
    if (argc == 3 && verb == "stop")
        return stop(argv[2]);
    std::fprintf(stderr, "broker_ctl start STATE | stop STATE | run\n");
    return 2;
}
