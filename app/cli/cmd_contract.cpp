// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir contract: drafts contracts from a stream or a file (infer), takes over what other tools keep
// (import), lists what there is (list).
#include <optional>

#include "app/cli/cmd.h"
#include "app/cli/draft_folder.h"
#include "app/cli/file_disclosure.h"
#include "app/cli/interrupt.h"
#include "app/cli/line_reader.h"
#include "app/cli/search_run.h"
#include "models/catalogue/contract_export.h"
#include "models/contract/contract_import.h"
#include "models/contract/contract_text.h"
#include "models/contract/inference.h"
#include "models/contract/schema/file_text.h"
#include "models/event/json/json_tape.h"

namespace weir::cli {

namespace {

/// Feeds what a search finds.
class InferenceSink : public HitSink {
  public:
    explicit InferenceSink(Inference& inference)
        : m_inference(inference) {}
    bool take(const HitView& hit) override {
        if (hit.value_null)
            ++m_tombstones;
        else if (m_tape.parse(hit.body()))
            m_inference.absorb(m_tape, {hit.masked_spans, hit.body_begin, hit.more_masked});
        else
            ++m_not_json;
        return true;
    }
    std::uint64_t not_json() const { return m_not_json; }
    std::uint64_t tombstones() const { return m_tombstones; }

  private:
    Inference& m_inference;
    JsonTape m_tape;
    std::uint64_t m_not_json = 0;
    std::uint64_t m_tombstones = 0;
};

/// Where contracts go: to the folder that --output names, or one after the other to stdout.
class ContractOutput {
  public:
    /// Errors: as DraftFolder::open().
    static Result<ContractOutput> open(const Arguments& arguments) {
        ContractOutput output;
        output.m_to_stdout = !arguments.has("output") && !arguments.has("json");
        if (arguments.has("output")) {
            auto folder = DraftFolder::open(arguments.value("output"), arguments.has("force"));
            if (!folder)
                return folder.error();
            output.m_folder = *std::move(folder);
        }
        return output;
    }

    /// Errors: as DraftFolder::put().
    Result<void> put(const std::string& type, std::int64_t version, const std::string& contract,
                     Console& console) {
        if (m_to_stdout)
            console.out(contract);
        if (!m_folder)
            return {};
        return tell(m_folder->put(contract_file_name(type, version), contract), console);
    }

    /// What contracts of that origin refer to; the first of several that go to one file counts, a
    /// contract before all others. REQUIRES: all contracts were put. Errors: as DraftFolder::put().
    Result<void> put(const std::string& origin, const ImportedSchema& schema, Console& console) {
        const std::string* const known = m_folder ? m_folder->text_of(schema.file) : nullptr;
        const std::string remark = !m_folder ? "add --output DIR to have it written there"
                                   : known != nullptr && *known != schema.schema
                                       ? "another schema is there already: mend its $ref"
                                       : "";
        if (!remark.empty())
            console.note("weir: " +
                         terminal_safe(origin + " refers to " + schema.file + ": " + remark, true));
        if (known != nullptr || !m_folder)
            return {};
        return tell(m_folder->put(schema.file, schema.schema), console);
    }

    /// Whether each was written; tells which were not.
    bool finish(Console& console) const {
        if (!m_folder || m_folder->kept().empty())
            return true;
        for (const std::string& file : m_folder->kept())
            console.say("weir contract: kept " + file + ", which was there already");
        console.say("weir contract: add --force to write over files that are there");
        return false;
    }

  private:
    static Result<void> tell(const Result<std::string>& file, Console& console) {
        if (!file)
            return file.error();
        if (!file->empty())
            console.note("weir: wrote " + *file);
        return {};
    }

    std::optional<DraftFolder> m_folder;
    bool m_to_stdout = false;
};

std::string facts_json(const InferredField& field) {
    std::string out = "{\"pointer\":";
    append_json_string(field.pointer, out);
    out += ",\"present\":" + std::to_string(field.facts.present()) +
           ",\"of\":" + std::to_string(field.parents) + ",\"types\":{";
    const auto all = static_cast<double>(field.facts.present());
    for (std::size_t i = 0; i < value_kind_count; ++i) {
        if (field.facts.kinds[i] == 0)
            continue;
        char share[64];
        std::snprintf(share, sizeof share, "%s\"%s\":%.6g", out.back() == '{' ? "" : ",",
                      std::string(to_word(static_cast<ValueKind>(i))).c_str(),
                      static_cast<double>(field.facts.kinds[i]) / all);
        out += share;
    }
    out += "}";
    if (!field.least.empty() && field.pii.empty())
        out += ",\"least\":" + field.least + ",\"most\":" + field.most;
    if (!field.format.empty())
        out += ",\"format\":\"" + field.format + "\"";
    if (!field.pii.empty())
        out += ",\"pii\":\"" + field.pii + "\"";
    return out + "}";
}

std::string type_json(const InferredType& type) {
    std::string out = "{\"type\":";
    append_json_string(type.type, out);
    out += ",\"version\":" + std::to_string(type.version) +
           ",\"events\":" + std::to_string(type.events) + ",\"fields\":[";
    for (const InferredField& field : type.fields)
        out += (out.back() == '[' ? "" : ",") + facts_json(field);
    out += "],\"differences\":[";
    for (const InferredDifference& one : type.differences) {
        out += out.back() == '[' ? "{\"pointer\":" : ",{\"pointer\":";
        append_json_string(one.pointer, out);
        out += ",\"group\":";
        append_json_string(one.group, out);
        out += ",\"what\":";
        append_json_string(one.what, out);
        out += "}";
    }
    return out + "],\"contract\":" + type.contract.substr(0, type.contract.size() - 1) + "}";
}

/// From a file of events, masked by `mask` if there is one. Errors: as LineReader::open().
Result<std::uint64_t> absorb_file(const std::string& file, LineMask* mask, Inference& inference,
                                  Console& console) {
    auto lines = LineReader::open(file);
    if (!lines)
        return lines.error();
    JsonTape tape;
    std::uint64_t not_json = 0;
    std::string_view line;
    while (!interrupted() && lines->next(line)) {
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        LineMask::Masked shown{line, {}};
        if (mask != nullptr && !lines->too_long())
            shown = mask->mask(line);
        if (!lines->too_long() && tape.parse(shown.text))
            inference.absorb(tape, shown.hidden);
        else
            ++not_json;
        if (lines->number() % 4'096 == 0)
            console.progress(grouped(lines->number()) + " events");
    }
    console.progress({});
    return not_json;
}

/// From a topic, as weir search reads it. The exit code, or 0.
int absorb_topic(const Arguments& arguments, Inference& inference, std::uint64_t& not_json,
                 Console& console) {
    const auto target = open_target(arguments, console, true);
    if (!target)
        return console.fail(target.error());
    auto request = search_request_of(arguments, *target);
    if (!request)
        return console.fail(request.error());
    // The words that stand alone are this command's own, not an expression.
    auto filter = Filter::parse(arguments.value("filter"), Micros::now());
    if (!filter)
        return console.fail(filter.error());
    request->filter = std::move(*filter);
    auto parts = target->search_parts(console);
    if (!parts)
        return console.fail(parts.error());
    parts->tell_masked = true;
    auto prepared = Search::prepare(*request, std::move(*parts));
    if (!prepared)
        return console.fail(prepared.error());
    catch_interrupts_and_end();
    console.note("weir: " + plan_text((*prepared)->plan(), *request));
    const auto sink = std::make_shared<InferenceSink>(inference);
    (*prepared)->start(sink);
    const bool cancelled = follow_search(**prepared, console);
    const SearchCoverage coverage = (*prepared)->coverage();
    console.note("weir: " + coverage.summary());
    if (sink->tombstones() > 0)
        console.note("weir: " + grouped(sink->tombstones()) + " records without a value left out");
    not_json = sink->not_json();
    return search_exit_code(coverage, cancelled);
}

int tell(const Arguments& arguments, const Inference& inference, std::uint64_t not_json,
         ContractOutput& output, Console& console) {
    const std::vector<InferredType> types = inference.result();
    std::string json = "{\"events\":" + std::to_string(inference.events()) +
                       ",\"not_json\":" + std::to_string(not_json) +
                       ",\"left_out\":" + std::to_string(inference.left_out()) + ",\"types\":[";
    for (const InferredType& type : types) {
        const auto written = output.put(type.type, type.version, type.contract, console);
        if (!written)
            return console.fail(written.error());
        if (arguments.has("json"))
            json += (json.back() == '[' ? "" : ",\n") + type_json(type);
        for (const InferredDifference& one : type.differences)
            console.note(terminal_safe("weir: " + type.type + " " + std::to_string(type.version) +
                                           " " + one.pointer + ": " + one.group + ": " + one.what,
                                       true));
    }
    if (arguments.has("json"))
        console.out(json + "]}\n");
    console.note("weir: " + grouped(inference.events()) + " events of " + grouped(types.size()) +
                 " types and versions, " + grouped(not_json) + " not JSON, " +
                 grouped(inference.left_out()) + " left out");
    return output.finish(console) && !types.empty() ? exit_fine : exit_finding;
}

/// From the files that are named. The exit code, or 0.
int absorb_files(const Arguments& arguments, Inference& inference, std::uint64_t& not_json,
                 Console& console) {
    const auto masks = masks_file(arguments);
    if (!masks)
        return console.fail(masks.error());
    if (!*masks && arguments.has("contracts"))
        return console.fail(usage_error("--contracts says what of the events is masked",
                                        "Add --mask, or leave it out."));
    std::unique_ptr<LineMask> mask;
    if (*masks) {
        auto opened = LineMask::open(arguments);
        if (!opened)
            return console.fail(opened.error());
        mask = *std::move(opened);
    }
    catch_interrupts();
    const auto& words = arguments.positionals();
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto read = absorb_file(words[i], mask.get(), inference, console);
        if (!read) {
            console.fail(read.error());
            return exit_usage;
        }
        not_json += *read;
    }
    return exit_fine;
}

int run_infer(const Arguments& arguments, Console& console) {
    InferOptions options;
    const auto share = arguments.number("share", options.share_min, 0, 0.5);
    if (!share)
        return console.fail(share.error());
    options.share_min = *share;
    options.type_pointer = arguments.value("type-at", options.type_pointer);
    options.version_pointer = arguments.value("version-at", options.version_pointer);
    Inference inference(options);
    std::uint64_t not_json = 0;
    const bool topic = arguments.has("topic");
    if (topic == (arguments.positionals().size() > 1))
        return console.fail(usage_error("name files of events, or --topic"));
    auto output = ContractOutput::open(arguments);
    if (!output)
        return console.fail(output.error());
    const int code = topic ? absorb_topic(arguments, inference, not_json, console)
                           : absorb_files(arguments, inference, not_json, console);
    if (code != exit_fine)
        return code;
    answering();
    return answered(tell(arguments, inference, not_json, *output, console));
}

int run_import(const Arguments& arguments, Console& console) {
    const auto& words = arguments.positionals();
    if (words.size() < 2)
        return console.fail(usage_error("name the files to import"));
    auto output = ContractOutput::open(arguments);
    if (!output)
        return console.fail(output.error());
    Imported all;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto text = schema::read_file_text(words[i], 16U << 20);
        if (!text) {
            console.fail(text.error());
            return exit_usage;
        }
        auto read = import_contracts(*text, words[i], arguments.value("owner"));
        if (!read)
            return console.fail(read.error());
        std::move(read->contracts.begin(), read->contracts.end(),
                  std::back_inserter(all.contracts));
        std::move(read->remarks.begin(), read->remarks.end(), std::back_inserter(all.remarks));
    }
    const std::vector<ImportedContract> contracts = newest_of_each(std::move(all.contracts));
    Result<void> written;
    for (const ImportedContract& one : contracts)
        if (written)
            written = output->put(one.type, one.version, one.contract, console);
    for (const ImportedContract& one : contracts) {
        for (const ImportedSchema& schema : one.references)
            if (written)
                written = output->put(one.origin, schema, console);
        if (!one.remark.empty())
            all.remarks.push_back(one.origin + ": " + one.remark);
    }
    if (!written)
        return console.fail(written.error());
    for (const std::string& remark : all.remarks)
        console.note("weir: " + terminal_safe(remark, true));
    return output->finish(console) ? exit_fine : exit_finding;
}

std::string list_line(const Contract& contract) {
    return contract.type + "\t" + std::to_string(contract.version) + "\t" + contract.owner + "\t" +
           std::to_string(contract.fields.size()) + " fields, " +
           std::to_string(personal_fields(contract)) + " personal\t" +
           (contract.deprecated_since.empty() ? ""
                                              : "deprecated since " + contract.deprecated_since) +
           (contract.removed_on.empty() ? "" : " removed on " + contract.removed_on) + "\n";
}

int run_list(const Arguments& arguments, Console& console) {
    const auto& words = arguments.positionals();
    std::shared_ptr<const ContractSet> set;
    if (words.size() > 1) {
        auto loaded = ContractSet::load(words[1]);
        if (!loaded) {
            console.fail(loaded.error());
            return exit_usage;
        }
        set = std::move(*loaded);
    } else {
        set = ContractSet::built_in();
    }
    const bool json = arguments.has("json");
    for (const auto& contract : set->contracts())
        if (json)
            console.out(contract_text(set.get(), *contract, ContractFormat::Json));
        else
            console.out_text(list_line(*contract));
    for (const Error& problem : set->problems())
        console.say("weir contract: " + problem.text());
    return set->problems().empty() ? exit_fine : exit_usage;
}

int run_contract(const Arguments& arguments, Console& console) {
    const std::string word =
        arguments.positionals().empty() ? std::string() : arguments.positionals().front();
    if (word == "infer")
        return run_infer(arguments, console);
    if (word == "import")
        return run_import(arguments, console);
    if (word == "list")
        return run_list(arguments, console);
    return console.fail(
        usage_error("say what to do: infer, import or list", "weir contract infer events.ndjson"));
}

} // namespace

Command contract_command() {
    return {
        "contract",
        "infer FILE…|--topic T · import FILE… · list [DIR]",
        "Draft contracts from events, import others' schemas, list what there is",
        "infer reads events (a file with one a line, - is stdin, or a topic) and drafts a\n"
        "contract for each type and version; where a platform or app version differs from\n"
        "the rest is told on stderr. import takes Iglu's self-describing schemas, JSON\n"
        "subjects of a schema registry (what they refer to is written beside them), Segment's\n"
        "tracking plans (what holds for all events goes into each contract), and JSON Schema;\n"
        "what is left out is told on stderr.",
        1'000,
        join({connection_options(),
              range_options(),
              {{"output", "DIR", "write TYPE/VERSION.json there; default: to stdout", 'o'},
               {"force", nullptr, "write over files that are there; else they are kept, and told"},
               {"owner", "TEXT", "of imported contracts"},
               {"share", "SHARE", "types of values rarer than this are faults; default 1%"},
               {"type-at", "POINTER", "where events say what they are; default /event_type"},
               {"version-at", "POINTER", "and of which version; default /schema_version"},
               {"limit", "N", "of a topic: stop after so many", 'n'},
               {"json", nullptr,
                "infer: what was seen and the drafts, one document; list: a contract a line", 'J'},
               {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
        run_contract};
}

} // namespace weir::cli
