// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a command works on: a session of a workspace, or of one made from --bootstrap and -X, and
// the topics, partitions and range that the options name.
//
// Thread contract: main thread; plain values but for the session. Nothing connects before
// cluster() is first called.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/session/session.h"
#include "models/event/filter/filter.h"
#include "models/event/search/search.h"

namespace weir::cli {

struct Target {
    std::unique_ptr<Session> session;
    std::string connection;
    std::vector<std::string> topics;
    std::vector<std::string> topic_patterns;
    std::vector<PartitionId> partitions;
    std::shared_ptr<const DisclosurePolicy> disclosure; // of what is printed and searched
    bool tokens = false;     // it puts tokens in the place of what is masked
    std::uint64_t rules = 0; // Session::disclosure_revision() that it was made under
    std::chrono::milliseconds timeout{10'000};

    Result<std::shared_ptr<kafka::Cluster>> cluster() const { return session->cluster(connection); }
    /// How the connection's records are opened (which says on `console` why that takes long),
    /// decoded and disclosed.
    Result<SearchParts> search_parts(Console& console) const;
    /// The same disclosure by the contracts of now. Errors: Session::tokenised()'s.
    Result<std::shared_ptr<const DisclosurePolicy>> disclosure_now() const;
};

/// Errors: Usage, Config, NotFound. Says on stderr when the connection is unmasked production.
/// `dimensions`: of events, where the workspace names none.
Result<Target> open_target(const Arguments& arguments, Console& console, bool needs_topics,
                           const std::vector<std::string>& dimensions = {});
/// The workspace that the options describe; ad hoc if there is no --workspace.
Result<Workspace> workspace_of(const Arguments& arguments);

/// The one that --connection names, or the first. Errors: Usage.
Result<kafka::ConnectionOptions> connection_of(const Arguments& arguments,
                                               const Workspace& workspace);

/// The connection for a command that writes. Without a workspace the user says with that very
/// command that it is a sandbox; prove_sandbox() believes the cluster's own marker only.
Result<kafka::ConnectionOptions> sandbox_connection_of(const Arguments& arguments);
/// Whether that is the cluster inside Weir, by --bootstrap or by the workspace.
bool means_embedded(const Arguments& arguments);

/// Resolves secrets for a connection used without a session. Commands run only if the user named
/// them on the command line or said --allow-commands.
kafka::SecretResolver command_line_secrets(const Arguments& arguments,
                                           const std::string& connection);

struct Range {
    kafka::StartAt start;
    kafka::EndAt end;
};
/// From --from, --to, --last; `otherwise` where nothing names a start. Errors: Usage.
Result<Range> range_of(const Arguments& arguments, kafka::StartAt::Kind otherwise, Micros now);

/// What to read of the target, committed records only with --read-committed.
kafka::ReadRequest read_request(const Arguments& arguments, const Target& target,
                                const Range& range);

/// From --filter, --filter-file and an optional positional expression: all must match. Errors:
/// Usage, with the mistake marked below the text; Io.
Result<std::shared_ptr<const Filter>> filter_of(const Arguments& arguments, Micros now);
/// Remarks on what may not mean what was meant.
void note_hints(const Filter& filter, Console& console);
/// On the "filter" or the "fields": paths that are not there, what is masked.
void note_remarks(const char* on, const std::vector<std::string>& remarks, Console& console);
/// Errors: Usage (the filter, or a `field` that is asked for, is about violations, and there are no
/// contracts to break).
Result<void> check_contracts_for(const Filter& filter, const Target& target, bool field = false);

/// A duration option, or `otherwise`. Errors: Usage.
Result<Micros> duration_of(const Arguments& arguments, std::string_view name, Micros otherwise);

} // namespace weir::cli
