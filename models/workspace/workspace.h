// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A workspace (*.weir.json): what is watched and how. Plain values, loaded and checked against
// resources/workspace.schema.json; an error names the JSON pointer and the mend. Opening one opens
// no connection and runs no command. Thread contract: plain values. Bound: 16 MB a file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/kafka/connection.h"
#include "connectors/warehouse/connection.h"
#include "models/event/history/history_policy.h"
#include "models/workspace/unknown_types.h"

namespace weir {

struct StageSpec {
    std::string name;
    std::vector<std::string> inputs; // places
    std::vector<std::string> outputs;
    std::string output_rule = "all";                   // "all", "any" or "filter"
    std::map<std::string, std::string> output_filters; // place → filter, for "filter"
    std::string dead_letter;
    std::string consumer_group;
    std::int64_t slo_p95_us = 0;       // 0: none
    std::int64_t pending_limit_us = 0; // 0: default
};

struct EventSpec {
    std::string dialect = "auto";
    std::vector<std::string> dimensions; // [0] is "type"; default: type source platform app_version
                                         // schema_version
    std::map<std::string, std::vector<std::string>> dimension_paths; // overrides
    struct Place {
        std::string dialect;
        std::vector<std::string> id_paths;
        bool dead_letters = false;
    };
    std::map<std::string, Place> places; // topic → what is different there
};

struct RetentionSpec {
    std::uint64_t memory_rows = 2'000'000;
    std::uint64_t memory_bytes = 1ULL << 30;
    std::uint64_t disk_bytes = 4ULL << 30; // paused views and results that do not fit in memory
    bool keeps_history = true;             // what was observed, beyond the process
    HistoryPolicy history;
};

struct ContractsSpec {
    std::string folder;                        // "": the workspace has no contracts
    bool built_in = false;                     // the demo shop's; `folder` is "demo"
    bool check = true;                         // at places that are not named
    std::optional<UnknownTypes> unknown_types; // nothing: it says nothing of them
    struct Place {
        std::optional<bool> check;
        std::optional<UnknownTypes> unknown_types;
    };
    std::map<std::string, Place> places; // topic → what is different there

    /// Whether events at the place are to be held against their contracts.
    bool checks(const std::string& place) const;
    /// What it says of types there that no contract knows; nothing: nothing.
    std::optional<UnknownTypes> said_of_unknown_types(const std::string& place) const;
    /// What holds for them at a place that is observed: refused, where nothing is said.
    UnknownTypes unknown_types_at(const std::string& place) const;
};

enum class MaskingPolicy : std::uint8_t { Default, None, Detectors, Contracts };

struct MaskingSpec {
    MaskingPolicy policy = MaskingPolicy::Default;
    std::map<kafka::Environment, MaskingPolicy> environments; // what goes before `policy` there
    kafka::SecretRef token_key; // env: or keychain:; "": nothing can be tokenised

    /// What holds on a connection; never Default.
    MaskingPolicy policy_on(kafka::Environment environment) const;
};

/// Who may do what is not everybody's. A guard rail against accidents, no more: whoever can edit
/// the workspace can give themselves any right.
struct RoleSpec {
    enum class Right : std::uint8_t { Unmask };
    std::string name;
    std::vector<std::string> members; // login names; "*" is everybody
    std::vector<Right> rights;
    std::vector<kafka::Environment> environments; // empty: everywhere
};

struct Workspace {
    std::string name;
    std::string file; // where it was loaded from; empty: made in memory
    std::vector<kafka::ConnectionOptions> connections; // of kind "kafka"
    /// Of the kinds "sqlite" and "postgresql"; save() leaves them as they stand in the file.
    std::vector<warehouse::ConnectionOptions> warehouses;
    struct Watch { // what the Live view follows when it opens
        std::string connection;
        std::vector<std::string> topics;
        std::vector<std::string> topic_patterns;
    };
    std::vector<Watch> watch;
    EventSpec event;
    std::vector<StageSpec> stages;
    ContractsSpec contracts;
    MaskingSpec masking;
    std::vector<RoleSpec> roles;
    RetentionSpec retention;
    /// The JSON it was read from, as it stood: save() lays the members above over it, so that
    /// comments, and what only later versions know, stay. Empty: made in memory.
    std::string document;

    /// Relative paths of certificates and the like are taken from the file's folder.
    /// Errors: NotFound, NotPermitted, Io, TooLarge, Unsupported (a newer Weir is needed), Config
    /// (where = file#/json/pointer, advice = the mend).
    static Result<Workspace> load(const std::string& file);
    static Result<Workspace> parse(const std::string& text, const std::string& file);
    /// The demo's, built into the program: the cluster inside Weir and its pipeline.
    static Workspace demo();

    /// What save() writes. Errors: Config, if it could not be read again (a secret in the clear, a
    /// name twice, …).
    Result<std::string> to_json(const std::string& to_file) const;
    /// Writes a temporary file and renames it. Errors: as to_json(), Io, DiskFull, NotPermitted.
    Result<void> save(const std::string& to_file) const;

    /// Null, of both: there is none of that name.
    const kafka::ConnectionOptions* connection(const std::string& named) const;
    const warehouse::ConnectionOptions* warehouse(const std::string& named) const;
    /// The role that gives `user` the right on connections of that environment, or null.
    const RoleSpec* role_of(const std::string& user, RoleSpec::Right right,
                            kafka::Environment environment) const;
};

} // namespace weir
