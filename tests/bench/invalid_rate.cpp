// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The book of invalid events at the full rate of a topic of dead letters (read, decoded, counted by
// reason, pointer and the rest, with users and sessions), beside bare_read of the same topic, in
// turns. It starts its own broker.
// Usage: invalid_rate [EVENTS] [ROUNDS]
#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "app/session/session.h"
#include "models/event/ingest/ingest_loop.h"
#include "models/sandbox/dead_letter.h"
#include "models/synth/generator.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"

using namespace weir;

namespace {

constexpr const char* topic = "invalid_events";

[[noreturn]] void fail(const Error& error) {
    std::fprintf(stderr, "invalid_rate: %s\n", error.text().c_str());
    std::exit(3);
}

/// Dead letters as the collector writes them: of four reasons, each with its pointer.
void fill(test::KafkaTool& tool, std::int64_t events) {
    constexpr std::pair<const char*, const char*> faults[] = {{"wrong_type", "/properties/price"},
                                                              {"missing_required", "/session_id"},
                                                              {"out_of_range", "/items/3/count"},
                                                              {"pattern", "/context/locale"}};
    synth::Generator generator(1, {.malformed_share = 0});
    synth::Event event;
    const auto made = tool.create_topic(topic, 6);
    const auto written = tool.write_many(topic, events, [&](std::int64_t number) {
        generator.next(event);
        const auto& [reason, pointer] =
            faults[static_cast<std::size_t>(number) % std::size(faults)];
        std::string letter;
        sandbox::append_dead_letter({.reason = reason,
                                     .stage = "collect",
                                     .pointer = pointer,
                                     .message = "as it is",
                                     .received_time = "2026-11-20T12:00:00.123456Z",
                                     .original = event.value,
                                     .original_is_object = true},
                                    letter);
        return test::TestRecord{.key = std::string(event.key), .value = std::move(letter)};
    });
    if (!made || !written)
        fail(!made ? made.error() : written.error());
}

double bare_read(const std::string& bootstrap) {
    const std::string program = QCoreApplication::applicationDirPath().toStdString() +
                                "/bare_read " + bootstrap + " " + topic;
    std::FILE* const out = ::popen(program.c_str(), "r");
    unsigned long long events = 0;
    double seconds = 0;
    const bool read =
        out != nullptr && std::fscanf(out, "%llu events, %lf s", &events, &seconds) == 2;
    if (out == nullptr || ::pclose(out) != 0 || !read)
        fail({ErrorCode::Internal, "bare_read failed", program, {}, {}});
    return static_cast<double>(events) / seconds;
}

double counted(Session& session, std::int64_t expected) {
    auto cluster = session.cluster("bench");
    if (!cluster)
        fail(cluster.error());
    kafka::ReadRequest request;
    request.topics = {topic};
    request.start.kind = kafka::StartAt::Kind::Beginning;
    request.end.kind = kafka::EndAt::Kind::Snapshot;
    const auto begun = std::chrono::steady_clock::now();
    auto opened = kafka::Reader::open(*cluster, request, std::chrono::seconds(10));
    if (!opened)
        fail(opened.error());
    const std::shared_ptr<kafka::Reader> reader = *std::move(opened);
    const auto options = std::make_shared<const InvalidOptions>(session.invalid_book("bench"));
    const auto loop = IngestLoop::start(
        reader, [&] { return session.make_decoder("bench"); },
        {[&](int) { return std::make_unique<InvalidBook>(session.vocabulary(), options); }}, {});
    while (!loop->finished())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begun;
    InvalidSeen seen;
    for (int lane = 0; lane < loop->lanes(); ++lane)
        seen.lanes.push_back(static_cast<const InvalidBook&>(loop->fold(lane, 0)).snapshot());
    const InvalidReport report =
        invalid_report(seen, *session.vocabulary(), *DisclosurePolicy::none(), {});
    if (report.now.failed != static_cast<std::uint64_t>(expected))
        fail({ErrorCode::Internal,
              "it counted " + std::to_string(report.now.failed),
              topic,
              {},
              {}});
    return static_cast<double>(expected) / passed.count();
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const std::int64_t events = argc > 1 ? std::atoll(argv[1]) : 2'000'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    auto broker = test::KafkaBroker::start();
    if (!broker)
        fail(broker.error());
    test::KafkaTool tool(**broker);
    fill(tool, events);
    Workspace workspace;
    kafka::ConnectionOptions connection;
    connection.name = "bench";
    connection.bootstrap = (*broker)->address();
    workspace.connections.push_back(connection);
    workspace.event.dimensions = usual_dimensions();
    workspace.event.places[topic].dead_letters = true;
    auto session = Session::open(workspace);
    if (!session)
        fail(session.error());
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        const double bare = bare_read((*broker)->address());
        const double book = counted(**session, events);
        ratios.push_back(book / bare);
        std::printf("bare_read %.2f M/s, invalid book %.2f M/s: %.2f\n", bare / 1e6, book / 1e6,
                    ratios.back());
        std::fflush(stdout);
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf("median %.2f (asked for: 0.3)\n", ratios[ratios.size() / 2]);
    return 0;
}
