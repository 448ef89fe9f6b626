// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Invalid view needs of the session.
// Thread contract: GUI thread only; nothing here blocks.
#pragma once

#include <QStringList>

#include <memory>
#include <string>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/invalid/invalid_report.h"
#include "models/live/copied_command.h"

namespace weir {

class InvalidSource {
  public:
    virtual ~InvalidSource() = default;

    /// The books of all observations; other pointers within when something was read.
    virtual InvalidSeen seen() const = 0;
    /// Null: nothing is observed.
    virtual std::shared_ptr<const Vocabulary> vocabulary() const = 0;
    virtual std::shared_ptr<const DisclosurePolicy> disclosure() const = 0;
    /// What is missing of the observation, e.g. "2 of 6 partitions fail"; empty: nothing.
    virtual QString partial() const = 0;
    /// That are followed, for command lines that are copied.
    virtual QStringList topics() const = 0;
    /// How a connection is reached, for command lines that are copied.
    virtual CommandTarget commandTarget(const std::string& connection) const = 0;
};

} // namespace weir
