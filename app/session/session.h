// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session wires the parts of one workspace together: clusters, decoders, disclosure, the ingest
// loop and its folds. The window and the command line stand on the same one.
//
// Thread contract: every method from any thread; one lock, never held during I/O. start_live() and
// cluster() may block for their I/O: not on the GUI thread. What is handed out is thread-safe as
// its own type says, and lives as long as somebody holds it. Opening a session connects to nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/session/contract_keeper.h"
#include "app/session/observed_history.h"
#include "app/session/unmasking.h"
#include "connectors/base/allocator.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "models/catalogue/version_counts.h"
#include "models/contract/event_checker.h"
#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/history/watched_time.h"
#include "models/event/ingest/ingest_loop.h"
#include "models/event/store/event_store.h"
#include "models/flow/flow_report.h"
#include "models/invalid/invalid_report.h"
#include "models/latency/latency_paths.h"
#include "models/workspace/observed_stages.h"
#include "models/workspace/workspace.h"

namespace weir {

/// As a connection's address: the cluster inside Weir.
inline constexpr const char* embedded_address = "embedded";

/// One running observation: a reader, the loop that drives the folds, and the stores it fills.
class Observation {
  public:
    /// What of it is kept: all three of one connection, or neither history nor run.
    struct Kept {
        std::shared_ptr<const ObservedHistory> history; // null: nothing is kept
        std::unique_ptr<HistoryRun> run;
        std::optional<Error> error; // why not
    };
    Observation(std::string connection, std::shared_ptr<kafka::Reader> reader,
                std::unique_ptr<IngestLoop> loop, Kept kept);
    ~Observation(); // stops and joins

    const std::string& connection() const { return m_connection; }
    const kafka::Reader& reader() const { return *m_reader; }
    IngestStats stats() const { return m_loop->stats(); }
    bool finished() const { return m_loop->finished(); }
    /// One a lane, none is null. Lanes are numbered through all observations of a session.
    std::vector<std::shared_ptr<const LaneSnapshot>> stores() const;
    /// Likewise: what was counted by type and version.
    std::vector<std::shared_ptr<const VersionCountsSnapshot>> versions() const;
    /// How late the events were, those of before the start, which the history has, among them.
    LatencySeen latency() const;
    /// What became of them, stage by stage, likewise.
    FlowSeen flow() const;
    /// Which events were invalid.
    InvalidSeen invalid() const;
    /// When it was watched, before this start too, and what is wrong with its history.
    WatchedTime watched() const;

  private:
    const GivesBackFreedMemory m_first;
    const std::string m_connection;
    const std::shared_ptr<kafka::Reader> m_reader;
    const Kept m_kept; // outlives the loop, which writes to it until its end
    const std::unique_ptr<IngestLoop> m_loop;
};

struct SessionOptions {
    /// The user approved the commands that fetch this workspace's secrets (law 7).
    bool allow_commands = false;
    /// Live observations are kept in the user's data folder, as the workspace says.
    bool keeps_history = false;
};

class Session {
  public:
    /// Errors: Config (a dialect that does not exist), ContractKeeper's.
    static Result<std::unique_ptr<Session>> open(Workspace workspace, SessionOptions options = {});
    virtual ~Session() = default;

    virtual const Workspace& workspace() const = 0;
    virtual std::shared_ptr<Vocabulary> vocabulary() const = 0;
    virtual std::shared_ptr<const DialectSet> dialects() const = 0;
    /// The workspace's contracts as they are now; never null. Ask again to see what changed:
    /// another `revision` is another set.
    virtual std::shared_ptr<const LoadedContracts> contracts() const = 0;

    /// The cluster of a connection, made at the first call; "embedded" is started by it.
    virtual Result<std::shared_ptr<kafka::Cluster>> cluster(const std::string& connection) = 0;
    /// The clusters made so far, for the status bar.
    virtual std::vector<std::shared_ptr<kafka::Cluster>> clusters() const = 0;
    /// The embedded cluster, if the workspace has one and it runs.
    virtual std::shared_ptr<kafka::EmbeddedCluster> embedded() const = 0;

    /// A new decoder for the records of a connection; belongs to the thread that will use it.
    virtual std::unique_ptr<Decoder> make_decoder(const std::string& connection) const = 0;
    /// Holds events against the contracts as they are now; belongs to the thread that will use it.
    virtual std::unique_ptr<EventChecker> make_checker() const = 0;
    /// What a book of invalid events on that connection is told; all of a session's share their
    /// words.
    virtual InvalidOptions invalid_book(const std::string& connection) const = 0;
    /// What may be shown of that connection's records.
    virtual std::shared_ptr<const DisclosurePolicy>
    disclosure(const std::string& connection) const = 0;
    /// Another number is another policy for some connection: contracts changed, or somebody
    /// unmasked.
    virtual std::uint64_t disclosure_revision() const = 0;
    /// As disclosure(), with tokens in the place of what is masked; where nothing is masked, of
    /// what would be on production. Blocks for the key. Errors: Config (no key is named, or too
    /// short a one), resolve_secret()'s.
    virtual Result<std::shared_ptr<const DisclosurePolicy>>
    tokenised(const std::string& connection) const = 0;
    /// From now on disclosure() shows all of the connection. Blocks. Errors: ask_to_unmask()'s.
    virtual Result<void> unmask(const std::string& connection, const std::string& reason) = 0;
    /// At once, without waiting for anything. Answers the unmasking that ended with it, which
    /// record_masked_again() wants to know; null: there was none.
    virtual std::shared_ptr<const Unmasking> mask_again(const std::string& connection) = 0;
    /// Null: the connection is masked as the workspace says.
    virtual std::shared_ptr<const Unmasking> unmasking(const std::string& connection) const = 0;

    /// Starts (or replaces) the live observation of a connection; those of others go on. Blocks up
    /// to `timeout` for metadata. On an error the observation that ran before goes on. The memory
    /// that the workspace allows is shared evenly among the connections that it watches.
    virtual Result<void> start_live(const std::string& connection, kafka::ReadRequest request,
                                    std::chrono::milliseconds timeout) = 0;
    /// Ends all of them.
    virtual void stop_live() = 0;
    /// The live observation of a connection, or null. A holder may keep looking at one that was
    /// replaced.
    virtual std::shared_ptr<const Observation> live(const std::string& connection) const = 0;

  protected:
    Session() = default;
};

/// What events are counted and shown by where nobody has chosen.
std::vector<std::string> usual_dimensions();
/// The connections that the workspace watches, in its order, each once.
std::vector<std::string> watched_connections(const Workspace& workspace);
/// What the workspace wants followed on a connection: its `watch`, or every topic of its stages.
kafka::ReadRequest watched(const Workspace& workspace, const std::string& connection);
/// Which places a request reads: the topics that it names, and where it has patterns whatever may
/// be a topic (schema.table is none).
IsObserved observed_by(const kafka::ReadRequest& request);

} // namespace weir
