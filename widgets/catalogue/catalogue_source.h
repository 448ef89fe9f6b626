// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Catalogue view needs of the world: the workspace's contracts, and what is counted of the
// events that are observed. The application wires it to a session.
// Thread contract: GUI thread only; nothing here may block.
#pragma once

#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/catalogue/version_counts.h"
#include "models/contract/contract_set.h"
#include "models/event/disclosure/disclosure.h"
#include "models/live/copied_command.h"

namespace weir {

struct CatalogueStatus {
    enum class State {
        None,    // the workspace names no contracts
        Loading, // they are being read
        Loaded,
        Failed, // they cannot be read; `error`
    };
    State state = State::None;
    QString origin;             // the folder, or what else they come from
    std::optional<Error> error; // Loaded: why the folder cannot be read again; the last set stands
    QString partial;            // what is missing of the observation
    bool observed = true;       // false: nothing is, and no shares are known
};

class CatalogueSource {
  public:
    virtual ~CatalogueSource() = default;

    virtual CatalogueStatus status() const = 0;
    /// Null where there are none; another pointer when they have been read anew.
    virtual std::shared_ptr<const ContractSet> contracts() const = 0;
    /// The newest of each lane; other pointers when something was counted.
    virtual std::vector<std::shared_ptr<const VersionCountsSnapshot>> counts() const = 0;
    /// Null: nothing is observed.
    virtual std::shared_ptr<const Vocabulary> vocabulary() const = 0;
    virtual std::shared_ptr<const DisclosurePolicy> disclosure() const = 0;
    /// Topics where events come in, by the workspace's stages; empty: it has none.
    virtual std::vector<std::string> entries() const = 0;
    /// How a connection is reached, for command lines that are copied.
    virtual CommandTarget commandTarget(const std::string& connection) const = 0;
};

} // namespace weir
