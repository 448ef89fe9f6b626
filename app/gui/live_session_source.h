// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Live view sees of the session that the window keeps.
// Thread contract: GUI thread only; nothing here blocks. REQUIRES: the host outlives it.
#pragma once

#include "app/gui/session_host.h"
#include "widgets/live/live_source.h"

namespace weir {

class LiveSessionSource : public LiveSource {
  public:
    explicit LiveSessionSource(SessionHost& host)
        : m_host(host) {}

    QString connection() const override;
    CommandTarget commandTarget(const std::string& connection) const override;
    std::vector<std::string> connections() const override;
    QStringList topics() const override;
    LiveStatus status() const override;
    std::uint64_t observation() const override;
    std::uint64_t rules() const override;
    EventCheckers checkers() const override;
    bool has_contracts() const override;
    DisclosureMaker tokenised() const override;
    std::function<Result<void>()> exportRecorder(const std::string& file,
                                                 std::uint64_t events) const override;
    std::vector<std::shared_ptr<const LaneSnapshot>> snapshots() const override;
    std::shared_ptr<const Vocabulary> vocabulary() const override;
    std::shared_ptr<const DisclosurePolicy> disclosure() const override;
    DecoderFactory decoders() const override;
    std::uint64_t spill_bytes_max() const override;
    bool can_read_again() const override { return m_host.workspace() != nullptr; }
    void read_again(const kafka::StartAt& start) override { m_host.startWatching(start); }
    bool can_search() const override;
    std::unique_ptr<LiveSearch> search(std::shared_ptr<const Filter> filter,
                                       bool exhaustive) override;

  private:
    SessionHost& m_host;
};

} // namespace weir
