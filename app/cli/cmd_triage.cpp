// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir triage: everything that is found to be wrong, the worst first, with what follows from it
// folded under its cause.
#include "app/cli/cmd.h"
#include "app/cli/field_reader.h"
#include "app/cli/interrupt.h"
#include "app/cli/observed.h"
#include "app/cli/stage_run.h"
#include "models/backlog/backlog_keeper.h"
#include "models/live/copied_command.h"

namespace weir::cli {

namespace {

std::string terminal_text(const std::vector<Finding>& findings, const std::string& target,
                          const std::string& indent = {}) {
    std::string out;
    std::size_t number = 0;
    for (const Finding& one : findings) {
        const std::string begin = indent.empty() ? std::to_string(++number) + ". " : indent + "→ ";
        const std::string inner = indent + "   ";
        out += begin + terminal_safe(one.sentence, true) +
               (one.since ? ", since " + time_text(*one.since) : std::string()) + "\n";
        out += inner + to_word(one.fate) + ": " + one.events.text() + " events; " +
               to_word(one.confidence) + "\n";
        for (const std::string& sentence : one.evidence)
            out += inner + terminal_safe(sentence, true) + "\n";
        out += inner + terminal_safe(one.next_step, true) + "\n";
        if (const std::string command = command_text(one, target); !command.empty())
            out += inner + terminal_safe(command, true) + "\n";
        out += terminal_text(one.consequences, target, inner);
    }
    return out;
}

/// The groups are looked at while the topics are read: a verdict needs more than one look.
class GroupLooks {
  public:
    GroupLooks(const Target& target, const std::shared_ptr<kafka::Cluster>& cluster)
        : m_keeper(cluster, stage_groups(target)) {}
    void look() {
        if (std::chrono::steady_clock::now() < m_next)
            return;
        m_next = std::chrono::steady_clock::now() + pause;
        if (m_keeper.list())
            m_keeper.read(m_keeper.groups(), GroupReader::Looks::All);
    }
    std::shared_ptr<const BacklogSnapshot> end() {
        m_next = {};
        look();
        m_keeper.save();
        return m_keeper.snapshot();
    }

  private:
    static constexpr std::chrono::seconds pause{5};
    BacklogKeeper m_keeper;
    std::chrono::steady_clock::time_point m_next;
};

void print_triage(const Arguments& arguments, const std::vector<Finding>& findings,
                  const std::string& target, Console& console) {
    if (arguments.has("json"))
        console.out("{\"findings\":" + to_json(findings, target) + "}\n");
    else if (arguments.has("markdown"))
        console.out(to_markdown(findings, target));
    else
        console.out(findings.empty() ? "nothing is found to be wrong\n"
                                     : terminal_text(findings, target));
    console.flush();
}

int run_triage(const Arguments& arguments, Console& console) {
    const auto length = duration_of(arguments, "for", Micros(0));
    if (!length)
        return console.fail(length.error());
    const auto target = open_target(arguments, console, false, usual_dimensions());
    if (!target)
        return console.fail(target.error());
    const auto cluster = target->cluster();
    if (!cluster)
        return console.fail(cluster.error());
    StageRun run;
    run.watch = length->value() > 0; // what is written meanwhile is part of it
    const auto reading = read_stages(
        arguments, *target, run,
        [&](const kafka::ReadRequest& request, int lanes) {
            return observing_folds(*target, request, lanes);
        },
        console);
    if (!reading)
        return console.fail(reading.error());
    GroupLooks groups(*target, *cluster);
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::microseconds(length->value());
    follow(
        *reading, {.every = std::chrono::hours(1)}, console, [] {},
        [&] {
            groups.look();
            return run.watch && std::chrono::steady_clock::now() >= until && !reading->behind();
        });
    const bool partial = is_partial(*reading, run, true);
    Observed observed = observed_by_now(*reading->loop, {}, partial);
    observed.backlog = groups.end();
    const std::vector<Finding> findings = findings_of(observed, *target, *target->disclosure);
    answering();
    CommandTarget reached;
    reached.workspace = arguments.value("workspace");
    reached.connection = (*cluster)->options();
    print_triage(arguments, findings, weir_connection(reached), console);
    if (partial)
        console.note("weir: partial: not all of the range was read");
    if (reading->lost_contact())
        return answered(exit_connection);
    return answered(findings.empty() ? exit_fine : exit_finding);
}

} // namespace

Command triage_command() {
    return {"triage",
            "--workspace FILE [--last 15m] [--for 20s]",
            "Everything that is found to be wrong, the worst first",
            "Joins the ledger of flow, the stages' latencies, the invalid events (more than 1% of "
            "all) and\n"
            "the consumer groups' verdicts: what is lost before what is late, and what follows "
            "from\n"
            "something else under its cause. --for goes on for so long, so that groups can be "
            "judged by\n"
            "their trend. Exit code 1 on any finding.",
            0,
            join({connection_options(),
                  time_options(),
                  {{"for", "DURATION", "go on for so long; default: as long as reading takes"},
                   {"markdown", nullptr, "as a list for a ticket or a chat"},
                   {"disclose", "WORD", "what is masked: masked (default), tokens, or shown"},
                   {"json", nullptr, "one JSON document", 'J'},
                   {"quiet", nullptr, "no remarks on stderr", 'q'}}}),
            run_triage};
}

} // namespace weir::cli
