// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real Apache Kafka broker for tests: one JVM, KRaft, on free ports of the loopback, with an
// authorizer and one listener for each way to log in, and for each way to fail at it.
//
// KafkaBroker::shared() is the suite's broker, which ctest starts once (see broker_ctl.cpp); tests
// keep apart by unique_name(). A test that kills its broker start()s one of its own.
// Users: "admin" may do everything, "reader", "auditor", "operator", "stranger" and "historian"
// nothing until an ACL says so; each has the password "<name>-secret", on PLAIN, SCRAM and
// (unsecured) OAUTHBEARER. Whoever comes by Plaintext is User:ANONYMOUS and may do everything.
//
// Thread contract: one thread; start() from one that outlives the broker (a private broker is
// killed with the thread that started it). REQUIRES: Java 17, openssl; maven for the first start.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"

namespace weir::test {

/// The broker's doors. The names in the comments stand in server.properties.
enum class Listener {
    Plaintext,     // everything allowed
    Ssl,           // a client certificate is asked for, not demanded
    MutualTls,     // demands a client certificate; principal is User:CN=client
    SaslPlaintext, // PLAIN, SCRAM-SHA-256, SCRAM-SHA-512
    SaslSsl,       // the same over TLS
    OAuth,         // OAUTHBEARER without TLS; takes unsigned tokens, "sub" is the user
    Expired,       // TLS with a certificate of the year 2020
    Misnamed,      // TLS with a certificate for another name
    Unresolvable,  // answers, but advertises a name that does not resolve
};

class KafkaBroker {
  public:
    struct Options {
        std::string version;                           // empty: $WEIR_KAFKA_VERSION, else 4.1.0
        std::map<std::string, std::string> properties; // added to server.properties
        std::string java_options = "-Xmx512m -Xms128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";
    };

    /// Starts a private broker and waits until it serves. It ends with this object, or with the
    /// process, however that ends.
    static Result<std::unique_ptr<KafkaBroker>> start(const Options& options);
    static Result<std::unique_ptr<KafkaBroker>> start();

    /// The suite's broker; by hand, without ctest, one for this process. Never null: a broker that
    /// cannot be had ends the test with the reason.
    static KafkaBroker& shared();

    /// A running broker by the file that write_state() wrote.
    static Result<std::unique_ptr<KafkaBroker>> attach(const std::string& state_file);

    ~KafkaBroker();
    KafkaBroker(const KafkaBroker&) = delete;
    KafkaBroker& operator=(const KafkaBroker&) = delete;

    const std::string& version() const { return m_version; }
    const std::string& cluster_id() const { return m_cluster_id; }
    /// "127.0.0.1:PORT"
    std::string address(Listener listener = Listener::Plaintext) const;
    /// Path of a file of certificates.sh, e.g. "ca.pem".
    std::string certificate(const std::string& file) const;
    /// Path of the broker's log, and its last lines.
    std::string log_file() const { return m_folder + "/broker.log"; }
    std::string log_tail() const;
    /// Path of the file that holds a partition's first records.
    std::string records_file(const std::string& topic, int partition) const;

    /// Everything a connection needs, named "test-kafka", trusting the CA, with a secret that
    /// WEIR's resolver reads from the environment (set by this call).
    kafka::ConnectionOptions connection(Listener listener = Listener::Plaintext,
                                        const std::string& user = "admin") const;

    /// Private brokers only. kill(): SIGKILL, as a crash. stop(): orderly. pause(): SIGSTOP, the
    /// port still accepts, but nobody answers. restart(): same ports, same data; waits until it
    /// serves.
    void kill();
    void stop();
    void pause();
    void resume();
    Result<void> restart();
    bool running() const { return m_pid > 0; }

    /// For broker_ctl.cpp.
    Result<void> write_state(const std::string& state_file) const;
    int pid() const { return m_pid; }

    /// Where the jars of this version lie; fetched if they are not there yet.
    static Result<std::string> jars(const std::string& version);
    /// Runs a Java class of Kafka with its own tools; returns what it printed.
    Result<std::string> run_java(const std::string& main_class,
                                 const std::vector<std::string>& arguments) const;
    /// Where the jars of Kafka's command line tools lie, which the broker itself does without.
    Result<std::string> tools() const;
    /// As run_java(), with these.
    Result<std::string> run_tool(const std::string& main_class,
                                 const std::vector<std::string>& arguments) const;

  private:
    KafkaBroker() = default;
    Result<void> prepare();
    Result<void> write_properties() const;
    Result<void> format_storage() const;
    Result<void> launch();
    bool port_was_taken() const;

    Options m_options;
    std::string m_version;
    std::string m_jars;
    std::string m_folder;
    std::string m_cluster_id;
    std::map<std::string, int> m_ports; // by the listener's name in server.properties
    int m_pid = 0;
    bool m_owned = false;
};

/// "prefix-<pid>-<n>": a name no other test of the suite uses.
std::string unique_name(const std::string& prefix);

} // namespace weir::test
