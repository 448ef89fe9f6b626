// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Cluster from the inside, for the rest of connectors/kafka: its clients and its health.
//
// Every client made here is a consumer without a group that creates no topic (law 6); there is no
// way to a producer from here. Thread contract: every method from any thread. Bound: one shared
// client with one watching thread, and what readers ask for.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "connectors/kafka/client/client.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/read/read_budget.h"
#include "connectors/kafka/read/reader.h"

namespace weir::kafka {

using Deadline = std::chrono::steady_clock::time_point;
/// At least 1 ms: 0 and less mean "for ever" to librdkafka here and there.
std::chrono::milliseconds remaining(Deadline deadline);
/// As librdkafka takes it: ms, at most an hour.
int remaining_ms(Deadline deadline);

/// How long librdkafka waits at most between two attempts to connect.
constexpr int reconnect_wait_ms_max = 3000;

/// What a connection has last been seen to do. Thread contract: every method from any thread.
class HealthBoard {
  public:
    explicit HealthBoard(ConnectionOptions options);
    Health read() const;
    /// An answer that came before the failure that was told last says nothing of now.
    void answered(Micros at = Micros::now());
    /// `why` is librdkafka's own sentence; `nobody`: no broker at all can be reached.
    void failed(ErrorCode code, const std::string& why, bool nobody);
    /// It answers, but with this trouble; gone when the state changes.
    void limps(ErrorCode code, const std::string& why);
    /// Why it, or a part of it, does not answer; none if that is not known.
    std::optional<Error> cause() const;
    /// It does not answer, and asking again would not help: as it was never reached, and each of
    /// its addresses refuses connections for refused_patience, that counts too.
    bool hopeless() const;
    static constexpr std::chrono::milliseconds refused_patience{1'500};

  private:
    const ConnectionOptions m_options;
    mutable std::mutex m_mutex;
    Health m_health;
    std::optional<Error> m_cause;
    bool m_hopeless = false;
    Micros m_failed{-1};                                                  // last
    std::optional<std::chrono::steady_clock::time_point> m_refused_since; // by all, from the start
};

/// What happened on a client's main queue, emptied without waiting: the errors among it.
struct ClientTrouble {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string text;
    bool all_down = false; // no broker at all could be reached
};

class ObservedCluster final : public Cluster {
  public:
    ObservedCluster(ConnectionOptions options, SecretResolver secrets);
    ~ObservedCluster() override;

    Result<void> start();

    const ConnectionOptions& options() const override { return m_options; }
    Result<std::string> cluster_id(std::chrono::milliseconds timeout) override;
    Health health() const override { return m_board.read(); }
    ReadBudget& budget() override { return m_budget; }
    std::optional<Error> not_noted() const override;
    /// To be called before the first record is handed out: see cluster_id(). Blocks up to
    /// `timeout`; what goes wrong is told by not_noted().
    void note_before_reading(std::chrono::milliseconds timeout);

    /// The client for questions; it reads uncommitted, so ends are high watermarks. No topic object
    /// may stay on it (see named_metadata).
    rd_kafka_t* client() { return m_client.get(); }
    /// To be held while a record is read by client(): readers of one partition would take each
    /// other's.
    std::mutex& single_reads() { return m_single_reads; }
    /// The same, for looking as a reader of committed records does: its ends are last stable
    /// offsets. Made at the first call. Errors: as build_config's.
    Result<rd_kafka_t*> committed_client();
    std::mutex& committed_reads() { return m_committed_reads; }
    /// Another client of the same kind; `settings` give way to the connection's own properties.
    Result<Client> new_client(const std::map<std::string, std::string>& settings,
                              Isolation isolation = Isolation::ReadUncommitted);
    /// One that connects to every broker, and whose log tells what each of them can.
    Result<Client> new_listening_client(std::function<void(const char* line)> listen);
    HealthBoard& board() { return m_board; }
    /// The error of a question that had no answer: why the connection does not answer, if that is
    /// known, says more to the user than the question's timeout. `what` is what did not come about.
    Error unanswered(rd_kafka_resp_err_t err, const std::string& what,
                     const std::string& tried = {}) const;
    /// It is an embedded cluster, of this process or of another one: it answers less than a broker
    /// does, and each time with its end. Told by what any answer brought; only before the first one
    /// this waits for it, at most until `deadline`.
    bool embedded(Deadline deadline) const;

  private:
    void watch();
    void tell_failed(const ClientTrouble& trouble);
    Result<void> note_observed(const std::string& id); // under the id's lock
    bool is_sandbox() const {
        return m_options.environment == Environment::Sandbox || m_in_process;
    }

    const ConnectionOptions m_options;
    const SecretResolver m_secrets;
    const bool m_in_process; // an embedded cluster of this process
    HealthBoard m_board;
    ReadBudget m_budget;
    Client m_client;
    std::mutex m_single_reads;
    std::mutex m_committed_mutex; // guards m_committed being made
    Client m_committed;
    std::mutex m_committed_reads;
    std::mutex m_id_mutex;
    std::string m_id;
    mutable std::mutex m_not_noted_mutex; // never held while anything is asked
    std::optional<Error> m_not_noted;
    std::atomic<bool> m_stop{false};
    std::thread m_watcher;
};

/// The inside of a cluster; null for one that Weir did not open.
ObservedCluster* observed(Cluster& cluster);

/// One topic's metadata, or all topics' with `topic` null. Never creates a topic.
/// Errors: Connection, Timeout, Authentication.
Result<MetadataHandle> fetch_metadata(rd_kafka_t* client, const char* topic,
                                      const std::string& connection,
                                      std::chrono::milliseconds timeout);

/// The same, asked again, each time more patiently, until the deadline. What does not heal by
/// waiting (a login that is refused) ends it as soon as it is known, and so does `stop` between two
/// questions.
Result<MetadataHandle> ask_metadata(ObservedCluster& cluster, const char* topic, Deadline deadline,
                                    const std::stop_token& stop = {});

/// Empties the queue; `wait` is for the first event.
ClientTrouble drain_events(rd_kafka_t* client, std::chrono::milliseconds wait);

} // namespace weir::kafka
