// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/contract_lines.h"

#include <optional>

#include "app/cli/cmd.h"
#include "app/cli/file_disclosure.h"
#include "app/cli/line_reader.h"
#include "app/session/session.h"
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
        m_text = line;
        m_parsed.reset();
        for (const Sighting& sighting : m_sightings.sightings)
            judge(sighting);
        for (const CutRecord& cut : m_sightings.cut)
            m_line.violations.push_back(left_out(cut));
        return m_line;
    }

  private:
    void judge(const Sighting& sighting) {
        const std::string_view body = m_sightings.body(sighting);
        if (sighting.outcome != Outcome::Failed)
            note(m_checker.check(sighting, body, Micros::now()), body);
        else if (is_event_itself())
            note(check_as_native(sighting), body);
    }

    void note(const Judgement* judgement, std::string_view body) {
        if (judgement == nullptr)
            return;
        m_line.judged = true;
        if (judgement->fine())
            return;
        if (is_empty_batch()) {
            m_line.empty = true;
            return;
        }
        const std::string within = pointer_to(body);
        for (Violation violation : judgement->violations) {
            mask_found(violation, judgement->contract, *m_disclosure);
            violation.pointer.insert(0, within);
            m_line.violations.push_back(std::move(violation));
        }
    }

    /// {"batch":[]}: nothing is in it that could be wrong.
    bool is_empty_batch() {
        const auto batch = root_member("batch", JsonKind::Array);
        return batch && m_tape.size(*batch) == 0 && !says_its_type();
    }
    bool says_its_type() { return root_member("event_type", JsonKind::String).has_value(); }

    /// What looks like a dead letter and says its own type is an event, as the collector has it.
    bool is_event_itself() {
        return m_session->workspace().event.dialect == EventSpec().dialect && says_its_type();
    }
    const Judgement* check_as_native(Sighting sighting) {
        sighting.outcome = Outcome::Seen;
        sighting.dialect = m_session->vocabulary()->dialects->id("native");
        return m_checker.check(sighting, m_text, Micros::now());
    }

    /// Whether the line is JSON: then the tape is its.
    bool parsed() {
        if (!m_parsed)
            m_parsed = m_tape.parse(m_text);
        return *m_parsed;
    }
    std::optional<std::uint32_t> root_member(std::string_view name, JsonKind kind) {
        const bool object = parsed() && m_tape.nodes()[0].kind == JsonKind::Object;
        const auto found = object ? m_tape.member(0, name) : std::nullopt;
        return found && m_tape.nodes()[*found].kind == kind ? found : std::nullopt;
    }

    /// What holds more events than are read of one is not known to be fine.
    static Violation left_out(const CutRecord& cut) {
        Violation violation;
        violation.reason = ViolationReason::TooLarge;
        violation.expected = "at most " + grouped(events_per_record_max) + " events in a line";
        violation.found = grouped(cut.left_out) + " more, which were not looked at";
        return violation;
    }

    /// Where an event stands in its line: "/batch/0"; "" if it is all of it.
    std::string pointer_to(std::string_view body) {
        const std::string_view value = m_sightings.records.records.front().value;
        const auto offset = static_cast<std::size_t>(body.data() - value.data());
        if (offset >= value.size() || !parsed())
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
    std::string_view m_text; // of the line
    JsonTape m_tape;         // likewise, once it was looked at
    std::optional<bool> m_parsed;
    JudgedLine m_line;
};

/// What the options say of contracts and dialect; of a workspace what a file has to do with.
Result<Workspace> described_by(const Arguments& arguments, Console& console) {
    auto workspace = file_workspace(arguments);
    if (!workspace)
        return workspace;
    ContractsSpec& contracts = workspace->contracts;
    if (!arguments.has("contracts") && !arguments.has("workspace")) {
        console.note("weir: no --schema, --contracts or --workspace: the demo shop's contracts");
        contracts.folder = "demo";
        contracts.built_in = true;
    } else if (contracts.folder.empty()) {
        return usage_error("the workspace names no folder of contracts",
                           "Give it \"contracts\": {\"folder\": \"…\"}, or add --contracts DIR.");
    }
    contracts.check = true; // a file is no place that could be excepted
    contracts.places.clear();
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

Result<LineJudge> contract_lines(const Arguments& arguments, bool masks, Console& console) {
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
    auto disclosure = file_policy(masks, set, (*session)->dialects());
    const auto lines = std::make_shared<ContractLines>(*std::move(session), std::move(disclosure));
    return LineJudge(
        [lines](std::string_view line) -> const JudgedLine& { return lines->judge(line); });
}

} // namespace weir::cli
