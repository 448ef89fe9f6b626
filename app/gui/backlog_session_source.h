// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Backlog view sees of the session that the window keeps.
// Thread contract: GUI thread only; nothing here blocks. REQUIRES: the host outlives it.
#pragma once

#include "app/gui/live_session_source.h"
#include "widgets/backlog/backlog_source.h"

namespace weir {

class BacklogSessionSource : public BacklogSource {
  public:
    explicit BacklogSessionSource(SessionHost& host)
        : m_host(host)
        , m_live(host) {}

    std::vector<std::string> connections() const override;
    std::uint64_t observation() const override { return m_host.observation(); }
    std::shared_ptr<const BacklogSnapshot> snapshot(const std::string& connection) override {
        return m_host.backlogs().snapshot(m_host, connection);
    }
    void setFocus(const std::string& connection, std::vector<std::string> groups) override {
        m_host.backlogs().setFocus(connection, std::move(groups));
    }
    CommandTarget commandTarget(const std::string& connection) const override {
        return m_live.commandTarget(connection);
    }
    void openRecord(const std::string& connection, const kafka::TopicPartition& at,
                    Offset offset) override;
    std::shared_ptr<const OpenedRecord> openedRecord() const override { return m_opener.newest(); }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return m_live.vocabulary(); }
    std::shared_ptr<const DisclosurePolicy>
    disclosure(const std::string& connection) const override;
    std::unique_ptr<Decoder> decoder(const std::string& connection) const override;
    std::unique_ptr<EventChecker> checker() const override;

  private:
    SessionHost& m_host;
    LiveSessionSource m_live; // what both views see in the same way
    RecordOpener m_opener;
};

} // namespace weir
