// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir validate: events of a file held against contracts or against any JSON Schema; and two
// versions of a schema held against each other. The same engine as the collector's and the
// window's; the collector's bounds on an event are its own, and narrower.
#include "app/cli/cmd.h"
#include "app/cli/compat_command.h"
#include "app/cli/contract_lines.h"
#include "app/cli/file_disclosure.h"
#include "app/cli/interrupt.h"
#include "app/cli/line_reader.h"
#include "app/cli/validate_topic.h"
#include "app/cli/violation_tally.h"
#include "models/contract/violation_masking.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

/// `word` says what else the line is: "empty", "not_judged"; or null.
std::string line_json(std::uint64_t number, const std::vector<Violation>& violations,
                      const char* word) {
    return "{\"line\":" + std::to_string(number) +
           ",\"valid\":" + (is_refused(violations) ? "false" : "true") +
           (word == nullptr ? std::string() : ",\"" + std::string(word) + "\":true") +
           ",\"violations\":" + violations_json(violations) + "}\n";
}

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// What was found in a file.
struct FileTally {
    ViolationTally events;
    std::uint64_t not_judged = 0;

    std::string text() const {
        return events.text() + (not_judged == 0 ? std::string()
                                                : "; " + grouped(not_judged) +
                                                      " lines not judged (dead letters, rows)");
    }
};

/// Judges all lines. Errors: Io.
Result<FileTally> judge_lines(LineReader& lines, const std::string& file, const LineJudge& judge,
                              bool json, Console& console) {
    FileTally tally;
    std::string_view line;
    JudgedLine empty;
    empty.empty = true;
    JudgedLine too_long;
    too_long.violations.resize(1);
    too_long.violations[0].reason = ViolationReason::TooLarge;
    too_long.violations[0].expected = "lines of at most " + bytes_text(LineReader::line_bytes_max);
    while (!interrupted() && lines.next(line)) {
        const JudgedLine& found = is_blank(line)     ? empty
                                  : lines.too_long() ? too_long
                                                     : judge(line);
        if (!found.judged)
            ++tally.not_judged;
        else if (!found.empty)
            tally.events.add(found.violations);
        const bool going =
            json ? console.out(line_json(lines.number(), found.violations,
                                         found.empty    ? "empty"
                                         : found.judged ? nullptr
                                                        : "not_judged"))
                 : console.out_text(violations_text(file + ":" + std::to_string(lines.number()),
                                                    found.violations));
        if (!going)
            break;
        if (lines.number() % 4'096 == 0)
            console.progress(grouped(tally.events.events) + " events, " +
                             grouped(tally.events.invalid) + " invalid");
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

/// By one schema.
class SchemaJudge {
  public:
    SchemaJudge(std::shared_ptr<const schema::JsonSchema> schema,
                std::shared_ptr<const DisclosurePolicy> policy)
        : m_schema(std::move(schema))
        , m_policy(std::move(policy)) {}
    const JudgedLine& operator()(std::string_view line) {
        std::vector<Violation>& violations = m_line.violations;
        violations.clear();
        if (!m_tape.parse(line)) {
            Violation violation;
            violation.expected = "JSON";
            violation.found = std::string(m_tape.error().what) + " at byte " +
                              std::to_string(m_tape.error().offset);
            violations.push_back(std::move(violation));
            return m_line;
        }
        m_validator.explain(*m_schema, m_tape, violations);
        const auto& keys = m_validator.overridden().keys();
        for (std::size_t i = 0; i < keys.size() && i < schema::SchemaValidator::violations_max;
             ++i) {
            Violation violation;
            violation.reason = ViolationReason::DuplicateKey;
            violation.effect = Effect::Flag;
            violation.pointer = m_tape.pointer(keys[i]);
            violation.expected = "each member once; the last one counts";
            violation.found = found_text(m_tape.raw_quoted(keys[i] + 1));
            violations.push_back(std::move(violation));
        }
        if (keys.size() > schema::SchemaValidator::violations_max)
            note_more(violations.back(), keys.size() - schema::SchemaValidator::violations_max);
        for (Violation& violation : violations)
            mask_found(violation, nullptr, *m_policy);
        return m_line;
    }

  private:
    std::shared_ptr<const schema::JsonSchema> m_schema;
    std::shared_ptr<const DisclosurePolicy> m_policy;
    schema::SchemaValidator m_validator;
    JsonTape m_tape;
    JudgedLine m_line;
};

Result<LineJudge> schema_judge(const Arguments& arguments, bool masks) {
    schema::CompileOptions options;
    options.formats = !arguments.has("no-formats");
    auto compiled =
        schema::JsonSchema::load(arguments.value("schema"), arguments.value("schema-dir"), options);
    if (!compiled)
        return compiled.error();
    const auto judge =
        std::make_shared<SchemaJudge>(std::move(*compiled), file_policy(masks, nullptr, nullptr));
    return LineJudge(
        [judge](std::string_view line) -> const JudgedLine& { return (*judge)(line); });
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
    const auto masks = masks_file(arguments);
    if (!masks)
        return console.fail(masks.error());
    const auto judge =
        by_schema ? schema_judge(arguments, *masks) : contract_lines(arguments, *masks, console);
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
    const bool none_judged = tally->events.events == 0 && tally->not_judged > 0;
    return answered(tally->events.invalid > 0 || none_judged ? exit_finding : exit_fine);
}

} // namespace

Command validate_command() {
    return {
        "validate",
        "FILE.ndjson | --topic T | --schema SCHEMA.json FILE.ndjson | --compat OLD NEW",
        "Hold events against contracts or a JSON Schema, or one version against another",
        "The file has one JSON value a line; - is stdin. Each violation is told with its\n"
        "reason, the pointer into the event, what was expected and what was found; --json\n"
        "gives a document for each line, also for an empty one, and adds effect, remedy and\n"
        "rule. Events of any dialect are judged by their contracts, as those of a topic are.\n"
        "JSON Schema draft-04, -06 and -07; $ref leads to a $id or a file of the folder, never\n"
        "to a network. --topic holds the events of a topic against the contracts: what passed\n"
        "the pipeline and violates one. JSON of up to 1,024 levels is judged here; the\n"
        "collector refuses events of more than 128 levels or 900,000 bytes before that.\n"
        "--compat names what breaks, of contracts also rules and effects.\n"
        "Exit code 1: an event is invalid, none could be judged, or a difference breaks.",
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
