// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/contract_keeper.h"

namespace weir {

namespace {

constexpr std::chrono::seconds look_every(1);

Error folder_missing(const Workspace& workspace, Error error) {
    error.where = workspace.file + "#/contracts/folder: " + error.where;
    error.tried = "reading the contracts";
    error.advice = "Check the path, or take \"contracts\" out of the workspace. Without them it is "
                   "not known which fields are personal.";
    return error;
}

} // namespace

ContractKeeper::ContractKeeper(std::shared_ptr<const LoadedContracts> first) {
    m_current.set(std::move(first));
}

ContractKeeper::~ContractKeeper() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

Result<std::unique_ptr<ContractKeeper>> ContractKeeper::open(const Workspace& workspace) {
    const ContractsSpec& spec = workspace.contracts;
    auto first = std::make_shared<LoadedContracts>();
    first->since = Micros::now();
    std::optional<ContractFolder> folder;
    if (spec.folder.empty()) {
        first->set = std::make_shared<const ContractSet>();
    } else if (spec.built_in) {
        first->set = ContractSet::built_in();
    } else {
        folder.emplace(spec.folder);
        if (auto read = folder->refresh(); !read)
            return folder_missing(workspace, read.error());
        first->set = folder->current();
    }
    auto keeper = std::unique_ptr<ContractKeeper>(new ContractKeeper(std::move(first)));
    if (folder)
        keeper->m_thread = std::thread([raw = keeper.get(), moved = *std::move(folder)]() mutable {
            raw->watch(std::move(moved));
        });
    return keeper;
}

void ContractKeeper::watch(ContractFolder folder) {
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, look_every, [this] { return m_stopping; })) {
        lock.unlock();
        const std::shared_ptr<const LoadedContracts> before = m_current.get();
        const auto read = folder.refresh();
        const bool changed = folder.current() != before->set;
        if (changed || read.ok() == before->error.has_value()) {
            auto now = std::make_shared<LoadedContracts>(*before);
            if (changed) {
                now->set = folder.current();
                ++now->revision;
                now->since = Micros::now();
            }
            now->error = read ? std::nullopt : std::optional(read.error());
            m_current.set(std::move(now));
        }
        lock.lock();
    }
}

} // namespace weir
