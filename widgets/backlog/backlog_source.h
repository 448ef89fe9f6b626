// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Backlog view needs of the world: the backlog of each observed cluster, and single
// records of it. The application wires it to a session.
// Thread contract: GUI thread only; nothing here may block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/backlog/backlog_snapshot.h"
#include "models/contract/event_checker.h"
#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/live/copied_command.h"
#include "models/live/record_opener.h"

namespace weir {

class BacklogSource {
  public:
    virtual ~BacklogSource() = default;

    /// Those whose cluster is there, in the workspace's order.
    virtual std::vector<std::string> connections() const = 0;
    /// Counts up when everything that was shown is void.
    virtual std::uint64_t observation() const = 0;
    /// The newest; null before the first answer.
    virtual std::shared_ptr<const BacklogSnapshot> snapshot(const std::string& connection) = 0;
    /// Groups that are on screen; none: nobody looks.
    virtual void setFocus(const std::string& connection, std::vector<std::string> groups) = 0;
    virtual CommandTarget commandTarget(const std::string& connection) const = 0;

    /// Reads a record; openedRecord() has it once it is there. The newest request wins.
    virtual void openRecord(const std::string& connection, const kafka::TopicPartition& at,
                            Offset offset) = 0;
    virtual std::shared_ptr<const OpenedRecord> openedRecord() const = 0;
    /// How a record is shown; the decoder and the checker may be null.
    virtual std::shared_ptr<const Vocabulary> vocabulary() const = 0;
    virtual std::shared_ptr<const DisclosurePolicy>
    disclosure(const std::string& connection) const = 0;
    virtual std::unique_ptr<Decoder> decoder(const std::string& connection) const = 0;
    virtual std::unique_ptr<EventChecker> checker() const = 0;
};

} // namespace weir
