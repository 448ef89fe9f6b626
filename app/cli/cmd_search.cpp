// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir search: every event that matches, and the proof of what was read.
#include "app/cli/cmd.h"
#include "app/cli/interrupt.h"
#include "app/cli/record_text.h"
#include "app/cli/search_run.h"
#include "models/event/search/hit_json.h"
#include "models/event/search/lane.h"

namespace weir::cli {

namespace {

/// Prints matches as they come and keeps none.
class PrintSink : public HitSink {
  public:
    PrintSink(RecordText text, Console& console)
        : m_text(std::move(text))
        , m_console(console) {}

    bool take(const HitView& hit) override {
        m_line.clear();
        if (m_text.json()) {
            m_line = m_any ? ",\n" : "\n";
            append_json_record(hit, m_line);
        } else {
            m_text.append(hit, m_line);
        }
        m_any = true;
        return m_console.out(m_line);
    }

    std::vector<std::string> absences() const { return m_text.absences(); }

  private:
    RecordText m_text;
    Console& m_console;
    std::string m_line;
    bool m_any = false;
};

int run_search(const Arguments& arguments, Console& console) {
    const std::int64_t begun_us = steady_now_us();
    auto text = RecordText::create(arguments, console);
    if (!text)
        return console.fail(text.error());
    const auto target = open_target(arguments, console, true);
    if (!target)
        return console.fail(target.error());
    auto request = search_request_of(arguments, *target, text->asks_for_violations());
    if (!request)
        return console.fail(request.error());
    note_hints(*request->filter, console);
    auto parts = target->search_parts(console);
    if (!parts)
        return console.fail(parts.error());
    parts->tell_violations = text->asks_for_violations();
    text->know(parts->vocabulary, parts->disclosure);
    const bool json = text->json();
    auto prepared = Search::prepare(*request, std::move(*parts));
    if (!prepared)
        return console.fail(prepared.error());
    Search& search = **prepared;
    catch_interrupts_and_end();
    console.note("weir: " + plan_text(search.plan(), *request));
    if (json)
        console.out("{\"matches\":[");
    const auto printed = std::make_shared<PrintSink>(std::move(*text), console);
    search.start(printed);
    const bool cancelled = follow_search(search, console);
    answering();
    const SearchCoverage coverage = search.coverage();
    const std::int64_t elapsed_us = steady_now_us() - begun_us;
    if (json) {
        std::string tail = "],\n";
        append_coverage(coverage, tail);
        tail += ",\n\"elapsed_ms\":" + std::to_string(elapsed_us / 1000) + "}\n";
        console.out(tail);
    }
    console.flush();
    console.note("weir: " + grouped(coverage.matched()) + " found in " + duration_text(elapsed_us) +
                 "; " +
                 (console.out_failed() ? "NOT printed whole: the output takes no more"
                                       : coverage.summary()));
    note_remarks("filter", search.remarks(), console);
    note_remarks("fields", printed->absences(), console);
    return answered(search_exit_code(coverage, cancelled));
}

} // namespace

Command search_command() {
    return {
        "search",
        "[EXPR] --topic T",
        "Find every event that matches, and prove what was read",
        "EXPR is a filter: a word, or e.g. 'type == \"purchase\" and properties.price > 100'.\n"
        "Reads from the beginning to the end as it was at the start; never joins a group, never\n"
        "commits. An exact key (key == \"…\") reads only the partition where it must live, if\n"
        "sampled keys tell the partitioner; the answer then says what it assumed.",
        1,
        join({connection_options(),
              range_options(),
              disclosure_options(),
              {{"limit", "N", "stop after so many matches", 'n'},
               {"order", "ORDER", "read (quickest; the default), oldest or newest first"},
               {"exhaustive", nullptr, "read every partition, whatever the key"}},
              output_options()}),
        run_search};
}

} // namespace weir::cli
