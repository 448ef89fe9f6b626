// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Live ingest (read, decode, store, one active filter) against bare_read on the same topic, layer
// by layer, in turns, in one run; "folds" is all that the window folds besides. Wall clock and this
// process's processor time an event: on two cores that a broker shares, the second says more than
// the first.
// After each round with a store: what the whole process has of memory, beside the bound of a full
// ring. A ring smaller than the topic (MEBIBYTES) is gone through several times.
// Usage: live_ingest BOOTSTRAP TOPIC [ROUNDS] [FILTER] [LAYER,LAYER,…] [MEBIBYTES]
#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <sstream>
#include <thread>

#include <sys/resource.h>

#include "app/session/session.h"
#include "connectors/base/allocator.h"
#include "models/live/live_feed.h"
#include "tests/support/resident_memory.h"

using namespace weir;

namespace {

constexpr std::chrono::milliseconds timeout{10'000};

struct Run {
    double seconds = 0;
    std::uint64_t events = 0;
    double processor_s = 0; // what the broker uses is not in it
    double rate() const { return static_cast<double>(events) / seconds; }
    double wall_ns() const { return 1e9 / rate(); }
    double processor_ns() const { return processor_s * 1e9 / static_cast<double>(events); }
};

/// Measures from its making on, this process (or its children).
class Meter {
  public:
    explicit Meter(int who = RUSAGE_SELF)
        : m_who(who)
        , m_processor_s(processor_s()) {}
    Run run(std::uint64_t events) const {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - m_began;
        return {passed.count(), events, processor_s() - m_processor_s};
    }

  private:
    double processor_s() const {
        rusage used{};
        getrusage(m_who, &used);
        const auto seconds = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
        };
        return seconds(used.ru_utime) + seconds(used.ru_stime);
    }
    int m_who;
    double m_processor_s;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
};

/// Events after which the store's ring (1 GiB) has been filled once. It is measured from then on:
/// its first filling is not what goes on for hours, and in a virtual machine a page's first touch
/// may cost the host many times the page (2 to 4 s a GiB were seen).
constexpr std::uint64_t ring_full_events = 2'000'000;

/// What `stats` counts, from the moment on at which the ring is full.
class SteadyMeter {
  public:
    void look(const IngestStats& stats) {
        if (m_before == 0 && stats.events >= ring_full_events) {
            m_before = stats.events;
            m_meter = Meter();
        }
    }
    Run run(const IngestStats& stats) const { return m_meter.run(stats.events - m_before); }

  private:
    Meter m_meter;
    std::uint64_t m_before = 0;
};

kafka::ReadRequest whole(const std::string& topic) {
    kafka::ReadRequest request;
    request.topics = {topic};
    request.start.kind = kafka::StartAt::Kind::Beginning;
    request.end.kind = kafka::EndAt::Kind::Snapshot;
    return request;
}

/// The yardstick itself: the program beside this one.
Result<Run> bare_read(const std::string& bootstrap, const std::string& topic) {
    const std::string program =
        QCoreApplication::applicationDirPath().toStdString() + "/bare_read ";
    const Meter meter(RUSAGE_CHILDREN);
    std::FILE* out = ::popen((program + bootstrap + " " + topic).c_str(), "r");
    unsigned long long events = 0;
    double seconds = 0;
    const bool read =
        out != nullptr && std::fscanf(out, "%llu events, %lf s", &events, &seconds) == 2;
    if (out == nullptr || ::pclose(out) != 0 || !read)
        return Error{ErrorCode::Internal, "bare_read failed", program, {}, {}};
    Run run = meter.run(events);
    run.seconds = seconds; // without the start of a process
    return run;
}

/// Weir's reader, counting.
Result<Run> reader(Session& session, const std::string& topic) {
    auto cluster = session.cluster("bench");
    if (!cluster)
        return cluster.error();
    const Meter meter;
    auto opened = kafka::Reader::open(*cluster, whole(topic), timeout);
    if (!opened)
        return opened.error();
    std::vector<std::thread> threads;
    std::atomic<std::uint64_t> events{0};
    for (int stream = 0; stream < (*opened)->stream_count(); ++stream)
        threads.emplace_back([&, stream] {
            while (!(*opened)->finished())
                events += (*opened)->poll(stream, std::chrono::milliseconds(50)).records.size();
        });
    for (std::thread& thread : threads)
        thread.join();
    return meter.run(events);
}

using Stores = std::vector<std::shared_ptr<const LaneSnapshot>>;

/// `ring_bytes`: payload and 96 bytes a row of a full ring.
void print_memory(const char* layer, const Stores& stores, std::uint64_t ring_bytes) {
    constexpr std::uint64_t spare_bytes = 150'000'000;
    std::uint64_t rows = 0;
    std::uint64_t absorbed = 0;
    for (const auto& store : stores) {
        absorbed += store->rows_absorbed;
        rows += store->rows_absorbed - store->rows_released;
    }
    const auto mb = [](std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; };
    std::printf("%s: the ring gone through %.1f times, %llu rows held; %.0f MB resident, bound "
                "%.0f MB (payload, 96 bytes a row and 150 MB)\n",
                layer,
                static_cast<double>(absorbed) /
                    static_cast<double>(std::max<std::uint64_t>(1, rows)),
                static_cast<unsigned long long>(rows), mb(test::resident_bytes()),
                mb(ring_bytes + spare_bytes));
}

/// Reader, decoder and the folds named; `look` is called 20 times a second, as the window does.
Result<Run> ingest(Session& session, const std::string& topic,
                   const std::vector<FoldFactory>& folds,
                   const std::function<void(const IngestLoop&)>& look) {
    auto cluster = session.cluster("bench");
    if (!cluster)
        return cluster.error();
    SteadyMeter meter;
    auto opened = kafka::Reader::open(*cluster, whole(topic), timeout);
    if (!opened)
        return opened.error();
    const std::shared_ptr<kafka::Reader> source = *std::move(opened);
    const auto loop =
        IngestLoop::start(source, [&] { return session.make_decoder("bench"); }, folds, {});
    while (!loop->finished()) {
        look(*loop);
        meter.look(loop->stats());
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const Run run = meter.run(loop->stats());
    look(*loop);
    return run;
}

Result<Run> decode(Session& session, const std::string& topic) {
    return ingest(session, topic, {}, [](const IngestLoop&) {});
}

Result<Run> store(Session& session, const std::string& topic,
                  const std::function<void(const Stores&)>& look) {
    const EventStoreLimits limits{.rows = session.workspace().retention.memory_rows,
                                  .bytes = session.workspace().retention.memory_bytes};
    return ingest(session, topic,
                  {[limits](int lane) { return std::make_unique<EventStore>(lane, 2, limits); }},
                  [&](const IngestLoop& loop) {
                      Stores stores;
                      for (int lane = 0; lane < loop.lanes(); ++lane)
                          stores.push_back(
                              static_cast<const EventStore&>(loop.fold(lane, 0)).snapshot());
                      look(stores);
                  });
}

Result<std::shared_ptr<LiveFeed>> filtered(Session& session, const std::string& filter_text) {
    auto filter = Filter::parse(filter_text, Micros::now());
    if (!filter)
        return filter.error();
    std::shared_ptr<LiveFeed> feed =
        LiveFeed::start({.vocabulary = session.vocabulary(),
                         .rules = {.disclosure = session.disclosure("bench"),
                                   .decoders = [&] { return session.make_decoder("bench"); }}});
    feed->set_filter(*filter);
    return feed;
}

/// Reader, decoder, store and one active filter.
Result<Run> live(Session& session, const std::string& topic, const std::string& filter_text) {
    const auto feed = filtered(session, filter_text);
    if (!feed)
        return feed.error();
    Stores last;
    const Result<Run> run = store(session, topic, [&](const Stores& stores) {
        (*feed)->offer(stores);
        last = stores;
    });
    print_memory("live", last, session.workspace().retention.memory_bytes);
    return run;
}

/// The same and every other fold of the window.
Result<Run> all_folds(Session& session, const std::string& topic, const std::string& filter_text) {
    const auto feed = filtered(session, filter_text);
    if (!feed)
        return feed.error();
    SteadyMeter meter;
    if (Result<void> started = session.start_live("bench", whole(topic), timeout); !started)
        return started.error();
    const auto observation = session.live("bench");
    while (!observation->finished()) {
        (*feed)->offer(observation->stores());
        meter.look(observation->stats());
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const Run run = meter.run(observation->stats());
    print_memory("folds", observation->stores(), session.workspace().retention.memory_bytes);
    session.stop_live();
    return run;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

using Layer = std::pair<std::string, std::function<Result<Run>()>>;

int measure(const std::vector<Layer>& layers, int rounds) {
    std::map<std::string, std::vector<Run>> runs;
    for (int round = 0; round < rounds; ++round)
        for (const auto& [name, run] : layers) {
            const Result<Run> done = run();
            if (!done) {
                std::fprintf(stderr, "%s: %s\n", name.c_str(), done.error().text().c_str());
                return 3;
            }
            runs[name].push_back(*done);
        }
    const auto of = [&](const std::string& name, const std::function<double(const Run&)>& figure) {
        std::vector<double> figures;
        for (const Run& run : runs[name])
            figures.push_back(figure(run));
        return median(std::move(figures));
    };
    const auto& base = layers.front().first;
    for (const auto& [name, run] : layers) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < runs[name].size(); ++i)
            ratios.push_back(runs[name][i].rate() / runs[base][i].rate());
        std::printf("%-9s %5.2f M ev/s, %4.0f ns an event by the clock, %4.0f ns of processor; "
                    "%.2f of the rate of %s\n",
                    name.c_str(), of(name, [](const Run& r) { return r.rate(); }) / 1e6,
                    of(name, [](const Run& r) { return r.wall_ns(); }),
                    of(name, [](const Run& r) { return r.processor_ns(); }), median(ratios),
                    base.c_str());
    }
    std::printf("medians of %d rounds; asked of live: 0.70 of bare_read\n", rounds);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    keep_freed_memory(); // as weir does
    const QCoreApplication application(argc, argv);
    if (argc < 3) {
        std::fprintf(stderr, "usage: live_ingest BOOTSTRAP TOPIC [ROUNDS] [FILTER] [LAYER,…] "
                             "[MEBIBYTES]\n");
        return 2;
    }
    const std::string bootstrap = argv[1];
    const std::string topic = argv[2];
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
    const std::string filter = argc > 4 ? argv[4] : "type == \"purchase\"";
    Workspace workspace;
    workspace.name = "bench";
    workspace.masking.policy = weir::MaskingPolicy::None;
    workspace.event.dimensions = {"type", "source", "platform", "app_version", "schema_version"};
    if (argc > 6)
        workspace.retention.memory_bytes = std::strtoull(argv[6], nullptr, 10) << 20;
    workspace.connections.push_back({.name = "bench", .bootstrap = bootstrap});
    auto opened = Session::open(std::move(workspace));
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().text().c_str());
        return 2;
    }
    Session& session = **opened;
    const std::vector<Layer> all = {
        {"bare_read", [&] { return bare_read(bootstrap, topic); }},
        {"reader", [&] { return reader(session, topic); }},
        {"decode", [&] { return decode(session, topic); }},
        {"store", [&] { return store(session, topic, [](const Stores&) {}); }},
        {"live", [&] { return live(session, topic, filter); }},
        {"folds", [&] { return all_folds(session, topic, filter); }},
    };
    std::istringstream wanted(argc > 5 ? argv[5] : "bare_read,live");
    std::vector<Layer> layers;
    for (std::string name; std::getline(wanted, name, ',');)
        for (const Layer& layer : all)
            if (layer.first == name)
                layers.push_back(layer);
    return layers.empty() ? 2 : measure(layers, rounds);
}
