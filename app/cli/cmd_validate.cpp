// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir validate: events of a file held against contracts or against any JSON Schema; and two
// versions of a schema held against each other. The same engine as the collector's and the
// window's; the collector's bounds on an event are its own, and narrower.
#include <functional>

#include "app/cli/cmd.h"
#include "app/cli/compat_command.h"
#include "app/cli/interrupt.h"
#include "app/cli/line_reader.h"
#include "app/cli/validate_topic.h"
#include "app/cli/violation_tally.h"
#include "models/contract/contract_checker.h"
#include "models/contract/violation_masking.h"
#include "models/event/json/json_tape.h"
#include "models/workspace/workspace.h"

namespace weir::cli {

namespace {

/// Gives the violations of one line.
using Judge = std::function<const std::vector<Violation>&(std::string_view line)>;

std::string line_json(std::uint64_t number, const std::vector<Violation>& violations) {
    return "{\"line\":" + std::to_string(number) +
           ",\"valid\":" + (is_refused(violations) ? "false" : "true") +
           ",\"violations\":" + violations_json(violations) + "}\n";
}

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Judges all lines. Errors: Io.
Result<ViolationTally> judge_lines(LineReader& lines, const std::string& file, const Judge& judge,
                                   bool json, Console& console) {
    ViolationTally tally;
    std::string_view line;
    std::vector<Violation> too_long(1);
    too_long[0].reason = ViolationReason::TooLarge;
    too_long[0].expected = "lines of at most " + bytes_text(LineReader::line_bytes_max);
    while (!interrupted() && lines.next(line)) {
        if (is_blank(line))
            continue;
        const std::vector<Violation>& violations = lines.too_long() ? too_long : judge(line);
        tally.add(violations);
        if (json) {
            if (!console.out(line_json(lines.number(), violations)))
                break;
        } else if (!violations.empty()) {
            const std::string text =
                violations_text(file + ":" + std::to_string(lines.number()), violations);
            if (!console.out_text(text))
                break;
        }
        if (tally.events % 4'096 == 0)
            console.progress(grouped(tally.events) + " events, " + grouped(tally.invalid) +
                             " invalid");
    }
    console.progress({});
    if (lines.failed()) {
        Error error;
        error.code = ErrorCode::Io;
        error.what = "reading broke off after line " + std::to_string(lines.number());
        error.where = file;
        return error;
    }
    return tally;
}

/// The file is the user's own: shown as it is, unless they ask.
std::shared_ptr<const DisclosurePolicy> policy_of(const Arguments& arguments) {
    return arguments.has("mask") ? DisclosurePolicy::built_in_detectors()
                                 : DisclosurePolicy::none();
}

/// By one schema.
class SchemaJudge {
  public:
    SchemaJudge(std::shared_ptr<const schema::JsonSchema> schema,
                std::shared_ptr<const DisclosurePolicy> policy)
        : m_schema(std::move(schema))
        , m_policy(std::move(policy)) {}
    const std::vector<Violation>& operator()(std::string_view line) {
        m_violations.clear();
        if (!m_tape.parse(line)) {
            Violation violation;
            violation.expected = "JSON";
            violation.found = std::string(m_tape.error().what) + " at byte " +
                              std::to_string(m_tape.error().offset);
            m_violations.push_back(std::move(violation));
            return m_violations;
        }
        m_validator.explain(*m_schema, m_tape, m_violations);
        const auto& keys = m_validator.overridden().keys();
        for (std::size_t i = 0; i < keys.size() && i < schema::SchemaValidator::violations_max;
             ++i) {
            Violation violation;
            violation.reason = ViolationReason::DuplicateKey;
            violation.effect = Effect::Flag;
            violation.pointer = m_tape.pointer(keys[i]);
            violation.expected = "each member once; the last one counts";
            violation.found = found_text(m_tape.raw_quoted(keys[i] + 1));
            m_violations.push_back(std::move(violation));
        }
        for (Violation& violation : m_violations)
            mask_found(violation, nullptr, *m_policy);
        return m_violations;
    }

  private:
    std::shared_ptr<const schema::JsonSchema> m_schema;
    std::shared_ptr<const DisclosurePolicy> m_policy;
    schema::SchemaValidator m_validator;
    JsonTape m_tape;
    std::vector<Violation> m_violations;
};

/// The contracts that the options or the workspace name; else the demo shop's.
Result<std::shared_ptr<const ContractSet>> contracts_of(const Arguments& arguments,
                                                        CheckOptions& options, Console& console) {
    if (arguments.has("contracts"))
        return arguments.value("contracts") == "demo"
                   ? ContractSet::built_in()
                   : ContractSet::load(arguments.value("contracts"));
    if (!arguments.has("workspace")) {
        console.note("weir: no --schema, --contracts or --workspace: the demo shop's contracts");
        return ContractSet::built_in();
    }
    const auto workspace = Workspace::load(arguments.value("workspace"));
    if (!workspace)
        return workspace.error();
    if (workspace->contracts.folder.empty())
        return usage_error("the workspace names no folder of contracts",
                           "Give it \"contracts\": {\"folder\": \"…\"}, or add --contracts DIR.");
    options.unknown_types = workspace->contracts.unknown_types;
    return workspace->contracts.built_in ? ContractSet::built_in()
                                         : ContractSet::load(workspace->contracts.folder);
}

Result<UnknownTypes> unknown_types_of(const Arguments& arguments, UnknownTypes otherwise) {
    if (!arguments.has("unknown-types"))
        return otherwise;
    const std::string word = arguments.value("unknown-types");
    if (const auto chosen = weir::unknown_types_of(word))
        return *chosen;
    return usage_error("--unknown-types is refuse, flag or pass, not \"" + word + "\"");
}

Result<Judge> contract_judge(const Arguments& arguments, Console& console) {
    CheckOptions options;
    options.payload_bytes_max = LineReader::line_bytes_max;
    auto contracts = contracts_of(arguments, options, console);
    if (!contracts)
        return contracts.error();
    const auto unknown = unknown_types_of(arguments, options.unknown_types);
    if (!unknown)
        return unknown.error();
    options.unknown_types = *unknown;
    for (const Error& problem : (*contracts)->problems())
        console.say("weir validate: " + problem.text());
    if ((*contracts)->contracts().empty())
        return usage_error("there is no contract in the folder");
    if (!(*contracts)->problems().empty() && !arguments.has("skip-broken"))
        return usage_error("a contract is broken", "Mend it, or add --skip-broken.");
    const auto checker = std::make_shared<ContractChecker>(*contracts, options);
    const auto masked = std::make_shared<std::vector<Violation>>();
    const auto policy = policy_of(arguments);
    return Judge([checker, masked, policy](std::string_view line) -> const std::vector<Violation>& {
        const Judgement& judgement = checker->check(line, Micros::now());
        if (!policy->masks() || judgement.fine())
            return judgement.violations;
        *masked = judgement.violations;
        for (Violation& violation : *masked)
            mask_found(violation, judgement.contract, *policy);
        return *masked;
    });
}

Result<Judge> schema_judge(const Arguments& arguments) {
    schema::CompileOptions options;
    options.formats = !arguments.has("no-formats");
    auto compiled =
        schema::JsonSchema::load(arguments.value("schema"), arguments.value("schema-dir"), options);
    if (!compiled)
        return compiled.error();
    const auto judge = std::make_shared<SchemaJudge>(std::move(*compiled), policy_of(arguments));
    return Judge(
        [judge](std::string_view line) -> const std::vector<Violation>& { return (*judge)(line); });
}

/// A file that is missing or refused is the configuration's fault, too.
int fail_as_usage(const Error& error, Console& console) {
    const int code = console.fail(error);
    return code == exit_connection || code == exit_finding ? exit_usage : code;
}

int run_validate(const Arguments& arguments, Console& console) {
    catch_interrupts_and_end();
    if (arguments.has("compat"))
        return run_compat(arguments, console);
    if (arguments.has("topic") && (!arguments.positionals().empty() || arguments.has("schema")))
        return console.fail(usage_error("--topic stands for itself: leave out the file and "
                                        "--schema"));
    if (arguments.has("topic"))
        return run_validate_topic(arguments, console);
    if (arguments.positionals().size() != 1)
        return console.fail(usage_error("one file of events must be named, a JSON object a line",
                                        "- reads them from stdin; --topic reads a topic."));
    const bool by_schema = arguments.has("schema");
    if (by_schema && (arguments.has("contracts") || arguments.has("workspace")))
        return console.fail(usage_error("--schema stands for itself: leave out --contracts and "
                                        "--workspace"));
    if (!by_schema && (arguments.has("schema-dir") || arguments.has("no-formats")))
        return console.fail(usage_error("--schema-dir and --no-formats go with --schema"));
    const auto judge = by_schema ? schema_judge(arguments) : contract_judge(arguments, console);
    if (!judge)
        return fail_as_usage(judge.error(), console);
    const std::string file = arguments.positionals().front();
    auto lines = LineReader::open(file);
    if (!lines)
        return fail_as_usage(lines.error(), console);
    const auto tally =
        judge_lines(*lines, file == "-" ? "stdin" : file, *judge, arguments.has("json"), console);
    if (!tally)
        return fail_as_usage(tally.error(), console);
    console.note("weir: " + tally->text());
    return answered(tally->invalid > 0 ? exit_finding : exit_fine);
}

} // namespace

Command validate_command() {
    return {"validate",
            "FILE.ndjson | --topic T | --schema SCHEMA.json FILE.ndjson | --compat OLD NEW",
            "Hold events against contracts or a JSON Schema, or one version against another",
            "The file has one JSON value a line; - is stdin. Each violation is told with its\n"
            "reason, the pointer into the event, what was expected and what was found. JSON\n"
            "Schema draft-04, -06 and -07; $ref leads to a $id or a file of the folder, never\n"
            "to a network. --topic holds the events of a topic against the contracts: what passed\n"
            "the pipeline and violates one. JSON of up to 1,024 levels is judged here; the\n"
            "collector refuses events of more than 128 levels or 900,000 bytes before that.\n"
            "Exit code 1: an event is invalid, or a difference breaks.",
            2,
            join({connection_options(),
                  time_options(),
                  disclosure_options(),
                  {{"schema", "FILE", "any JSON Schema, instead of contracts", 's'},
                   {"schema-dir", "DIR", "where its $ref may lead; default: the schema's folder"},
                   {"no-formats", nullptr, "take \"format\" for an annotation"},
                   {"unknown-types", "WORD", "refuse (default), flag or pass"},
                   {"skip-broken", nullptr, "go on without the contracts that cannot be read"},
                   {"limit", "N", "with --topic: tell of so many events, count all", 'n'},
                   {"compat", nullptr, "compare two schemas or contracts, OLD and NEW"},
                   {"mode", "WORD", "with --compat: backward, forward or full (default)"},
                   {"json", nullptr, "one JSON document a line", 'J'},
                   {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
            run_validate};
}

} // namespace weir::cli
