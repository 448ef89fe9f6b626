// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events a second through the whole pipeline, from raw_events to rows of PostgreSQL, by three
// processes that share the work, against one process that has all of it. In turns, each on a new
// broker and a new server with the same events; whether the rows are the same is said, too.
// Usage: three_processes [EVENTS] [ROUNDS]
#include <QTemporaryDir>

#include <csignal>

#include "tests/bench/pipeline_ground.h"
#include "tests/models/sandbox/workers/pipeline_process.h"

using namespace weir;
using namespace weir::bench;
using namespace std::chrono_literals;
using test::PipelineWorld;

namespace {

constexpr auto look_pause = 200ms; // a look is a process of its own

struct SharedWork {
    double rate = 0;
    int warm_up = 0;  // events before the clock started
    std::string rows; // all that was loaded, but for who did and when
};

/// From when all are at work: starting processes and joining groups is none. `warm_up`: by so many
/// events; 0: as many as that takes.
SharedWork by_processes(int count, int warm_up, int events, const QString& folder) {
    auto world = PipelineWorld::make(folder);
    const std::string log = folder.toStdString() + "/pipeline.log";
    std::vector<int> children;
    for (int i = 0; i < count; ++i)
        children.push_back(test::spawn_pipeline(world, "p" + std::to_string(i), log).value());
    if (warm_up > 0)
        world.send_more(warm_up, 1);
    const auto loaders = [&] {
        return world.number("SELECT count(DISTINCT split_part(load_batch, '-', 1)) FROM "
                            "analytics.events");
    };
    while (loaders() < count || world.loaded() < world.sent) {
        if (warm_up == 0 && loaders() < count)
            world.send_more(100, 1);
        std::this_thread::sleep_for(look_pause);
    }
    SharedWork outcome{.warm_up = world.sent};
    const auto begun = Clock::now();
    world.send_more(events, 1);
    while (world.loaded() < world.sent)
        std::this_thread::sleep_for(look_pause);
    outcome.rate = rate(static_cast<std::size_t>(events), begun);
    require(world.wrong_with_rows().empty() && world.wrong_with_side_tables().empty(),
            "rows are missing, or too many: " + test::read_text(log));
    for (const int child : children)
        test::end_process(child, SIGKILL, 5'000);
    outcome.rows = world.ask("SELECT md5(string_agg(event_id || payload::text, ',' ORDER BY "
                             "event_id)) FROM analytics.events");
    return outcome;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    if (test::is_pipeline(argc, argv))
        return test::run_pipeline(argv);
    const QTemporaryDir folder;
    qputenv("WEIR_OBSERVED_IDS", folder.filePath(QStringLiteral("ids.json")).toUtf8());
    const int events = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    for (int round = 0; round < rounds; ++round) {
        const SharedWork three = by_processes(3, 0, events, folder.path());
        const SharedWork one = by_processes(1, three.warm_up, events, folder.path());
        std::printf("one process %8.0f   three %8.0f events/s   ratio %.2f   rows %s\n", one.rate,
                    three.rate, three.rate / one.rate,
                    one.rows == three.rows ? "the same" : "DIFFER");
        std::fflush(stdout);
    }
    return 0;
}
