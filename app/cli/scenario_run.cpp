// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/scenario_run.h"

#include "app/cli/interrupt.h"
#include "app/cli/scenario_play.h"
#include "app/cli/target.h"

namespace weir::cli {

int run_scenario(const Arguments& arguments, Console& console) {
    for (const char* name : {"count", "malformed"})
        if (arguments.has(name))
            return console.fail(
                usage_error(std::string("--") + name + " is the scenario's business",
                            "Leave it out; --for says how long the scenario is played."));
    const auto limit = duration_of(arguments, "for", Micros(0));
    if (!limit)
        return console.fail(limit.error());
    const auto play = scenario_play_of(arguments, false, *limit);
    if (!play)
        return console.fail(play.error());
    auto output = event_output_of(arguments, console);
    if (!output)
        return console.fail(output.error());
    auto records = RecordsOutput::open(arguments);
    if (!records)
        return console.fail(records.error());
    note_incidents(*play, console);
    catch_interrupts(); // until here there is nothing to put in order
    TruthOutput truth(arguments, console);
    const auto played = play_into(*play, **output, *records, truth, console);
    if (!played)
        return console.fail(played.error());
    if (arguments.has("json"))
        console.out(played->last_line);
    console.note("weir: " + played_text(played->totals));
    return exit_fine;
}

} // namespace weir::cli
