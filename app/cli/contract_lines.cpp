// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/contract_lines.h"

#include "app/cli/cmd.h"
#include "app/cli/line_reader.h"
#include "app/session/session.h"
#include "models/contract/contract_disclosure.h"
#include "models/contract/event_checker.h"
#include "models/contract/violation_masking.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

class ContractLines {
  public:
    ContractLines(std::unique_ptr<Session> session,
                  std::shared_ptr<const DisclosurePolicy> disclosure)
        : m_session(std::move(session))
        , m_decoder(m_session->make_decoder({}))
        , m_checker(m_session->contracts()->set, m_session->workspace().contracts,
                    m_session->vocabulary(), m_session->dialects(), LineReader::line_bytes_max)
        , m_disclosure(std::move(disclosure)) {}

    const JudgedLine& judge(std::string_view line) {
        m_line = {};
        m_line.judged = false;
        RecordBatchBuilder builder;
        RecordBatchBuilder::Fields fields;
        fields.value = line;
        builder.add(std::move(fields));
        m_decoder->decode(builder.take(), m_sightings);
        for (const Sighting& sighting : m_sightings.sightings)
            judge(sighting, line);
        return m_line;
    }

  private:
    void judge(const Sighting& sighting, std::string_view line) {
        const std::string_view body = m_sightings.body(sighting);
        const Judgement* const judgement = sighting.outcome == Outcome::Failed
                                               ? nullptr
                                               : m_checker.check(sighting, body, Micros::now());
        if (judgement == nullptr)
            return;
        m_line.judged = true;
        if (judgement->fine())
            return;
        const std::string within = m_sightings.sightings.size() > 1 ? pointer_to(body, line) : "";
        for (Violation violation : judgement->violations) {
            mask_found(violation, judgement->contract, *m_disclosure);
            violation.pointer.insert(0, within);
            m_line.violations.push_back(std::move(violation));
        }
    }

    /// Where one event of several stands in its line.
    std::string pointer_to(std::string_view body, std::string_view line) {
        const std::string_view value = m_sightings.records.records.front().value;
        const auto offset = static_cast<std::size_t>(body.data() - value.data());
        if (offset >= value.size() || !m_tape.parse(line))
            return {};
        const auto& nodes = m_tape.nodes();
        for (std::uint32_t node = 0; node < nodes.size(); ++node)
            if (nodes[node].offset == offset && nodes[node].kind == JsonKind::Object)
                return m_tape.pointer(node);
        return {};
    }

    const std::unique_ptr<Session> m_session;
    const std::unique_ptr<Decoder> m_decoder;
    EventChecker m_checker;
    const std::shared_ptr<const DisclosurePolicy> m_disclosure;
    SightingBatch m_sightings;
    JsonTape m_tape;
    JudgedLine m_line;
};

/// What the options say of contracts and dialect; of a workspace what a file has to do with.
Result<Workspace> described_by(const Arguments& arguments, Console& console) {
    Workspace workspace;
    if (arguments.has("workspace")) {
        auto loaded = Workspace::load(arguments.value("workspace"));
        if (!loaded)
            return loaded;
        workspace = *std::move(loaded);
    }
    ContractsSpec& contracts = workspace.contracts;
    if (arguments.has("contracts")) {
        contracts.folder = arguments.value("contracts");
        contracts.built_in = contracts.folder == "demo";
    } else if (!arguments.has("workspace")) {
        console.note("weir: no --schema, --contracts or --workspace: the demo shop's contracts");
        contracts.folder = "demo";
        contracts.built_in = true;
    } else if (contracts.folder.empty()) {
        return usage_error("the workspace names no folder of contracts",
                           "Give it \"contracts\": {\"folder\": \"…\"}, or add --contracts DIR.");
    }
    contracts.check = true; // a file is no place that could be excepted
    contracts.places.clear();
    if (arguments.has("dialect"))
        workspace.event.dialect = arguments.value("dialect");
    if (!arguments.has("unknown-types"))
        return workspace;
    const std::string word = arguments.value("unknown-types");
    const auto chosen = unknown_types_of(word);
    if (!chosen)
        return usage_error("--unknown-types is refuse, flag or pass, not \"" + word + "\"");
    contracts.unknown_types = *chosen;
    return workspace;
}

} // namespace

Result<LineJudge> contract_lines(const Arguments& arguments, Console& console) {
    auto workspace = described_by(arguments, console);
    if (!workspace)
        return workspace.error();
    auto session = Session::open(*std::move(workspace));
    if (!session)
        return session.error();
    const auto set = (*session)->contracts()->set;
    for (const Error& problem : set->problems())
        console.say("weir validate: " + problem.text());
    if (set->contracts().empty())
        return usage_error("there is no contract in the folder");
    if (!set->problems().empty() && !arguments.has("skip-broken"))
        return usage_error("a contract is broken", "Mend it, or add --skip-broken.");
    // The file is the user's own: shown as it is, unless they ask.
    auto disclosure = arguments.has("mask") ? contract_disclosure(set, (*session)->dialects(), {})
                                            : DisclosurePolicy::none();
    const auto lines = std::make_shared<ContractLines>(*std::move(session), std::move(disclosure));
    return LineJudge(
        [lines](std::string_view line) -> const JudgedLine& { return lines->judge(line); });
}

} // namespace weir::cli
