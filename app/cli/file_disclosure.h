// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is shown of a file of events: it is the user's own and shown as it is, unless they ask for
// --mask or --disclose masked. What only a topic has is refused: asked for and not done, it would
// look as if it had been.
// Thread contract: plain functions; a LineMask has one owner. Bound: one line.
#pragma once

#include <memory>
#include <string_view>

#include "app/cli/arguments.h"
#include "app/session/session.h"
#include "models/contract/contract_set.h"
#include "models/contract/inference.h"
#include "models/event/disclosure/field_finder.h"

namespace weir::cli {

/// Whether a file is to be masked. Errors: Usage (an option that only a topic can have).
Result<bool> masks_file(const Arguments& arguments);
/// What is agreed about the events: by contracts where there are any, by the detectors else. Null
/// contracts: there are none to ask.
std::shared_ptr<const DisclosurePolicy> file_policy(bool masks,
                                                    std::shared_ptr<const ContractSet> contracts,
                                                    std::shared_ptr<const DialectSet> dialects);
/// What --workspace, --contracts and --dialect say, without a connection. Errors:
/// Workspace::load()'s.
Result<Workspace> file_workspace(const Arguments& arguments);
/// Lines of a file as they may be shown.
class LineMask {
  public:
    /// By --contracts or the --workspace's, and the detectors. Errors: file_workspace()'s,
    /// Session::open()'s, Config (a contract is broken: what is personal would not be known).
    static Result<std::unique_ptr<LineMask>> open(const Arguments& arguments);
    /// A line under the policy. Valid until the next call.
    struct Masked {
        std::string_view text;
        HiddenParts hidden;
    };
    Masked mask(std::string_view line);

  private:
    explicit LineMask(std::unique_ptr<Session> session);
    const std::unique_ptr<Session> m_session;
    const std::shared_ptr<const DisclosurePolicy> m_policy;
    const std::unique_ptr<Decoder> m_decoder;
    FieldFinder m_fields;
    Discloser m_discloser;
    SightingBatch m_sightings;
    std::vector<EventFields> m_events;
    DisclosedRecord m_shown;
};

} // namespace weir::cli
