// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit_run.h"

#include "app/cli/interrupt.h"
#include "app/cli/line_reader.h"
#include "connectors/archive/part_file.h"
#include "models/event/decode/decoder.h"
#include "models/synth/fit.h"

namespace weir::cli {

namespace {

constexpr int batch_lines = 1'000;

/// All lines as events of whatever dialect. Errors: Io.
Result<void> learn(LineReader& lines, const std::string& file, synth::Fit& fit, Console& console) {
    const auto vocabulary = synth::Fit::vocabulary();
    const auto decoder = Decoder::create(DialectSet::built_in(), vocabulary, {});
    SightingBatch batch;
    bool more = true;
    while (more && !interrupted()) {
        RecordBatchBuilder builder;
        std::string_view line;
        for (int i = 0; i < batch_lines && (more = lines.next(line)); ++i)
            builder.add({.topic = file,
                         .offset = Offset(static_cast<std::int64_t>(lines.number())),
                         .value = std::string(line)});
        decoder->decode(builder.take(), batch);
        fit.add(batch, *vocabulary);
        console.progress(grouped(fit.counts().events) + " events");
    }
    console.progress({});
    if (!lines.failed())
        return {};
    return Error{ErrorCode::Io, "reading broke off after line " + std::to_string(lines.number()),
                 file};
}

std::string remark(const synth::Fit::Counts& counts) {
    return "weir: learnt from " + grouped(counts.events) +
           " events; left out: " + grouped(counts.unreadable) + " that could not be read, " +
           grouped(counts.other_types) + " of types that the shop does not know, " +
           grouped(counts.rare_versions) + " of app versions that fewer than " +
           std::to_string(synth::Fit::sessions_min) + " sessions had";
}

} // namespace

int run_fit(const Arguments& arguments, Console& console) {
    for (const char* name : {"count", "rate", "for", "malformed", "scenario", "truth", "topic",
                             "collect", "from-contracts", "records"})
        if (arguments.has(name))
            return console.fail(
                usage_error(std::string("--") + name + " does not go with --fit",
                            "What is learnt is a scenario: play it with --scenario."));
    const std::string file = arguments.value("fit");
    auto lines = LineReader::open(file);
    if (!lines)
        return console.fail(lines.error());
    catch_interrupts();
    synth::Fit fit;
    if (const auto read = learn(*lines, file, fit, console); !read)
        return console.fail(read.error());
    const auto scenario = fit.scenario("fitted");
    if (!scenario)
        return console.fail(scenario.error());
    console.note(remark(fit.counts()));
    if (arguments.value("output", "-") == "-") {
        console.out(*scenario);
        return exit_fine;
    }
    PartFile out(arguments.value("output"));
    auto done = out.write(*scenario);
    if (done)
        done = out.finish();
    return done ? exit_fine : console.fail(done.error());
}

} // namespace weir::cli
