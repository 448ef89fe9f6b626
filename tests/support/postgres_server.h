// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real PostgreSQL cluster for tests, in a folder of its own, on a free port of the loopback, gone
// with the test. It may not run as root: there the postmaster is user "postgres".
//
// Users (all but the first log in by TCP): "postgres" (superuser, by trust), "owner" (by trust;
// owns the databases made here), "reader" (by trust; SELECT only, where it is granted), "locked"
// (by scram-sha-256, password "locked-secret"). TLS is on, certificates as certificates.sh makes
// them.
//
// Thread contract: one thread; start() from one that outlives the server (it is killed with the
// thread that started it). REQUIRES: Debian's postgresql, setpriv, openssl.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/warehouse/connection.h"

namespace weir::test {

class PostgresServer {
  public:
    /// Errors: NotFound (PostgreSQL is not installed), Internal.
    static Result<std::unique_ptr<PostgresServer>> start();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    int port() const { return m_port; }
    /// "postgresql://USER@127.0.0.1:PORT/DATABASE"
    std::string address(const std::string& database, const std::string& user = "owner") const;
    warehouse::ConnectionOptions connection(const std::string& database,
                                            Environment environment = Environment::Production,
                                            const std::string& user = "owner") const;
    /// Path of a file of certificates.sh.
    std::string certificate(const std::string& file) const;

    /// Makes a database that "owner" owns, and returns its name, which no other test uses.
    std::string new_database();
    /// Runs SQL by psql, as "postgres" unless said; what it printed, without headers.
    Result<std::string> psql(const std::string& database, const std::string& sql,
                             const std::string& user = "postgres") const;

    /// As a crash: no process of it is left.
    void kill();
    void stop();
    /// SIGSTOP to all of it: it accepts, but says nothing.
    void pause();
    void resume();
    /// Same port, same data; waits until it serves.
    Result<void> restart();
    /// As a quota: none of its files grows beyond that, none: each as it likes. A segment of its
    /// log has 16 MB, and less than that would end it. REQUIRES: util-linux.
    Result<void> limit_files(std::optional<std::int64_t> bytes) const;

  private:
    PostgresServer() = default;
    Result<void> prepare();
    void signal_all(int signal) const;
    std::vector<int> children() const;
    std::vector<std::string> as_owner(std::vector<std::string> command) const;

    std::string m_bin; // folder of the programs
    std::string m_folder;
    int m_port = 0;
    int m_pid = 0;
};

/// One that runs, for a whole test; without it the test ends here, with the reason.
std::unique_ptr<PostgresServer> running_postgres();

/// For a test's _data(): the column "postgresql", and a row for each kind of warehouse.
void add_warehouse_kinds();

} // namespace weir::test
