// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps a workspace's contracts: read when it is opened, looked at again every second, read anew
// when a file came, went or changed.
//
// Thread contract: current() from any thread, waits for nothing; the files are read on a thread of
// its own, but for the first time in open(). Bound: a ContractSet's; those that are held stay.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "models/contract/contract_set.h"
#include "models/event/fold/fold.h"
#include "models/workspace/workspace.h"

namespace weir {

/// The workspace's contracts as they were last read.
struct LoadedContracts {
    std::shared_ptr<const ContractSet> set; // never null; empty where the workspace names none
    std::uint64_t revision = 0;             // counts up with every set that was read
    Micros since;                           // when this one was
    std::optional<Error> error; // why they cannot be read again now; the set is the last that could
};

class ContractKeeper {
  public:
    /// Errors: NotFound, NotPermitted, Io (the folder); what is wrong with single files is in
    /// ContractSet::problems().
    static Result<std::unique_ptr<ContractKeeper>> open(const Workspace& workspace);
    ~ContractKeeper();
    ContractKeeper(const ContractKeeper&) = delete;
    ContractKeeper& operator=(const ContractKeeper&) = delete;

    std::shared_ptr<const LoadedContracts> current() const { return m_current.get(); }

  private:
    explicit ContractKeeper(std::shared_ptr<const LoadedContracts> first);
    void watch(ContractFolder folder);

    Published<LoadedContracts> m_current;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopping = false; // guarded by m_mutex
    std::thread m_thread;    // none: there is nothing to look at
};

} // namespace weir
