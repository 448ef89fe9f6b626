// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/postgres_server.h"

#include <QTest>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/support/free_ports.h"
#include "tests/support/process.h"
#include "tests/support/source_path.h"

namespace weir::test {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 60s;

/// Debian keeps each release's programs in a folder of its own; the newest, or empty.
std::string programs() {
    std::string newest;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none))
        if (fs::exists(entry.path() / "bin" / "postgres"))
            newest = std::max(newest, (entry.path() / "bin").string());
    return newest;
}

const char* const roles_sql = "CREATE ROLE owner LOGIN; CREATE ROLE reader LOGIN;"
                              "CREATE ROLE locked LOGIN PASSWORD 'locked-secret'";

} // namespace

std::vector<std::string> PostgresServer::as_owner(std::vector<std::string> command) const {
    if (getuid() != 0)
        return command;
    std::vector<std::string> words = {"setpriv", "--reuid=postgres", "--regid=postgres",
                                      "--clear-groups", "--pdeathsig=KILL"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

Result<std::unique_ptr<PostgresServer>> PostgresServer::start() {
    std::unique_ptr<PostgresServer> server(new PostgresServer);
    server->m_bin = programs();
    if (server->m_bin.empty())
        return Error{.code = ErrorCode::NotFound, .what = "PostgreSQL is not installed"};
    server->m_port = free_ports(1).front();
    if (auto prepared = server->prepare(); !prepared)
        return prepared.error();
    if (auto started = server->restart(); !started)
        return started.error();
    if (auto made = server->psql("postgres", roles_sql); !made)
        return made.error();
    return server;
}

Result<void> PostgresServer::prepare() {
    std::string pattern = (fs::temp_directory_path() / "weir-postgres-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        return Error{.code = ErrorCode::Io, .what = "no temporary folder", .where = pattern};
    m_folder = pattern;
    fs::create_directories(m_folder + "/certificates");
    if (auto made = run({"/bin/sh", source_path("tests/support/kafka/certificates.sh"),
                         m_folder + "/certificates"});
        !made)
        return made.error();
    fs::permissions(m_folder + "/certificates/broker.pem", fs::perms::owner_read);
    if (getuid() == 0)
        if (auto owned = run({"chown", "-R", "postgres:postgres", m_folder}); !owned)
            return owned.error();
    const std::string data = m_folder + "/data";
    if (auto made = run(as_owner({m_bin + "/initdb", "-D", data, "-U", "postgres", "--no-sync",
                                  "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust"}));
        !made)
        return made.error();
    std::ofstream(data + "/pg_hba.conf") << "local all all trust\n"
                                            "host all locked 127.0.0.1/32 scram-sha-256\n"
                                            "host all all 127.0.0.1/32 trust\n";
    std::ofstream(data + "/postgresql.conf", std::ios::app)
        << "listen_addresses='127.0.0.1'\nport=" << m_port << "\nunix_socket_directories='"
        << m_folder << "'\nfsync=off\nmax_connections=40\nshared_buffers=32MB\n"
        << "ssl=on\nssl_cert_file='" << certificate("broker.pem") << "'\nssl_key_file='"
        << certificate("broker.pem") << "'\n";
    return {};
}

Result<void> PostgresServer::restart() {
    stop();
    const std::string log = m_folder + "/server.log";
    const auto deadline = std::chrono::steady_clock::now() + start_limit;
    while (std::chrono::steady_clock::now() < deadline) {
        if (m_pid == 0) {
            auto pid = spawn(as_owner({m_bin + "/postgres", "-D", m_folder + "/data"}), log);
            if (!pid)
                return pid.error();
            m_pid = *pid;
        }
        if (psql("postgres", "SELECT 1"))
            return {};
        if (!child_alive(m_pid)) // what a crash left behind may not have ended yet
            m_pid = 0;
        std::this_thread::sleep_for(50ms);
    }
    return Error{.code = ErrorCode::Timeout,
                 .what = "PostgreSQL did not come up: " + read_text(log),
                 .where = m_folder};
}

PostgresServer::~PostgresServer() {
    stop();
    std::error_code none;
    if (!m_folder.empty())
        fs::remove_all(m_folder, none);
}

std::string PostgresServer::address(const std::string& database, const std::string& user) const {
    return "postgresql://" + user + "@127.0.0.1:" + std::to_string(m_port) + "/" + database;
}

warehouse::ConnectionOptions PostgresServer::connection(const std::string& database,
                                                        Environment environment,
                                                        const std::string& user) const {
    warehouse::ConnectionOptions options;
    options.name = "test-postgres";
    options.address = address(database, user);
    options.environment = environment;
    return options;
}

std::string PostgresServer::certificate(const std::string& file) const {
    return m_folder + "/certificates/" + file;
}

std::string PostgresServer::new_database() {
    static int count = 0;
    const std::string name = "test_" + std::to_string(++count);
    (void)psql("postgres", "CREATE DATABASE " + name + " OWNER owner");
    return name;
}

Result<std::string> PostgresServer::psql(const std::string& database, const std::string& sql,
                                         const std::string& user) const {
    auto printed =
        run({m_bin + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", m_folder, "-p",
             std::to_string(m_port), "-U", user, "-d", database, "-c", sql});
    if (printed && !printed->empty() && printed->back() == '\n')
        printed->pop_back();
    return printed;
}

std::vector<int> PostgresServer::children() const {
    std::istringstream text(read_text("/proc/" + std::to_string(m_pid) + "/task/" +
                                      std::to_string(m_pid) + "/children"));
    std::vector<int> all;
    for (int child = 0; text >> child;)
        all.push_back(child);
    return all;
}

void PostgresServer::signal_all(int signal) const {
    const std::vector<int> all = children();
    ::kill(m_pid, signal);
    for (const int child : all)
        ::kill(child, signal);
}

Result<void> PostgresServer::limit_files(std::optional<std::int64_t> bytes) const {
    const std::string limit = "--fsize=" + (bytes ? std::to_string(*bytes) : "unlimited") + ":";
    std::vector<int> all = children(); // what is born meanwhile has the limit of its parent
    all.insert(all.begin(), m_pid);
    for (const int process : all) {
        const auto done = run(as_owner({"prlimit", "--pid", std::to_string(process), limit}));
        if (!done && (process == m_pid || ::kill(process, 0) == 0))
            return done.error();
    }
    return {};
}

void PostgresServer::kill() {
    if (m_pid == 0)
        return;
    signal_all(SIGSTOP); // so that none is born while they are counted
    signal_all(SIGKILL);
    end_process(m_pid, SIGKILL, 10'000);
    m_pid = 0;
}

void PostgresServer::stop() {
    if (m_pid == 0)
        return;
    signal_all(SIGCONT);
    end_process(m_pid, SIGINT, 30'000); // "fast": open connections are ended
    m_pid = 0;
}

void PostgresServer::pause() {
    signal_all(SIGSTOP);
}

void PostgresServer::resume() {
    signal_all(SIGCONT);
}

std::unique_ptr<PostgresServer> running_postgres() {
    auto server = PostgresServer::start();
    if (!server)
        qFatal("%s", server.error().text().c_str());
    return *std::move(server);
}

void add_warehouse_kinds() {
    QTest::addColumn<bool>("postgresql");
    QTest::newRow("sqlite") << false;
    QTest::newRow("postgresql") << true;
}

} // namespace weir::test
