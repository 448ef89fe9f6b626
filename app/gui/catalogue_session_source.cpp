// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/catalogue_session_source.h"

#include "connectors/base/qt_text.h"
#include "models/invalid/invalid_stages.h"

namespace weir {

CatalogueStatus CatalogueSessionSource::status() const {
    CatalogueStatus status;
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    if (m_host.session() != nullptr && workspace && !workspace->contracts.folder.empty()) {
        status.state = CatalogueStatus::State::Loaded;
        status.origin = workspace->contracts.built_in
                            ? tr("the demo shop")
                            : QString::fromStdString(workspace->contracts.folder);
        status.error = m_host.session()->contracts()->error;
    }
    status.observed = m_host.observes();
    if (!status.observed)
        return status;
    const LiveStatus live = m_live.status();
    status.partial = live.state == LiveStatus::State::Stale ? live.reason : live.partial;
    return status;
}

std::shared_ptr<const ContractSet> CatalogueSessionSource::contracts() const {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    if (m_host.session() == nullptr || !workspace || workspace->contracts.folder.empty())
        return nullptr;
    return m_host.session()->contracts()->set;
}

std::vector<std::string> CatalogueSessionSource::entries() const {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    return workspace ? invalid_options(*workspace, {}).entries : std::vector<std::string>();
}

std::vector<std::shared_ptr<const VersionCountsSnapshot>> CatalogueSessionSource::counts() const {
    std::vector<std::shared_ptr<const VersionCountsSnapshot>> lanes;
    for (const Watched& one : m_host.watched()) {
        if (!one.live)
            continue;
        const auto versions = one.live->versions();
        lanes.insert(lanes.end(), versions.begin(), versions.end());
    }
    return lanes;
}

} // namespace weir
