// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/file_disclosure.h"

#include <array>

#include "models/contract/contract_disclosure.h"

namespace weir::cli {

namespace {

constexpr std::array of_topics{"connection", "bootstrap",      "property", "partition",
                               "budget",     "allow-commands", "timeout",  "from",
                               "to",         "last",           "filter",   "filter-file",
                               "limit",      "read-committed"};

/// A record of it alone, as the decoder reads the records of a topic.
RecordBatch batch_of(std::string_view line) {
    RecordBatchBuilder builder;
    RecordBatchBuilder::Fields fields;
    fields.value = line;
    builder.add(std::move(fields));
    return builder.take();
}

} // namespace

Result<bool> masks_file(const Arguments& arguments) {
    for (const char* option : of_topics)
        if (arguments.has(option))
            return usage_error(std::string("--") + option + " is about a topic, not about a file",
                               "Leave it out, or add --topic.");
    const std::string word = arguments.value("disclose");
    const bool masked = arguments.has("mask") || word == "masked";
    if (word == "tokens" || arguments.has("token-key"))
        return usage_error("a file's findings are masked or shown: there are no tokens for them",
                           "Write --disclose masked.");
    if (!word.empty() && word != "masked" && word != "shown")
        return usage_error("--disclose " + word + ": not a way to disclose",
                           "Write masked or shown.");
    if (arguments.has("unmask") || (masked && word == "shown"))
        return usage_error("a file is shown as it is unless it is to be masked",
                           "Write either --mask, or nothing.");
    return masked;
}

std::shared_ptr<const DisclosurePolicy> file_policy(bool masks,
                                                    std::shared_ptr<const ContractSet> contracts,
                                                    std::shared_ptr<const DialectSet> dialects) {
    if (!masks)
        return DisclosurePolicy::none();
    if (contracts == nullptr || contracts->contracts().empty())
        return DisclosurePolicy::built_in_detectors();
    return contract_disclosure(std::move(contracts), std::move(dialects), {});
}

Result<Workspace> file_workspace(const Arguments& arguments) {
    Workspace workspace;
    if (arguments.has("workspace")) {
        auto loaded = Workspace::load(arguments.value("workspace"));
        if (!loaded)
            return loaded;
        workspace = *std::move(loaded);
    }
    if (arguments.has("contracts")) {
        workspace.contracts.folder = arguments.value("contracts");
        workspace.contracts.built_in = workspace.contracts.folder == "demo";
    }
    if (arguments.has("dialect"))
        workspace.event.dialect = arguments.value("dialect");
    return workspace;
}

Result<std::unique_ptr<LineMask>> LineMask::open(const Arguments& arguments) {
    auto workspace = file_workspace(arguments);
    if (!workspace)
        return workspace.error();
    auto session = Session::open(*std::move(workspace));
    if (!session)
        return session.error();
    const auto set = (*session)->contracts()->set;
    if (!set->problems().empty())
        return set->problems().front();
    return std::unique_ptr<LineMask>(new LineMask(*std::move(session)));
}

LineMask::LineMask(std::unique_ptr<Session> session)
    : m_session(std::move(session))
    , m_policy(file_policy(true, m_session->contracts()->set, m_session->dialects()))
    , m_decoder(m_session->make_decoder({}))
    , m_fields(m_session->vocabulary(), m_policy)
    , m_discloser(m_policy) {}

LineMask::Masked LineMask::mask(std::string_view line) {
    m_decoder->decode(batch_of(line), m_sightings);
    m_events.clear();
    for (const Sighting& sighting : m_sightings.sightings) {
        m_events.push_back(m_fields.of(sighting));
        m_events.back().begin = sighting.body_begin;
    }
    m_shown = m_discloser.disclose(true, {}, false, line, nullptr, 0, {}, m_events);
    return {m_shown.value(),
            {m_shown.masked(), 0, m_shown.masked_count() > m_shown.masked().size()}};
}

} // namespace weir::cli
