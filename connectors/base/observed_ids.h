// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ids of all production and staging clusters and databases that this user has ever observed,
// kept outside any workspace: whatever a workspace file claims, such a one is never written to
// (law 6). A database's id begins with its kind and a colon, which no cluster's id holds.
//
// Thread contract: every function from any thread and process (a lock file guards the file).
// Bound: ids_max entries; beyond it nothing is forgotten, recording fails.
#pragma once

#include <string>
#include <vector>

#include "connectors/base/connection.h"
#include "connectors/base/result.h"
#include "connectors/base/types.h"

namespace weir {

struct ObservedId {
    std::string id;
    std::string connection; // as it was called then
    Environment environment = Environment::Production;
    Micros first_seen;
};

class ObservedIds {
  public:
    static constexpr std::size_t ids_max = 10'000;

    /// $WEIR_OBSERVED_IDS, else weir/observed-clusters.json in the user's data folder.
    static std::string default_path();

    explicit ObservedIds(std::string path = default_path())
        : m_path(std::move(path)) {}

    /// Nothing yet is an empty list. Errors: Corrupt (also: written by a newer Weir), Io.
    Result<std::vector<ObservedId>> load() const;

    /// Adds an id unless it is known. Errors: as load(); DiskFull, Io, TooLarge.
    Result<void> record(const ObservedId& id) const;

    /// Whether record() could add an id. Where it cannot, something may have been observed that is
    /// not in the list, and nothing may be written. Errors: as record().
    Result<void> check_recordable() const;

    /// The entry of this id, or an empty id. Errors: as load().
    Result<ObservedId> find(const std::string& id) const;

    /// The list beside this one of those that this user marked as sandboxes. It gives no leave to
    /// write: it only keeps what could not be looked into from being taken for production.
    ObservedIds marked_sandboxes() const { return ObservedIds(m_path + ".sandboxes"); }

    const std::string& path() const { return m_path; }

  private:
    Result<std::vector<ObservedId>> read_file() const;
    std::string m_path;
};

} // namespace weir
