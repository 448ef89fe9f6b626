// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir count: how many events match, by any fields and by time. Counted by reading: the difference
// of two offsets is no number of events.
#include <map>
#include <set>

#include "app/cli/cmd.h"
#include "app/cli/event_counts.h"
#include "app/cli/interrupt.h"
#include "app/cli/search_run.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/hit_json.h"

namespace weir::cli {

namespace {

std::string plain_text(const std::optional<FieldValue>& value) {
    return value ? terminal_safe(value->text, true) : "(missing)";
}

/// Writes the values of one column; where different ones would look the same, as JSON.
class CountColumn {
  public:
    void add(const std::optional<FieldValue>& value) {
        const auto [first, is_new] = m_first.emplace(plain_text(value), &value);
        if (!is_new && *first->second != value)
            m_ambiguous.insert(first->first);
    }
    std::string cell(const std::optional<FieldValue>& value) const {
        std::string text = plain_text(value);
        return value && m_ambiguous.contains(text) ? terminal_safe(value->json(), true) : text;
    }

  private:
    std::map<std::string, const std::optional<FieldValue>*> m_first;
    std::set<std::string> m_ambiguous;
};

void print_table(const EventCounts& sink, Console& console) {
    const std::size_t columns = sink.names().size();
    std::string head = sink.by_time() ? "time\t" : "";
    for (const std::string& name : sink.names())
        head += name + "\t";
    console.out(head + "count\n");
    std::vector<CountColumn> written(columns);
    for (const EventCounts::Group* group : sink.sorted())
        for (std::size_t i = 0; i < columns; ++i)
            written[i].add(group->first.values[i]);
    for (const EventCounts::Group* group : sink.sorted()) {
        const auto& [key, count] = *group;
        std::string line;
        if (sink.by_time())
            line += (key.time_us < 0 ? "(no time)" : time_text(Micros(key.time_us))) + "\t";
        for (std::size_t i = 0; i < columns; ++i)
            line += written[i].cell(key.values[i]) + "\t";
        console.out(line + std::to_string(count) + "\n");
    }
    if (sink.other() == 0) {
        if (columns == 0 && !sink.by_time() && sink.sorted().empty())
            console.out("0\n");
        return;
    }
    std::string line;
    for (std::size_t i = 0; i < columns + (sink.by_time() ? 1 : 0); ++i)
        line += "(other)\t";
    console.out(line + std::to_string(sink.other()) + "\n");
}

/// "by":{…} of those that are there, each as it is in the event; texts that are not UTF-8 are
/// base64, and "base64" names their fields.
void append_values(const std::vector<std::string>& names, const EventCounts::Key& key,
                   std::string& out) {
    std::string encoded;
    const char* between = "";
    out += "\"by\":{";
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!key.values[i])
            continue;
        out += between;
        between = ",";
        append_json_string(names[i], out);
        out += ':';
        if (key.values[i]->form != FieldValue::Form::Text) {
            out += key.values[i]->json();
        } else if (append_json_text(key.values[i]->text, out)) {
            encoded += encoded.empty() ? "" : ",";
            append_json_string(names[i], encoded);
        }
    }
    out += '}';
    if (!encoded.empty())
        out += ",\"base64\":[" + encoded + "]";
}

void print_json(const EventCounts& sink, const SearchCoverage& coverage, Console& console) {
    std::string out = "{\"counts\":[";
    bool first = true;
    const std::vector<std::string> names = sink.names();
    for (const EventCounts::Group* group : sink.sorted()) {
        const auto& [key, count] = *group;
        out += first ? "\n{" : ",\n{";
        first = false;
        if (sink.by_time())
            out += "\"time\":" +
                   (key.time_us < 0 ? "null" : "\"" + time_text(Micros(key.time_us)) + "\"") + ",";
        append_values(names, key, out);
        out += ",\"count\":" + std::to_string(count) + "}";
        console.out(out);
        out.clear();
    }
    out += "],\n\"other\":" + std::to_string(sink.other()) +
           ",\"total\":" + std::to_string(coverage.matched()) +
           ",\"read\":" + std::to_string(coverage.read()) + ",\"undecodable\":" +
           (coverage.tells_looked_into ? std::to_string(coverage.undecodable()) : "null") +
           ",\"complete\":" + (coverage.complete() ? "true" : "false") + ",\n";
    append_coverage(coverage, out);
    console.out(out + "}\n");
}

Result<std::shared_ptr<EventCounts>> sink_of(const Arguments& arguments) {
    std::optional<FieldReader> fields;
    if (arguments.has("by")) {
        auto parsed = FieldReader::parse(arguments.value("by"));
        if (!parsed)
            return parsed.error();
        fields = std::move(*parsed);
    }
    const auto every = duration_of(arguments, "every", Micros(0));
    if (!every)
        return every.error();
    return std::make_shared<EventCounts>(std::move(fields), every->value());
}

int run_count(const Arguments& arguments, Console& console) {
    auto sink = sink_of(arguments);
    if (!sink)
        return console.fail(sink.error());
    const auto target = open_target(arguments, console, true);
    if (!target)
        return console.fail(target.error());
    const auto request = search_request_of(arguments, *target, (*sink)->asks_for_violations());
    if (!request)
        return console.fail(request.error());
    note_hints(*request->filter, console);
    auto parts = target->search_parts(console);
    if (!parts)
        return console.fail(parts.error());
    parts->tell_violations = (*sink)->asks_for_violations();
    (*sink)->know(parts->vocabulary, parts->disclosure);
    auto prepared = Search::prepare(*request, std::move(*parts));
    if (!prepared)
        return console.fail(prepared.error());
    catch_interrupts_and_end();
    console.note("weir: " + plan_text((*prepared)->plan(), *request));
    (*prepared)->start(*sink);
    const bool cancelled = follow_search(**prepared, console);
    answering();
    const SearchCoverage coverage = (*prepared)->coverage();
    if (arguments.has("json"))
        print_json(**sink, coverage, console);
    else
        print_table(**sink, console);
    console.flush();
    if ((*sink)->other() > 0)
        console.note("weir: " + (*sink)->other_text());
    console.note("weir: " + grouped(coverage.matched()) + " counted; " + coverage.summary());
    note_remarks("filter", (*prepared)->remarks(), console);
    note_remarks("fields", (*sink)->absences(), console);
    return answered(search_exit_code(coverage, cancelled));
}

} // namespace

Command count_command() {
    return {"count",
            "[EXPR] --topic T [--by FIELD,…] [--every 1m]",
            "Count the events that match, by fields and by time",
            "Fields are names (type, source, platform, topic, partition, key) or paths into the\n"
            "event (properties.currency). Reads the range and counts: offsets are no events.",
            1,
            join({connection_options(),
                  range_options(),
                  {{"by", "A,B.C", "one count for each combination of these fields' values"},
                   {"every", "DURATION", "and for each so long stretch of record time"},
                   {"exhaustive", nullptr, "read every partition, whatever the key"},
                   {"json", nullptr, "one JSON document", 'J'},
                   {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
            run_count};
}

} // namespace weir::cli
